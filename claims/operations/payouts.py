"""The sender: payout intents go to the provider, and what became of them comes back.

An intent and its key are committed before the provider is called; the call is made outside any
transaction, under a lease; a doubt is resolved by asking, never by sending again blindly.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from claims.authority import PaymentHold, payment_holds
from claims.decisions import payment as decide
from claims.decisions.recovery import CoverFacts
from claims.facts import ClaimFacts
from claims.lifecycle import SomeoneWasFirst
from claims.models import (
    Appeal,
    AppealParty,
    AppealStatus,
    Hold,
    HoldKind,
    Payout,
    PayoutState,
    PayoutSwitch,
)
from claims.operations.screening_gate import is_screened
from claims.outcome import Outcome, RowChange
from claims.providers.base import (
    Found,
    LookUpFailed,
    NotFound,
    PaymentInstruction,
    PaymentProvider,
    PaymentStatus,
    RefusalReason,
    Refused,
    Sent,
    Uncertain,
)
from claims.queries import facts_of, lines_of, load_facts
from claims.recorder import record_one
from insurance.queries import cover_position

log = logging.getLogger(__name__)

# Longer than any provider call may take, so that a lease only runs out when its holder is gone.
LEASE = timedelta(minutes=2)
# Within the provider's own memory of keys; after it an uncertain payment is for a person.
KEY_WINDOW = timedelta(hours=23)
# A safety net: what ends a hold wakes the payout itself.
HELD_AGAIN = timedelta(hours=6)
FIRST_WAIT = timedelta(seconds=20)
LONGEST_WAIT = timedelta(hours=6)
TRIES = 5


def send_due_payouts(*, provider: PaymentProvider, at: datetime, limit: int = 10) -> int:
    """Send up to `limit` queued payouts that nothing holds back; returns how many were called."""
    leased = _lease_due(at, limit)
    for payout in leased:
        _send(payout, provider, at=at)
    return len(leased)


def _lease_due(at: datetime, limit: int) -> list[Payout]:
    due = Payout.objects.filter(state=PayoutState.QUEUED, next_at__lte=at).order_by("next_at")
    for claim_id in list(due.values_list("claim_id", flat=True)[:limit]):
        is_screened(claim_id, at=at)
    with transaction.atomic():
        # Whoever pauses waits for this row: after the pause no payment starts.
        switch = PayoutSwitch.objects.select_for_update(of=("self",), no_key=True).get(pk=1)
        rows = list(due.select_for_update(skip_locked=True, of=("self",))[:limit])
        facts = load_facts(row.claim_id for row in rows)
        return [p for p in rows if _lease(p, facts[p.claim_id], switch, at=at)]


def _lease(payout: Payout, facts: ClaimFacts, switch: PayoutSwitch, *, at: datetime) -> bool:
    holds = payment_holds(
        facts,
        at=at,
        is_paused=switch.is_paused,
        is_screened=is_screened(facts.id, at=at),
        holds_after_approval=_held_after_approval(facts),
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
    return at + HELD_AGAIN


def _send(payout: Payout, provider: PaymentProvider, *, at: datetime) -> None:
    answer = provider.send(_instruction(payout))
    if isinstance(answer, Uncertain):
        _doubt(payout, answer.why, at=at)
    elif isinstance(answer, Sent):
        _record_sent(payout, answer.provider_reference, at=at)
        if answer.status == PaymentStatus.CONFIRMED:
            _record_confirmed(payout, at=at)
    else:
        _take_refusal(payout, answer, at=at)


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


def _take_refusal(payout: Payout, answer: Refused, *, at: datetime) -> None:
    if answer.reason_class == RefusalReason.LATER:
        wait = timedelta(seconds=answer.retry_after_seconds or 0) or _wait(payout)
        _change(
            payout,
            state=PayoutState.QUEUED,
            next_at=at + wait,
            lease_until=None,
            last_answer=answer.message,
        )
        return
    build = (
        decide.record_refused
        if answer.reason_class == RefusalReason.FIX_DETAILS
        else decide.record_never
    )
    change = _move(
        payout,
        PayoutState.REFUSED,
        at=at,
        last_answer=answer.message,
        next_at=None,
        ended_at=at,
    )
    _record(
        payout,
        lambda facts: build(
            facts,
            our_reference=payout.our_reference,
            message=answer.message,
            at=at,
            payout=change,
        ),
    )


def _doubt(payout: Payout, why: str, *, at: datetime) -> None:
    _change(
        payout,
        state=PayoutState.UNCERTAIN,
        next_at=at + FIRST_WAIT,
        lease_until=None,
        last_answer=why,
    )


def _change(payout: Payout, **values: object) -> bool:
    """Compare-and-set on the payout's own state; a lost lease changes nothing."""
    changed = Payout.objects.filter(pk=payout.pk, state=payout.state).update(**values)
    payout.refresh_from_db()
    return changed == 1


def _move(payout: Payout, state: PayoutState, *, at: datetime, **values: object) -> RowChange:
    return RowChange(
        "Payout",
        {"pk": payout.pk, "state": payout.state},
        {"state": state.value, "lease_until": None, "next_at": at + FIRST_WAIT, **values},
    )


def _record(payout: Payout, build: Callable[[ClaimFacts], Outcome]) -> bool:
    """Record what the provider said; somebody else's step on the claim only makes it try again."""
    for _ in range(TRIES):
        try:
            record_one(build(facts_of(payout.claim)))
        except SomeoneWasFirst:
            current = Payout.objects.values_list("state", flat=True).get(pk=payout.pk)
            if current != payout.state:
                return False
        else:
            payout.refresh_from_db()
            return True
    return False


def _record_sent(payout: Payout, provider_reference: str, *, at: datetime) -> None:
    change = _move(payout, PayoutState.SENT, at=at, provider_reference=provider_reference)
    _record(
        payout,
        lambda facts: decide.record_sent(
            facts,
            amount_minor=payout.amount_minor,
            our_reference=payout.our_reference,
            at=at,
            payout=change,
        ),
    )


def _record_confirmed(payout: Payout, *, at: datetime) -> None:
    claim = payout.claim
    position = cover_position(
        claim.seller_id, claim.marketplace_id, incident_on=claim.incident_on, at=at
    )
    cover = CoverFacts(position.is_required, position.is_proven, position.why)
    change = _move(payout, PayoutState.CONFIRMED, at=at, next_at=None, ended_at=at)
    lines = lines_of(claim.pk)
    appeal_won = Appeal.objects.filter(
        claim=claim, party=AppealParty.SELLER, status=AppealStatus.OVERTURNED
    ).exists()
    _record(
        payout,
        lambda facts: decide.record_confirmed(
            facts,
            amount_minor=payout.amount_minor,
            our_reference=payout.our_reference,
            lines=lines,
            cover=cover,
            appeal_won=appeal_won,
            at=at,
            payout=change,
        ),
    )


def follow_payouts(*, provider: PaymentProvider, at: datetime, limit: int = 20) -> int:
    """Ask the provider about payouts in doubt or on their way; returns how many were asked."""
    payouts = _claim_to_follow(at, limit)
    for payout in payouts:
        _follow(payout, provider, at=at)
    return len(payouts)


def _claim_to_follow(at: datetime, limit: int) -> list[Payout]:
    followed = Q(state__in=[PayoutState.SENT, PayoutState.UNCERTAIN, PayoutState.CONFIRMED])
    abandoned = Q(state=PayoutState.SENDING, lease_until__lte=at)
    with transaction.atomic():
        rows = list(
            Payout.objects.filter(followed | abandoned, next_at__lte=at)
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("next_at")[:limit]
        )
        for row in rows:
            if row.state == PayoutState.SENDING:
                row.state = PayoutState.UNCERTAIN
                row.last_answer = "The sender ended before the provider's answer was recorded."
            row.attempts += 1
            row.lease_until = None
            row.next_at = at + _wait(row)
            row.save()
    return rows


def _wait(payout: Payout) -> timedelta:
    return min(FIRST_WAIT * 2 ** min(payout.attempts, 12), LONGEST_WAIT)


def _follow(payout: Payout, provider: PaymentProvider, *, at: datetime) -> None:
    answer = provider.look_up(payout.our_reference)
    if isinstance(answer, LookUpFailed):
        _change(payout, last_answer=answer.why)
    elif isinstance(answer, NotFound):
        _take_not_found(payout, answer, at=at)
    else:
        _take_found(payout, answer, at=at)


def _take_not_found(payout: Payout, answer: NotFound, *, at: datetime) -> None:
    in_window = payout.first_sent_at is not None and at < payout.first_sent_at + KEY_WINDOW
    if payout.state == PayoutState.UNCERTAIN and answer.final and in_window:
        # The provider knows nothing of it: the same key makes sending again safe.
        _change(payout, state=PayoutState.QUEUED, next_at=at, last_answer="Not at the provider.")
        return
    _change(payout, last_answer="The provider does not know this payment: a person must look.")


def _take_found(payout: Payout, found: Found, *, at: datetime) -> None:
    if (found.amount_minor, found.currency) != (payout.amount_minor, payout.currency):
        log.error("The provider holds another amount for %s.", payout.our_reference)
        _change(payout, last_answer="The provider holds another amount: a person must look.")
        return
    if payout.state == PayoutState.UNCERTAIN and found.status in {
        PaymentStatus.ACCEPTED,
        PaymentStatus.CONFIRMED,
    }:
        _record_sent(payout, found.provider_reference, at=at)
    if payout.state == PayoutState.SENT and found.status == PaymentStatus.CONFIRMED:
        _record_confirmed(payout, at=at)
    if found.status == PaymentStatus.RETURNED and payout.state == PayoutState.CONFIRMED:
        _record_returned(payout, at=at)
    elif found.status in {PaymentStatus.REFUSED, PaymentStatus.RETURNED}:
        _take_late_refusal(payout, at=at)


def _take_late_refusal(payout: Payout, *, at: datetime) -> None:
    if payout.state == PayoutState.CONFIRMED:
        return
    if payout.state == PayoutState.UNCERTAIN:
        _take_refusal(
            payout,
            Refused(reason_class=RefusalReason.FIX_DETAILS, message="Refused by the provider."),
            at=at,
        )
        return
    change = _move(payout, PayoutState.RETURNED, at=at, next_at=None, ended_at=at)
    _record(
        payout,
        lambda facts: decide.record_bounced_back(
            facts,
            amount_minor=payout.amount_minor,
            our_reference=payout.our_reference,
            at=at,
            payout=change,
        ),
    )


def _record_returned(payout: Payout, *, at: datetime) -> None:
    change = _move(payout, PayoutState.RETURNED, at=at, next_at=None, ended_at=at)
    _record(
        payout,
        lambda facts: decide.record_returned(
            facts,
            amount_minor=payout.amount_minor,
            our_reference=payout.our_reference,
            at=at,
            payout=change,
        ),
    )


def notice_from_provider(our_reference: str, *, at: datetime) -> bool:
    """The provider says something happened: look it up now. What it said itself decides nothing.

    So notifications that come twice, late, reversed or early are harmless. Returns whether the
    payment is known.
    """
    return bool(
        Payout.objects.filter(our_reference=our_reference)
        .filter(state__in=[PayoutState.SENT, PayoutState.UNCERTAIN, PayoutState.CONFIRMED])
        .update(next_at=at)
    )
