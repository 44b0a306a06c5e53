"""The sweep: clocks that have run out take their automatic step, in order of due time.

The database is the schedule: any number of workers, ticks and restarts gives the same result,
and a missed hour is caught up.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from claims.decisions.proof import ProofInTime
from claims.decisions.silence import decide_silence
from claims.facts import ClaimFacts, ClockFacts
from claims.models import DailyAutomaticTotal, Deadline
from claims.outcome import Outcome
from claims.proof import proofs_in_time
from claims.queries import load_facts
from claims.recorder import record

log = logging.getLogger(__name__)

# A clock whose step failed this often is set aside, with its error, for a person.
MOST_FAILURES = 5
# After its first failure; each further wait is twice as long, so that what passes by itself,
# as a lock or a connection, has passed before the last try: 1, 2, 4 and 8 minutes.
FIRST_WAIT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did: clocks that took their step, and clocks that could not."""

    taken: int
    failed: int


def lapse_due(*, at: datetime, limit: int = 1000) -> Swept:
    """Take the automatic step of up to `limit` clocks whose moment has come."""
    try:
        with transaction.atomic():
            return Swept(_lapse(_lock(_due(at), limit), at=at), 0)
    except Exception:  # whatever is wrong with one claim must not stop the others
        log.exception("A batch of clocks failed; each is tried alone.")
        return _one_by_one(at=at, limit=limit)


def _due(at: datetime) -> QuerySet[Deadline]:
    return Deadline.objects.filter(
        Q(next_try_at__isnull=True) | Q(next_try_at__lte=at),
        acts_at__lte=at,
        met_at__isnull=True,
        lapsed_at__isnull=True,
        cancelled_at__isnull=True,
        failures__lt=MOST_FAILURES,
    ).order_by("acts_at", "id")


def _lock(due: QuerySet[Deadline], limit: int = 1) -> list[tuple[int, int]]:
    """(deadline id, claim id) of due clocks, each locked together with its claim.

    What anybody else has is skipped. The claim's row is every step's first lock; had the sweep
    the clocks alone, a step that closes one and the sweep would wait for each other.
    """
    rows = due.select_for_update(skip_locked=True, no_key=True)
    return [row[:2] for row in rows.values_list("id", "claim_id", "claim__version")[:limit]]


def _lapse(due: Sequence[tuple[int, int]], *, at: datetime) -> int:
    if not due:
        return 0
    facts = load_facts({claim_id for _, claim_id in due})
    totals = _Totals(facts.values(), at=at)
    clocks = list(_one_a_claim(facts, due))
    proofs = proofs_in_time(clocks)
    outcomes = [totals.decide(one, clock, proofs.get(one.id)) for one, clock in clocks]
    written = record(outcomes).written
    totals.keep(written)
    return len(written)


def _one_a_claim(
    facts: Mapping[int, ClaimFacts], due: Sequence[tuple[int, int]]
) -> Iterable[tuple[ClaimFacts, ClockFacts]]:
    """Each claim with the first of its due clocks; a second one takes the next sweep."""
    first: dict[int, int] = {}
    for deadline_id, claim_id in due:
        first.setdefault(claim_id, deadline_id)
    for claim_id, deadline_id in first.items():
        yield facts[claim_id], next(c for c in facts[claim_id].clocks if c.id == deadline_id)


class _Totals:
    """What each marketplace approved automatically today; the row locks keep the caps."""

    def __init__(self, facts: Iterable[ClaimFacts], *, at: datetime) -> None:
        self.at = at
        self.days = {f.market: f.local_date(at) for f in facts}
        self.spent = lock_totals(self.days)
        self.market_of = {f.id: f.market for f in facts}

    def decide(self, facts: ClaimFacts, clock: ClockFacts, proof: ProofInTime | None) -> Outcome:
        """Decide, and count what was approved before the next claim is decided."""
        spent = self.spent[facts.market]
        outcome = decide_silence(facts, clock, at=self.at, spent_today_minor=spent, proof=proof)
        self.spent[facts.market] += automatic_amount(outcome)
        return outcome

    def keep(self, written: Sequence[Outcome]) -> None:
        """Add what was really written to the stored totals."""
        for market, on in self.days.items():
            added = sum(
                automatic_amount(o) for o in written if self.market_of[o.claim_id] == market
            )
            add_to_total(market, on, added)


def lock_totals(days: dict[str, date]) -> dict[str, int]:
    """The totals of marketplaces on their local day, each row locked, always in one order."""
    DailyAutomaticTotal.objects.bulk_create(
        (DailyAutomaticTotal(marketplace_id=market, on=on) for market, on in sorted(days.items())),
        ignore_conflicts=True,
    )
    return {
        market: DailyAutomaticTotal.objects.select_for_update()
        .get(marketplace_id=market, on=on)
        .total_minor
        for market, on in sorted(days.items())
    }


def add_to_total(market: str, on: date, amount_minor: int) -> None:
    """Count an automatic approval against the day's cap."""
    if amount_minor:
        DailyAutomaticTotal.objects.filter(marketplace_id=market, on=on).update(
            total_minor=F("total_minor") + amount_minor
        )


def automatic_amount(outcome: Outcome) -> int:
    """What an outcome approves automatically, in minor units; 0 when it approves nothing."""
    return sum(
        row.values["amount_minor"]
        for row in outcome.new_rows
        if row.table == "Payout" and row.values["is_automatic"]
    )


def _one_by_one(*, at: datetime, limit: int) -> Swept:
    taken = failed = 0
    done: set[int] = set()
    for _ in range(limit):
        deadline_id = _next_due(at, done)
        if deadline_id is None:
            break
        done.add(deadline_id)
        try:
            with transaction.atomic():
                taken += _lapse(_lock(_due(at).filter(pk=deadline_id)), at=at)
        except Exception as error:  # whatever is wrong with one claim must not stop the others
            log.exception("The step of clock %s failed.", deadline_id)
            failed += 1
            _put_off(deadline_id, error, at=at)
    return Swept(taken, failed)


def _next_due(at: datetime, done: set[int]) -> int | None:
    return _due(at).exclude(pk__in=done).values_list("pk", flat=True).first()


def _put_off(deadline_id: int, error: Exception, *, at: datetime) -> None:
    with transaction.atomic():
        clock = Deadline.objects.select_for_update().get(pk=deadline_id)
        waits = FIRST_WAIT * 2**clock.failures
        clock.failures += 1
        clock.next_try_at = at + waits if clock.failures < MOST_FAILURES else None
        clock.last_error = f"{type(error).__name__}: {error}"
        clock.save(update_fields=["failures", "last_error", "next_try_at"])
