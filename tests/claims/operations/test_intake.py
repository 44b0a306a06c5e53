"""Screening, questions, abandonment, reopening: whole outcomes and refusals (rules §2)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from claims.decisions.base import ReasonMissing
from claims.lifecycle import Status, StepNotAllowed
from claims.models import DeadlineKind
from claims.operations.intake import answer_question, ask_claimant, pass_screening, screen_out
from claims.operations.reporting import ReportRefused
from claims.operations.silence import lapse_due
from claims.outcome import CLAIMANT
from tests.claims.core.stories import abandoned, asked
from tests.claims.core.world import (
    DAY,
    adjuster,
    again,
    ended,
    last_event,
    letters,
    open_clocks,
    path,
    refused,
    seller,
)
from tests.factories import NOON, report, report_screened

pytestmark = pytest.mark.django_db

# 14 days from 2 March end with 16 March in Los Angeles.
ANSWER_DUE = datetime(2026, 3, 17, 7, 0, tzinfo=UTC)
ABANDONED_AT = NOON + 16 * DAY


def test_a_genuine_claim_goes_to_assessment() -> None:
    claim = report()
    by = adjuster()
    passed = pass_screening(claim=claim, at=NOON + DAY, by=by)

    assert (passed.status, passed.status_since, passed.version) == (
        Status.IN_ASSESSMENT,
        NOON + DAY,
        2,
    )
    assert last_event(claim).actor_id == by.user_id
    assert letters(claim) == set()
    assert set(open_clocks(claim)) == {"DECISION", "STATUS_LETTER"}


def test_only_operations_screen() -> None:
    claim = report()
    with refused(StepNotAllowed, "Seller may not do this: pass screening"):
        pass_screening(claim=claim, at=NOON, by=seller())


def test_a_frivolous_claim_is_denied_before_any_seller_sees_it() -> None:
    claim = report()
    by = adjuster()
    out = screen_out(claim=claim, reason="  The photograph is older. ", at=NOON + DAY, by=by)

    assert (out.status, out.reason, out.denied_at) == (
        Status.DENIED,
        "SCREENED_OUT",
        NOON + DAY,
    )
    event = last_event(claim)
    assert (event.text, event.facts) == ("The photograph is older.", {"deciders": [by.user_id]})
    assert letters(claim) == {"CLAIM_DENIED"}
    assert open_clocks(claim) == {}
    assert ended(claim, DeadlineKind.DECISION) == "cancelled"


def test_screening_out_needs_a_reason() -> None:
    claim = report()
    by = adjuster()
    with refused(ReasonMissing, "why the claim is screened out"):
        screen_out(claim=claim, reason="  ", at=NOON, by=by)


@pytest.mark.parametrize("screened", [False, True])
def test_a_question_starts_the_claimants_clock(*, screened: bool) -> None:
    claim = report_screened() if screened else report()
    waiting = ask_claimant(claim=claim, question=" When? ", at=NOON, by=adjuster())

    assert waiting.status == Status.AWAITING_CLAIMANT
    assert open_clocks(claim)["CLAIMANT_ANSWER"] == ANSWER_DUE
    assert last_event(claim).text == "When?"
    notice = claim.notices.get(kind="QUESTION")
    assert notice.facts == {"question": "When?", "due_at": ANSWER_DUE.isoformat()}


def test_a_question_needs_words() -> None:
    claim = report()
    by = adjuster()
    with refused(ReasonMissing, "write the question"):
        ask_claimant(claim=claim, question="", at=NOON, by=by)


def test_an_answer_brings_the_claim_to_assessment() -> None:
    claim = asked()
    answered = answer_question(claim=claim, answer=" In May. ", at=NOON + DAY, by=CLAIMANT)

    assert answered.status == Status.IN_ASSESSMENT
    assert last_event(claim).text == "In May."
    assert ended(claim, DeadlineKind.CLAIMANT_ANSWER) == "met"
    assert set(open_clocks(claim)) == {"DECISION", "STATUS_LETTER"}


def test_no_answer_within_fourteen_days_closes_the_claim() -> None:
    claim = asked()
    assert lapse_due(at=ANSWER_DUE + timedelta(seconds=59)).taken == 0
    assert lapse_due(at=ANSWER_DUE + timedelta(seconds=60)).taken == 1

    found = again(claim)
    assert found.status == Status.ABANDONED
    assert path(claim)[-1] == ("abandon", "ABANDONED")
    assert last_event(claim).rule == ("rules §2: no answer from the claimant within the days given")
    assert letters(claim) == {"CLAIM_ABANDONED"}
    assert ended(claim, DeadlineKind.CLAIMANT_ANSWER) == "lapsed"
    assert open_clocks(claim) == {}


def test_an_abandoned_claim_reopens_within_the_filing_window() -> None:
    claim = abandoned()
    at = NOON + 30 * DAY
    reopened = answer_question(claim=claim, answer="In May.", at=at, by=CLAIMANT)

    assert reopened.status == Status.IN_ASSESSMENT
    assert path(claim)[-1] == ("reopen", "IN_ASSESSMENT")
    assert letters(claim) == {"CLAIM_REOPENED"}
    # the decision was promised at the report, and the promise stands
    assert open_clocks(claim) == {
        "DECISION": datetime(2026, 6, 1, 7, 0, tzinfo=UTC),
        "STATUS_LETTER": datetime(2026, 5, 2, 7, 0, tzinfo=UTC),
    }


def test_the_last_moment_to_reopen() -> None:
    """Incident on 20 February: 90 days end with 21 May in Los Angeles."""
    claim = abandoned()
    assert claim.incident_on == date(2026, 2, 20)
    closes = datetime(2026, 5, 22, 7, 0, tzinfo=UTC)
    with refused(ReportRefused, "the 90 days to file have passed"):
        answer_question(claim=claim, answer="Yes", at=closes, by=CLAIMANT)
    moment = closes - timedelta(microseconds=1)
    assert answer_question(claim=claim, answer="Yes", at=moment, by=CLAIMANT).status == (
        Status.IN_ASSESSMENT
    )


# The filing window of an incident on 20 February has closed when these 14 days end.
ASKED_LATE = datetime(2026, 5, 12, 12, tzinfo=UTC)
DUE_LATE = datetime(2026, 5, 27, 7, tzinfo=UTC)


def test_the_grace_lengthens_no_answer_when_the_filing_window_is_closed() -> None:
    claim = report()
    ask_claimant(claim=claim, question="When?", at=ASKED_LATE, by=adjuster())
    assert open_clocks(claim)["CLAIMANT_ANSWER"] == DUE_LATE
    with refused(ReportRefused, "the 90 days to file have passed"):
        answer_question(claim=again(claim), answer="Now", at=DUE_LATE, by=CLAIMANT)

    assert again(claim).status == Status.AWAITING_CLAIMANT
    assert open_clocks(claim)["CLAIMANT_ANSWER"] == DUE_LATE


def test_within_the_filing_window_an_answer_in_the_grace_is_taken() -> None:
    claim = asked()
    at = ANSWER_DUE + timedelta(seconds=30)
    answered = answer_question(claim=claim, answer="Now", at=at, by=CLAIMANT)
    assert answered.status == Status.IN_ASSESSMENT


def test_the_last_moment_to_answer_after_the_filing_window() -> None:
    claim = report()
    ask_claimant(claim=claim, question="When?", at=ASKED_LATE, by=adjuster())
    last = DUE_LATE - timedelta(microseconds=1)
    answered = answer_question(claim=again(claim), answer="Now", at=last, by=CLAIMANT)
    assert answered.status == Status.IN_ASSESSMENT
    assert ended(claim, DeadlineKind.CLAIMANT_ANSWER) == "met"


def test_nobody_asked_means_nothing_to_answer() -> None:
    claim = report()
    with refused(StepNotAllowed, "the claimant answers"):
        answer_question(claim=claim, answer="Hello", at=NOON, by=CLAIMANT)
