"""Orders from a file, with the products they are of."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sellers.calendars import market_named
from sellers.imports import fields
from sellers.imports.fields import Field
from sellers.imports.known import seller_ids, seller_not_known
from sellers.imports.run import Fault, Importer, Numbered, Saved
from sellers.models import Fulfilment, Order, Product
from sellers.money import to_decimal_string

# Joined to the pairs of the batch: sellers share SKUs, so "these sellers and these SKUs" would
# fetch far more, and a long IN list makes the planner read the whole market.
_ORDERS = """
SELECT known.* FROM unnest(%s::text[], %s::text[]) AS wanted(marketplace_id, external_reference)
JOIN sellers_order AS known USING (marketplace_id, external_reference)
"""
_PRODUCTS = """
SELECT product.* FROM sellers_product AS product
JOIN unnest(%s::bigint[], %s::text[]) AS wanted(seller_id, sku) USING (seller_id, sku)
"""

type OrderKey = tuple[str, str]
type ProductKey = tuple[int, str]


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One purchase as a file tells of it; the price is in minor units of the market's currency."""

    market: str
    reference: str
    seller: str
    sku: str
    title: str
    brand: str
    category: str
    is_physical: bool
    price_minor: int
    delivered_on: date | None
    fulfilment: str


class OrderImporter(Importer[OrderRow]):
    """Imports orders; the key is marketplace and order number.

    An order that is there already is never rewritten, because claims stand on it: a day of
    delivery is added where none was known, and anything else that differs is reported. A product
    keeps the title under which it was first seen.
    """

    imports = "orders"
    fields = (
        Field("market", "marketplace", fields.market),
        Field("reference", "order number", fields.text(80)),
        Field("seller", "seller's number", fields.text(80)),
        Field("sku", "SKU", fields.text(80)),
        Field("title", "product title", fields.text(200)),
        Field("brand", "brand", fields.text(100), is_required=False, when_missing=""),
        Field("category", "category", fields.text(80), is_required=False, when_missing=""),
        Field("is_physical", "physical product", fields.yes_no),
        Field("price", "price", fields.amount),
        Field("currency", "currency", fields.currency, is_required=False),
        Field("delivered_on", "day of delivery", fields.day, is_required=False),
        Field("fulfilment", "who shipped it", fields.choice(*Fulfilment.values)),
    )

    def check(self, values: dict[str, Any]) -> OrderRow:
        """An order's fields do not contradict each other once its currency was checked."""
        kept = {name: value for name, value in values.items() if name not in {"price", "currency"}}
        return OrderRow(price_minor=values["price"], **kept)

    def save(self, rows: Sequence[Numbered[OrderRow]]) -> Saved:
        """Add the new orders and their products; report what contradicts the known ones."""
        saved = Saved()
        sellers = seller_ids(row.row.seller for row in rows)
        products = _products(rows, sellers)
        known = _known_orders(row.row for row in rows)
        new: list[Order] = []
        delivered: list[Order] = []
        for row in rows:
            fault = _fault_of(row.row, sellers, products)
            if fault:
                saved.refuse(row.number, fault)
                continue
            order = _order(row.row, products[sellers[row.row.seller], row.row.sku])
            before = known.setdefault(_key(order), order)
            if before is order:
                new.append(order)
            else:
                _compare(before, order, row.number, saved, delivered)
        Order.objects.bulk_create(new)
        Order.objects.bulk_update([order for order in delivered if order.pk], ["delivered_on"])
        saved.imported = len(new)
        return saved


def _key(order: Order) -> OrderKey:
    return order.marketplace_id, order.external_reference


def _known_orders(rows: Iterable[OrderRow]) -> dict[OrderKey, Order]:
    wanted = {(row.market, row.reference) for row in rows}
    markets, references = [market for market, _ in wanted], [reference for _, reference in wanted]
    return {_key(order): order for order in Order.objects.raw(_ORDERS, [markets, references])}


def _products(
    rows: Sequence[Numbered[OrderRow]], sellers: dict[str, int]
) -> dict[ProductKey, Product]:
    """The products of the batch by seller and SKU, added where they were not known."""
    wanted = {
        (sellers[row.row.seller], row.row.sku): row.row
        for row in reversed(rows)
        if row.row.seller in sellers
    }
    products = _known_products(wanted)
    missing = [
        Product(
            seller_id=seller_id,
            sku=sku,
            title=row.title,
            brand=row.brand,
            category=row.category,
            is_physical=row.is_physical,
        )
        for (seller_id, sku), row in wanted.items()
        if (seller_id, sku) not in products
    ]
    added = Product.objects.bulk_create(missing)
    return products | {(product.seller_id, product.sku): product for product in added}


def _known_products(wanted: Collection[ProductKey]) -> dict[ProductKey, Product]:
    sellers, skus = [seller_id for seller_id, _ in wanted], [sku for _, sku in wanted]
    found = Product.objects.raw(_PRODUCTS, [sellers, skus])
    return {(product.seller_id, product.sku): product for product in found}


def _fault_of(
    row: OrderRow, sellers: dict[str, int], products: dict[ProductKey, Product]
) -> Fault | None:
    if row.seller not in sellers:
        return seller_not_known(row.seller)
    if products[sellers[row.seller], row.sku].is_physical != row.is_physical:
        # What decides whether a claim is covered is never changed by an order.
        is_not = "not " if row.is_physical else ""
        return Fault(
            "is_physical", row.sku, "contradicts the product", f"{is_not}physical, as it is listed"
        )
    return None


def _order(row: OrderRow, product: Product) -> Order:
    return Order(
        external_reference=row.reference,
        marketplace_id=row.market,
        product=product,
        seller_id=product.seller_id,
        price_minor=row.price_minor,
        currency=market_named(row.market).currency,
        delivered_on=row.delivered_on,
        fulfilment=row.fulfilment,
    )


def _compare(
    before: Order, order: Order, number: int, saved: Saved, delivered: list[Order]
) -> None:
    """Tell what a second telling of an order changes: nothing, its delivery, or it is refused."""
    differences = list(_differences(before, order))
    if differences:
        wrong = "differs from the order we know"
        saved.refuse(number, *(Fault(name, told, wrong, kept) for name, told, kept in differences))
    elif order.delivered_on in {None, before.delivered_on}:
        saved.already_there += 1
    else:
        before.delivered_on = order.delivered_on
        saved.changed += 1
        delivered.append(before)


def _differences(before: Order, order: Order) -> Iterator[tuple[str, str, str]]:
    """Field, what is told now, and what was told before; a delivery that was not known is none."""
    if order.seller_id != before.seller_id:
        yield "seller", order.seller.external_reference, before.seller.external_reference
    elif order.product_id != before.product_id:
        yield "sku", order.product.sku, before.product.sku
    if order.price_minor != before.price_minor:
        yield "price", _price(order), _price(before)
    if order.fulfilment != before.fulfilment:
        yield "fulfilment", order.fulfilment, before.fulfilment
    if before.delivered_on and order.delivered_on not in {None, before.delivered_on}:
        yield "delivered_on", str(order.delivered_on), str(before.delivered_on)


def _price(order: Order) -> str:
    return to_decimal_string(order.price_minor, currency=order.currency)
