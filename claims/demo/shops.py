"""The sellers of the demo, what they sell, and how much of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from claims.demo.shelves import Thing
from sellers.markets import MARKETS
from sellers.models import Fulfilment, MonthlySales, Order, Product, Seller
from sellers.money import parse_amount

MONTHS_OF_SALES = 8
_SOON_AFTER = timedelta(days=9)
_LATEST_SPREAD = 60


@dataclass(frozen=True, slots=True)
class Shop:
    """A seller, and its gross proceeds in a month, whole units of its home market's currency.

    `crossed` is how many days ago it passed the insurance trigger; None: its sales never did.
    """

    key: str
    legal_name: str
    country: str
    market: str
    monthly: int
    crossed: int | None
    trade_name: str = ""
    single_member_llc: bool = False


SHOPS = (
    Shop("brightwater", "Brightwater Home Goods LLC", "US", "US", 84_000, 400),
    Shop("volt", "Volt & Ember Trading Inc.", "US", "US", 61_000, 420),
    Shop("pinecrest", "Pinecrest Ladders and Tools Co.", "US", "US", 47_500, 390),
    Shop("lumina", "Shenzhen Lumina Technology Co., Ltd.", "CN", "US", 128_000, 150),
    Shop("otter", "Little Otter Toys LLC", "US", "US", 6_200, None, "Little Otter", True),
    Shop("redwood", "Redwood Audio Inc.", "US", "US", 22_000, 130),
    Shop("sunfield", "Sunfield Direct LLC", "US", "US", 33_000, 180, "Sunfield", True),
    Shop("thornbury", "Thornbury Kitchen Supplies Ltd", "GB", "UK", 38_000, 410),
    Shop("halden", "Halden Mobility Ltd", "GB", "UK", 12_400, 15),
    Shop("nordlicht", "Nordlicht Haushaltswaren GmbH", "DE", "DE", 52_000, 395),
    Shop("kraftwerk", "Kraftzelle Zubehör GmbH", "DE", "DE", 9_800, 12),
    Shop("lavande", "Maison Lavande SARL", "FR", "FR", 14_300, 95),
    Shop("fjallbo", "Fjällbo Fritid AB", "SE", "SE", 310_000, 380),
    Shop("wisla", "Wisła Narzędzia Sp. z o.o.", "PL", "PL", 96_000, 160),
    Shop("sakura", "Sakura Kagu K.K.", "JP", "JP", 4_200_000, None),
    Shop("valle", "Hogar del Valle S.A. de C.V.", "MX", "MX", 260_000, 9),
    Shop("maple", "Maple Ridge Outdoor Inc.", "CA", "CA", 44_000, 405),
)


def lay_out_shops(now: datetime) -> dict[str, Seller]:
    """Make the sellers and their sales that are not there yet; returns them by short name."""
    sellers: dict[str, Seller] = {}
    for number, shop in enumerate(SHOPS, start=1):
        sellers[shop.key], is_new = Seller.objects.get_or_create(
            external_reference=f"DEMO-{number:03}",
            defaults={
                "legal_name": shop.legal_name,
                "trade_name": shop.trade_name,
                "country": shop.country,
                "single_member_llc": shop.single_member_llc,
                "email": f"claims@{shop.key}.example",
                "timezone": MARKETS[shop.market].timezone,
                "is_made_up": True,
                "created_at": now - timedelta(days=700 - 11 * number),
            },
        )
        if is_new:
            _record_sales(shop, sellers[shop.key], now)
    return sellers


def _record_sales(shop: Shop, seller: Seller, now: datetime) -> None:
    market = MARKETS[shop.market]
    today = now.astimezone(market.zone).date()
    gross = parse_amount(str(shop.monthly), currency=market.currency)
    MonthlySales.objects.bulk_create(
        MonthlySales(
            seller=seller,
            marketplace_id=shop.market,
            month=month,
            gross_minor=gross * (90 + 7 * month.month % 23) // 100,
            crossed_on=crossed_on,
        )
        for month, crossed_on in _months(shop, today)
    )


def _months(shop: Shop, today: date) -> Iterator[tuple[date, date | None]]:
    """The months with sales on record; the first is the one in which the trigger was passed."""
    crossed = None if shop.crossed is None else today - timedelta(days=shop.crossed)
    if crossed is not None:
        yield crossed.replace(day=1), crossed
    for back in range(MONTHS_OF_SALES):
        months = today.year * 12 + today.month - 1 - back
        month = date(months // 12, months % 12 + 1, 1)
        if crossed is None or month > crossed:
            yield month, None


def make_product(thing: Thing, seller: Seller) -> Product:
    """The product in its seller's list, made when it is not there yet."""
    return Product.objects.get_or_create(
        seller=seller,
        sku=thing.sku,
        defaults={"title": thing.title, "brand": thing.brand, "category": thing.category},
    )[0]


def make_order(thing: Thing, product: Product, *, number: int, incident_on: date) -> Order:
    """The customer's order, delivered some time before the incident."""
    currency = MARKETS[thing.market].currency
    return Order.objects.create(
        external_reference=f"{100 + number % 900}-{number % 9_999_991:07}",
        marketplace_id=thing.market,
        product=product,
        seller=product.seller,
        price_minor=parse_amount(thing.price, currency=currency),
        currency=currency,
        delivered_on=incident_on - _SOON_AFTER - timedelta(days=number % _LATEST_SPREAD),
        fulfilment=Fulfilment.MERCHANT if number % 3 == 0 else Fulfilment.MARKETPLACE,
        is_made_up=True,
    )
