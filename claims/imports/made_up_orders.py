"""Orders that --demo makes up, with their sellers and products, all marked as made up."""

from dataclasses import dataclass
from datetime import date, datetime

from sellers.calendars import market_named
from sellers.models import Fulfilment, Order, Product, Seller

PREFIX = "demo"


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUpOrder:
    """An order to make up. `price_minor` is in minor units of the market's currency."""

    market: str
    reference: str
    seller_key: str
    seller_name: str
    sku: str
    title: str
    brand: str
    category: str
    price_minor: int
    delivered_on: date
    fulfilment: Fulfilment


def find_or_make_order(wanted: MadeUpOrder, *, at: datetime) -> Order:
    """The made-up order, made on the first call; `at` becomes `created_at` of a new seller.

    References begin with "demo", so that they never meet those of a real import.
    """
    seller = _seller(wanted, at=at)
    product, _ = Product.objects.get_or_create(
        seller=seller,
        sku=wanted.sku,
        defaults={"title": wanted.title, "brand": wanted.brand, "category": wanted.category},
    )
    order, _ = Order.objects.select_related("marketplace", "product", "seller").get_or_create(
        marketplace_id=wanted.market,
        external_reference=wanted.reference,
        defaults={
            "product": product,
            "seller": seller,
            "price_minor": wanted.price_minor,
            "currency": market_named(wanted.market).currency,
            "delivered_on": wanted.delivered_on,
            "fulfilment": wanted.fulfilment,
            "is_made_up": True,
        },
    )
    return order


def _seller(wanted: MadeUpOrder, *, at: datetime) -> Seller:
    market = market_named(wanted.market)
    seller, _ = Seller.objects.get_or_create(
        external_reference=f"{PREFIX}:{wanted.market}:{wanted.seller_key}",
        defaults={
            "legal_name": wanted.seller_name,
            "country": market.country,
            # A name under .example can never receive mail.
            "email": f"claims@{wanted.seller_key}.example",
            "timezone": market.timezone,
            "is_made_up": True,
            "created_at": at,
        },
    )
    return seller
