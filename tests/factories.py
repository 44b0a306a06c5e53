"""Rows that tests stand on: plain functions, each giving the least that a test must not name.

Claims are made by the product's own operations, so every claim of a test could exist.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, User

from claims.launch_terms import launch_figures, launch_marks
from claims.lifecycle import ActorKind, Status
from claims.models import Claim, Harm, Head, Medicare, PayoutSwitch, TermsVersion
from claims.operations.assessment import assess_claim
from claims.operations.intake import (
    ClaimantDetails,
    ClaimedLine,
    PayeeGiven,
    pass_screening,
    report_claim,
)
from claims.outcome import CLAIMANT, Actor, Rank
from claims.roles import ADJUSTER, lay_down_groups
from sellers.markets import MARKETS
from sellers.models import (
    Fulfilment,
    Marketplace,
    MemberRole,
    Order,
    Product,
    Seller,
    SellerMember,
)

# A Monday morning in a quiet week: no change of clocks, no holiday in the United States.
NOON = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
LAUNCH = date(2021, 9, 1)
PASSWORD = "correct horse battery"
_numbers = count(1)


def make_market(code: str = "US") -> Marketplace:
    """A marketplace with its launch terms and the payout switch, as the migrations lay down."""
    market = MARKETS[code]
    row, _ = Marketplace.objects.get_or_create(
        code=code,
        defaults={
            "name": market.name,
            "currency": market.currency,
            "timezone": market.timezone,
            "region": market.region,
        },
    )
    TermsVersion.objects.get_or_create(
        marketplace=row,
        effective_on=LAUNCH,
        defaults={
            "figures": launch_figures(market),
            "marks": launch_marks(market),
            "created_at": datetime(2021, 9, 1, tzinfo=UTC),
        },
    )
    PayoutSwitch.objects.get_or_create(id=1)
    return row


def make_seller(legal_name: str = "", **fields: Any) -> Seller:
    """A seller in California."""
    number = next(_numbers)
    return Seller.objects.create(
        external_reference=f"S-{number}",
        legal_name=legal_name or f"Seller {number} LLC",
        email=f"seller{number}@sellers.example",
        created_at=datetime(2025, 1, 1, tzinfo=UTC),
        **fields,
    )


def make_user(username: str = "", *, role: str = "", **fields: Any) -> User:
    """A person who signs in with `PASSWORD`; with a role, staff in that group."""
    username = username or f"person{next(_numbers)}"
    fields.setdefault("is_staff", bool(role))
    user = User.objects.create_user(username, f"{username}@people.example", PASSWORD, **fields)
    if role:
        if not Group.objects.filter(name=role).exists():  # a flush took them
            lay_down_groups(apps=apps)
        user.groups.add(Group.objects.get(name=role))
    return user


def make_member(
    seller: Seller | None = None, *, role: str = MemberRole.OWNER, user: User | None = None
) -> SellerMember:
    """A person who acts for a seller."""
    return SellerMember.objects.create(
        seller=seller or make_seller(), user=user or make_user(), role=role
    )


def make_product(seller: Seller | None = None, **fields: Any) -> Product:
    """A physical product."""
    number = next(_numbers)
    values: dict[str, Any] = {"sku": f"SKU-{number}", "title": f"Kettle {number}"} | fields
    return Product.objects.create(seller=seller or make_seller(), **values)


def make_order(
    seller: Seller | None = None,
    *,
    market: str = "US",
    product: Product | None = None,
    **fields: Any,
) -> Order:
    """An order delivered a month before `NOON`."""
    marketplace = make_market(market)
    product = product or make_product(seller)
    values: dict[str, Any] = {
        "external_reference": f"O-{next(_numbers)}",
        "price_minor": 4_999,
        "currency": marketplace.currency,
        "delivered_on": date(2026, 2, 1),
        "fulfilment": Fulfilment.MARKETPLACE,
    } | fields
    return Order.objects.create(
        marketplace=marketplace, product=product, seller=product.seller, **values
    )


def staff_actor(user: User | None = None, *, rank: Rank = Rank.ADJUSTER) -> Actor:
    """A person of operations as an actor."""
    return Actor(ActorKind.STAFF, (user or make_user(role=ADJUSTER)).pk, rank)


def report(
    order: Order | None = None,
    *,
    claimed_minor: int = 250_000,
    head: Head = Head.PROPERTY_DAMAGE,
    at: datetime = NOON,
    **fields: Any,
) -> Claim:
    """A claim as a customer reports it: nothing about it bars an automatic payment."""
    order = order or make_order()
    number = next(_numbers)
    name = f"Customer {number}"
    values: dict[str, Any] = {
        "incident_on": at.astimezone(order.marketplace.zone).date() - timedelta(days=10),
        "harm": Harm.FIRE,
        "medicare": Medicare.NO,
        "claimant": ClaimantDetails(name, f"customer{number}@mail.example", date(1980, 5, 17)),
        "payee": PayeeGiven(name, f"tok_{number}"),
        "narrative": "The kettle caught fire and burnt the worktop.",
        "by": CLAIMANT,
    } | fields
    return report_claim(order=order, lines=[ClaimedLine(head, claimed_minor)], at=at, **values)


def report_screened(order: Order | None = None, *, at: datetime = NOON, **fields: Any) -> Claim:
    """A claim in assessment: its seller may see it."""
    claim = report(order, at=at, **fields)
    return pass_screening(claim=claim, at=at, by=staff_actor())


def report_assessed(
    order: Order | None = None,
    *,
    assessed_minor: int | None = None,
    at: datetime = NOON,
    by: Actor | None = None,
    **fields: Any,
) -> Claim:
    """A claim after its assessment: awaiting its seller, or conceded within the ceiling."""
    claim = report_screened(order, at=at, **fields)
    lines = {Head(line.head): line.claimed_minor for line in claim.lines.all()}
    if assessed_minor is not None:
        lines = dict.fromkeys(lines, assessed_minor)
    return assess_claim(claim=claim, lines=lines, at=at, by=by or staff_actor())


def report_awaiting_seller(order: Order | None = None, **fields: Any) -> Claim:
    """A claim above the ceiling whose seller's clock runs."""
    claim = report_assessed(order, **fields)
    assert claim.status == Status.AWAITING_SELLER
    return claim
