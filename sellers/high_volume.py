"""The high-volume sellers of a marketplace on a day, in a fixed number of queries (rules §7)."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.db.models import Count, Q, Sum

from sellers.inform import (
    DaySales,
    HighVolume,
    InformFigures,
    high_volume_on,
    month_end,
    months_before,
)
from sellers.models import InformTerms, Marketplace, MonthlySales, Order, Seller


@dataclass(frozen=True, slots=True)
class HighVolumeSeller:
    """A seller with what makes it high-volume, and its clocks."""

    seller: Seller
    volume: HighVolume


def inform_terms(market: str, *, on: date) -> InformTerms | None:
    """The terms in force on a day; None where the Act asks nothing of this marketplace."""
    versions = InformTerms.objects.filter(marketplace_id=market, effective_on__lte=on)
    return versions.order_by("-effective_on").first()


def high_volume_sellers(
    market: str, *, today: date, among: Collection[int] | None = None
) -> list[HighVolumeSeller]:
    """Every seller that is high-volume on a local day of the market, the latest to become so first.

    Sales are counted by the day of their delivery: an order has no other date. `among` are the ids
    of the sellers to look at; None: all.
    """
    terms = inform_terms(market, on=today)
    if terms is None:
        return []
    figures = InformFigures(
        sales=terms.sales,
        gross_minor=terms.gross_minor,
        months=terms.months,
        clock_days=terms.clock_days,
    )
    zone = Marketplace.objects.get(pk=market).zone
    busy = _busy(market, figures, today, among)
    if not busy:
        return []
    orders, proceeds = _orders(market, busy, today), _proceeds(market, busy, today)
    found = [
        HighVolumeSeller(seller, volume)
        for seller in Seller.objects.filter(pk__in=busy)
        if (
            volume := high_volume_on(
                today,
                orders=orders[seller.pk],
                proceeds=proceeds[seller.pk],
                figures=figures,
                zone=zone,
            )
        )
    ]
    return sorted(found, key=lambda one: (one.volume.since, one.seller.legal_name), reverse=True)


def _busy(
    market: str, figures: InformFigures, today: date, among: Collection[int] | None
) -> list[int]:
    """Sellers with enough sales in the months to today: nobody else can be high-volume."""
    counted = (
        Order.objects.filter(
            Q() if among is None else Q(seller__in=among),
            marketplace_id=market,
            delivered_on__gt=months_before(today, figures.months),
            delivered_on__lte=today,
        )
        .order_by()
        .values("seller")
        .annotate(sales=Count("pk"))
        .filter(sales__gte=figures.sales)
    )
    return list(counted.values_list("seller", flat=True))


def _orders(market: str, sellers: Iterable[int], today: date) -> dict[int, list[DaySales]]:
    grouped: dict[int, list[DaySales]] = defaultdict(list)
    rows = (
        Order.objects.filter(marketplace_id=market, seller__in=sellers, delivered_on__lte=today)
        .order_by()
        .values("seller", "delivered_on")
        .annotate(sales=Count("pk"), gross=Sum("price_minor"))
    )
    for row in rows:
        # The filter by date left those without one out.
        on = cast("date", row["delivered_on"])
        grouped[row["seller"]].append(DaySales(on, row["sales"], row["gross"]))
    return grouped


def _proceeds(market: str, sellers: Iterable[int], today: date) -> dict[int, list[DaySales]]:
    grouped: dict[int, list[DaySales]] = defaultdict(list)
    rows = MonthlySales.objects.filter(
        marketplace_id=market, seller__in=sellers, month__lte=today
    ).values_list("seller", "month", "gross_minor")
    for seller_id, month, gross in rows:
        grouped[seller_id].append(DaySales(month_end(month), 0, gross))
    return grouped
