"""Payouts on their way or in doubt: the provider is asked what became of them."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from claims.decisions import payment as decide
from claims.models import Payout, PayoutState
from claims.operations.payout_answers import (
    change,
    move,
    record,
    record_confirmed,
    record_sent,
    take_refusal,
    wait,
)
from claims.providers.base import (
    Found,
    LookUpFailed,
    NotFound,
    PaymentProvider,
    PaymentStatus,
    RefusalReason,
    Refused,
)
from claims.queries import lines_of

log = logging.getLogger(__name__)

# Within the provider's own memory of keys; after it an uncertain payment is for a person.
KEY_WINDOW = timedelta(hours=23)


def follow_payouts(*, provider: PaymentProvider, at: datetime, limit: int = 20) -> int:
    """Ask the provider about payouts in doubt or on their way; returns how many were asked."""
    payouts = _claim_to_follow(at, limit)
    for payout in payouts:
        _follow_alone(payout, provider, at=at)
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
            row.next_at = at + wait(row)
            row.save()
    return rows


def _follow_alone(payout: Payout, provider: PaymentProvider, *, at: datetime) -> None:
    try:
        _follow(payout, provider, at=at)
    except Exception:  # whatever is wrong with one claim must not stop the others
        log.exception("What became of payout %s was not taken down.", payout.our_reference)


def _follow(payout: Payout, provider: PaymentProvider, *, at: datetime) -> None:
    answer = provider.look_up(payout.our_reference)
    if isinstance(answer, LookUpFailed):
        change(payout, last_answer=answer.why)
    elif isinstance(answer, NotFound):
        _take_not_found(payout, answer, at=at)
    else:
        _take_found(payout, answer, at=at)


def _take_not_found(payout: Payout, answer: NotFound, *, at: datetime) -> None:
    in_window = payout.first_sent_at is not None and at < payout.first_sent_at + KEY_WINDOW
    if payout.state == PayoutState.UNCERTAIN and answer.final and in_window:
        # The provider knows nothing of it: the same key makes sending again safe.
        change(payout, state=PayoutState.QUEUED, next_at=at, last_answer="Not at the provider.")
        return
    change(payout, last_answer="The provider does not know this payment: a person must look.")


def _take_found(payout: Payout, found: Found, *, at: datetime) -> None:
    if (found.amount_minor, found.currency) != (payout.amount_minor, payout.currency):
        log.error("The provider holds another amount for %s.", payout.our_reference)
        change(payout, last_answer="The provider holds another amount: a person must look.")
        return
    if payout.state == PayoutState.UNCERTAIN and found.status in {
        PaymentStatus.ACCEPTED,
        PaymentStatus.CONFIRMED,
    }:
        record_sent(payout, found.provider_reference, at=at)
    if payout.state == PayoutState.SENT and found.status == PaymentStatus.CONFIRMED:
        record_confirmed(payout, at=at)
    if found.status == PaymentStatus.CONFIRMED and payout.state == PayoutState.CONFIRMED:
        change(payout, next_at=None)
    if found.status == PaymentStatus.RETURNED and payout.state == PayoutState.CONFIRMED:
        _record_returned(payout, at=at)
    elif payout.state != PayoutState.CONFIRMED and found.status in {
        PaymentStatus.REFUSED,
        PaymentStatus.RETURNED,
    }:
        _take_late_refusal(payout, at=at)


def _take_late_refusal(payout: Payout, *, at: datetime) -> None:
    if payout.state == PayoutState.UNCERTAIN:
        take_refusal(
            payout,
            Refused(reason_class=RefusalReason.FIX_DETAILS, message="Refused by the provider."),
            at=at,
        )
        return
    moved = move(payout, PayoutState.RETURNED, at=at, next_at=None, ended_at=at)
    record(
        payout,
        lambda facts: decide.record_bounced_back(
            facts,
            amount_minor=payout.amount_minor,
            our_reference=payout.our_reference,
            at=at,
            payout=moved,
        ),
    )


def _record_returned(payout: Payout, *, at: datetime) -> None:
    moved = move(payout, PayoutState.RETURNED, at=at, next_at=None, ended_at=at)
    lines = lines_of(payout.claim_id)
    record(
        payout,
        lambda facts: decide.record_returned(
            facts,
            amount_minor=payout.amount_minor,
            our_reference=payout.our_reference,
            lines=lines,
            at=at,
            payout=moved,
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
