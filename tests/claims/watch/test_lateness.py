"""How late we are, in seconds, and the counts that an alarm looks at."""

from datetime import timedelta

import pytest

from claims.models import Deadline, Notice, NoticeState, Payout, PayoutState, PayoutSwitch
from claims.watch.lateness import as_metrics, measure
from insurance.lateness import WORDS
from tests.claims.core.world import DUE, LAPSES
from tests.factories import NOON, make_market, report_assessed, report_awaiting_seller

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
QUIET = {
    "redress_oldest_due_seconds": 0.0,
    "redress_set_aside_clocks": 0.0,
    "redress_oldest_unsent_payout_seconds": 0.0,
    "redress_oldest_uncertain_payout_seconds": 0.0,
    "redress_uncertain_payouts": 0.0,
    "redress_oldest_unsent_letter_seconds": 0.0,
    "redress_payouts_paused": 0.0,
    "redress_oldest_authority_order_seconds": 0.0,
    **dict.fromkeys(
        (
            gauge
            for name in WORDS
            for gauge in (f"redress_oldest_{name}_seconds", f"redress_{name}s")
        ),
        0.0,
    ),
} | {f'redress_payouts{{state="{state.lower()}"}}': 0.0 for state in PayoutState.values}


def loud() -> dict[str, float]:
    """What is not zero an hour after the response clock's step was due."""
    gauges = measure(at=LAPSES + timedelta(hours=1))
    assert set(gauges) == set(QUIET)
    return {name: value for name, value in gauges.items() if value}


def no_letters() -> None:
    Notice.objects.update(state=NoticeState.SENT, next_at=None, sent_at=NOON)


def test_an_empty_system_is_not_late() -> None:
    make_market()
    assert measure(at=NOON) == QUIET


def test_a_due_clock_is_as_late_as_its_step() -> None:
    report_awaiting_seller()
    no_letters()
    assert measure(at=DUE)["redress_oldest_due_seconds"] == 0
    assert loud() == {"redress_oldest_due_seconds": 3600}


def test_a_clock_set_aside_is_counted_and_no_longer_late() -> None:
    claim = report_awaiting_seller()
    no_letters()
    Deadline.objects.filter(claim=claim, acts_at=LAPSES).update(failures=5)
    assert loud() == {"redress_set_aside_clocks": 1}


def test_an_unsent_letter_is_as_late_as_it_was_written() -> None:
    report_awaiting_seller()
    Deadline.objects.update(cancelled_at=NOON)
    assert loud() == {
        "redress_oldest_unsent_letter_seconds": (LAPSES + timedelta(hours=1) - NOON).total_seconds()
    }


def payout(**changes: object) -> None:
    """The only payout, changed; nothing else is late."""
    report_assessed(claimed_minor=80_000)
    no_letters()
    Deadline.objects.filter(cancelled_at=None, met_at=None).update(cancelled_at=NOON)
    Payout.objects.update(**changes)


def test_a_queued_payout_is_late_unless_something_holds_it() -> None:
    payout(next_at=LAPSES)
    assert loud() == {
        "redress_oldest_unsent_payout_seconds": 3600,
        'redress_payouts{state="queued"}': 1,
    }
    Payout.objects.update(held_by=["PAYOUTS_PAUSED"])
    assert loud() == {'redress_payouts{state="queued"}': 1}


def test_a_payout_in_doubt_is_as_old_as_its_first_sending() -> None:
    payout(state=PayoutState.UNCERTAIN, first_sent_at=LAPSES + 30 * MINUTE, next_at=None)
    assert loud() == {
        "redress_oldest_uncertain_payout_seconds": 1800,
        "redress_uncertain_payouts": 1,
        'redress_payouts{state="uncertain"}': 1,
    }


def test_a_pause_is_a_gauge() -> None:
    make_market()
    PayoutSwitch.objects.update(is_paused=True)
    assert loud() == {"redress_payouts_paused": 1}


def test_the_text_format() -> None:
    gauges = {"redress_a": 0.0, 'redress_b{state="sent"}': 12.0, "redress_c": 1.5}
    assert as_metrics(gauges) == 'redress_a 0\nredress_b{state="sent"} 12\nredress_c 1.5\n'
