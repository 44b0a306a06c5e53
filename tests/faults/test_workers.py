"""Workers that die: in the middle of a batch, a call, a sweep; and messages that come twice."""

import os
import signal
import time
from typing import Any

import pytest
from django.db import connection, transaction
from kombu import Connection

from claims.models import Claim
from config.embedded.leftovers import started_of
from tests.faults import proof, rows
from tests.faults.healing import bury, conceded_claims, heal, lapsed_claims
from tests.faults.machines import Process, holder_of
from tests.faults.proxy import Delay, Hold, Swallow, Way, await_true
from tests.faults.rows import (
    healed,
    lock_total,
    sender,
    start_sending,
    state,
    waiting_worker,
)
from tests.faults.stack import Stack

pytestmark = rows.MARKS
RECEIVED = "Task claims.tasks.send_payouts["


def test_without_a_fault_everything_is_paid_once(stack: Stack) -> None:
    """The measure of every other row: the same stack on a good day."""
    references = lapsed_claims(6)
    heal(stack)
    proof.paid_once(stack, references)
    proof.check(stack)


def test_death_after_the_provider_accepted_and_before_commit(stack: Stack) -> None:
    reference = start_sending(stack)
    sender(stack)[0].kill()
    assert state(reference) == "SENDING"
    healed(stack, [reference])
    assert proof.retries([reference]) >= 1


def test_death_after_the_intent_and_before_the_call(stack: Stack) -> None:
    lost = stack.doors.provider.add(Swallow(Way.TO_SERVER))
    [reference] = conceded_claims(1)
    stack.tick("send_payouts")
    await_true(lambda: lost.struck > 0, seconds=20, what="the call has begun")
    sender(stack)[0].kill()
    assert state(reference) == "SENDING"
    assert stack.book.payments(reference) == []
    healed(stack, [reference])
    assert proof.retries([reference]) >= 1


def test_a_call_that_arrives_after_its_sender_died_and_was_repeated(stack: Stack) -> None:
    """The key makes the two one: rules §6, a payment is sent once per intent."""
    held = stack.doors.provider.add(Hold(Way.TO_SERVER, match=b"POST /payments ", times=1))
    [reference] = conceded_claims(1)
    stack.tick("send_payouts")
    await_true(lambda: held.struck == 1, seconds=20, what="the call is held on its way")
    sender(stack)[0].kill()
    stack.doors.provider.target = ("127.0.0.1", int(stack.provider.await_ready()))
    stack.revive()
    repeat(stack, reference)
    held.healed.set()
    healed(stack, [reference])


def repeat(stack: Stack, reference: str) -> None:
    """Let the dead sender's lease end, and the payment be sent by somebody else."""
    bury([reference])

    def is_paid() -> bool:
        stack.tick("follow_payouts", "send_payouts")
        return stack.book.payments(reference) != []

    await_true(is_paid, seconds=30, what="somebody else sent it", every=0.3)


def test_a_pool_child_killed_in_the_middle_of_a_call(stack: Stack) -> None:
    reference = start_sending(stack)
    worker, child = sender(stack)
    os.kill(child, signal.SIGKILL)
    await_true(lambda: child not in worker.forked, seconds=10, what="the child is gone")
    healed(stack, [reference])
    assert worker.child is not None
    assert worker.child.popen.poll() is None


def test_a_worker_whose_leader_alone_is_killed(stack: Stack) -> None:
    """Its children live on for a moment, with the call in their hands."""
    reference = start_sending(stack)
    worker, _ = sender(stack)
    orphans = worker.forked
    worker.kill_leader()
    stack.doors.heal()
    await_true(lambda: not any(map(is_alive, orphans)), seconds=30, what="the orphans are gone")
    healed(stack, [reference])


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be reaped does not."""
    return started_of(pid) is not None


def test_sigterm_during_a_sweep_ends_it_whole(stack: Stack) -> None:
    references = lapsed_claims(6)
    with transaction.atomic():
        lock_total()
        stack.tick("lapse_deadlines")
        worker = waiting_worker(stack)
        worker.ask_to_end()
    assert worker.await_end() == 0
    healed(stack, references)


def test_a_worker_killed_during_a_sweep_leaves_nothing_half_done(stack: Stack) -> None:
    references = lapsed_claims(6)
    with transaction.atomic():
        lock_total()
        stack.tick("lapse_deadlines")
        worker = waiting_worker(stack)
        worker.kill()
        untouched = Claim.objects.filter(reference__in=references, status="AWAITING_SELLER")
        assert untouched.count() == len(references)
    healed(stack, references)


def test_redelivery_while_the_first_still_runs(stack: Stack) -> None:
    """What the broker does after its visibility timeout, done by its own client at once."""
    reference = start_sending(stack)
    with Connection(f"redis+socket://{stack.folder / 'valkey'}") as broker:
        channel: Any = broker.channel()
        tags = stack.broker().hkeys(channel.unacked_key)
        for tag in tags:
            channel.qos.restore_by_tag(tag)
    assert len(tags) >= 1
    await_true(lambda: received_twice(stack), seconds=20, what="a message came twice")
    assert state(reference) == "SENDING"
    heal(stack)
    proof.paid_once(stack, [reference])
    proof.check(stack)


def received_twice(stack: Stack) -> bool:
    """Whether a tick of the sender came to a worker a second time."""
    words = "".join(worker.log for worker in stack.workers)
    came = [line.partition(RECEIVED)[2][:36] for line in words.splitlines() if RECEIVED in line]
    received = [line for line in came if line]
    return len(received) > len(set(received))


@pytest.mark.parametrize("kills", [2, pytest.param(50, marks=[rows.LONG, rows.LONG_TIMEOUT])])
def test_workers_killed_at_random_moments(stack: Stack, kills: int) -> None:
    """Only kills of a worker that was at work in the database or at the provider count."""
    chance, struck, references = rows.chance(), 0, list[str]()
    stack.doors.provider.add(Delay(Way.TO_SERVER, seconds=0.05))
    while struck < kills:
        references += lapsed_claims(4)
        stack.tick()
        time.sleep(chance.uniform(0, 0.5))
        victim = chance.choice(stack.workers)
        if is_at_work(stack, victim):
            victim.kill()
            victim.start()
            stack.await_workers(victim)
            struck += 1
    assert struck == kills
    heal(stack)
    proof.paid_once(stack, references)
    assert proof.retries(references) > 0 or kills < 10
    proof.check(stack)


def is_at_work(stack: Stack, worker: Process) -> bool:
    """Whether a worker is in a transaction, or speaks to the provider, at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND application_name = %s AND state <> 'idle'",
            [worker.name],
        )
        in_database = cursor.fetchone()[0] > 0
    ports = stack.doors.provider.client_ports
    return in_database or any(holder_of(port, worker.forked) for port in ports)
