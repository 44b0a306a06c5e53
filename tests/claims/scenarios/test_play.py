"""The command `play`: its exit statuses, and what it says to a person."""

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from claims.models import Claim
from claims.scenarios.files import read_scenario
from claims.scenarios.player import play, scratch_database
from tests.claims.scenarios.test_reading import changed, written

REPORTED = (
    "report ·  → REPORTED · by CLAIMANT · "
    "[rules §2: a claim keeps the terms that were in force when it was reported]"
)
SCENARIOS = Path(settings.BASE_DIR) / "tests/scenarios"


@pytest.fixture
def unblocked(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The command makes and drops a database of its own."""
    with django_db_blocker.unblock():
        yield


def run(*arguments: object) -> tuple[int, str, str]:
    """Exit status, output and errors of the command."""
    out, err = StringIO(), StringIO()
    try:
        call_command("play", *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_a_folder_is_played_and_every_check_has_its_line(unblocked: None, tmp_path: Path) -> None:
    before = connection.settings_dict["NAME"]
    for name in ("programme-start", "defect-kind"):
        (tmp_path / f"{name}.json").write_text((SCENARIOS / f"{name}.json").read_text())

    status, out, err = run(tmp_path, "--timeline")

    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "defect-kind.json: The defect KIND, alone, and what mends it",
        "  holds  shop at 2026-02-10T18:30:00Z: compliance, defects",
        "  holds  shop at 2026-02-10T19:30:00Z: compliance, defects",
        "programme-start.json: Incidents count from 1 September 2021 on",
        "  holds  before at 2021-09-12T18:00:00Z: status, reason",
        "  holds  first at 2021-09-12T18:00:00Z: status",
        "  before",
        f"    2021-09-12T18:00:00Z · {REPORTED}",
        (
            "    2021-09-12T18:00:00Z · deny_ineligible · REPORTED → DENIED · by SYSTEM · "
            "BEFORE_PROGRAMME_START · [rules §2: what the programme covers]"
        ),
        "  first",
        f"    2021-09-12T18:00:00Z · {REPORTED}",
        "2 of 2 scenarios hold.",
    ]
    assert connection.settings_dict["NAME"] == before


def test_a_check_that_fails_says_what_was_expected_found_and_how_it_came(
    unblocked: None, tmp_path: Path
) -> None:
    content = changed("checks", [{"claim": "C", "at": "2026-05-04T10:00:00Z"}])
    content["checks"][0] |= {
        "status": "PAID",
        "paid": "400",
        "borne_by": {"seller": "400.00"},
        "due_at": "2026-05-14T07:00:00Z",
        "refused": ["approve"],
    }

    status, out, err = run(written(tmp_path, content))

    assert (status, err) == (1, "")
    assert out.splitlines() == [
        "scenario.json: A good file",
        (
            "  FAILS  C at 2026-05-04T10:00:00Z: status: expected 'PAID', found 'REPORTED'; "
            "paid: expected '400.00', found '0.00'; "
            "borne_by: expected {'seller': '400.00'}, found {}; "
            "due_at: expected '2026-05-14T07:00:00Z', found None; "
            "refused: expected ['approve'], found []"
        ),
        f"           2026-05-04T10:00:00Z · {REPORTED}",
        "0 of 1 scenario holds.",
    ]


def test_a_file_that_cannot_be_read_stops_before_anything_is_played(tmp_path: Path) -> None:
    good, bad = SCENARIOS / "defect-kind.json", written(tmp_path, changed("colour", "red"))

    status, out, err = run(good, bad)

    assert (status, out) == (2, "")
    assert err.startswith(f"{bad}: the file: key “colour” is not known (known: name, market,")


def test_a_folder_without_scenarios_is_said(tmp_path: Path) -> None:
    assert run(tmp_path) == (2, "", f"{tmp_path}: no scenario files in this folder\n")


def test_a_scenario_that_breaks_off_does_not_hold_and_the_others_are_played(
    unblocked: None, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """More than any column holds, reached by adding: the reader cannot know, the database does."""
    most = [{"head": "medical", "claimed": "9999999999999999.99"}] * 12
    bad, good = written(tmp_path, changed("events.0.lines", most)), SCENARIOS / "defect-kind.json"

    status, out, err = run(bad, good)

    assert (status, err) == (1, "")
    assert f"{bad} broke off." in caplog.messages
    lines = out.splitlines()
    assert lines[0] == "scenario.json: A good file"
    assert lines[1].startswith("  FAILS  could not be played to its end: DataError: bigint out of")
    assert lines[2] == "defect-kind.json: The defect KIND, alone, and what mends it"
    assert lines[-1] == "1 of 2 scenarios hold."


def test_what_the_rules_refuse_changes_nothing_and_can_be_checked(
    unblocked: None, tmp_path: Path
) -> None:
    """An event before its claim's report, and one of a claim whose report is refused."""
    content = changed("events.1.at", "2026-05-01T10:00:00Z")
    content["events"][0]["incident_on"] = "2026-05-05"  # in the future: no claim comes of it
    content["events"].append({"at": "2026-05-06T10:00:00Z", "do": "withdraw", "claim": "C"})
    content["checks"] = [
        {"claim": "C", "at": "2026-05-01T10:00:00Z", "refused": ["pass_screening"]},
        {"at": "2026-05-04T10:00:00Z", "refused": ["report_claim"]},
        {"claim": "C", "at": "2026-05-06T10:00:00Z", "refused": ["withdraw"], "status": None},
        {"seller": "shop", "at": "2026-05-06T10:00:00Z", "refused": ["withdraw"]},
    ]
    content["policies"] = []

    with scratch_database():
        played = play(read_scenario(written(tmp_path, content)))
        claims = Claim.objects.count()

    assert [checked.differences for checked in played.checked] == [[], [], [], []]
    assert claims == 0
    assert json.dumps(played.timelines) == "{}"
