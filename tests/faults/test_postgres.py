"""The database that goes away in the middle: sessions ended, commits cut, locks, a deadlock."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.db import OperationalError, connection, transaction
from django.utils import timezone

from claims.models import Claim
from claims.watch.heartbeats import stopped
from tests.faults import proof, rows
from tests.faults.conftest import open_session
from tests.faults.healing import UNSENT, heal, lapsed_claims, paid
from tests.faults.proxy import CutBefore, Delay, Way, await_true
from tests.faults.rows import lock_total, waiting_worker
from tests.faults.stack import Stack

pytestmark = rows.MARKS
COMMIT = b"COMMIT\x00"
TEN_MINUTES = 600.0


def working(stack: Stack, count: int = 8) -> list[str]:
    """Claims to be paid, at a provider slow enough that the faults strike meanwhile."""
    stack.doors.provider.add(Delay(Way.TO_SERVER, seconds=0.1))
    references = lapsed_claims(count)
    stack.tick()
    return references


def all_paid(stack: Stack, references: list[str]) -> None:
    heal(stack)
    proof.paid_once(stack, references)
    proof.check(stack)


def terminate_sessions() -> int:
    """End every session of a worker that is at work; how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = "
            "current_database() AND application_name LIKE 'worker%%' AND state <> 'idle'"
        )
        return int(cursor.fetchone()[0])


def test_sessions_terminated_in_the_middle_of_transactions(stack: Stack) -> None:
    references = working(stack)
    ended, until = 0, time.monotonic() + 60
    while ended < 6 and time.monotonic() < until:
        ended += terminate_sessions()
        stack.tick("send_payouts", "lapse_deadlines")
        time.sleep(0.02)
    assert ended >= 6
    stack.letters_cut += ended
    all_paid(stack, references)


def test_the_connection_is_lost_before_a_commit_is_heard(stack: Stack) -> None:
    """The database never hears of it, and takes it all back."""
    lost = stack.doors.postgres.add(CutBefore(Way.TO_SERVER, match=COMMIT, times=8))
    references = working(stack)
    await_true(lambda: ticking(stack, lost, 8), seconds=30, what="commits are lost", every=0.1)
    stack.letters_cut += lost.struck
    all_paid(stack, references)


def test_the_connection_is_lost_before_a_commit_is_answered(stack: Stack) -> None:
    """It is committed, and who asked does not know: nothing may happen twice for that."""
    unsaid = stack.doors.postgres.add(CutBefore(Way.TO_CLIENT, match=COMMIT, times=8))
    references = working(stack)
    await_true(lambda: ticking(stack, unsaid, 8), seconds=30, what="answers are lost", every=0.1)
    stack.letters_cut += unsaid.struck
    all_paid(stack, references)


def ticking(stack: Stack, fault: CutBefore, times: int) -> bool:
    """Tick until a fault has struck so often."""
    stack.tick()
    return fault.struck >= times


def test_a_database_that_takes_no_connection(stack: Stack) -> None:
    """As when its connections are exhausted, or while it starts again."""
    references = working(stack)
    stack.doors.postgres.refuses = True
    cut = stack.doors.postgres.cut_all()
    await_true(
        lambda: ticking_against(stack) >= 5, seconds=30, what="workers knock in vain", every=0.2
    )
    stack.letters_cut += cut
    assert paid(references) < len(references)
    all_paid(stack, references)


def ticking_against(stack: Stack) -> int:
    stack.tick()
    return stack.doors.postgres.refused


def test_a_deadlock_undoes_the_sweep_which_then_goes_one_by_one(stack: Stack) -> None:
    references = lapsed_claims(4)
    for _ in range(3):
        if make_deadlock(stack, references[0]):
            break
    else:
        raise AssertionError("no sweep ever was the victim of a deadlock")
    all_paid(stack, references)


def make_deadlock(stack: Stack, reference: str) -> bool:
    """Lock the day's total, then a claim that a sweep holds; whether the sweep was the victim."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL deadlock_timeout = '8s'")
            lock_total()
            stack.tick("lapse_deadlines")
            worker = waiting_worker(stack)
            Claim.objects.select_for_update().get(reference=reference)
    except OperationalError:
        return False  # we were the victim: the sweep had looked for a circle before there was one
    await_true(lambda: "deadlock detected" in worker.log, seconds=10, what="it says so")
    return True


def test_a_lock_on_one_claim_holds_up_no_other(stack: Stack) -> None:
    references = lapsed_claims(5)
    with transaction.atomic():
        Claim.objects.select_for_update().get(reference=references[0])
        others = references[1:]
        await_true(lambda: ticked_paid(stack, others), seconds=40, what="the others are paid")
        assert Claim.objects.get(reference=references[0]).status == "AWAITING_SELLER"
    all_paid(stack, references)


def ticked_paid(stack: Stack, references: list[str]) -> bool:
    stack.tick()
    time.sleep(0.3)
    return paid(references) == len(references)


@contextmanager
def silent_sessions_end(stack: Stack) -> Iterator[None]:
    """The database ends transactions that say nothing, as docs/operations.md wants it; sooner."""
    alter = f'ALTER DATABASE "{stack.database}"'
    name = "idle_in_transaction_session_timeout"
    with open_session(autocommit=True) as session:
        session.execute(f"{alter} SET {name} = '5s'")
        stack.letters_cut += stack.doors.postgres.cut_all()
        yield
        session.execute(f"{alter} RESET {name}")
        stack.letters_cut += stack.doors.postgres.cut_all()


@rows.LONG
def test_a_worker_that_stands_still_with_locks_in_its_hands(stack: Stack) -> None:
    """Its machine is suspended in the middle of a sweep: the other worker does it all."""
    references = lapsed_claims(5)
    with silent_sessions_end(stack), ExitStack() as until_then:
        with transaction.atomic():
            lock_total()
            stack.tick("lapse_deadlines")
            until_then.enter_context(waiting_worker(stack).frozen())
        await_true(lambda: ticked_paid(stack, references), seconds=60, what="the other did it")
    all_paid(stack, references)


@contextmanager
def switch_locked(*, and_claim: str = "") -> Iterator[None]:
    """Somebody has the switch of payouts, and a claim, locked as we lock them, and does no more."""
    with open_session(autocommit=False) as holder:
        holder.execute("SET idle_in_transaction_session_timeout = 0")
        holder.execute("SELECT 1 FROM claims_payoutswitch FOR UPDATE")
        claim = "SELECT 1 FROM claims_claim WHERE reference = %s FOR NO KEY UPDATE"
        assert holder.execute(claim, [and_claim]).rowcount == bool(and_claim)
        yield


def is_decided(reference: str) -> bool:
    """Whether a claim's step is taken, and all its letters have left."""
    claim = Claim.objects.get(reference=reference)
    return claim.status == "APPROVED" and not claim.notices.filter(state__in=UNSENT).exists()


def await_decided(references: list[str]) -> None:
    """Wait until this is so of all of these claims."""
    words = "their steps are taken, and their letters gone"
    await_true(lambda: all(map(is_decided, references)), seconds=60, what=words, every=0.5)


def test_a_lock_on_the_switch_of_payouts_delays_payments_alone(stack: Stack) -> None:
    """More senders tick than there are workers: sweeps and letters still find one that is free."""
    references = lapsed_claims(5)
    with switch_locked():
        stack.tick("lapse_deadlines")
        for _ in range(8):
            stack.tick("send_payouts", expires=None)
        waiting_worker(stack)
        references += lapsed_claims(1)
        await_decided(references)
        assert [stack.book.payments(reference) for reference in references] == [[]] * 6
    all_paid(stack, references)


@rows.LONG
@rows.LONG_TIMEOUT
def test_locks_that_are_held_for_ten_minutes(stack: Stack) -> None:
    """By beat's own ticks: the claim and all payments wait, the watch says so, the rest goes on."""
    held, *others = lapsed_claims(5)
    decided = list(others)
    with switch_locked(and_claim=held):
        ends = time.monotonic() + TEN_MINUTES
        while time.monotonic() < ends:
            decided += lapsed_claims(1)
            await_decided(decided)
            time.sleep(20)
        assert Claim.objects.get(reference=held).status == "AWAITING_SELLER"
        assert [stack.book.payments(one) for one in (held, *decided)] == [[]] * (1 + len(decided))
        assert [why.partition(" ")[0] for why in stopped(at=timezone.now())] == ["send_payouts"]
    all_paid(stack, [held, *decided])
