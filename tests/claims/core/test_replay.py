"""A claim's events alone give its row; a broken file is found (design: decide, then record)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from claims.lifecycle import Status
from claims.models import AppealParty, AppealStatus, Claim
from claims.operations.appeal import appeal_decision, decide_appeal
from claims.operations.assessment import assess_claim
from claims.outcome import CLAIMANT
from claims.providers.sandbox import SandboxProvider
from claims.replay import REPLAYED, FileBroken, replay
from tests.claims.core.stories import claim_in, denied
from tests.claims.core.world import DAY, adjuster, again, reject
from tests.factories import NOON, report_awaiting_seller


@dataclass
class Told:
    """An event without a database."""

    version: int
    step: str
    from_status: str
    to_status: str
    at: datetime = NOON
    reason: str = ""
    changes: dict[str, Any] = field(default_factory=dict)


REPORT = Told(1, "report", "", "REPORTED")
PASSED = Told(2, "pass_screening", "REPORTED", "IN_ASSESSMENT", at=NOON + timedelta(hours=1))


def assert_replays(claim: Claim) -> None:
    row = Claim.objects.filter(pk=claim.pk).values(*REPLAYED).get()
    assert replay(claim.events.order_by("version")) == row


@pytest.mark.django_db
@pytest.mark.parametrize("status", Status)
def test_every_story_replays(status: Status, provider: SandboxProvider) -> None:
    assert_replays(claim_in(status, provider))


@pytest.mark.django_db
def test_a_long_story_replays() -> None:
    claim = reject(report_awaiting_seller())
    assess_claim(claim=claim, lines={}, note="N", at=NOON + 2 * DAY, by=adjuster())
    assert_replays(claim)
    second = denied()
    appeal_decision(
        claim=second, party=AppealParty.CLAIMANT, new_facts="N", at=NOON + 3 * DAY, by=CLAIMANT
    )
    assert_replays(second)
    decide_appeal(
        claim=second,
        outcome=AppealStatus.OVERTURNED,
        reason="R",
        at=NOON + 4 * DAY,
        by=adjuster(),
    )
    assert_replays(second)
    assert again(second).denied_at is None


def test_a_report_alone_is_a_new_claim() -> None:
    assert replay([REPORT]) == {
        "status": "REPORTED",
        "version": 1,
        "status_since": NOON,
        "reason": "",
        "bars": [],
        "assessed_minor": None,
        "approved_minor": None,
        "paid_minor": 0,
        "is_within_ceiling": None,
        "crossed_ceiling_later": False,
        "approved_at": None,
        "denied_at": None,
    }


def test_a_step_that_stays_moves_the_version_only() -> None:
    note = Told(3, "add_information", "IN_ASSESSMENT", "IN_ASSESSMENT", reason="X", at=NOON + DAY)
    found = replay([REPORT, PASSED, note])

    assert found == replay([REPORT, PASSED]) | {"version": 3}
    assert found["status_since"] == PASSED.at


def test_moments_come_back_as_moments() -> None:
    out = Told(2, "screen_out", "REPORTED", "DENIED", changes={"denied_at": "2026-03-02T20:00:00Z"})
    found = replay([REPORT, out])

    assert (found["denied_at"], found["reason"]) == (NOON, "")


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ([], "no events"),
        ([PASSED], "opens with pass_screening 2"),
        ([Told(2, "report", "", "REPORTED")], "opens with report 2"),
        ([Told(1, "report", "", "PAID")], "opens with report 1"),
        ([REPORT, Told(3, "pass_screening", "REPORTED", "IN_ASSESSMENT")], "3 .* follows event 1"),
        ([REPORT, REPORT], r"Event 1 \(report\) follows event 1"),
        ([REPORT, Told(2, "reopen", "ABANDONED", "IN_ASSESSMENT")], "starts from ABANDONED"),
        ([REPORT, Told(2, "improvise", "REPORTED", "PAID")], "is no step from REPORTED"),
        ([REPORT, Told(2, "reopen", "REPORTED", "IN_ASSESSMENT")], "is no step from REPORTED"),
        ([REPORT, Told(2, "pass_screening", "REPORTED", "PAID")], "does not lead to PAID"),
        ([REPORT, Told(2, "add_information", "REPORTED", "PAID")], "does not lead to PAID"),
        (
            [REPORT, Told(2, "pass_screening", "REPORTED", "IN_ASSESSMENT", changes={"x": 1})],
            "Event 2 changes x",
        ),
    ],
)
def test_a_broken_file_is_found(events: list[Told], words: str) -> None:
    with pytest.raises(FileBroken, match=words):
        replay(events)
