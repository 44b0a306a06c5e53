"""The provider that breaks in every scripted way, while real workers send."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from claims.models import Heartbeat, Payout
from claims.providers.sandbox_faults import GARBAGE
from tests.faults import proof, rows
from tests.faults.healing import conceded_claims, hasten, heal, let_time_pass, payouts
from tests.faults.proxy import Count, Drip, Truncate, Way, await_true
from tests.faults.rows import PAYMENT, TAKEN
from tests.faults.stack import Stack

pytestmark = rows.MARKS
# Each holds a worker for the ten seconds that a call may take.
SLOW_ONES: list[dict[str, Any]] = [
    {"do": "timeout_after_accept"},
    {"do": "timeout_before_accept"},
    {"do": "slow"},
]
QUICK_ONES: list[dict[str, Any]] = [
    {"do": "reset"},
    {"do": "error_500"},
    {"do": "error_500_after"},
    {"do": "late_accept", "seconds": 1},
    {"do": "429", "seconds": 1},
    {"do": "refuse", "reason": "LATER"},
    {"do": "forget_keys"},
]


def send_through(
    stack: Stack, faults: list[dict[str, Any]], *, again: Callable[[], None] = hasten
) -> list[str]:
    """As many payments as faults, until each fault has struck; `again` shortens the waits."""
    calls = stack.doors.provider.add(Count(Way.TO_SERVER, match=PAYMENT))
    stack.book.script(*faults)
    references = conceded_claims(len(faults))

    def all_struck() -> bool:
        stack.tick("send_payouts")
        again()
        return calls.struck >= len(faults)

    await_true(all_struck, seconds=90, what=f"{len(faults)} faults strike", every=0.5)
    return references


def test_time_outs_errors_and_refusals(stack: Stack) -> None:
    references = send_through(stack, SLOW_ONES + QUICK_ONES)
    heal(stack)
    proof.paid_once(stack, references)
    assert proof.retries(references) >= len(SLOW_ONES)
    proof.check(stack)


def test_every_kind_of_garbage(stack: Stack) -> None:
    """28 kinds of senseless answers to payments that were taken, four to some that were not."""
    taken = [{"do": "garbage", "garbage": kind} for kind in GARBAGE]
    lost = [{"do": "garbage", "garbage": kind, "accepted": False} for kind in list(GARBAGE)[:4]]
    references = send_through(stack, taken + lost)
    heal(stack)
    proof.paid_once(stack, references)
    assert proof.retries(references) >= len(references) - 2
    proof.check(stack)


def test_answers_cut_short_and_dripping_on_the_way(stack: Stack) -> None:
    """The provider is well; the way to it is not."""
    cut = stack.doors.provider.add(Truncate(Way.TO_CLIENT, match=TAKEN, keep=40, times=3))
    drip = stack.doors.provider.add(Drip(Way.TO_CLIENT, match=TAKEN, times=1, seconds=1))
    references = conceded_claims(5)
    stack.tick("send_payouts")
    await_true(lambda: (cut.struck, drip.struck) == (3, 1), seconds=40, what="answers are spoilt")
    heal(stack)
    proof.paid_once(stack, references)
    assert proof.retries(references) >= 3
    proof.check(stack)


def test_a_wait_that_the_provider_asks_for_is_kept(stack: Stack) -> None:
    began = timezone.now()
    [reference] = send_through(stack, [{"do": "429", "seconds": 40}], again=lambda: None)
    await_true(lambda: rows.state(reference) == "QUEUED", seconds=20, what="it waits in the queue")
    payout = Payout.objects.get(claim__reference=reference)
    assert payout.next_at is not None
    assert payout.next_at - began >= timedelta(seconds=40)
    calls = stack.doors.provider.add(Count(Way.TO_SERVER, match=PAYMENT))
    for _ in range(3):
        look_once_more(stack)
    assert calls.struck == 0
    heal(stack)
    proof.paid_once(stack, [reference])
    proof.check(stack)


def look_once_more(stack: Stack) -> None:
    """One whole tick of the sender."""
    before = timezone.now()
    stack.tick("send_payouts", "follow_payouts")
    await_true(
        lambda: Heartbeat.objects.filter(pk="send_payouts", beaten_at__gt=before).exists(),
        seconds=20,
        what="the sender has looked",
    )


def test_keys_forgotten_after_a_payment_was_taken(stack: Stack) -> None:
    """Only a look-up ends the doubt: a second payment would not be recognised."""
    [taken] = send_through(stack, [{"do": "error_500_after"}])
    await_true(lambda: payouts([taken]) == {"UNCERTAIN": 1}, seconds=20, what="a doubt")
    let_time_pass(timedelta(hours=25))
    [other] = send_through(stack, [{"do": "forget_keys"}])
    heal(stack)
    proof.paid_once(stack, [taken, other])
    entries = [e for e in stack.book.entries() if e["our_reference"].startswith(taken)]
    assert len(entries) == 1
    proof.check(stack)


def test_after_the_window_of_keys_nothing_is_sent_again(stack: Stack) -> None:
    """The provider knows nothing of it, a day has passed: a person must look."""
    [lost] = send_through(stack, [{"do": "error_500"}])
    await_true(lambda: payouts([lost]) == {"UNCERTAIN": 1}, seconds=20, what="a doubt")
    let_time_pass(timedelta(hours=23))
    calls = stack.doors.provider.add(Count(Way.TO_SERVER, match=PAYMENT))

    def is_set_aside() -> bool:
        hasten()
        stack.tick("follow_payouts", "send_payouts")
        return "a person must look" in Payout.objects.get(claim__reference=lost).last_answer

    await_true(is_set_aside, seconds=20, what="it is left to a person", every=0.3)
    assert (calls.struck, stack.book.payments(lost)) == (0, [])
    assert payouts([lost]) == {"UNCERTAIN": 1}
    let_time_pass(-timedelta(hours=23))
    heal(stack)
    proof.paid_once(stack, [lost])
    proof.check(stack)
