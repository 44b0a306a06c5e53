"""Rows: preambles, spreadsheets' row numbers, broken bytes, and files that are not CSV."""

from pathlib import Path

import pytest

from sellers.imports.maps import FileShape
from sellers.imports.rows import FileNotUnderstood, Row, RowFile, check_columns
from tests.sellers.imports.files import write_csv


def read(path: Path, shape: FileShape | None = None) -> tuple[tuple[str, ...], list[Row]]:
    with RowFile(path, shape or FileShape()) as rows:
        return rows.header, list(rows.rows())


def refusal(path: Path, shape: FileShape | None = None) -> str:
    with pytest.raises(FileNotUnderstood) as caught:
        read(path, shape)
    return str(caught.value)


def test_rows_are_numbered_as_in_a_spreadsheet(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "f.csv", "a,b", '1,"two', 'lines"', "", "3,4")
    assert read(path) == (
        ("a", "b"),
        [Row(2, {"a": "1", "b": "two\nlines"}), Row(4, {"a": "3", "b": "4"})],
    )


def test_preamble_of_a_fixed_number_of_lines(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "f.csv", 'An "odd, line', "another", "a;b", "1;2")
    shape = FileShape(skip_lines=2, delimiter=";")
    assert read(path, shape) == (("a", "b"), [Row(4, {"a": "1", "b": "2"})])


@pytest.mark.parametrize("preamble", [[], ["Note: No. is a number, as a rule"], ["x", "y,,", ""]])
def test_preamble_until_the_header(tmp_path: Path, preamble: list[str]) -> None:
    path = write_csv(tmp_path / "f.csv", *preamble, "No., name ", "1,x")
    header, rows = read(path, FileShape(header_contains="No."))
    assert header == ("No.", "name")
    assert rows == [Row(len(preamble) + 2, {"No.": "1", "name": "x"})]


def test_a_header_is_sought_in_the_first_lines_only(tmp_path: Path) -> None:
    shape = FileShape(header_contains="No.")
    assert "none of its first 100 lines" in refusal(
        write_csv(tmp_path / "long.csv", *["x"] * 300, "No."), shape
    )
    assert "has a column “No.”" in refusal(write_csv(tmp_path / "short.csv", "x"), shape)
    assert "the file is empty" in refusal(write_csv(tmp_path / "empty.csv"))


def test_byte_order_mark_and_other_encodings(tmp_path: Path) -> None:
    marked = write_csv(tmp_path / "b.csv", "a", "é", encoding="utf-8-sig")
    latin = write_csv(tmp_path / "l.csv", "a", "é", encoding="latin-1")
    assert read(marked)[1] == [Row(2, {"a": "é"})]
    assert read(latin, FileShape(encoding="latin-1"))[1] == [Row(2, {"a": "é"})]


def test_bytes_of_another_encoding_are_one_cells_fault(tmp_path: Path) -> None:
    latin = write_csv(tmp_path / "l.csv", "a", "é", "b", encoding="latin-1")
    assert read(latin)[1] == [Row(2, {"a": "\udce9"}), Row(3, {"a": "b"})]


def test_a_file_of_a_wholly_different_encoding(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_bytes(b"abc")
    assert "is not utf-16" in refusal(path, FileShape(encoding="utf-16"))


def test_width_is_told(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "f.csv", "a,b", "1", "1,2,3")
    assert read(path)[1] == [
        Row(2, {"a": "1"}, lacking=1),
        Row(3, {"a": "1", "b": "2"}, surplus=1),
    ]


def test_a_quote_that_never_closes_stops_the_file_there(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "f.csv", "a,b", "1,2", '3,"4')
    with RowFile(path, FileShape()) as rows:
        found = rows.rows()
        assert next(found) == Row(2, {"a": "1", "b": "2"})
        with pytest.raises(FileNotUnderstood, match="Row 3 and what follows cannot be read"):
            next(found)


def test_position_leads_to_the_size(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "f.csv", "a", "1")
    with RowFile(path, FileShape()) as rows:
        list(rows.rows())
        assert rows.position == rows.size == path.stat().st_size


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "cannot be opened" in refusal(tmp_path / "missing.csv")


def test_columns_of_the_map_must_be_in_the_header_once() -> None:
    check_columns(("a", "b", "b"), ("a",))
    with pytest.raises(FileNotUnderstood, match=r"exactly once: b, c\. The file has: a, b, b\."):
        check_columns(("a", "b", "b"), ("a", "b", "c"))
