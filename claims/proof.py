"""Proof of insurance that a seller sent in time for a claim's clock, and how its review stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from claims.cover import products_of_claim
from claims.decisions.proof import REVIEW_NOTE, ProofInTime
from claims.facts import ClaimFacts, ClockFacts
from claims.models import Deadline, DeadlineKind
from insurance.models import Certificate, Review
from insurance.queries import terms_row

_ANSWERED = (Review.PENDING, Review.ACCEPTED)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A claim whose days to prove cover ran out, and when they ended before any review."""

    facts: ClaimFacts
    due_at: datetime


def proofs_in_time(due: Iterable[tuple[ClaimFacts, ClockFacts]]) -> Mapping[int, ProofInTime]:
    """What was sent in time for claims whose clock ran out, by claim; those without are absent.

    A certificate counts that has no defect, covers the incident's day and product, was not
    refused, and came before the days to prove cover ended: more days for a review give nobody
    more days to send one. An accepted one is preferred. Source: rules §3 and §4.
    """
    asked = _asked(
        (facts, clock) for facts, clock in due if clock.kind == DeadlineKind.PROOF_OF_INSURANCE
    )
    if not asked:
        return {}
    found = {one.facts.id: _best(one, certificates) for one, certificates in _sent(asked)}
    return {claim_id: proof for claim_id, proof in found.items() if proof is not None}


def _asked(due: Iterable[tuple[ClaimFacts, ClockFacts]]) -> list[_Asked]:
    pairs = list(due)
    first = _first_ends([facts.id for facts, _ in pairs]) if pairs else {}
    return [_Asked(facts, first.get(facts.id, clock.due_at)) for facts, clock in pairs]


def _first_ends(claim_ids: list[int]) -> dict[int, datetime]:
    """When each claim's days to prove cover ended, apart from what a review added."""
    clocks = Deadline.objects.filter(
        claim__in=claim_ids, kind=DeadlineKind.PROOF_OF_INSURANCE
    ).exclude(note=REVIEW_NOTE)
    return dict(clocks.order_by("pk").values_list("claim_id", "due_at"))


def _sent(asked: list[_Asked]) -> Iterable[tuple[_Asked, list[Certificate]]]:
    """Each claim with its seller's certificates in its market, all with one query."""
    rows = Certificate.objects.filter(
        policy__seller__in={one.facts.seller_id for one in asked},
        policy__marketplace__in={one.facts.market for one in asked},
        defect_codes=[],
        review__in=_ANSWERED,
    ).select_related("policy")
    certificates = list(rows.order_by("submitted_at", "pk"))
    for one in asked:
        theirs = (one.facts.seller_id, one.facts.market)
        yield (
            one,
            [c for c in certificates if (c.policy.seller_id, c.policy.marketplace_id) == theirs],
        )


def _best(one: _Asked, certificates: list[Certificate]) -> ProofInTime | None:
    in_time = [c for c in certificates if c.submitted_at < one.due_at and _covers(c, one.facts)]
    accepted = [c for c in in_time if c.review == Review.ACCEPTED]
    certificate = next(iter(accepted or in_time), None)
    if certificate is None:
        return None
    return ProofInTime(
        certificate_id=certificate.pk,
        submitted_at=certificate.submitted_at,
        is_accepted=bool(accepted),
        review_days=terms_row(one.facts.market, on=one.facts.local_date(one.due_at)).review_days,
    )


def _covers(certificate: Certificate, facts: ClaimFacts) -> bool:
    begins, ends = certificate.effective_on, certificate.expires_on
    if begins is None or ends is None or not begins <= facts.incident_on < ends:
        return False
    if certificate.products is None:
        return True
    return not products_of_claim(facts.id).isdisjoint(certificate.products)


def first_proof_clocks(
    keys: Iterable[tuple[int, str]],
) -> dict[tuple[int, str], datetime]:
    """When the first running clock for proof of insurance ends, by seller and market."""
    wanted = set(keys)
    running = Deadline.objects.filter(
        kind=DeadlineKind.PROOF_OF_INSURANCE,
        met_at=None,
        lapsed_at=None,
        cancelled_at=None,
        claim__seller__in={seller_id for seller_id, _ in wanted},
    ).values_list("claim__seller_id", "claim__marketplace_id", "due_at")
    ends: dict[tuple[int, str], datetime] = {}
    for seller_id, market, due_at in running:
        key = (seller_id, market)
        if key in wanted:
            ends[key] = min(due_at, ends.get(key, due_at))
    return ends
