"""High-volume sellers: 200 sales and 5,000 USD in 12 months, then 10-day clocks (rules §7)."""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from sellers.high_volume import high_volume_sellers, inform_terms
from sellers.inform import (
    DaySales,
    HighVolume,
    InformFigures,
    high_volume_on,
    month_end,
    months_before,
)
from sellers.markets import MARKETS
from sellers.models import InformTerms, MonthlySales, Order, Seller
from tests.factories import make_market, make_product, make_seller

US = MARKETS["US"].zone
ACT = InformFigures(sales=200, gross_minor=500_000, months=12, clock_days=10)
TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)


def judge(
    *orders: DaySales, proceeds: tuple[DaySales, ...] = (), today: date = TODAY
) -> HighVolume | None:
    return high_volume_on(today, orders=orders, proceeds=proceeds, figures=ACT, zone=US)


@pytest.mark.parametrize(
    ("sales", "gross_minor", "is_high"),
    [(200, 500_000, True), (199, 500_000, False), (200, 499_999, False), (0, 0, False)],
)
def test_both_figures_must_be_reached(sales: int, gross_minor: int, *, is_high: bool) -> None:
    found = judge(DaySales(TODAY, sales, gross_minor))
    assert (found is not None) is is_high


def test_since_when_and_the_three_clocks_one_after_the_other() -> None:
    found = judge(
        DaySales(date(2026, 1, 5), 150, 400_000),
        DaySales(date(2026, 2, 10), 50, 100_000),
        DaySales(date(2026, 2, 20), 1, 2_000),
    )

    # 10, 20 and 30 days after 10 February end in Los Angeles, the last after the clocks changed.
    assert found == HighVolume(
        since=date(2026, 2, 10),
        sales=201,
        gross_minor=502_000,
        collect_due_at=datetime(2026, 2, 21, 8, tzinfo=UTC),
        verify_due_at=datetime(2026, 3, 3, 8, tzinfo=UTC),
        suspend_due_at=datetime(2026, 3, 13, 7, tzinfo=UTC),
    )


def test_sales_of_more_than_twelve_months_ago_do_not_count() -> None:
    old, new = DaySales(date(2025, 3, 2), 100, 250_000), DaySales(TODAY, 100, 250_000)
    assert judge(old, new) is None
    assert judge(DaySales(date(2025, 3, 3), 100, 250_000), new) is not None


def test_a_break_starts_the_clocks_anew() -> None:
    found = judge(DaySales(date(2024, 1, 1), 300, 900_000), DaySales(TODAY - DAY, 300, 900_000))
    assert found is not None
    assert found.since == TODAY - DAY


def test_the_reported_proceeds_count_where_they_are_more() -> None:
    """Neither orders nor proceeds need be complete; a month counts on its last day."""
    orders = DaySales(date(2026, 1, 5), 200, 10_000)
    january = DaySales(month_end(date(2026, 1, 1)), 0, 500_000)
    assert judge(orders) is None
    found = judge(orders, proceeds=(january,))
    assert found is not None
    assert (found.since, found.gross_minor) == (date(2026, 1, 31), 500_000)


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 3, 2), 12, date(2025, 3, 2)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 1, 31), 1, date(2025, 12, 31)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
    ],
)
def test_months_before_a_day(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before


# ── from the rows ──────────────────────────────────────────────────────────


def lay_down(**changes: object) -> InformTerms:
    make_market("US")
    values = {"sales": 3, "gross_minor": 5_000, "months": 12, "clock_days": 10, "marks": {}}
    terms, _ = InformTerms.objects.get_or_create(
        marketplace_id="US", effective_on=date(2025, 1, 1), defaults=values | changes
    )
    return terms


def sell(seller: Seller, days: list[date], price_minor: int = 2_000, market: str = "US") -> None:
    product = make_product(seller)
    make_market(market)
    Order.objects.bulk_create(
        Order(
            external_reference=f"{seller.pk}-{market}-{n}",
            marketplace_id=market,
            product=product,
            seller=seller,
            price_minor=price_minor,
            currency="USD",
            delivered_on=day,
            fulfilment="MERCHANT",
        )
        for n, day in enumerate(days)
    )


@pytest.mark.django_db
def test_the_launch_figures_are_the_published_ones() -> None:
    make_market("US")
    # Laid down again where a test with real commits emptied the tables.
    import_module("sellers.migrations.0003_inform_terms").lay_down(apps, None)
    terms = inform_terms("US", on=TODAY)
    assert terms is not None
    assert (terms.sales, terms.gross_minor, terms.months, terms.clock_days) == (
        200,
        500_000,
        12,
        10,
    )
    assert set(terms.marks.values()) == {"P"}
    assert inform_terms("US", on=date(2023, 6, 26)) is None
    assert inform_terms("DE", on=TODAY) is None
    assert high_volume_sellers("DE", today=TODAY) == []


@pytest.mark.django_db
def test_sellers_of_the_market_the_latest_first() -> None:
    lay_down()
    early, late, few, elsewhere = (make_seller() for _ in range(4))
    sell(early, [TODAY - 30 * DAY] * 3)
    sell(late, [TODAY - 5 * DAY] * 3, price_minor=1)
    MonthlySales.objects.create(
        seller=late, marketplace_id="US", month=date(2026, 2, 1), gross_minor=9_000
    )
    sell(few, [TODAY] * 2)
    sell(elsewhere, [TODAY] * 9, market="CA")

    found = high_volume_sellers("US", today=TODAY)

    assert [(one.seller, one.volume.since) for one in found] == [
        (late, date(2026, 2, 28)),
        (early, TODAY - 30 * DAY),
    ]
    assert [one.volume.gross_minor for one in found] == [9_000, 6_000]


@pytest.mark.django_db
def test_the_queries_are_as_many_for_three_sellers_as_for_one() -> None:
    lay_down()

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            high_volume_sellers("US", today=TODAY)
        return len(captured)

    sell(make_seller(), [TODAY] * 3)
    one = cost()
    for _ in range(2):
        sell(make_seller(), [TODAY] * 3)
    assert cost() == one


@pytest.mark.django_db
def test_a_version_never_changes_and_makes_sense() -> None:
    terms = lay_down()
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        InformTerms.objects.filter(pk=terms.pk).update(sales=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        InformTerms.objects.create(
            marketplace_id="US",
            effective_on=date(2026, 1, 1),
            sales=0,
            gross_minor=1,
            months=1,
            clock_days=1,
            marks={},
        )
