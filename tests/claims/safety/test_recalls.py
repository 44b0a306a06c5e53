"""Recalls are kept once by their number, and living cases are matched anew (rules §7)."""

import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from claims.models import Recall, RecallMatch, SafetyCase, SafetyStatus, Severity
from claims.safety.cases import decide_safety_case
from claims.safety.recall_files import RecallsNotUnderstood
from claims.safety.recalls import ImportedRecalls, import_recalls
from tests.claims.core.world import snapshot
from tests.claims.safety.test_recall_files import HEADER, KETTLE
from tests.claims.screening.published import RECALLS_CSV, RECALLS_JSON, needs_published_files
from tests.factories import NOON, make_order, make_product, report, staff_actor

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def keep(*recalls: dict[str, Any]) -> ImportedRecalls:
    text = json.dumps({"recalls": list(recalls)})
    return import_recalls(file=io.StringIO(text), source="CPSC", at=NOON)


def case_of(**product: Any) -> SafetyCase:
    """The safety case of a product after one hospital admission."""
    claim = report(make_order(product=make_product(**product)), severity=Severity.HOSPITAL)
    return SafetyCase.objects.get(claims=claim)


def test_a_recall_is_kept_with_its_words() -> None:
    assert keep(KETTLE) == ImportedRecalls(new=1, known=0)
    kettle = Recall.objects.get()
    assert (kettle.source, kettle.number, kettle.recalled_on, str(kettle)) == (
        "CPSC",
        "26001",
        date(2026, 2, 1),
        "Acme Recalls Kettles Due to Fire Hazard",
    )
    assert (kettle.upcs, kettle.brand_words, kettle.product_words) == (
        ["816153011219"],
        ["acme", "kettle"],
        ["acme", "kettle"],
    )


def test_the_same_recall_of_the_other_shape_fills_what_was_missing_and_cuts_nothing() -> None:
    keep(KETTLE)
    row = "26001,Acme Recalls Kettles Due,A jug,Refund,Acme of Ohio,Fire,2026-02-02,\n"
    done = import_recalls(file=io.StringIO(HEADER + row), source="CPSC", at=NOON)
    assert done == ImportedRecalls(new=0, known=1)
    kettle = Recall.objects.get()
    assert (kettle.title, kettle.description, kettle.remedy, kettle.hazard, kettle.url) == (
        "Acme Recalls Kettles Due to Fire Hazard",
        "A jug",
        "Refund",
        "Fire.",
        "https://recalls.example/26001",
    )
    assert (kettle.manufacturer, kettle.recalled_on, kettle.upcs) == (
        "Acme of Ohio",
        date(2026, 2, 2),
        ["816153011219"],
    )


def test_a_number_twice_in_a_file_is_one_recall() -> None:
    assert keep(KETTLE, KETTLE | {"hazard": "Fire and shock."}) == ImportedRecalls(1, 0)
    assert Recall.objects.get().hazard == "Fire and shock."


def test_a_broken_file_keeps_nothing() -> None:
    before = snapshot()
    with pytest.raises(RecallsNotUnderstood):
        keep(KETTLE, KETTLE | {"title": ""})
    assert snapshot() == before


def test_a_new_case_is_matched_with_the_recalls_that_are_known() -> None:
    keep(
        KETTLE,
        KETTLE | {"number": "26002", "title": "Acme Recalls Pans", "name": "Acme Steel Pans"},
        KETTLE | {"number": "26003", "title": "Bolt Recalls Chairs", "name": "", "upcs": []},
    )
    case = case_of(title="Acme electric kettle", brand="Acme", sku="A-1")
    assert [
        (m.recall.number, m.score, m.words, m.matched_at) for m in case.recall_matches.all()
    ] == [
        ("26001", 100, ["brand: acme", "title: acme kettle"], NOON),
        ("26002", 60, ["brand: acme", "title: acme"], NOON),
    ]
    assert str(case.recall_matches.all()[0]) == "Acme Recalls Kettles Due to Fire Hazard (100)"


def test_the_same_upc_is_the_same_product_whatever_it_is_called() -> None:
    keep(KETTLE)
    case = case_of(title="Water boiler", sku="816153011219")
    assert [(m.score, m.words) for m in case.recall_matches.all()] == [(100, ["UPC 816153011219"])]


def test_an_import_matches_living_cases_anew_and_leaves_ended_ones() -> None:
    living, ended = case_of(title="Acme kettle"), case_of(title="Acme kettle")
    decide_safety_case(
        case=ended,
        status=SafetyStatus.NOT_REPORTABLE,
        reason="Misuse.",
        at=NOON,
        by=staff_actor(),
    )
    keep(KETTLE)
    assert list(RecallMatch.objects.values_list("case", flat=True)) == [living.pk]
    keep(KETTLE)
    assert RecallMatch.objects.count() == 1


def test_at_most_ten_recalls_are_shown_newest_first() -> None:
    keep(*(KETTLE | {"number": str(n), "date": f"2026-01-{n:02}"} for n in range(1, 13)))
    case = case_of(title="Acme kettle", brand="Acme")
    numbers = [match.recall.number for match in case.recall_matches.all()]
    assert numbers == [str(n) for n in range(12, 2, -1)]


def test_the_command_says_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "recalls.json"
    path.write_text(json.dumps({"recalls": [KETTLE]}))
    call_command("import_recalls", str(path))
    call_command("import_recalls", str(path))
    assert capsys.readouterr().out == (
        "1 recalls are new, 0 were known.\n0 recalls are new, 1 were known.\n"
    )
    path.write_text("no recalls")
    with pytest.raises(CommandError, match=r"recalls\.json: These columns are missing"):
        call_command("import_recalls", str(path))


@needs_published_files
def test_the_published_recalls_are_kept_and_find_a_product() -> None:
    call_command("import_recalls", str(RECALLS_JSON))
    call_command("import_recalls", str(RECALLS_CSV))
    assert Recall.objects.count() == 885 + 289 - 25
    case = case_of(title="32 Degrees heated socks, black, medium", brand="32 Degrees")
    best = case.recall_matches.all()[0]
    assert (best.recall.number, best.score) == ("26435", 100)
