"""The rows that a letter needs, and facts for every kind of letter."""

from datetime import UTC, date, datetime
from typing import Any

from claims.launch_terms import launch_rows
from claims.letters import FORMS, LetterKind
from claims.models import Claim, Claimant, Notice, Recipient, TermsVersion
from claims.references import new_reference
from sellers.markets import MARKETS
from sellers.models import Marketplace, Order, Product, Seller

AT = datetime(2026, 11, 16, 17, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
PRODUCT = "Kettle “Nova” <2 l>"
CLAIMANT_EMAIL = "jo.private@home.example"
CLAIMANT_NAME = "Jo Q. Private"
SELLER_EMAIL = "claims@brightware.example"

FACTS: dict[str, Any] = {
    "amount_minor": 185_000,
    "left_minor": 35_000,
    "due_at": DUE.isoformat(),
    "question": "Please send us the invoice.",
    "reason": "The charger was the cause.",
    "text": "The invoice names another product.",
    "left": "3 days",
    "by": "SELLER",
    "outcome": "OVERTURNED",
    "answer": "HANDLE",
    "status": "IN_ASSESSMENT",
    "why": "",
}


def facts_for(kind: LetterKind) -> dict[str, Any]:
    """Every fact that this kind reads, optional ones included."""
    form = FORMS[kind]
    facts = {name: FACTS[name] for name in form.needs | form.optional}
    if kind == LetterKind.CLAIM_DENIED:
        facts["reason"] = "NOT_PROVEN"
    if kind in {LetterKind.SELLER_APPEAL_CLOSED, LetterKind.CLAIMANT_APPEAL_CLOSED}:
        facts["why"] = "WITHDRAWN"
    return facts


def make_claim(*, market: str = "US", seller_zone: str = "", **values: Any) -> Claim:
    """A claim of 1,850.00 in a market, with everything that it stands on."""
    place = _marketplace(market)
    made_up = {"is_made_up": values.pop("is_made_up", False)}
    seller = Seller.objects.create(
        external_reference=new_reference(),
        legal_name="Brightware LLC",
        email=SELLER_EMAIL,
        timezone=seller_zone or place.timezone,
        created_at=AT,
        **made_up,
    )
    claimant = Claimant.objects.create(
        name=CLAIMANT_NAME, email=CLAIMANT_EMAIL, born_on=date(1983, 5, 17)
    )
    return Claim.objects.create(
        reference=new_reference(),
        marketplace=place,
        seller=seller,
        order=_order(place, seller),
        claimant=claimant,
        terms=TermsVersion.objects.get(marketplace=place),
        currency=place.currency,
        fulfilment="MERCHANT",
        reported_at=AT,
        status_since=AT,
        version=1,
        incident_on=date(2026, 11, 1),
        harm="FIRE",
        claimed_minor=200_000,
        **{"status": "AWAITING_SELLER", **values},
    )


def make_notice(
    claim: Claim, kind: LetterKind = LetterKind.CLAIM_NOTICE, *, occasion: str = "2", **values: Any
) -> Notice:
    """A letter that waits to be sent since AT."""
    recipient = FORMS[kind].recipient
    to = SELLER_EMAIL if recipient == Recipient.SELLER else CLAIMANT_EMAIL
    row = {
        "to": to,
        "facts": facts_for(kind),
        "state": "QUEUED",
        "written_at": AT,
        "next_at": AT,
        "recipient": recipient,
    }
    return Notice.objects.create(
        claim=claim,
        event_version=2,
        key=f"{claim.reference}/{kind}/{occasion}",
        kind=kind,
        **(row | values),
    )


def _marketplace(code: str) -> Marketplace:
    market = MARKETS[code]
    place, _ = Marketplace.objects.get_or_create(
        code=code,
        defaults={
            "name": market.name,
            "currency": market.currency,
            "timezone": market.timezone,
            "region": market.region,
        },
    )
    if not TermsVersion.objects.filter(marketplace=place).exists():
        figures, marks = next((f, m) for c, f, m in launch_rows() if c == code)
        TermsVersion.objects.create(
            marketplace=place,
            effective_on=figures["programme_start"],
            figures=figures,
            marks=marks,
            created_at=AT,
        )
    return place


def _order(place: Marketplace, seller: Seller) -> Order:
    return Order.objects.create(
        external_reference=new_reference(),
        marketplace=place,
        product=Product.objects.create(seller=seller, sku="K-1", title=PRODUCT),
        seller=seller,
        price_minor=4_999,
        currency=place.currency,
        fulfilment="MERCHANT",
    )
