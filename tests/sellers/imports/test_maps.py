"""Maps are checked as a whole, and every slip is named with its key."""

from pathlib import Path
from typing import Any

import pytest

from sellers.imports import fields
from sellers.imports.fields import Field
from sellers.imports.maps import FileShape, MapNotUnderstood, load_map, read_map
from sellers.imports.sources import Source

FIELDS = (
    Field("name", "name", fields.text(5)),
    Field("harm", "harm", fields.choice("FIRE", "WATER")),
    Field("market", "marketplace", fields.market),
)


def given(file: Any = None, **named: Any) -> dict[str, Any]:
    top = {"imports": "things", "name": "A map", "source": "them", "fields": named}
    return top if file is None else top | {"file": file}


def refusal(top: dict[str, Any]) -> str:
    with pytest.raises(MapNotUnderstood) as caught:
        read_map(top, imports="things", fields=FIELDS)
    return str(caught.value)


def test_a_map_as_read() -> None:
    shape = {"encoding": "latin-1", "delimiter": ";", "skip_lines": 2, "header_contains": "No"}
    read = read_map(
        given(
            shape,
            name={"columns": ["A", "B"], "labels": ["", "b"], "separator": "\n", "cut_to": 5},
            harm={"column": "C", "values": {" Burn ": "FIRE"}, "otherwise": "WATER"},
            market={"constant": "US"},
        ),
        imports="things",
        fields=FIELDS,
    )
    assert read.name == "A map"
    assert read.source == "them"
    assert read.shape == FileShape("latin-1", ";", 2, "No")
    assert read.sources == {
        "name": Source(columns=("A", "B"), labels=("", "b"), separator="\n", cut_to=5),
        "harm": Source(columns=("C",), values={"burn": "FIRE"}, otherwise="WATER"),
        "market": Source(constant="US"),
    }
    assert read.columns == ("A", "B", "C")


def test_constant_of_the_command_line_gives_way_to_the_map() -> None:
    read = read_map(given(market={"constant": "DE"}), imports="things", fields=FIELDS)
    assert read.with_constant("market", "US").sources["market"].constant == "DE"
    assert read.with_constant("name", "x").sources["name"] == Source(constant="x")


@pytest.mark.parametrize(
    ("top", "told"),
    [
        (given() | {"feilds": {}}, "the map does not know feilds"),
        (given() | {"imports": "claims"}, "This map is not for things"),
        (given() | {"name": ""}, "the map has no name"),
        (given() | {"source": 3}, "the map has no source"),
        (given() | {"source": "x" * 41}, "source has at most 40 characters"),
        (given() | {"fields": []}, "[fields] is a table"),
        (given(other={"column": "A"}), "[fields] does not know other"),
        (given(name="A"), "[fields.name] is a table"),
        (given(name={"colum": "A"}), "[fields.name] does not know colum"),
        (given(name={}), "[fields.name] has either a column, columns or a constant"),
        (given(name={"column": "A", "constant": "B"}), "[fields.name] has either"),
        (given(name={"column": 3}), "[fields.name] has a value that is not a text"),
        (given(name={"constant": 3}), "[fields.name] constant is a text"),
        (given(name={"column": "A", "formats": [3]}), "[fields.name] has a value"),
        (given(name={"column": "A", "labels": ["a", "b"]}), "[fields.name] labels: one for each"),
        (given(name={"column": "A", "cut_to": "5"}), "[fields.name] cut_to is a number"),
        (given(name={"column": "A", "cut_to": 0}), "[fields.name] cut_to is a number"),
        (given(harm={"column": "A", "values": ["x"]}), "[fields.harm] values is a table"),
        (given(harm={"column": "A", "words": [["x"]]}), "[fields.harm] words is a list of pairs"),
        (given(harm={"column": "A", "values": {"x": "SMOKE"}}), "[fields.harm] “SMOKE” is not"),
        (given(harm={"column": "A", "otherwise": "x"}), "[fields.harm] “x” is not known"),
        (given(name={"constant": "longer"}), "[fields.name] “longer” has 6 characters"),
        (given({"quote": "x"}), "[file] does not know quote"),
        (given({"encoding": "utf-9"}), "[file] encoding “utf-9” is not known"),
        (given({"encoding": 8}), "[file] encoding “8” is not known"),
        (given({"delimiter": ";;"}), "[file] delimiter is one character"),
        (given({"skip_lines": -1}), "[file] skip_lines is a number"),
        (given({"skip_lines": True}), "[file] skip_lines is a number"),
        (given({"header_contains": 1}), "[file] header_contains is a text"),
    ],
)
def test_every_slip_is_named(top: dict[str, Any], told: str) -> None:
    assert told in refusal(top)


def test_a_file_that_is_not_toml_or_not_there(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("imports = ")
    for path in (broken, tmp_path / "missing.toml"):
        with pytest.raises(MapNotUnderstood, match="cannot be read"):
            load_map(path, imports="things", fields=FIELDS)
