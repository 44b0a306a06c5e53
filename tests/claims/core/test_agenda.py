"""When anything can happen next: the earliest moment that stands in any row."""

from datetime import timedelta

import pytest

from claims.agenda import due_at, next_moment, open_deadlines
from claims.models import Deadline, Notice, Payout, PayoutState
from claims.operations.silence import MOST_FAILURES, lapse_due
from tests.claims.core.world import DAY, DUE, LAPSES, letters_leave, open_clocks
from tests.factories import NOON, report, report_assessed, report_awaiting_seller

pytestmark = pytest.mark.django_db


def test_nothing_there_nothing_next() -> None:
    assert next_moment(after=NOON) is None


def test_letters_first_then_reminders_then_the_step() -> None:
    claim = report_awaiting_seller()
    before = NOON - timedelta(seconds=1)
    assert next_moment(after=before) == NOON
    letters_leave()
    assert next_moment(after=NOON) == DUE - 3 * DAY
    Deadline.objects.update(remind_at=None)
    assert next_moment(after=NOON) == LAPSES
    assert next_moment(after=LAPSES - timedelta(microseconds=1)) == LAPSES
    assert next_moment(after=LAPSES) == open_clocks(claim)["STATUS_LETTER"]


def test_a_letter_being_sent_counts_and_one_that_left_does_not() -> None:
    report()
    Notice.objects.update(state="SENDING", next_at=NOON + timedelta(minutes=10))
    assert next_moment(after=NOON) == NOON + timedelta(minutes=10)
    letters_leave()
    Notice.objects.update(state="SENT", sent_at=NOON)
    assert next_moment(after=NOON) == Deadline.objects.get(kind="STATUS_LETTER").acts_at


@pytest.mark.parametrize("state", PayoutState)
def test_payouts_count_while_they_move(state: PayoutState) -> None:
    report_assessed(claimed_minor=80_000)
    letters_leave()
    soon = NOON + timedelta(minutes=3)
    Payout.objects.update(state=state, next_at=soon, lease_until=soon)
    moving = {"QUEUED", "SENDING", "UNCERTAIN", "SENT"}
    letter = Deadline.objects.get(kind="STATUS_LETTER").acts_at

    assert next_moment(after=NOON) == (soon if state in moving else letter)


def test_clocks_that_ended_or_were_set_aside_do_not_count() -> None:
    claim = report_awaiting_seller()
    letters_leave()
    Deadline.objects.update(remind_at=None)
    Deadline.objects.filter(kind="SELLER_RESPONSE").update(failures=MOST_FAILURES)
    assert next_moment(after=NOON) == open_clocks(claim)["STATUS_LETTER"]
    Deadline.objects.filter(kind="STATUS_LETTER").update(cancelled_at=NOON)
    assert next_moment(after=NOON) is None


def test_a_clock_that_failed_counts_at_its_next_try() -> None:
    """Not at the moment that passed: nothing can happen before the wait is over."""
    report_awaiting_seller()
    letters_leave()
    retry = LAPSES + timedelta(minutes=1)
    Deadline.objects.update(remind_at=None)
    Deadline.objects.filter(kind="SELLER_RESPONSE").update(failures=1, next_try_at=retry)

    assert next_moment(after=NOON) == retry
    assert (due_at(LAPSES), due_at(retry)) == ([], ["clocks"])


def test_open_deadlines_are_those_that_run() -> None:
    claim = report_awaiting_seller()
    letters_leave()
    assert {d.kind for d in open_deadlines()} == {"DECISION", "STATUS_LETTER", "SELLER_RESPONSE"}
    lapse_due(at=LAPSES)

    assert {d.kind for d in open_deadlines()} == {"STATUS_LETTER"}
    assert set(open_clocks(claim)) == {"STATUS_LETTER"}
