"""import_claims on small files: what a row becomes, what is refused, and that twice is once."""

from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from claims.imports.claims import ClaimImporter
from claims.lifecycle import Status
from claims.models import Claim, Claimant, Medicare, PayeeDetails
from sellers.imports.maps import ImportMap, read_map
from sellers.imports.report import Problem, Report
from sellers.models import Order, Product, Seller
from tests.sellers.imports.files import counts, import_file, write_csv

NOW = datetime(2026, 3, 4, tzinfo=UTC)
HEADER = (
    "no,reported,incident,hazard,hurt,order,name,mail,born,story,lawyer,price,medical,payee,account"
)
ROW = (
    "A-1,2026-02-02T10:00:00,2026-01-20,burnt,no,O-1,Ann Lee,Ann@home.example,1990-05-06,"
    "It burnt.,no,29.90,,Ann Lee,tok_1"
)
COLUMNS = {
    "external_reference": "no",
    "reported_at": "reported",
    "incident_on": "incident",
    "order": "order",
    "claimant_name": "name",
    "claimant_email": "mail",
    "claimant_born_on": "born",
    "narrative": "story",
    "is_represented": "lawyer",
    "claimed_purchase_price": "price",
    "claimed_medical": "medical",
    "payee_name": "payee",
    "payee_account": "account",
}

pytestmark = pytest.mark.django_db


def claims_map(**changed: Any) -> ImportMap:
    fields: dict[str, Any] = {name: {"column": column} for name, column in COLUMNS.items()}
    fields["market"] = {"constant": "US"}
    fields["harm"] = {"column": "hazard", "values": {"burnt": "FIRE", "cut": "CUT"}}
    fields["severity"] = {"column": "hurt", "values": {"no": "NONE", "doctor": "TREATMENT"}}
    top = {"imports": "claims", "name": "Test", "source": "test", "fields": fields | changed}
    return read_map(top, imports="claims", fields=ClaimImporter.fields)


def run(path: Path, *, demo: bool = False, **options: Any) -> tuple[Report, list[Problem]]:
    importer = ClaimImporter(source="test", at=NOW, demo=demo)
    return import_file(importer, path, claims_map(), **options)


def write(tmp_path: Path, *rows: str) -> Path:
    return write_csv(tmp_path / "claims.csv", HEADER, *rows)


@pytest.fixture
def order() -> Order:
    """Order O-1 of a kettle, delivered in January 2026 in the US."""
    seller = Seller.objects.create(
        external_reference="S1", legal_name="Acme", email="a@acme.example", created_at=NOW
    )
    product = Product.objects.create(seller=seller, sku="K-1", title="Kettle")
    return Order.objects.create(
        external_reference="O-1",
        marketplace_id="US",
        product=product,
        seller=seller,
        price_minor=2990,
        currency="USD",
        delivered_on=date(2026, 1, 5),
        fulfilment="MERCHANT",
    )


def test_a_row_becomes_a_reported_claim(tmp_path: Path, order: Order) -> None:
    report, problems = run(write(tmp_path, ROW))
    assert (counts(report), problems) == ((1, 1, 0, 0, 0), [])
    claim = Claim.objects.get()
    assert claim.order == order
    assert claim.seller == order.seller
    assert claim.status == Status.REPORTED
    # Ten in the morning in the market's own time.
    assert claim.reported_at == datetime(2026, 2, 2, 18, tzinfo=UTC)
    assert claim.incident_on == date(2026, 1, 20)
    assert (claim.harm, claim.severity, claim.narrative) == ("FIRE", "NONE", "It burnt.")
    assert (claim.medicare, claim.is_represented) == (Medicare.UNKNOWN, False)
    assert (claim.external_source, claim.external_reference) == ("test", "A-1")
    assert claim.made_up_fields == []
    assert list(claim.lines.values_list("head", "claimed_minor")) == [("PURCHASE_PRICE", 2990)]
    claimant = claim.claimant
    assert (claimant.name, claimant.email) == ("Ann Lee", "ann@home.example")
    assert (claimant.born_on, claimant.is_made_up) == (date(1990, 5, 6), False)
    assert list(PayeeDetails.objects.values_list("name", "account", "given_with_report")) == [
        ("Ann Lee", "tok_1", True)
    ]


def test_twice_is_once(tmp_path: Path, order: Order) -> None:
    path = write(tmp_path, ROW)
    run(path)
    before = list(Claim.objects.values())
    assert counts(run(path)[0]) == (1, 0, 0, 1, 0)
    assert list(Claim.objects.values()) == before


def test_a_reference_twice_in_one_file_is_one_claim(tmp_path: Path, order: Order) -> None:
    report, _ = run(write(tmp_path, ROW, ROW.replace("29.90", "10.00")))
    assert counts(report) == (2, 1, 0, 1, 0)
    assert Claim.objects.get().claimed_minor == 2990


def test_the_rules_decide_not_the_import(tmp_path: Path, order: Order) -> None:
    report, _ = run(write(tmp_path, ROW.replace("2026-01-20", "2025-06-01")))
    assert counts(report) == (1, 1, 0, 0, 0)
    claim = Claim.objects.get()
    assert (claim.status, claim.reason) == (Status.DENIED, "FILED_LATE")


def test_every_fault_of_a_row_is_told_and_the_rest_imported(tmp_path: Path, order: Order) -> None:
    bad = "A-2,soon,2026-01-20,smoke,maybe,,,nobody,,,perhaps,9e2,,,"
    report, problems = run(write(tmp_path, bad, ROW))
    assert counts(report) == (2, 1, 0, 0, 1)
    assert problems == [
        Problem(2, "reported", "soon", "is not a date", "a date like 2026-03-31"),
        Problem(2, "hazard", "smoke", "is not in the map's table", "burnt, cut"),
        Problem(2, "hurt", "maybe", "is not in the map's table", "doctor, no"),
        Problem(
            2, "mail", "nobody", "is not an e-mail address", "an address like name@shop.example"
        ),
        Problem(2, "lawyer", "perhaps", "is neither yes nor no", "yes or no"),
        Problem(2, "price", "9e2", "is not an amount in USD", "an amount like 1234.50"),
        Problem(2, "order", "", "missing", "the order number"),
        Problem(2, "name", "", "missing", "the claimant name"),
    ]
    assert [claim.external_reference for claim in Claim.objects.all()] == ["A-1"]


def faulty(row: str) -> dict[str, tuple[str, Problem]]:
    known = "an order in US that was imported before"
    first = "2021-09-01 or later"
    both = "both name and account of the payee, or none"
    amount = "an amount above 0 under at least one head"
    return {
        "an order nobody imported": (
            row.replace("O-1", "O-9"),
            Problem(2, "order", "O-9", "is not an order we know", known),
        ),
        "a report before the programme": (
            row.replace("2026-02-02", "2019-02-02"),
            Problem(2, "reported", "2019-02-02", "is before the programme", first),
        ),
        "a report that is yet to come": (
            row.replace("2026-02-02", "2027-02-02"),
            Problem(2, "reported", "2027-02-02", "is in the future", "a day that has come"),
        ),
        "no amount at all": (
            row.replace("29.90", ""),
            Problem(2, "claimed", "", "missing", amount),
        ),
        "an account without a name": (
            row.replace(",Ann Lee,tok_1", ",,tok_1"),
            Problem(2, "payee", "", "missing", both),
        ),
        "a name without an account": (
            row.replace("tok_1", ""),
            Problem(2, "account", "", "missing", both),
        ),
        "an incident after the report": (
            row.replace("2026-01-20", "2026-02-20"),
            Problem(2, "(the row)", "A-1", "The incident cannot lie in the future.", ""),
        ),
    }


@pytest.mark.parametrize("name", faulty(ROW))
def test_a_refused_row_leaves_nothing(tmp_path: Path, order: Order, name: str) -> None:
    row, problem = faulty(ROW)[name]
    report, problems = run(write(tmp_path, row))
    assert counts(report) == (1, 0, 0, 0, 1)
    assert problems == [problem]
    assert not Claim.objects.exists()
    assert not Claimant.objects.exists()


def test_a_market_without_terms_takes_nothing(tmp_path: Path, order: Order) -> None:
    importer = ClaimImporter(source="test", at=NOW)
    importer._first_terms = {}
    _, problems = import_file(importer, write(tmp_path, ROW), claims_map())
    assert [problem.expected for problem in problems] == ["terms for US"]


def test_a_dry_run_counts_what_would_come_and_keeps_nothing(tmp_path: Path, order: Order) -> None:
    report, problems = run(write(tmp_path, ROW, ROW.replace("O-1", "O-9")), dry_run=True)
    assert counts(report) == (2, 1, 0, 1, 0)
    assert problems == []
    assert not Claim.objects.exists()


def test_demo_makes_up_what_is_missing_and_repairs_nothing(tmp_path: Path, order: Order) -> None:
    bare = "A-2,2026-02-02,,cut,doctor,,,,,,,,,,"
    wrong = "A-3,2026-02-02,,cut,doctor,O-9,,,,,,,,,"
    report, problems = run(write(tmp_path, bare, wrong, ROW), demo=True)
    assert counts(report) == (3, 2, 0, 0, 1)
    assert [(problem.column, problem.value) for problem in problems] == [("order", "O-9")]
    claim = Claim.objects.get(external_reference="A-2")
    assert {"claimant_name", "claimed", "incident_on", "order"} <= set(claim.made_up_fields)
    assert (claim.claimant.is_made_up, claim.order.is_made_up, claim.seller.is_made_up) == (
        True,
        True,
        True,
    )
    whole = Claim.objects.get(external_reference="A-1")
    assert whole.made_up_fields == []
    assert not whole.claimant.is_made_up


def test_a_made_up_seller_is_made_once(tmp_path: Path) -> None:
    rows = [f"B-{number},2026-02-02,,cut,doctor,,,,,,,,,," for number in range(12)]
    report, _ = run(write(tmp_path, *rows), demo=True)
    assert counts(report) == (12, 12, 0, 0, 0)
    assert Order.objects.count() == 12
    assert Seller.objects.count() <= 4
    assert not Seller.objects.filter(is_made_up=False).exists()


COMMAND_MAP = """
imports = "claims"
name = "Test"
source = "test"
[fields]
external_reference = { column = "no" }
reported_at = { column = "reported" }
"""


def command(tmp_path: Path, *options: str) -> list[str]:
    path, map_path, out = write(tmp_path, ROW), tmp_path / "map.toml", StringIO()
    map_path.write_text(COMMAND_MAP)
    call_command("import_claims", str(path), "--map", str(map_path), *options, stdout=out)
    return out.getvalue().splitlines()


def test_the_command_makes_things_up_in_a_demo_only(tmp_path: Path, settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="nothing is made up here"):
        command(tmp_path, "--market", "US", "--demo")
    settings.DEMO = True
    lines = command(tmp_path, "--market", "US", "--demo")
    assert lines[:2] == ["1 rows read", "1 imported"]
    assert command(tmp_path, "--market", "US", "--demo")[3] == "1 already there"
    assert Claim.objects.get().external_source == "test"


def test_the_command_says_what_the_map_lacks(tmp_path: Path) -> None:
    lines = command(tmp_path, "--market", "US")
    assert lines[:5] == ["1 rows read", "0 imported", "0 changed", "0 already there", "1 left out"]
    lacking = "missing; the map names no column for it"
    assert f"  1 × claimant name: {lacking}; expected the claimant name (row 2)" in lines
    assert not Claim.objects.exists()
