"""The broker that loses everything: killed, emptied, cut off, full. It only ever carries hints."""

import threading
import time

import pytest
import redis

from claims.models import Claim
from tests.faults import proof, rows
from tests.faults.healing import heal, lapsed_claims, paid
from tests.faults.machines import Process
from tests.faults.proxy import Delay, Swallow, Truncate, Way, await_true
from tests.faults.stack import Stack

pytestmark = rows.MARKS
CLAIMS = 8


def in_the_middle(stack: Stack, count: int = CLAIMS) -> list[str]:
    """Claims being paid slowly, some of them already and some not yet."""
    stack.doors.provider.add(Delay(Way.TO_SERVER, seconds=0.15))
    for _ in range(5):  # on a busy machine all may be paid before we look
        references = begin_to_pay(stack, count)
        if paid(references) < count:
            return references
    raise AssertionError("five times everything was paid before we looked")


def begin_to_pay(stack: Stack, count: int) -> list[str]:
    """Claims of which at least one is paid."""
    references = lapsed_claims(count)
    stack.tick("lapse_deadlines")
    await_true(
        lambda: Claim.objects.filter(reference__in=references, status="APPROVED").exists(),
        seconds=20,
        what="the sweep has come by",
    )
    stack.tick("send_payouts")
    await_true(lambda: paid(references) > 0, seconds=30, what="the first is paid")
    return references


def all_paid(stack: Stack, references: list[str]) -> None:
    heal(stack)
    proof.paid_once(stack, references)
    proof.check(stack)


def test_killed_without_persistence(stack: Stack) -> None:
    references = in_the_middle(stack)
    stack.valkey.kill()
    assert stack.valkey in stack.revive()
    assert stack.broker().dbsize() == 0 or paid(references) > 0
    all_paid(stack, references)


@rows.LONG
@rows.LONG_TIMEOUT
def test_killed_twenty_times_and_every_worker_comes_back(stack: Stack) -> None:
    """None ends, and none stands still: each takes ticks again by itself."""
    chance, ended, references = rows.chance(), 0, list[str]()
    for _ in range(20):
        references += lapsed_claims(2)
        stack.tick()
        time.sleep(chance.uniform(0, 1))
        stack.valkey.kill()
        said = {worker.name: len(worker.log) for worker in stack.workers}
        stack.valkey.start()
        stack.aim()
        for worker in stack.workers:
            ended += came_back(stack, worker, said[worker.name])
    assert ended == 0, f"{ended} of {20 * len(stack.workers)} workers ended themselves"
    all_paid(stack, references)


def came_back(stack: Stack, worker: Process, said: int) -> bool:
    """Wait until a worker takes ticks again; whether it had to be started for that."""

    def takes_ticks() -> bool:
        stack.tick("deliver_notices", "remind")
        return worker.has_ended or " received" in worker.log[said:]

    await_true(takes_ticks, seconds=60, what=f"{worker.name} takes ticks", every=0.2)
    has_ended = worker.has_ended
    if has_ended:
        worker.start()
        stack.await_workers(worker)
    return has_ended


def test_emptied_in_the_middle(stack: Stack) -> None:
    references = in_the_middle(stack)
    with stack.broker() as broker:
        for _ in range(5):
            broker.flushall()
            stack.tick()
    all_paid(stack, references)


def refusals(broker: redis.Redis) -> int:
    """How many commands the broker refused because it was full."""
    return int(broker.info("errorstats").get("errorstat_OOM", {}).get("count", 0))


def test_out_of_memory(stack: Stack) -> None:
    """Ticks are refused for a while; rows and workers wait, and go on when there is room again."""
    with stack.broker() as broker:
        broker.config_set("maxmemory", "1")
        references = lapsed_claims(CLAIMS)
        await_true(lambda: refusals(broker) > 0, seconds=60, what="the full broker refuses a tick")
        broker.config_set("maxmemory", "0")
    came = [came_back(stack, worker, len(worker.log)) for worker in stack.workers]
    assert came == [False, False], "a worker ended"
    all_paid(stack, references)


def test_connections_killed_again_and_again(stack: Stack) -> None:
    references = in_the_middle(stack)
    cut = 0
    for _ in range(3):
        cut += stack.doors.broker.cut_all()
        time.sleep(1)
    assert cut > 0
    all_paid(stack, references)


def away(stack: Stack, seconds: float) -> int:
    """No broker behind the door for so long; how often somebody knocked in vain."""
    stack.doors.broker.refuses = True
    stack.doors.broker.cut_all()
    before = stack.doors.broker.refused
    threading.Event().wait(seconds)
    stack.doors.broker.refuses = False
    return stack.doors.broker.refused - before


@rows.LONG
def test_away_for_a_moment(stack: Stack) -> None:
    references = in_the_middle(stack)
    assert away(stack, 4) > 0
    all_paid(stack, references)


@rows.LONG
@rows.LONG_TIMEOUT
def test_away_for_ten_minutes(stack: Stack) -> None:
    references = in_the_middle(stack)
    assert away(stack, 600) > 10
    all_paid(stack, references)


@rows.LONG
@rows.LONG_TIMEOUT
def test_connections_killed_every_two_seconds_for_two_minutes(stack: Stack) -> None:
    references = in_the_middle(stack, 60)
    cut = 0
    for _ in range(60):
        cut += stack.doors.broker.cut_all()
        time.sleep(2)
    assert cut >= 60
    all_paid(stack, references)


@rows.LONG
@pytest.mark.parametrize("fault", ["truncated", "swallowed"])
def test_answers_of_the_broker_that_are_cut_short(stack: Stack, fault: str) -> None:
    references = in_the_middle(stack)
    made = {
        "truncated": Truncate(Way.TO_CLIENT, keep=3, times=6),
        "swallowed": Swallow(Way.TO_CLIENT, times=6),
    }[fault]
    struck = stack.doors.broker.add(made)
    await_true(lambda: struck.struck >= 2, seconds=30, what="answers are lost")
    all_paid(stack, references)
