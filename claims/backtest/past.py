"""Loads the claims of a period with what happened to them, a fixed number of queries a batch."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import batched

from django.db.models import Q, Sum

from claims.backtest.paths import PastClaim
from claims.decisions.eligibility import Denial
from claims.facts import ClaimFacts
from claims.models import PAYABLE_HEADS, Claim, ClaimEvent, DamageLine, SellerResponse
from claims.queries import load_facts
from insurance.cover_positions import PastLoss, cover_positions

BATCH = 500


def past_claims(*, market: str, first: date, last: date) -> Iterator[PastClaim]:
    """Claims of a marketplace reported from `first` to `last`, both included, oldest first."""
    start = datetime.combine(first, datetime.min.time(), tzinfo=UTC)
    end = datetime.combine(last + timedelta(days=1), datetime.min.time(), tzinfo=UTC)
    ids = (
        Claim.objects.filter(marketplace_id=market, reported_at__gte=start, reported_at__lt=end)
        .order_by("reported_at", "id")
        .values_list("id", flat=True)
    )
    for batch in batched(ids.iterator(chunk_size=BATCH), BATCH):
        yield from _batch(list(batch))


class _Around:
    """What stands around a batch of claims."""

    def __init__(self, ids: list[int]) -> None:
        claims = Claim.objects.filter(pk__in=ids)
        self.rows = {
            row[0]: row[1:]
            for row in claims.values_list("id", "status", "reason", "order__product__is_physical")
        }
        names = claims.values_list(
            "id", "order__product__sku", "order__product__title", "order__product__category"
        )
        self.products = {row[0]: frozenset(name for name in row[1:] if name) for row in names}
        self.payable = dict(
            DamageLine.objects.filter(claim_id__in=ids, head__in=sorted(PAYABLE_HEADS))
            .values("claim_id")
            .annotate(total=Sum("claimed_minor"))
            .values_list("claim_id", "total")
        )
        self.answers = {
            row[0]: row[1:]
            for row in SellerResponse.objects.filter(claim_id__in=ids, is_late=False).values_list(
                "claim_id", "answer", "arrived_at"
            )
        }
        told = ClaimEvent.objects.filter(
            Q(step__in=["settle", "insurer_pays", "pay"]), claim_id__in=ids
        )
        self.told = {(e.claim_id, e.step): e.facts for e in told}


def _batch(ids: list[int]) -> Iterator[PastClaim]:
    facts, around = load_facts(ids), _Around(ids)
    cover = _cover(facts, around)
    for claim_id in ids:
        yield _past(facts[claim_id], around, cover.get(claim_id, (False, False)))


def _past(facts: ClaimFacts, around: _Around, cover: tuple[bool, bool]) -> PastClaim:
    status, reason, is_physical = around.rows[facts.id]
    answer, answered_at = around.answers.get(facts.id, ("", None))
    return PastClaim(
        facts=facts,
        month=facts.local_date(facts.reported_at).replace(day=1),
        is_physical=is_physical,
        payable_minor=around.payable.get(facts.id, 0),
        was_duplicate=reason == Denial.DUPLICATE,
        answer=answer,
        answered_at=answered_at,
        outcome=status,
        insurer_paid_minor=around.told.get((facts.id, "insurer_pays"), {}).get("amount_minor"),
        settled_minor=around.told.get((facts.id, "settle"), {}).get("amount_minor"),
        cover_required=cover[0],
        cover_proven=cover[1],
    )


def _cover(facts: Mapping[int, ClaimFacts], around: _Around) -> dict[int, tuple[bool, bool]]:
    """Required and proven: as it was when a claim was paid; unpaid ones as of their report."""
    told = {
        claim_id: (fact["cover_required"], fact["cover_proven"])
        for (claim_id, step), fact in around.told.items()
        if step == "pay"
    }
    unpaid = [f for f in facts.values() if f.assessed_minor and f.id not in told]
    if not unpaid:
        return told
    losses = (
        PastLoss(f.seller_id, f.incident_on, f.reported_at, around.products[f.id]) for f in unpaid
    )
    positions = cover_positions(unpaid[0].market, losses)
    return told | {
        f.id: (found.is_required, found.is_proven)
        for f, found in zip(unpaid, positions, strict=True)
    }
