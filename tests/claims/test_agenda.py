"""When anything can happen next, and what is due: asked of every row that waits for a moment."""

from datetime import UTC, datetime, timedelta

import pytest

from claims.agenda import due_at, next_moment
from claims.models import Deadline, Notice, NoticeState, Payout, PayoutState
from claims.operations.silence import MOST_FAILURES
from tests.factories import NOON, report

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=400)
# Reported on 2 March: the first status letter goes when local day 30, 1 April, has ended.
STATUS_LETTER = datetime(2026, 4, 2, 7, tzinfo=UTC)


def test_where_nothing_waits_nothing_is_due() -> None:
    assert next_moment(after=NOON - timedelta(days=1)) is None
    assert due_at(LATER) == []


def test_a_report_leaves_a_letter_and_a_clock() -> None:
    report()

    assert due_at(NOON - timedelta(seconds=1)) == []
    assert due_at(NOON) == ["letters"]
    assert next_moment(after=NOON - timedelta(seconds=1)) == NOON
    assert next_moment(after=NOON) == STATUS_LETTER
    assert due_at(STATUS_LETTER) == ["clocks", "letters"]


def test_a_letter_that_left_and_a_clock_set_aside_wait_for_nothing() -> None:
    report()
    Notice.objects.update(state=NoticeState.SENT, sent_at=NOON, next_at=None)
    Deadline.objects.update(failures=MOST_FAILURES)

    assert next_moment(after=NOON) is None
    assert due_at(LATER) == []


@pytest.mark.parametrize(
    ("state", "due"),
    [
        (PayoutState.QUEUED, ["payouts"]),
        (PayoutState.UNCERTAIN, ["payments"]),
        (PayoutState.SENT, ["payments"]),
        (PayoutState.CONFIRMED, []),
    ],
)
def test_a_payout_waits_to_be_sent_or_to_be_followed(state: PayoutState, due: list[str]) -> None:
    claim = report()
    Notice.objects.update(state=NoticeState.SENT, sent_at=NOON, next_at=None)
    Payout.objects.create(
        claim=claim,
        our_reference="R-1",
        amount_minor=1,
        currency="USD",
        is_automatic=False,
        state=state,
        created_at=NOON,
        next_at=NOON,
    )

    assert due_at(NOON) == due


def test_a_reminder_is_due_while_its_clock_runs() -> None:
    claim = report()
    Notice.objects.update(state=NoticeState.SENT, sent_at=NOON, next_at=None)
    clocks = Deadline.objects.filter(claim=claim, kind="STATUS_LETTER")
    clocks.update(remind_at=NOON)

    assert due_at(NOON) == ["reminders"]

    clocks.update(met_at=NOON)
    assert due_at(LATER) == []
