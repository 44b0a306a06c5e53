"""Every row of the CPSC files is imported or reported: counts by equality, on the real files."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from claims.imports.claims import ClaimImporter
from claims.models import Claim
from sellers.imports.maps import load_map
from sellers.imports.report import Problem, Report
from sellers.models import Order, Seller
from tests.sellers.imports.files import counts, import_file

ROOT = Path(__file__).resolve().parents[3]
INCIDENTS = ROOT.parent / "shared" / "data" / "incidents"
CPSC = ROOT / "claims" / "imports" / "maps" / "cpsc_incidents.toml"
NOW = datetime(2026, 3, 4, tzinfo=UTC)
# Rows, and those of them reported on or after 2021-09-01, when the programme began.
FILES = {"toys": (2208, 666), "artsandcrafts": (30, 9), "riding_toys": (272, 54)}

pytestmark = [
    pytest.mark.django_db,
    # The largest file is 666 reports, each the whole operation: minutes on a busy machine.
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        not INCIDENTS.is_dir(), reason="the CPSC files are not part of the repository: ../shared"
    ),
]


def import_incidents(name: str, *, demo: bool) -> tuple[Report, list[Problem]]:
    importer = ClaimImporter(source="cpsc", at=NOW, demo=demo)
    import_map = load_map(CPSC, imports="claims", fields=importer.fields)
    return import_file(importer, INCIDENTS / f"{name}.csv", import_map)


@pytest.mark.parametrize("name", FILES)
def test_every_row_is_imported_or_reported(name: str) -> None:
    rows, taken = FILES[name]
    report, problems = import_incidents(name, demo=True)
    assert counts(report) == (rows, taken, 0, 0, rows - taken)
    assert Counter((problem.column, problem.wrong, problem.expected) for problem in problems) == {
        ("Report Date", "is before the programme", "2021-09-01 or later"): rows - taken
    }
    assert Claim.objects.count() == Order.objects.count() == taken
    before = set(Claim.objects.values_list("pk", "version"))
    again, _ = import_incidents(name, demo=True)
    assert counts(again) == (rows, 0, 0, taken, rows - taken)
    assert set(Claim.objects.values_list("pk", "version")) == before


def test_what_was_made_up_is_named_and_marked() -> None:
    import_incidents("artsandcrafts", demo=True)
    always = {"claimant_name", "claimant_email", "claimant_born_on", "claimed", "incident_on"}
    for claim in Claim.objects.select_related("claimant", "order", "seller"):
        assert always | {"order"} <= set(claim.made_up_fields)
        assert set(claim.made_up_fields) <= always | {
            "order",
            "payee_name",
            "payee_account",
            "severity",
        }
        assert claim.claimant.is_made_up
        assert claim.order.is_made_up
        assert claim.seller.is_made_up
        assert claim.claimant.email.endswith(".example")
        assert claim.seller.email.endswith(".example")


def test_without_demo_every_row_says_what_it_lacks() -> None:
    report, problems = import_incidents("artsandcrafts", demo=False)
    assert counts(report) == (30, 0, 0, 0, 30)
    lacking = "missing; the map names no column for it"
    assert {(problem.column, problem.wrong) for problem in problems} == {
        ("day of the incident", lacking),
        ("order number", lacking),
        ("claimant name", lacking),
        ("claimant e-mail address", lacking),
    }
    assert not Claim.objects.exists()
    assert not Seller.objects.exists()


def test_text_is_kept_as_the_agency_published_it() -> None:
    import_incidents("artsandcrafts", demo=True)
    claim = Claim.objects.get(external_reference="20231002-D13C7-2147344911")
    assert "[REDACTED] cereal or [REDACTED]" in claim.narrative
    assert claim.narrative.endswith("State: Colorado")
    assert claim.reported_at == datetime(2023, 10, 2, 7, tzinfo=UTC)
    quoted = Claim.objects.get(external_reference="20221201-88924-2147352281").narrative
    assert "“" in quoted
    assert "”" in quoted
