"""The sender: payout intents go to the provider (`following` asks what became of them).

An intent and its key are committed before the provider is called; the call is made outside any
transaction, under a lease; a doubt is resolved by asking, never by sending again blindly.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from claims.authority import PaymentHold, payment_holds
from claims.facts import ClaimFacts
from claims.lifecycle import Refused
from claims.models import Hold, HoldKind, Payout, PayoutState, PayoutSwitch
from claims.operations.payout_answers import doubt, record_confirmed, record_sent, take_refusal
from claims.providers.base import (
    PaymentInstruction,
    PaymentProvider,
    PaymentStatus,
    Sent,
    Uncertain,
)
from claims.queries import load_facts
from claims.screening.sanctions import screen_for_payment

log = logging.getLogger(__name__)

# Longer than any provider call may take, so that a lease only runs out when its holder is gone.
LEASE = timedelta(minutes=2)
# A safety net: what ends a hold wakes the payout itself.
HELD_AGAIN = timedelta(hours=6)
SCREEN_AGAIN = timedelta(minutes=5)


def send_due_payouts(*, provider: PaymentProvider, at: datetime, limit: int = 10) -> int:
    """Look at up to `limit` queued payouts and send those that nothing holds back.

    A claim that cannot be looked at is put off and logged; the others go.
    Returns how many were looked at: 0 means that nothing is due.
    """
    due = list(_due(at).values_list("claim_id", flat=True)[:limit])
    screened = _screen(_facts_of(due, at), at)
    for payout in _lease_due(screened, at):
        _send_alone(payout, provider, at=at)
    return len(due)


def _due(at: datetime) -> QuerySet[Payout]:
    return Payout.objects.filter(state=PayoutState.QUEUED, next_at__lte=at).order_by("next_at")


def _facts_of(claim_ids: list[int], at: datetime) -> dict[int, ClaimFacts]:
    try:
        return load_facts(claim_ids)
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


def _lease_due(screened: dict[int, bool], at: datetime) -> list[Payout]:
    if not screened:
        return []
    with transaction.atomic():
        # Whoever pauses waits for this row: after the pause no payment starts.
        switch = PayoutSwitch.objects.select_for_update(of=("self",), no_key=True).get(pk=1)
        due = _due(at).filter(claim_id__in=screened)
        rows = list(due.select_for_update(skip_locked=True, of=("self",)))
        facts = load_facts(row.claim_id for row in rows)
        return [p for p in rows if _lease(p, facts[p.claim_id], switch, screened, at=at)]


def _lease(
    payout: Payout,
    facts: ClaimFacts,
    switch: PayoutSwitch,
    screened: dict[int, bool],
    *,
    at: datetime,
) -> bool:
    holds = payment_holds(
        facts,
        at=at,
        is_paused=switch.is_paused,
        is_screened=screened[facts.id],
        holds_after_approval=_held_after_approval(facts),
        is_demo=settings.DEMO,
    )
    payout.held_by = list(holds)
    if holds:
        payout.next_at = _look_again(facts, holds, at)
        payout.save(update_fields=["held_by", "next_at"])
        return False
    payout.state = PayoutState.SENDING
    payout.lease_until = payout.next_at = at + LEASE
    payout.attempts += 1
    payout.first_sent_at = payout.first_sent_at or at
    payout.payee_id = facts.payee.id if facts.payee else None
    payout.save()
    return True


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


def _send_alone(payout: Payout, provider: PaymentProvider, *, at: datetime) -> None:
    try:
        _send(payout, provider, at=at)
    except Exception:  # its lease runs out, and then the provider is asked what became of it
        log.exception("The answer to payout %s was not taken down.", payout.our_reference)


def _send(payout: Payout, provider: PaymentProvider, *, at: datetime) -> None:
    answer = provider.send(_instruction(payout))
    if isinstance(answer, Uncertain):
        doubt(payout, answer.why, at=at)
    elif isinstance(answer, Sent):
        record_sent(payout, answer.provider_reference, at=at)
        if answer.status == PaymentStatus.CONFIRMED:
            record_confirmed(payout, at=at)
    else:
        take_refusal(payout, answer, at=at)


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
