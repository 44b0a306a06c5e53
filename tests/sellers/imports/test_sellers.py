"""import_sellers: new, changed, the same; nothing else moves."""

from pathlib import Path

import pytest

from sellers.imports.report import Problem
from sellers.imports.sellers import SellerImporter
from sellers.models import Seller
from tests.sellers.imports.files import AT, counts, import_file, write_csv

pytestmark = pytest.mark.django_db
HEADER = "seller_id,legal_name,trade_name,country,email,time_zone,entity"
ACME = "S1,Acme LLC,Acme Toys,US,a@acme.example,America/New_York,single-member LLC"
BETA = "S2,Beta GmbH,,DE,b@beta.example,Europe/Berlin,GmbH"
IMPORTER = SellerImporter(at=AT)


def sellers() -> list[tuple[object, ...]]:
    return list(
        Seller.objects.order_by("external_reference").values_list(
            "external_reference",
            "legal_name",
            "trade_name",
            "country",
            "email",
            "timezone",
            "single_member_llc",
            "is_made_up",
            "created_at",
        )
    )


def test_sellers_are_added_once(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "s.csv", HEADER, ACME, BETA)
    assert counts(import_file(IMPORTER, path)[0]) == (2, 2, 0, 0, 0)
    acme = ("S1", "Acme LLC", "Acme Toys", "US", "a@acme.example", "America/New_York", True)
    beta = ("S2", "Beta GmbH", "", "DE", "b@beta.example", "Europe/Berlin", False)
    assert sellers() == [(*acme, False, AT), (*beta, False, AT)]
    assert counts(import_file(IMPORTER, path)[0]) == (2, 0, 0, 2, 0)
    assert sellers() == [(*acme, False, AT), (*beta, False, AT)]


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    import_file(IMPORTER, write_csv(tmp_path / "s.csv", HEADER, ACME, BETA))
    history = Seller.pgh_event_model.objects  # type: ignore[attr-defined]
    before = history.count()
    moved = write_csv(tmp_path / "t.csv", HEADER, ACME.replace("a@acme", "new@acme"), BETA)
    assert counts(import_file(IMPORTER, moved)[0]) == (2, 0, 1, 1, 0)
    assert Seller.objects.get(external_reference="S1").email == "new@acme.example"
    assert history.count() <= before + 1


def test_the_last_row_of_a_seller_wins(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "s.csv", HEADER, ACME, ACME.replace("Acme Toys", "Acme Two"))
    assert counts(import_file(IMPORTER, path)[0]) == (2, 1, 0, 1, 0)
    assert Seller.objects.get().trade_name == "Acme Two"


def test_faults_of_a_row_are_told_together_and_the_rest_is_imported(tmp_path: Path) -> None:
    bad = "S3,,,Germany,nobody,Tokyo,x"
    report, problems = import_file(IMPORTER, write_csv(tmp_path / "s.csv", HEADER, bad, BETA))
    assert counts(report) == (2, 1, 0, 0, 1)
    assert problems == [
        Problem(2, "country", "Germany", "is not a country", "two letters, like US or DE"),
        Problem(
            2, "email", "nobody", "is not an e-mail address", "an address like name@shop.example"
        ),
        Problem(2, "time_zone", "Tokyo", "is not a time zone", "a name like Europe/Berlin"),
        Problem(2, "legal_name", "", "missing", "the legal name"),
    ]
    assert [row[0] for row in sellers()] == ["S2"]


def test_a_dry_run_counts_and_keeps_nothing(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "s.csv", HEADER, ACME, BETA)
    assert counts(import_file(IMPORTER, path, dry_run=True)[0]) == (2, 2, 0, 0, 0)
    assert sellers() == []
