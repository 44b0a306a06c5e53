"""import_sales: months are added, corrected, or the same; amounts are strict."""

from datetime import date
from pathlib import Path

import pytest

from sellers.imports.report import Problem
from sellers.imports.sales import SalesImporter
from sellers.models import MonthlySales, Seller
from tests.sellers.imports.files import counts, import_file, write_csv

HEADER = "market,seller_id,month,gross,crossed_on"
pytestmark = pytest.mark.usefixtures("sellers")


def sales() -> list[tuple[object, ...]]:
    return list(
        MonthlySales.objects.order_by("seller__external_reference", "month").values_list(
            "seller__external_reference", "marketplace_id", "month", "gross_minor", "crossed_on"
        )
    )


def test_months_are_added_once(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "s.csv", HEADER, "US,S1,2026-02,12000.50,2026-02-17", "JP,S2,2026-02,900000,"
    )
    rows = [
        ("S1", "US", date(2026, 2, 1), 1_200_050, date(2026, 2, 17)),
        ("S2", "JP", date(2026, 2, 1), 900_000, None),
    ]
    assert counts(import_file(SalesImporter(), path)[0]) == (2, 2, 0, 0, 0)
    assert sales() == rows
    assert counts(import_file(SalesImporter(), path)[0]) == (2, 0, 0, 2, 0)
    assert sales() == rows


def test_a_corrected_month_is_changed(tmp_path: Path) -> None:
    import_file(SalesImporter(), write_csv(tmp_path / "a.csv", HEADER, "US,S1,2026-02,1,"))
    later = write_csv(tmp_path / "b.csv", HEADER, "US,S1,2026-02,2,", "US,S1,2026-03,3,")
    assert counts(import_file(SalesImporter(), later)[0]) == (2, 1, 1, 0, 0)
    assert [row[3] for row in sales()] == [200, 300]


def test_the_last_row_of_a_key_wins(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "s.csv", HEADER, "US,S1,2026-02,1,", "US,S1,2026-02,2,")
    assert counts(import_file(SalesImporter(), path)[0]) == (2, 1, 0, 1, 0)
    assert [row[3] for row in sales()] == [200]


def test_bad_rows_are_reported_and_the_rest_imported(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "s.csv",
        HEADER,
        "US,S9,2026-02,1,",
        "US,S1,2026-02,-5,",
        "XX,S1,2026-02,abc,",
        "JP,S2,2026-02,10.5,",
        "US,S1,2026-02,5,2026-03-01",
        "US,S1,2026-02,5",
        "US,S1,2026-01,5,",
    )
    report, problems = import_file(SalesImporter(), path)
    assert counts(report) == (7, 1, 0, 0, 6)
    assert sorted(problems, key=lambda problem: problem.row) == [
        Problem(
            2, "seller_id", "S9", "is not a seller we know", "a seller that was imported before"
        ),
        Problem(3, "gross", "-5", "is not an amount in USD", "an amount like 1234.50"),
        Problem(4, "market", "XX", "is not a marketplace", "a code like US, UK or DE"),
        Problem(5, "gross", "10.5", "is not an amount in JPY", "an amount like 123450"),
        Problem(6, "crossed_on", "2026-03-01", "is not in the row's month", "a day in 2026-02"),
        Problem(7, "(the row)", "", "has 4 cells", "5, as the header"),
    ]
    assert sales() == [("S1", "US", date(2026, 1, 1), 500, None)]


def test_a_file_of_bad_rows_only_writes_nothing(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "s.csv", HEADER, "US,S9,2026-02,1,")
    assert counts(import_file(SalesImporter(), path)[0]) == (1, 0, 0, 0, 1)
    assert sales() == []


def test_a_file_that_breaks_off_keeps_what_was_read(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "s.csv", HEADER, "US,S1,2026-01,5,", 'US,S1,2026-02,"5')
    report, problems = import_file(SalesImporter(), path)
    assert (counts(report), problems) == ((1, 1, 0, 0, 0), [])
    assert report.stopped.startswith("Row 3 and what follows cannot be read")
    assert len(sales()) == 1


def test_batches_of_any_size_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f"US,S1,20{year:02}-01,{year}," for year in range(10, 40)]
    path = write_csv(tmp_path / "s.csv", HEADER, *lines, "US,S1,2010-01,99,")
    monkeypatch.setattr(SalesImporter, "batch_rows", 7)
    assert counts(import_file(SalesImporter(), path)[0]) == (31, 30, 1, 0, 0)
    assert sales()[0][3] == 9_900


def test_a_row_that_the_database_refuses_stands_alone(tmp_path: Path) -> None:
    # PostgreSQL's own rule, laid on for this test, stands for one that no reader foresees.
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE sellers_monthlysales ADD CONSTRAINT no_13 CHECK (gross_minor <> 1300)"
        )
    lines = [f"US,S1,20{year:02}-01,{year}," for year in range(10, 20)]
    report, problems = import_file(SalesImporter(), write_csv(tmp_path / "s.csv", HEADER, *lines))
    assert counts(report) == (10, 9, 0, 0, 1)
    assert [(problem.row, problem.expected) for problem in problems] == [(5, "a row that fits")]
    assert "no_13" in problems[0].wrong
    assert Seller.objects.count() == 2
    assert len(sales()) == 9
