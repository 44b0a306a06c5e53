"""One seller above the trigger, its papers, and the days of a market."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.models import User

from insurance.models import (
    Certificate,
    CompliancePosition,
    InsuranceLetter,
    InsuranceTerms,
    Policy,
    PositionChange,
)
from insurance.requirement.reviewing import review_market
from sellers.calendars import first_instant
from sellers.markets import MARKETS
from sellers.models import MonthlySales, Seller
from tests.factories import make_market, make_seller, make_user

TRIGGERED, DUE = date(2026, 1, 31), date(2026, 3, 2)
DAY = timedelta(days=1)


def noon(day: date, market: str = "US") -> datetime:
    """The middle of a market's local day."""
    return datetime.combine(day, time(12), tzinfo=MARKETS[market].zone).astimezone(UTC)


def midnight(day: date, market: str = "US") -> datetime:
    """The first instant of a market's local day."""
    return first_instant(day, zone=MARKETS[market].zone)


def make_required(*, market: str = "US", gross_minor: int = 1_200_000) -> Seller:
    """A seller that passed the trigger in January 2026: proof is due through 2 March."""
    make_market(market)
    seller = make_seller()
    sell(seller, market=market, gross_minor=gross_minor)
    return seller


def sell(seller: Seller, *, market: str = "US", gross_minor: int = 1_200_000) -> MonthlySales:
    return MonthlySales.objects.create(
        seller=seller, marketplace_id=market, month=date(2026, 1, 1), gross_minor=gross_minor
    )


def prove(
    seller: Seller,
    *,
    on: date,
    effective_on: date = date(2026, 1, 1),
    expires_on: date = date(2027, 1, 1),
    market: str = "US",
    **fields: Any,
) -> Certificate:
    """A certificate without defects, accepted, submitted at noon of a day."""
    policy = Policy.objects.create(
        seller=seller,
        marketplace_id=market,
        number=str(Policy.objects.count()),
        insurer="Example Mutual",
        kind="PRODUCTS",
        basis="OCCURRENCE",
        named_insured=seller.legal_name,
    )
    return Certificate.objects.create(
        policy=policy,
        submitted_at=noon(on, market),
        effective_on=effective_on,
        expires_on=expires_on,
        terms=InsuranceTerms.objects.filter(marketplace_id=market)[0],
        checked_facts={},
        **fields,
    )


def review(day: date, market: str = "US") -> int:
    """The review of a day; how many letters it wrote, -1 when it had been done."""
    done = review_market(market, at=noon(day, market))
    return -1 if done is None else done.letters


def position(seller: Seller, market: str = "US") -> CompliancePosition:
    return CompliancePosition.objects.get(seller=seller, marketplace_id=market)


def steps(seller: Seller) -> list[tuple[str, str, str]]:
    """From which status to which, and what was recommended, oldest first."""
    changes = PositionChange.objects.filter(position__seller=seller).order_by("id")
    return list(changes.values_list("from_status", "to_status", "recommendation"))


def letters(seller: Seller, market: str = "US") -> list[tuple[date, str, str]]:
    """The local day, kind and what was left, of each letter, in the order of writing."""
    zone = MARKETS[market].zone
    rows = InsuranceLetter.objects.filter(seller=seller, marketplace_id=market).order_by("id")
    return [
        (row.written_at.astimezone(zone).date(), row.kind, row.facts.get("left", ""))
        for row in rows
    ]


def staff(username: str = "ines") -> User:
    return User.objects.filter(username=username).first() or make_user(username, role="Insurance")
