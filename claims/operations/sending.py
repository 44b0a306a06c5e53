"""The sender: payout intents go to the provider (`following` asks what became of them).

An intent and its key are committed before the provider is called; the call is made outside any
transaction, under a lease; a doubt is resolved by asking, never by sending again blindly.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from claims.authority import PaymentHold, payment_holds
from claims.facts import ClaimFacts
from claims.lifecycle import Refused
from claims.models import Hold, HoldKind, PauseCause, Payout, PayoutState, PayoutSwitch
from claims.operations.breaking import Breakers, too_uncertain
from claims.operations.circuit import Circuit, jittered
from claims.operations.pausing import locked_switch, trip_breaker
from claims.operations.payout_answers import (
    doubt,
    key_is_remembered,
    record_confirmed,
    record_sent,
    take_refusal,
)
from claims.providers.base import (
    PaymentInstruction,
    PaymentProvider,
    PaymentStatus,
    Refused as ProviderRefused,
    Sent,
    Uncertain,
)
from claims.queries import load_facts
from claims.screening.sanctions import screen_for_payment

log = logging.getLogger(__name__)

# Longer than any provider call may take, so that a lease only runs out when its holder is gone.
LEASE = timedelta(minutes=2)
# A batch younger than this counts as of its beginning: a lease so much shorter is still longer
# than any call.
SOON_SECONDS = 20
# A safety net: what ends a hold wakes the payout itself.
HELD_AGAIN = timedelta(hours=6)
SCREEN_AGAIN = timedelta(minutes=5)
# The minute's budget of calls was used up: not all at once when the next begins.
BUDGET_AGAIN = timedelta(seconds=30)
# Senders that waited for a lost lock on the switch would soon be all that workers have.
PATIENCE_MS = 5000


def send_due_payouts(
    *,
    provider: PaymentProvider,
    at: datetime,
    limit: int = 10,
    clock: Callable[[], float] = time.monotonic,
) -> int:
    """Look at up to `limit` queued payouts and send those that nothing holds back.

    Each is leased right before its own call: a pause stops all that have not begun, and no lease
    runs out while its holder waits for others. A claim that cannot be looked at is put off and
    logged; the others go. While the provider is left alone after failures nothing is looked at,
    and after them one payment tries it. `clock` measures how long the batch takes, in seconds.
    Returns how many were looked at: 0 means that nothing is due now.
    """
    began = clock()

    def now() -> datetime:
        gone_by = int(clock() - began)
        return at if gone_by < SOON_SECONDS else at + timedelta(seconds=gone_by)

    circuit = Circuit()
    if circuit.rests(at=at):
        return 0
    limit = 1 if circuit.is_on_trial else limit
    due = list(_due(at).values_list("claim_id", flat=True)[:limit])
    for claim_id, is_screened in _screen(_facts_of(due, at), at).items():
        if circuit.rests(at=now()):
            break
        for payout, since in _lease_due({claim_id: is_screened}, now):
            _send_alone(payout, provider, circuit, at=since)
    return len(due)


def _due(at: datetime) -> QuerySet[Payout]:
    due = Payout.objects.filter(state=PayoutState.QUEUED, next_at__lte=at)
    return due.order_by("next_at", "id")


def _facts_of(claim_ids: list[int], at: datetime) -> dict[int, ClaimFacts]:
    try:
        found = load_facts(claim_ids)
        return {claim_id: found[claim_id] for claim_id in claim_ids}  # the oldest first
    except Exception:  # whatever is wrong with one claim must not stop the others
        log.exception("The facts of a batch of payouts failed; each claim is tried alone.")
    facts: dict[int, ClaimFacts] = {}
    for claim_id in claim_ids:
        with _alone(claim_id, at):
            facts |= load_facts([claim_id])
    return facts


def _screen(facts: dict[int, ClaimFacts], at: datetime) -> dict[int, bool]:
    """Screen claimants and payees of due payouts; which claims' screening is done."""
    screened: dict[int, bool] = {}
    for claim_id, one in facts.items():
        with _alone(claim_id, at):
            screened[claim_id] = _is_screened(one, at)
    return screened


@contextmanager
def _alone(claim_id: int, at: datetime) -> Iterator[None]:
    """What goes wrong with one claim undoes only itself; its payout is looked at again later."""
    try:
        with transaction.atomic():
            yield
    except Refused as refusal:  # a hold was placed, or the claim moved, while we looked at it
        log.info("The payout of claim %s is looked at again: %s", claim_id, refusal)
        _put_off(claim_id, at)
    except Exception:  # whatever is wrong with one claim must not stop the others
        log.exception("The payout of claim %s cannot be looked at.", claim_id)
        _put_off(claim_id, at)


def _put_off(claim_id: int, at: datetime) -> None:
    Payout.objects.filter(claim_id=claim_id, state=PayoutState.QUEUED).update(
        next_at=at + SCREEN_AGAIN, held_by=[PaymentHold.SCREENING_NOT_DONE]
    )


def _is_screened(facts: ClaimFacts, at: datetime) -> bool:
    if facts.payee is None:
        return True  # another hold says that the details are missing
    return screen_for_payment(
        claim_id=facts.id,
        payee_name=facts.payee.name,
        claimant_name=facts.claimant_name,
        at=at,
    ).done


def _lease_due(
    screened: dict[int, bool], now: Callable[[], datetime]
) -> list[tuple[Payout, datetime]]:
    """Lease what may go now; each with the moment from which its lease counts."""
    with transaction.atomic():
        # Whoever pauses waits for this row: after the pause no payment starts.
        switch = locked_switch(patience_ms=PATIENCE_MS)
        at = now()  # the lock may have been waited for: a lease must not begin in the past
        if not switch.is_paused and (reason := too_uncertain(switch, at=at)):
            switch = trip_breaker(cause=PauseCause.UNCERTAIN, reason=reason, at=at)
        due = _due(at).filter(claim_id__in=screened)
        rows = list(due.select_for_update(skip_locked=True, of=("self",)))
        facts = load_facts(row.claim_id for row in rows)
        gate = _Gate(switch, at=at)
        return [(p, at) for p in rows if _lease(p, facts[p.claim_id], gate, screened, at=at)]


class _Gate:
    """What lets payouts out in one transaction: the switch, and the breakers that turn it."""

    def __init__(self, switch: PayoutSwitch, *, at: datetime) -> None:
        self._at = at
        self._breakers = Breakers(switch, at=at)
        self.is_paused = switch.is_paused

    def lets_out(self, payout: Payout) -> bool:
        """Whether no breaker stops this payout; one that does pauses all of them."""
        tripped = self._breakers.look_at(payout)
        if tripped is not None:
            trip_breaker(cause=tripped.cause, reason=tripped.reason, at=self._at)
            self.is_paused = True
        return tripped is None

    def has_budget(self, payout: Payout) -> bool:
        """Whether the provider may be called once more within this minute; if so, it is counted."""
        if not self._breakers.has_budget(payout):
            return False
        self._breakers.count(payout)
        return True


def _lease(
    payout: Payout,
    facts: ClaimFacts,
    gate: _Gate,
    screened: dict[int, bool],
    *,
    at: datetime,
) -> bool:
    holds = payment_holds(
        facts,
        at=at,
        is_paused=gate.is_paused,
        is_screened=screened[facts.id],
        holds_after_approval=_held_after_approval(facts),
        is_demo=settings.DEMO,
    )
    if not holds and not gate.lets_out(payout):
        holds = (PaymentHold.PAYOUTS_PAUSED,)
    payout.held_by = list(holds)
    if holds:
        payout.next_at = _look_again(facts, holds, at)
    elif not key_is_remembered(payout, at=at):
        _doubt_again(payout, at=at)
    elif not gate.has_budget(payout):
        payout.next_at = at + jittered(BUDGET_AGAIN, seed=payout.our_reference)
    else:
        _begin(payout, facts, at=at)
        return True
    payout.save(update_fields=["held_by", "next_at", "state", "last_answer"])
    return False


def _doubt_again(payout: Payout, *, at: datetime) -> None:
    """It waited until the provider forgot its key: from now on it is asked about, never resent."""
    payout.state = PayoutState.UNCERTAIN
    payout.next_at = at
    payout.last_answer = "It waited longer than the provider remembers its key."


def _begin(payout: Payout, facts: ClaimFacts, *, at: datetime) -> None:
    payout.state = PayoutState.SENDING
    payout.lease_until = payout.next_at = at + LEASE
    payout.attempts += 1
    payout.first_sent_at = payout.first_sent_at or at
    payout.payee_id = facts.payee.id if facts.payee else None
    payout.save()


def _held_after_approval(facts: ClaimFacts) -> bool:
    return (
        bool(facts.holds - {HoldKind.SANCTIONS})
        and Hold.objects.filter(
            claim_id=facts.id, released_at__isnull=True, placed_at__gt=facts.approved_at
        )
        .exclude(kind=HoldKind.SANCTIONS)
        .exists()
    )


def _look_again(facts: ClaimFacts, holds: tuple[str, ...], at: datetime) -> datetime:
    until = facts.payee_cools_until()
    if holds == (PaymentHold.PAYEE_DETAILS_CHANGED,) and until is not None:
        return until
    if holds == (PaymentHold.SCREENING_NOT_DONE,):
        return at + SCREEN_AGAIN
    return at + HELD_AGAIN


def _send_alone(
    payout: Payout, provider: PaymentProvider, circuit: Circuit, *, at: datetime
) -> None:
    try:
        _send(payout, provider, circuit, at=at)
    except Exception:  # its lease runs out, and then the provider is asked what became of it
        log.exception("The answer to payout %s was not taken down.", payout.our_reference)


def _send(payout: Payout, provider: PaymentProvider, circuit: Circuit, *, at: datetime) -> None:
    answer = provider.send(_instruction(payout))
    if isinstance(answer, Uncertain):
        circuit.failed(answer.why, at=at)
        doubt(payout, answer.why, at=at)
        return
    circuit.answered()
    if isinstance(answer, ProviderRefused) and answer.retry_after_seconds:
        circuit.is_busy(answer.retry_after_seconds, at=at)
    _take(payout, answer, at=at)


def _take(payout: Payout, answer: Sent | ProviderRefused, *, at: datetime) -> None:
    if isinstance(answer, ProviderRefused):
        take_refusal(payout, answer, at=at)
        return
    record_sent(payout, answer.provider_reference, at=at)
    if answer.status == PaymentStatus.CONFIRMED:
        record_confirmed(payout, at=at)


def _instruction(payout: Payout) -> PaymentInstruction:
    if payout.payee is None:
        raise ValueError(f"Payout {payout.our_reference} was leased without payee details.")
    return PaymentInstruction(
        our_reference=payout.our_reference,
        key=str(payout.key),
        amount_minor=payout.amount_minor,
        currency=payout.currency,
        payee_name=payout.payee.name,
        payee_account=payout.payee.account,
        purpose_text=f"Claim {payout.claim.reference}",
    )
