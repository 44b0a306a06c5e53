"""import_orders: orders and products are added; what contradicts a known order is refused."""

from datetime import date
from pathlib import Path

import pytest

from sellers.imports.orders import OrderImporter
from sellers.imports.report import Problem
from sellers.models import Order, Product
from tests.sellers.imports.files import counts, import_file, write_csv

HEADER = (
    "market,order_id,seller_id,sku,title,brand,category,kind,price,currency,delivered_on,shipped_by"
)
KETTLE = "US,O1,S1,K-1,Kettle,Boil,Kitchen,physical,29.90,USD,2026-01-05,marketplace"
LAMP = "JP,O1,S2,L-1,Lamp,,,physical,2900,JPY,,seller"
pytestmark = pytest.mark.usefixtures("sellers")


def orders() -> list[tuple[object, ...]]:
    return list(
        Order.objects.order_by("-marketplace_id", "external_reference").values_list(
            "marketplace_id",
            "external_reference",
            "seller__external_reference",
            "product__sku",
            "price_minor",
            "currency",
            "delivered_on",
            "fulfilment",
            "is_made_up",
        )
    )


KETTLE_ROW = ("US", "O1", "S1", "K-1", 2990, "USD", date(2026, 1, 5), "MARKETPLACE", False)
LAMP_ROW = ("JP", "O1", "S2", "L-1", 2900, "JPY", None, "MERCHANT", False)


def write(tmp_path: Path, *lines: str) -> Path:
    return write_csv(tmp_path / "o.csv", HEADER, *lines)


def test_orders_and_products_are_added_once(tmp_path: Path) -> None:
    path = write(tmp_path, KETTLE, LAMP)
    assert counts(import_file(OrderImporter(), path)[0]) == (2, 2, 0, 0, 0)
    assert orders() == [KETTLE_ROW, LAMP_ROW]
    assert list(
        Product.objects.order_by("sku").values_list("sku", "title", "brand", "category")
    ) == [("K-1", "Kettle", "Boil", "Kitchen"), ("L-1", "Lamp", "", "")]
    assert counts(import_file(OrderImporter(), path)[0]) == (2, 0, 0, 2, 0)
    assert orders() == [KETTLE_ROW, LAMP_ROW]
    assert Product.objects.count() == 2


def test_a_delivery_is_added_where_none_was_known(tmp_path: Path) -> None:
    import_file(OrderImporter(), write(tmp_path, LAMP))
    delivered = LAMP.replace(",,seller", ",2026-02-01,seller")
    again = LAMP.replace("JPY,,", "JPY,2026-02-01,")
    assert delivered == again
    assert counts(import_file(OrderImporter(), write(tmp_path, again))[0]) == (1, 0, 1, 0, 0)
    assert orders()[0][6] == date(2026, 2, 1)


def test_a_delivery_in_the_same_file_counts_too(tmp_path: Path) -> None:
    path = write(tmp_path, LAMP, LAMP.replace("JPY,,", "JPY,2026-02-01,"))
    assert counts(import_file(OrderImporter(), path)[0]) == (2, 1, 1, 0, 0)
    assert orders()[0][6] == date(2026, 2, 1)


def test_an_order_is_never_rewritten(tmp_path: Path) -> None:
    import_file(OrderImporter(), write(tmp_path, KETTLE))
    other = KETTLE.replace("29.90", "39.90").replace("marketplace", "seller")
    report, problems = import_file(
        OrderImporter(), write(tmp_path, other.replace("2026-01-05", "2026-01-06"))
    )
    assert counts(report) == (1, 0, 0, 0, 1)
    assert problems == [
        Problem(2, "price", "39.90", "differs from the order we know", "29.90"),
        Problem(2, "shipped_by", "MERCHANT", "differs from the order we know", "MARKETPLACE"),
        Problem(2, "delivered_on", "2026-01-06", "differs from the order we know", "2026-01-05"),
    ]
    assert orders() == [KETTLE_ROW]


def test_a_later_row_without_a_delivery_takes_none_away(tmp_path: Path) -> None:
    import_file(OrderImporter(), write(tmp_path, KETTLE))
    path = write(tmp_path, KETTLE.replace("2026-01-05", ""))
    assert counts(import_file(OrderImporter(), path)[0]) == (1, 0, 0, 1, 0)
    assert orders() == [KETTLE_ROW]


def test_seller_and_product_of_a_known_order_stay(tmp_path: Path) -> None:
    import_file(OrderImporter(), write(tmp_path, KETTLE))
    path = write(tmp_path, KETTLE.replace("S1,K-1", "S2,K-2"))
    _, problems = import_file(OrderImporter(), path)
    assert [(problem.column, problem.value, problem.expected) for problem in problems] == [
        ("seller_id", "S2", "S1"),
    ]
    _, problems = import_file(OrderImporter(), write(tmp_path, KETTLE.replace("K-1", "K-2")))
    assert [(problem.column, problem.value, problem.expected) for problem in problems] == [
        ("sku", "K-2", "K-1"),
    ]
    assert orders() == [KETTLE_ROW]


def test_bad_rows_are_reported_and_the_rest_imported(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        KETTLE.replace("S1", "S9"),
        KETTLE.replace("USD", "EUR"),
        KETTLE.replace("physical", "kettle"),
        KETTLE,
        KETTLE.replace("O1", "O2").replace("physical", "digital"),
    )
    report, problems = import_file(OrderImporter(), path)
    assert counts(report) == (5, 1, 0, 0, 4)
    assert sorted(problems, key=lambda problem: problem.row) == [
        Problem(
            2, "seller_id", "S9", "is not a seller we know", "a seller that was imported before"
        ),
        Problem(3, "currency", "EUR", "is not the currency of US", "USD"),
        Problem(4, "kind", "kettle", "is not in the map's table", "digital, physical, service"),
        Problem(6, "kind", "K-1", "contradicts the product", "physical, as it is listed"),
    ]
    assert orders() == [KETTLE_ROW]
