"""Signals of fraud as rows: the facts of a claim and its like are loaded, new signals written.

What claims are compared by stands in `ClaimFingerprint`, normalised and indexed, so that a look
costs the same few queries however many claims there are.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.contrib.postgres.search import TrigramSimilarity
from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from claims.decisions.base import need_reason
from claims.lifecycle import ActorKind, Refused
from claims.models import (
    PAYABLE_HEADS,
    Claim,
    ClaimFingerprint,
    FraudSignal,
    PayeeDetails,
    ScreeningFigures,
)
from claims.outcome import Actor
from claims.screening.figures import figures_at
from claims.screening.signals import (
    LookedAt,
    OtherClaim,
    Signal,
    burst_since,
    find_signals,
    narrative_digest,
    normalise_narrative,
)
from claims.screening.trigrams import offered_from
from claims.terms import Terms

# A ring shows in its latest claims; a signal beside each of thousands would hide it.
_MOST_OTHERS = 50
_REWRITTEN = [f.name for f in ClaimFingerprint._meta.fields if not f.primary_key]  # noqa: SLF001
_PERCENT = 100


class LookRefused(Refused):
    """A signal was looked at already, or nobody of staff looked."""


def look_for_signals(*, claim_id: int, at: datetime) -> list[FraudSignal]:
    """Find what should make somebody look at this claim; returns the signals that are new.

    Safe to call again, after a report and after every change of payee or evidence. A signal that
    the other claim carries already about this one is not written twice.

    Raises:
        Claim.DoesNotExist: there is no such claim.
    """
    claim = _load(claim_id)
    own = _fingerprint(claim)
    found = find_signals(_facts(claim, own, figures_at(at)))
    return _write(claim, found, at)


def conclude_signal(
    *, signal: FraudSignal, conclusion: str, at: datetime, by: Actor
) -> FraudSignal:
    """Say what the look came to. It decides nothing: a hold or a denial is an act of its own.

    Raises:
        LookRefused: see there. ReasonMissing: no conclusion.
    """
    words = need_reason(conclusion, for_what="what you found when you looked")
    if by.kind != ActorKind.STAFF or by.user_id is None:
        raise LookRefused("Only a person of operations can look at a signal.")
    open_still = FraudSignal.objects.filter(pk=signal.pk, looked_at__isnull=True)
    if not open_still.update(looked_at=at, looked_by_id=by.user_id, conclusion=words):
        raise LookRefused("Somebody has looked at this signal already.")
    return FraudSignal.objects.get(pk=signal.pk)


def claims_in_burst(
    *, product_id: int, reported_on: date, terms: Terms
) -> QuerySet[ClaimFingerprint]:
    """The claims on a product that were reported in the burst days that end with that day."""
    return ClaimFingerprint.objects.filter(
        product=product_id,
        reported_on__range=(burst_since(reported_on, terms=terms), reported_on),
    )


def count_losses(claims: QuerySet[ClaimFingerprint]) -> int:
    """How many different losses these are: a duplicate of one order and incident counts once."""
    return claims.values("order_id", "incident_on").distinct().count()


def keep_fingerprint(claim_id: int) -> ClaimFingerprint:
    """Write down anew what this claim is compared by.

    Raises:
        Claim.DoesNotExist: there is no such claim.
    """
    return _fingerprint(_load(claim_id))


def _load(claim_id: int) -> Claim:
    return Claim.objects.select_related(
        "order", "claimant", "terms__marketplace", "marketplace"
    ).get(pk=claim_id)


def _fingerprint(claim: Claim) -> ClaimFingerprint:
    payee = PayeeDetails.objects.filter(claim=claim).order_by("-given_at", "-id").first()
    own = ClaimFingerprint(
        claim=claim,
        claimant_key=claim.claimant.email.strip().casefold(),
        order_id=claim.order_id,
        product_id=claim.order.product_id,
        incident_on=claim.incident_on,
        reported_on=claim.reported_at.astimezone(claim.marketplace.zone).date(),
        payee_account=payee.account if payee else "",
        narrative=normalise_narrative(claim.narrative),
        narrative_sha256=narrative_digest(claim.narrative),
        evidence_sha256=sorted(set(claim.evidence.values_list("sha256", flat=True))),
    )
    ClaimFingerprint.objects.bulk_create(
        [own], update_conflicts=True, unique_fields=["claim"], update_fields=_REWRITTEN
    )
    return own


def _facts(claim: Claim, own: ClaimFingerprint, figures: ScreeningFigures) -> LookedAt:
    terms = claim.terms.as_terms()
    burst = claims_in_burst(product_id=own.product_id, reported_on=own.reported_on, terms=terms)
    return LookedAt(
        id=claim.pk,
        terms=terms,
        claimant_key=own.claimant_key,
        order_id=claim.order_id,
        incident_on=claim.incident_on,
        reported_on=own.reported_on,
        delivered_on=claim.order.delivered_on,
        severity=claim.severity,
        amount_minor=_payable_minor(claim),
        payee_account=own.payee_account,
        narrative_sha256=own.narrative_sha256,
        evidence_sha256=frozenset(own.evidence_sha256),
        product_claims=count_losses(burst),
        copied_percent=figures.narrative_percent,
        others=tuple(_others(own, figures)),
    )


def _payable_minor(claim: Claim) -> int:
    lines = claim.lines.filter(head__in=sorted(PAYABLE_HEADS))
    total: int = lines.aggregate(total=Coalesce(Sum("claimed_minor"), 0))["total"]
    return total


def _others(own: ClaimFingerprint, figures: ScreeningFigures) -> Iterable[OtherClaim]:
    alike = _alike_narratives(own, figures)
    rows = (
        ClaimFingerprint.objects.exclude(pk=own.pk)
        .filter(_has_in_common(own) | Q(pk__in=alike))
        .select_related("claim")
        .order_by("-reported_on", "-claim_id")[:_MOST_OTHERS]
    )
    return [_other(row, alike.get(row.pk, 0)) for row in rows]


def _has_in_common(own: ClaimFingerprint) -> Q:
    common = Q(claimant_key=own.claimant_key) | Q(order=own.order_id)
    if own.payee_account:
        common |= Q(payee_account=own.payee_account)
    if own.narrative_sha256:
        common |= Q(narrative_sha256=own.narrative_sha256)
    if own.evidence_sha256:
        common |= Q(evidence_sha256__overlap=own.evidence_sha256)
    return common


def _alike_narratives(own: ClaimFingerprint, figures: ScreeningFigures) -> dict[int, int]:
    """Claims with a narrative near this one's, and how near in per cent."""
    if len(own.narrative) <= figures.narrative_characters:
        return {}
    with transaction.atomic(), offered_from(figures.narrative_percent / _PERCENT):
        return {pk: round(likeness * _PERCENT) for pk, likeness in _near(own)}


def _near(own: ClaimFingerprint) -> Iterable[tuple[int, float]]:
    return (
        ClaimFingerprint.objects.exclude(pk=own.pk)
        .filter(narrative__trigram_similar=own.narrative)
        .annotate(likeness=TrigramSimilarity("narrative", own.narrative))
        .order_by("-likeness")
        .values_list("pk", "likeness")[:_MOST_OTHERS]
    )


def _other(row: ClaimFingerprint, narrative_percent: int) -> OtherClaim:
    return OtherClaim(
        id=row.claim_id,
        reference=row.claim.reference,
        claimant_key=row.claimant_key,
        order_id=row.order_id,
        incident_on=row.incident_on,
        reported_on=row.reported_on,
        payee_account=row.payee_account,
        narrative_sha256=row.narrative_sha256,
        evidence_sha256=frozenset(row.evidence_sha256),
        narrative_percent=narrative_percent,
    )


def _write(claim: Claim, found: Iterable[Signal], at: datetime) -> list[FraudSignal]:
    there = FraudSignal.objects.filter(Q(claim=claim) | Q(other=claim))
    known = {
        (code, other if owner == claim.pk else owner)
        for owner, code, other in there.values_list("claim_id", "code", "other_id")
    }
    new = [s for s in found if (s.code, s.other_id) not in known]
    if not new:
        return []
    # A look at the same moment may write them first.
    FraudSignal.objects.bulk_create(
        [_row(claim, signal, at) for signal in new], ignore_conflicts=True
    )
    return list(FraudSignal.objects.filter(claim=claim, found_at=at))


def _row(claim: Claim, signal: Signal, at: datetime) -> FraudSignal:
    return FraudSignal(
        claim=claim,
        code=signal.code,
        other_id=signal.other_id,
        words=signal.words,
        detail=dict(signal.detail),
        found_at=at,
    )
