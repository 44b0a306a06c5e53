"""Reports: a file that machines and spreadsheets read, and a summary that people do."""

import csv
import json
from pathlib import Path

from sellers.imports.report import Problem, Report, ReportFile, Tally

LATE = Problem(7, "Report Date", "soon", "is not a date", "a date like 03/31/2026")


def test_csv_has_one_line_per_problem(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    with ReportFile(path) as report:
        report.write(LATE)
        report.write(Problem(8, "Näme", "=1+1", "has\nlines", "text"))
    with path.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [
            ["row", "column", "value", "wrong", "expected"],
            ["7", "Report Date", "soon", "is not a date", "a date like 03/31/2026"],
            ["8", "Näme", "'=1+1", "has\nlines", "text"],
        ]


def test_json_is_a_list_of_problems(tmp_path: Path) -> None:
    path = tmp_path / "report.JSON"
    with ReportFile(path) as report:
        report.write(LATE)
        report.write(Problem(8, "c", "\udce9=", "w" * 300, "e"))
    assert json.loads(path.read_text(encoding="utf-8")) == [
        {
            "row": 7,
            "column": "Report Date",
            "value": "soon",
            "wrong": "is not a date",
            "expected": "a date like 03/31/2026",
        },
        {"row": 8, "column": "c", "value": "\udce9=", "wrong": "w" * 300, "expected": "e"},
    ]


def test_a_report_without_problems_is_a_valid_file(tmp_path: Path) -> None:
    for name in ("r.csv", "r.json"):
        with ReportFile(tmp_path / name):
            pass
    assert (tmp_path / "r.csv").read_text() == "row,column,value,wrong,expected\n"
    assert json.loads((tmp_path / "r.json").read_text()) == []


def test_long_values_are_cut(tmp_path: Path) -> None:
    with ReportFile(tmp_path / "r.json") as report:
        report.write(Problem(1, "c", "x" * 5_000, "w", "e"))
    assert json.loads((tmp_path / "r.json").read_text())[0]["value"] == "x" * 200 + "…"


def test_summary_counts_kinds_with_an_example() -> None:
    report = Report(Tally(read=10, imported=3, changed=2, already_there=1, left_out=4))
    report.add(LATE)
    report.add(Problem(9, "Report Date", "never", "is not a date", "a date like 03/31/2026"))
    report.add(Problem(9, "name", "", "missing", "the name"))
    assert report.summary(dry_run=False) == [
        "10 rows read",
        "3 imported",
        "2 changed",
        "1 already there",
        "4 left out",
        "  2 × Report Date: is not a date; expected a date like 03/31/2026 (row 7, “soon”)",
        "  1 × name: missing; expected the name (row 9)",
    ]


def test_summary_of_a_dry_run_says_would_and_a_stop_is_told() -> None:
    report = Report(Tally(read=1, imported=1), stopped="Row 3 cannot be read.")
    assert report.summary(dry_run=True) == [
        "1 rows read",
        "1 would be imported",
        "0 would be changed",
        "0 already there",
        "0 left out",
        "stopped: Row 3 cannot be read.",
    ]


def test_memory_is_bounded_however_many_kinds_there_are() -> None:
    report = Report()
    for number in range(1_000):
        report.add(Problem(number, "c", "v", f"wrong {number}", "e"))
    assert len(report.kinds) == 21
    assert sum(report.kinds.values()) == 1_000
    assert report.summary(dry_run=False)[5] == "  980 × other problems: see the report"
