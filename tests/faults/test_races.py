"""Answers at the instant of the deadline against the automatic payout; sweeps on one claim."""

import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from claims.invariants import Acknowledgement
from claims.models import Answer, Claim, Deadline, SellerResponse
from claims.operations.responding import AnswerRefused, respond_to_claim
from claims.operations.silence import lapse_due
from tests.claims.core.threads import at_once
from tests.claims.core.world import seller
from tests.faults import proof, rows
from tests.faults.healing import heal, lapsed_claims, paid
from tests.faults.stack import Stack

pytestmark = rows.MARKS
AT_ONCE = 10
# How far an answer may lie from the moment, on either side.
EITHER_SIDE = 0.050
GRACE = timedelta(seconds=60)


class Race:
    """Answers to claims around one moment, each by a thread of its own, against sweeps."""

    def __init__(self, references: Sequence[str], *, acts_now: bool, chance: random.Random) -> None:
        self.moment = timezone.now() + timedelta(seconds=0.5)
        self.by = seller()
        self.chance = chance
        self.claims = list(Claim.objects.filter(reference__in=references))
        self.due_at = self.moment - GRACE if acts_now else self.moment
        Deadline.objects.filter(claim__in=self.claims, kind="SELLER_RESPONSE").update(
            due_at=self.due_at, acts_at=self.due_at + GRACE
        )

    def run(self) -> list[tuple[str, str]]:
        """Each claim's reference, and what became of its answer: in time, late, or refused."""
        offsets = [self.chance.uniform(-EITHER_SIDE, EITHER_SIDE) for _ in self.claims]
        stop = threading.Event()
        with ThreadPoolExecutor(len(self.claims) + 2) as pool:
            sweeps = [pool.submit(self._sweep, stop) for _ in range(2)]
            ends = list(pool.map(self._answer, self.claims, offsets))
            stop.set()
            for sweep in sweeps:
                sweep.result()
        return [(c.reference, end) for c, end in zip(self.claims, ends, strict=True)]

    def _sweep(self, stop: threading.Event) -> None:
        try:
            connection.ensure_connection()
            wait_for(self.moment - timedelta(seconds=EITHER_SIDE))
            while not stop.is_set():
                lapse_due(at=timezone.now())
        finally:
            connection.close()

    def _answer(self, claim: Claim, offset: float) -> str:
        try:
            connection.ensure_connection()
            wait_for(self.moment + timedelta(seconds=offset))
            at = timezone.now()
            words = f"Not ours: {claim.reference}"
            respond_to_claim(claim=claim, answer=Answer.REJECT, reason=words, at=at, by=self.by)
        except AnswerRefused:
            return "refused"
        finally:
            connection.close()
        return "in time" if at < self.due_at else "late"


def wait_for(moment: datetime) -> None:
    time.sleep(max((moment - timezone.now()).total_seconds(), 0))


def run_races(stack: Stack, count: int) -> Counter[str]:
    """So many races, half around each moment; what became of the answers."""
    chance, ends, told = rows.chance(), Counter[str](), list[Acknowledgement]()
    everything: list[tuple[str, str]] = []
    for number in range(count // AT_ONCE):
        references = lapsed_tomorrow(AT_ONCE)
        everything += Race(references, acts_now=bool(number % 2), chance=chance).run()
    for reference, end in everything:
        ends[end] += 1
        if end != "refused":
            told.append(acknowledged(reference))
    # Around the deadline itself the automatic step comes a minute later: nobody waits for it.
    clocks_of([reference for reference, _ in everything]).update(acts_at=timezone.now())
    heal(stack)
    settle(stack, everything)
    proof.check(stack, acknowledged=told)
    return ends


def acknowledged(reference: str) -> Acknowledgement:
    """What the seller was told is received."""
    return Acknowledgement(claim=reference, answer="REJECT", reason=f"Not ours: {reference}")


@transaction.atomic
def lapsed_tomorrow(count: int) -> list[str]:
    """Claims whose clock has not run out when a sweep first sees them."""
    references = lapsed_claims(count)
    later = timezone.now() + timedelta(hours=1)
    clocks_of(references).update(due_at=later, acts_at=later + GRACE)
    return references


def clocks_of(references: Sequence[str]) -> QuerySet[Deadline]:
    """The sellers' clocks of claims."""
    return Deadline.objects.filter(claim__reference__in=references, kind="SELLER_RESPONSE")


def settle(stack: Stack, everything: list[tuple[str, str]]) -> None:
    """An answer kept is there once, marked as it came; nobody who answered was paid over it."""
    for reference, end in everything:
        claim = Claim.objects.get(reference=reference)
        kept = list(SellerResponse.objects.filter(claim=claim).values_list("is_late", flat=True))
        payments = len(stack.book.payments(reference))
        if end == "refused":
            assert (kept, claim.status, payments) == ([], "PAID", 1)
        else:
            # An answer that arrived in time and was written after the lapse is kept as late.
            assert kept in ([end == "late"], [True])
            assert (claim.status, payments) == ("IN_ADJUDICATION", 0)


def test_answers_at_the_instant_of_the_deadline(stack: Stack) -> None:
    ends = run_races(stack, 20)
    # On a busy machine a whole round may come to one side of the moment.
    while ends.total() < 100 and not (ends["in time"] and ends["late"]):
        ends += run_races(stack, 20)
    assert ends["in time"] > 0
    assert ends["late"] > 0


@rows.LONG
@rows.LONG_TIMEOUT
def test_two_thousand_answers_at_the_instant_of_the_deadline(stack: Stack) -> None:
    ends = run_races(stack, 2000)
    assert ends.total() == 2000
    assert min(ends["in time"], ends["late"]) > 200


@pytest.mark.parametrize("pairs", [10, pytest.param(1000, marks=[rows.LONG, rows.LONG_TIMEOUT])])
def test_two_sweeps_on_one_claim(stack: Stack, pairs: int) -> None:
    """Two at a time on one claim, from two connections: one takes the step, or a worker did."""
    references: list[str] = []
    for _ in range(0, pairs, 10):
        some = lapsed_tomorrow(10)
        references += some
        for reference in some:
            assert sum(sweep_twice(reference)) <= 1
    heal(stack)
    proof.paid_once(stack, references)
    assert paid(references) == len(references) >= pairs
    proof.check(stack)


def sweep_twice(reference: str) -> list[int]:
    """How many steps each of two sweeps took, started together the moment that a claim is due."""
    now = timezone.now()
    clock = clocks_of([reference])
    clock.update(due_at=now - GRACE, acts_at=now)
    found: list[Any] = at_once([lambda: lapse_due(at=timezone.now())] * 2)
    assert all(not isinstance(one, Exception) for one in found), found
    return [one.taken for one in found]
