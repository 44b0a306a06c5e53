"""Both shapes of published recalls are read; anything else is refused with its place."""

import io
import json
from datetime import date

import pytest

from claims.safety.recall_files import PublishedRecall, RecallsNotUnderstood, read_recalls
from tests.claims.screening.published import RECALLS_CSV, RECALLS_JSON, needs_published_files

HEADER = "recall_number,title,description,remedy,manufacturer,hazards,recall_date,url\n"
KETTLE = {
    "number": "26001",
    "date": "2026-02-01",
    "title": "Acme Recalls Kettles Due to Fire Hazard",
    "name": "Acme Kettles",
    "hazard": "Fire.",
    "remedy": None,
    "units": "About 10",
    "description": " A kettle. ",
    "url": "https://recalls.example/26001",
    "upcs": ["816153011219"],
}


def read(text: str) -> list[PublishedRecall]:
    return list(read_recalls(io.StringIO(text)))


def test_the_json_shape() -> None:
    assert read(json.dumps({"recalls": [KETTLE]})) == [
        PublishedRecall(
            number="26001",
            recalled_on=date(2026, 2, 1),
            title="Acme Recalls Kettles Due to Fire Hazard",
            product_name="Acme Kettles",
            hazard="Fire.",
            units="About 10",
            description="A kettle.",
            url="https://recalls.example/26001",
            upcs=("816153011219",),
        )
    ]


def test_the_csv_shape() -> None:
    row = '26002,"Acme Recalls Pans, Lids",A pan,Refund,Acme of Ohio,Burns,2026-03-01,https://x.example\n'
    assert read(HEADER + row) == [
        PublishedRecall(
            number="26002",
            recalled_on=date(2026, 3, 1),
            title="Acme Recalls Pans, Lids",
            manufacturer="Acme of Ohio",
            description="A pan",
            hazard="Burns",
            remedy="Refund",
            url="https://x.example",
        )
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "This is not a JSON file of recalls"),
        ('{"items": []}', "This is not a JSON file of recalls: 'recalls'."),
        (json.dumps({"recalls": [KETTLE | {"number": ""}]}), "In recall 1, the number or the"),
        (json.dumps({"recalls": [KETTLE | {"date": "soon"}]}), "In recall 1, the date is not"),
        ("", "These columns are missing: description, hazards,"),
        ("number,title\n", "These columns are missing: description, hazards,"),
        (HEADER + "1,,,,,,2026-03-01,\n", "In line 2, the number or the title is missing."),
    ],
)
def test_another_shape_is_refused_with_its_place(text: str, words: str) -> None:
    with pytest.raises(RecallsNotUnderstood) as refused:
        read(text)
    assert str(refused.value).startswith(words)


@needs_published_files
def test_the_published_files_are_read_whole() -> None:
    with RECALLS_JSON.open(encoding="utf-8") as file:
        of_json = list(read_recalls(file))
    with RECALLS_CSV.open(encoding="utf-8", newline="") as file:
        of_csv = list(read_recalls(file))
    assert (len(of_json), len(of_csv)) == (885, 289)
    assert sum(bool(recall.upcs) for recall in of_json) == 12
