"""The facts of a claim once more, read object by object: slow, and written by nobody's SQL."""

from zoneinfo import ZoneInfo

from claims.facts import ClaimFacts, ClockFacts, PayeeFacts
from claims.ledger import position_of
from claims.lifecycle import Status
from claims.models import INJURY_HEADS, Claim, NoticeState, Recovery

ENDED = {"REFUSED", "RETURNED", "CANCELLED"}


def facts_by_hand(claim_id: int) -> ClaimFacts:
    """What `load_facts` must give for this claim, with its clocks in the order of due time."""
    claim = Claim.objects.get(pk=claim_id)
    notices = [n for n in claim.notices.order_by("written_at", "id") if n.kind == "CLAIM_NOTICE"]
    payouts = [p.state for p in claim.payouts.order_by("id") if p.state not in ENDED]
    recovery = Recovery.objects.filter(claim=claim).first()
    return ClaimFacts(
        id=claim.pk,
        reference=claim.reference,
        version=claim.version,
        status=Status(claim.status),
        market=claim.marketplace.code,
        zone=ZoneInfo(claim.marketplace.timezone),
        currency=claim.currency,
        terms=claim.terms.as_terms(),
        seller_id=claim.seller.pk,
        seller_email=claim.seller.email,
        claimant_name=claim.claimant.name,
        claimant_email=claim.claimant.email,
        claimant_born_on=claim.claimant.born_on,
        is_represented=claim.is_represented,
        medicare=claim.medicare,
        severity=claim.severity,
        reported_at=claim.reported_at,
        incident_on=claim.incident_on,
        product_title=claim.order.product.title,
        claimed_minor=claim.claimed_minor,
        assessed_minor=claim.assessed_minor,
        approved_minor=claim.approved_minor,
        paid_minor=claim.paid_minor,
        is_within_ceiling=claim.is_within_ceiling,
        approved_at=claim.approved_at,
        denied_at=claim.denied_at,
        reason=claim.reason,
        bars=tuple(claim.bars),
        is_made_up=bool(claim.made_up_fields) or claim.seller.is_made_up,
        has_injury_lines=any(line.head in INJURY_HEADS for line in claim.lines.all()),
        holds=frozenset(h.kind for h in claim.holds.all() if h.released_at is None),
        clocks=_clocks(claim),
        notice_delivered=bool(notices) and notices[-1].state == NoticeState.SENT,
        answered_late=any(response.is_late for response in claim.responses.all()),
        payee=_payee(claim),
        open_appeals=frozenset(a.party for a in claim.appeals.all() if a.status == "OPEN"),
        open_payout=payouts[-1] if payouts else None,
        recovery=recovery.status if recovery else None,
        recovery_position=position_of(claim.pk) if recovery and _has_entries(claim) else None,
        closures=frozenset(closure.on for closure in claim.marketplace.closures.all()),
    )


def _clocks(claim: Claim) -> tuple[ClockFacts, ...]:
    return tuple(
        ClockFacts(
            d.pk,
            d.kind,
            d.owner,
            d.starts_at,
            d.length,
            d.unit,
            d.due_at,
            d.acts_at,
            d.remind_at,
        )
        for d in claim.deadlines.order_by("due_at", "id")
        if d.is_open
    )


def _payee(claim: Claim) -> PayeeFacts | None:
    latest = claim.payee_details.order_by("given_at", "id").last()
    if latest is None:
        return None
    return PayeeFacts(latest.pk, latest.name, latest.given_at, latest.given_with_report)


def _has_entries(claim: Claim) -> bool:
    return claim.ledger_entries.exists()
