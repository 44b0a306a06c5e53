"""Many losses at once are answered as each would be alone (rules §3, §4)."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from insurance.cover_positions import PastLoss, cover_positions
from insurance.models import CoverWaiver, InsuranceTerms
from insurance.queries import cover_position
from sellers.models import Seller
from tests.claims.core.world import DAY, lay_down_market, prove_cover, require_cover
from tests.factories import NOON, make_seller

pytestmark = pytest.mark.django_db
INCIDENT = date(2026, 2, 20)


@pytest.fixture
def sellers() -> list[Seller]:
    """Nothing asked; asked and silent; proven; proven for listed products; waived."""
    lay_down_market("US")
    rows = [make_seller() for _ in range(5)]
    for row in rows[1:]:
        require_cover(row)
    prove_cover(rows[2], at=NOON - DAY)
    policy = prove_cover(rows[3], at=NOON - DAY)
    policy.certificates.update(products=["Kettle"])
    CoverWaiver.objects.create(
        seller=rows[4],
        marketplace_id="US",
        from_on=date(2026, 1, 1),
        until_on=date(2027, 1, 1),
        reason="Under review.",
    )
    return rows


def losses(sellers: list[Seller]) -> list[PastLoss]:
    moments = (NOON - 30 * DAY, NOON, NOON + timedelta(hours=13))
    return [
        PastLoss(row.pk, INCIDENT, at, products)
        for row in sellers
        for at in moments
        for products in (frozenset(), frozenset({"Kettle"}), frozenset({"Lamp"}))
    ]


def test_each_loss_gets_the_answer_it_would_get_alone(sellers: list[Seller]) -> None:
    asked = losses(sellers)
    alone = [
        cover_position(
            loss.seller_id,
            "US",
            incident_on=loss.incident_on,
            at=loss.at,
            products=loss.products,
        )
        for loss in asked
    ]

    assert cover_positions("US", asked) == alone
    assert {(p.is_required, p.is_proven) for p in alone} == {
        (False, False),
        (True, False),
        (True, True),
    }


def test_the_terms_of_each_moment_decide(sellers: list[Seller]) -> None:
    """A higher trigger from 1 March on asks nothing of a seller below it (rules §4)."""
    latest = InsuranceTerms.objects.filter(marketplace_id="US").latest("effective_on")
    latest.pk, latest.effective_on, latest.monthly_trigger_minor = None, date(2026, 3, 1), 9_000_000
    latest._state.adding = True
    latest.save()
    silent = sellers[1].pk
    before, after = (PastLoss(silent, INCIDENT, at, frozenset()) for at in (NOON - 30 * DAY, NOON))

    found = cover_positions("US", [before, after])

    assert [position.is_required for position in found] == [True, False]


def test_the_queries_are_as_many_for_one_seller_as_for_five(sellers: list[Seller]) -> None:
    def cost(asked: list[PastLoss]) -> int:
        with CaptureQueriesContext(connection) as captured:
            cover_positions("US", asked)
        return len(captured)

    asked = losses(sellers)
    assert cost(asked[:1]) == cost(asked) == 8


def test_nothing_asked_nothing_read() -> None:
    with CaptureQueriesContext(connection) as captured:
        assert cover_positions("US", []) == []
    assert len(captured) == 0
