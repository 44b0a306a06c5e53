"""Facts and terms without a database, for the tests of pure functions."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from claims.facts import ClaimFacts, ClockFacts, PayeeFacts
from claims.launch_terms import launch_figures
from claims.lifecycle import ActorKind, Status
from claims.outcome import Actor, Rank
from claims.terms import Terms, read_terms
from sellers.markets import MARKETS

NOON = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
ADJUSTER = Actor(ActorKind.STAFF, 11, Rank.ADJUSTER)
SENIOR = Actor(ActorKind.STAFF, 12, Rank.SENIOR)
CLERK = Actor(ActorKind.STAFF, 13, Rank.NONE)
SELLER = Actor(ActorKind.SELLER, 14)


def terms(market: str = "US", **figures: Any) -> Terms:
    """The launch terms of a market, with other figures where a test needs them."""
    found = MARKETS[market]
    return read_terms(
        version_id=7,
        market=market,
        currency=found.currency,
        effective_on=date(2021, 9, 1),
        figures=launch_figures(found) | figures,
    )


def clock(kind: str, *, due_at: datetime = NOON + timedelta(days=7), number: int = 1) -> ClockFacts:
    """An open clock of seven days."""
    return ClockFacts(
        id=number,
        kind=kind,
        owner=ActorKind.SELLER,
        starts_at=NOON,
        length=7,
        unit="CALENDAR",
        due_at=due_at,
        acts_at=due_at + timedelta(seconds=60),
    )


def facts(**changes: Any) -> ClaimFacts:
    """A claim of 2,500.00 USD awaiting its seller: nothing bars its automatic payment."""
    plain = ClaimFacts(
        id=1,
        reference="RC-7K3M-92PW",
        version=3,
        status=Status.AWAITING_SELLER,
        market="US",
        zone=ZoneInfo("America/Los_Angeles"),
        currency="USD",
        terms=terms(),
        seller_id=5,
        seller_email="seller@sellers.example",
        claimant_name="Customer",
        claimant_email="customer@mail.example",
        claimant_born_on=date(1980, 5, 17),
        is_represented=False,
        medicare="NO",
        severity="NONE",
        reported_at=NOON - timedelta(days=1),
        incident_on=date(2026, 2, 20),
        product_title="Kettle",
        claimed_minor=250_000,
        assessed_minor=250_000,
        approved_minor=None,
        paid_minor=0,
        is_within_ceiling=False,
        approved_at=None,
        denied_at=None,
        reason="",
        payee=PayeeFacts(9, "Customer", NOON - timedelta(days=1), True),
    )
    return replace(plain, **changes)
