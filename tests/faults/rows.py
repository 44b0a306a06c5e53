"""What rows of several families do: the marks of every row, and a claim in the middle of things."""

import random

import pytest
from django.db import connection
from django.utils import timezone

from claims.models import DailyAutomaticTotal, Payout
from sellers.models import Marketplace
from tests.faults import proof
from tests.faults.healing import bury, conceded_claims, heal
from tests.faults.machines import Process, holder_of
from tests.faults.proxy import Hold, Way, await_true
from tests.faults.stack import Stack

MARKS = [
    pytest.mark.faults,
    pytest.mark.processes,
    pytest.mark.timeout(600),
]
# A long variant of a row: only with --faults.
LONG = pytest.mark.faults(slow=True)
LONG_TIMEOUT = pytest.mark.timeout(3600)
TAKEN = b"HTTP/1.1 201"
PAYMENT = b"POST /payments "


def sender(stack: Stack) -> tuple[Process, int]:
    """The worker, and the process of its pool, that speaks to the provider now."""
    for port in stack.doors.provider.client_ports:
        for worker in stack.workers:
            found = holder_of(port, worker.forked)
            if found is not None:
                return worker, found
    raise AssertionError("nobody speaks to the provider")


def state(reference: str) -> str:
    """Where the payout of a claim stands."""
    return Payout.objects.get(claim__reference=reference).state


def start_sending(stack: Stack) -> str:
    """A claim whose payment the provider has taken, and whose answer is still on its way."""
    stack.doors.provider.add(Hold(Way.TO_CLIENT, match=TAKEN, times=1))
    [reference] = conceded_claims(1)
    stack.tick("send_payouts")
    await_true(
        lambda: stack.book.payments(reference) != [], seconds=20, what="the provider took it"
    )
    assert state(reference) == "SENDING"
    return reference


def waiting_worker(stack: Stack) -> Process:
    """The worker that waits for a lock in the database."""
    names: list[str] = []

    def waits() -> bool:
        with connection.cursor() as cursor:
            # Within a transaction the first look would be kept for good.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT application_name FROM pg_stat_activity WHERE datname = current_database() "
                "AND wait_event_type = 'Lock'"
            )
            names[:] = [name for (name,) in cursor.fetchall()]
        return bool(names)

    await_true(waits, seconds=20, what="a worker waits for a lock")
    return next(worker for worker in stack.workers if worker.name == names[0])


def lock_total() -> None:
    """Hold the day's total, for which every sweep waits once it holds its claims."""
    now = timezone.now()
    on = now.astimezone(Marketplace.objects.get(code="US").zone).date()
    DailyAutomaticTotal.objects.get_or_create(marketplace_id="US", on=on)
    list(DailyAutomaticTotal.objects.select_for_update().filter(on=on))


def healed(stack: Stack, references: list[str]) -> None:
    """Everything is paid, once, although who held it is dead."""
    bury(references)
    heal(stack)
    proof.paid_once(stack, references)
    proof.check(stack)


def chance() -> random.Random:
    """The same chances in every run."""
    return random.Random(5)


def times(words: str, word: str, task: str) -> int:
    """How often a log says this of a task."""
    return sum(word in line and f"claims.tasks.{task}[" in line for line in words.splitlines())
