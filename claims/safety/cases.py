"""Safety cases: opened by a burst of claims or a severe injury, decided by a person (rules §7).

A burst is either a defect or a ring, so it also leaves a signal of fraud.
"""

from datetime import datetime
from types import MappingProxyType

from django.db import transaction

from claims.decisions.base import need_reason
from claims.lifecycle import ActorKind, Refused
from claims.models import (
    Claim,
    ClaimFingerprint,
    FraudSignal,
    SafetyCase,
    SafetyCause,
    SafetyStatus,
    SignalCode,
)
from claims.models.safety import LIVING
from claims.outcome import Actor
from claims.safety.duties import duty_in
from claims.safety.recalls import match_case
from claims.screening.figures import figures_at
from claims.screening.signal_rows import (
    claims_in_burst,
    count_losses,
    keep_fingerprint,
    look_for_signals,
)
from claims.screening.signals import is_burst, is_severe
from sellers.calendars import add_hours_outside_weekends_and_holidays
from sellers.markets import MARKETS

# Decision → the statuses it can be taken from.
_DECISIONS = MappingProxyType(
    {
        SafetyStatus.REPORTED: (SafetyStatus.OPEN,),
        SafetyStatus.NOT_REPORTABLE: (SafetyStatus.OPEN,),
        SafetyStatus.CLOSED: (SafetyStatus.REPORTED,),
    }
)
_SIGNALS = MappingProxyType(
    {
        SafetyCause.BURST: SignalCode.PRODUCT_BURST,
        SafetyCause.SEVERE_INJURY: SignalCode.SEVERE_INJURY,
    }
)


class CaseNotDecidable(Refused):
    """A safety case does not stand where this decision can be taken, or nobody of staff took it."""


def consider_safety(*, claim_id: int, at: datetime) -> SafetyCase | None:
    """Open a safety case for this claim's product, or join the one that is there, where due.

    A burst of claims or hospital admission or worse opens one and leaves a signal of fraud; any
    claim joins a case that lives already. Safe to call again. To be called after the report is
    committed: of reports made at the same moment, the last to be considered sees all.

    Returns None where there is nothing to consider. Raises Claim.DoesNotExist.
    """
    claim = Claim.objects.select_related("order__product", "terms__marketplace").get(pk=claim_id)
    with transaction.atomic():
        cause, together = _look(claim)
        case = _case(claim, cause, at)
        if case is not None:
            case.claims.add(claim.pk, *together)
        if cause is not None:
            _leave_signal(claim, cause, at)
    return case


def decide_safety_case(
    *, case: SafetyCase, status: SafetyStatus, reason: str, at: datetime, by: Actor
) -> SafetyCase:
    """Say that a case was reported, is not reportable, or is closed after the report.

    Raises:
        CaseNotDecidable: see there. ReasonMissing: no reason.
    """
    words = need_reason(reason, for_what="what the decision rests on")
    if by.kind != ActorKind.STAFF or by.user_id is None:
        raise CaseNotDecidable("Only a person of operations can decide a safety case.")
    stands_there = SafetyCase.objects.filter(pk=case.pk, status__in=_DECISIONS.get(status, ()))
    decided = stands_there.update(
        status=status, decided_at=at, decided_by_id=by.user_id, decision_reason=words
    )
    now = SafetyCase.objects.get(pk=case.pk)
    if not decided:
        raise CaseNotDecidable(
            f"A safety case that is “{now.get_status_display()}” cannot become "
            f"“{SafetyStatus(status).label}”."
        )
    return now


def _look(claim: Claim) -> tuple[SafetyCause | None, list[int]]:
    """What opens a case, if anything does, and the claims that go together into it."""
    own = ClaimFingerprint.objects.filter(pk=claim.pk).first() or keep_fingerprint(claim.pk)
    terms = claim.terms.as_terms()
    burst = claims_in_burst(product_id=own.product_id, reported_on=own.reported_on, terms=terms)
    if is_burst(count_losses(burst), terms=terms):
        return SafetyCause.BURST, list(burst.values_list("pk", flat=True))
    return (SafetyCause.SEVERE_INJURY if is_severe(claim.severity) else None), []


def _case(claim: Claim, cause: SafetyCause | None, at: datetime) -> SafetyCase | None:
    product = claim.order.product
    if cause is None:
        return SafetyCase.objects.filter(product=product, status__in=LIVING).first()
    market = MARKETS[claim.marketplace_id]
    duty = duty_in(market.region)
    case, is_new = SafetyCase.objects.get_or_create(
        product=product,
        status__in=LIVING,
        defaults={
            "marketplace_id": market.code,
            "cause": cause,
            "opened_at": at,
            "knowledge_at": claim.reported_at,
            "due_at": add_hours_outside_weekends_and_holidays(
                claim.reported_at, hours=figures_at(at).safety_hours, market=market.code
            ),
            "duty": duty.code,
            "duty_text": duty.text,
        },
    )
    if is_new:
        match_case(case=case, at=at)
    return case


def _leave_signal(claim: Claim, cause: SafetyCause, at: datetime) -> None:
    if not FraudSignal.objects.filter(claim=claim, code=_SIGNALS[cause]).exists():
        look_for_signals(claim_id=claim.pk, at=at)
