"""Payouts on their way or in doubt: the provider is asked what became of them."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from claims.models import Payout, PayoutState
from claims.operations.circuit import Circuit
from claims.operations.payout_answers import (
    change,
    key_is_remembered,
    record_bounced_back,
    record_confirmed,
    record_returned,
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

log = logging.getLogger(__name__)


def follow_payouts(*, provider: PaymentProvider, at: datetime, limit: int = 20) -> int:
    """Ask the provider about payouts in doubt or on their way; returns how many were asked.

    While it is left alone after failures nobody is asked about; after them one question tries it.
    """
    circuit = Circuit()
    if circuit.rests(at=at):
        return 0
    payouts = _claim_to_follow(at, 1 if circuit.is_on_trial else limit)
    for payout in payouts:
        # What was taken and is not asked about now waits for its next moment, as after an answer.
        if not circuit.rests(at=at):
            _follow_alone(payout, provider, circuit, at=at)
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


def _follow_alone(
    payout: Payout, provider: PaymentProvider, circuit: Circuit, *, at: datetime
) -> None:
    try:
        _follow(payout, provider, circuit, at=at)
    except Exception:  # whatever is wrong with one claim must not stop the others
        log.exception("What became of payout %s was not taken down.", payout.our_reference)


def _follow(payout: Payout, provider: PaymentProvider, circuit: Circuit, *, at: datetime) -> None:
    answer = provider.look_up(payout.our_reference)
    if isinstance(answer, LookUpFailed):
        circuit.failed(answer.why, at=at)
        change(payout, last_answer=answer.why)
        return
    circuit.answered()
    if isinstance(answer, NotFound):
        _take_not_found(payout, answer, at=at)
    else:
        _take_found(payout, answer, at=at)


def _take_not_found(payout: Payout, answer: NotFound, *, at: datetime) -> None:
    in_window = payout.first_sent_at is not None and key_is_remembered(payout, at=at)
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
        record_returned(payout, at=at)
    elif payout.state != PayoutState.CONFIRMED and found.status in {
        PaymentStatus.REFUSED,
        PaymentStatus.RETURNED,
    }:
        _take_late_refusal(payout, at=at)


def _take_late_refusal(payout: Payout, *, at: datetime) -> None:
    if payout.state == PayoutState.UNCERTAIN:
        refusal = Refused(
            reason_class=RefusalReason.FIX_DETAILS, message="Refused by the provider."
        )
        take_refusal(payout, refusal, at=at)
    else:
        record_bounced_back(payout, at=at)


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
