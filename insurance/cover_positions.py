"""The cover of many losses at once, in a fixed number of queries: `cover_position` in bulk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from insurance.compliance_facts import SellerFacts
from insurance.models import InsuranceTerms
from insurance.queries import (
    CoverPosition,
    facts_of_sellers,
    position_on,
    read_requirement_terms,
)
from insurance.terms import RequirementTerms
from sellers.models import Marketplace


@dataclass(frozen=True, slots=True)
class PastLoss:
    """One loss, and the moment as of which its seller's cover is asked about.

    `products` are the names by which a policy may list the product.
    """

    seller_id: int
    incident_on: date
    at: datetime
    products: frozenset[str]


def cover_positions(market: str, losses: Iterable[PastLoss]) -> list[CoverPosition]:
    """Whether cover was required and proven for each loss, in the order of the losses."""
    asked = list(losses)
    if not asked:
        return []
    zone = ZoneInfo(Marketplace.objects.get(pk=market).timezone)
    versions = _versions(market)
    facts = facts_of_sellers({loss.seller_id for loss in asked}, market)
    return [_position(loss, loss.at.astimezone(zone).date(), versions, facts) for loss in asked]


def _position(
    loss: PastLoss,
    today: date,
    versions: list[tuple[date, RequirementTerms]],
    facts: dict[int, SellerFacts],
) -> CoverPosition:
    return position_on(
        today,
        incident_on=loss.incident_on,
        products=loss.products,
        facts=facts[loss.seller_id],
        terms=_in_force(versions, today),
    )


def _versions(market: str) -> list[tuple[date, RequirementTerms]]:
    rows = InsuranceTerms.objects.filter(marketplace_id=market).select_related("marketplace")
    return [
        (row.effective_on, read_requirement_terms(row)) for row in rows.order_by("effective_on")
    ]


def _in_force(versions: list[tuple[date, RequirementTerms]], today: date) -> RequirementTerms:
    """The version in force on a day; before the first version, the first."""
    begun = [terms for effective_on, terms in versions if effective_on <= today]
    return begun[-1] if begun else versions[0][1]
