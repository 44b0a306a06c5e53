"""What --demo makes up: deterministic, only where nothing is given, always named."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from claims.imports.demo_fill import fill_in
from claims.imports.made_up_orders import MadeUpOrder
from claims.models import Harm, Severity
from sellers.models import Fulfilment

REPORTED = datetime(2024, 5, 6, 7, tzinfo=UTC)
GIVEN = {"market": "US", "external_reference": "R-1", "reported_at": REPORTED}


def filled(**values: Any) -> dict[str, Any]:
    return fill_in(GIVEN | values, source="cpsc")


def references() -> list[str]:
    return [f"R-{number}" for number in range(300)]


def test_the_same_reference_gives_the_same_every_time() -> None:
    assert filled() == filled()
    assert filled() != filled(external_reference="R-2")
    assert filled() != fill_in(GIVEN, source="other")


def test_everything_that_was_made_up_is_named() -> None:
    made = filled(external_reference="R-3")
    names = set(made) - {"made_up_fields"}
    named = {"claimed" if name.startswith("claimed_") else name for name in names}
    assert made["made_up_fields"] == tuple(sorted(named))
    assert {"claimant_name", "claimant_email", "claimant_born_on", "order", "claimed"} <= named


def test_what_is_given_stays() -> None:
    given: dict[str, Any] = {
        "incident_on": date(2024, 5, 1),
        "harm": Harm.FIRE.value,
        "severity": Severity.HOSPITAL.value,
        "order": "O-1",
        "claimant_name": "Somebody Real",
        "claimant_email": "real@person.example",
        "claimant_born_on": date(1980, 1, 1),
        "payee_name": "Somebody Real",
        "payee_account": "tok_1",
        "claimed_medical": 12_345,
    }
    assert filled(**given) == {"made_up_fields": ()}


def test_half_a_payee_is_left_for_the_check_to_refuse() -> None:
    assert "payee_account" not in filled(payee_name="Somebody Real")


@pytest.mark.parametrize("lacking", ["market", "external_reference", "reported_at"])
def test_nothing_is_made_up_without_a_basis(lacking: str) -> None:
    values = {name: value for name, value in GIVEN.items() if name != lacking}
    assert fill_in(values, source="cpsc") == {}


def test_days_are_possible_ones() -> None:
    bought = date(2024, 4, 20)
    for reference in references():
        made = filled(external_reference=reference, purchased_on=bought)
        assert bought <= made["incident_on"] <= REPORTED.date()
        assert bought <= made["order"].delivered_on <= made["incident_on"]
        free = filled(external_reference=reference)
        assert 0 <= (date(2024, 5, 6) - free["incident_on"]).days <= 100
        assert free["order"].delivered_on <= free["incident_on"]
        assert date(1950, 1, 1) < free["claimant_born_on"] < date(2003, 1, 1)


def test_a_purchase_after_the_report_never_puts_the_incident_after_it() -> None:
    made = filled(purchased_on=date(2024, 6, 1))
    assert made["incident_on"] <= REPORTED.date()


def test_addresses_can_never_receive_mail_and_never_meet() -> None:
    addresses = {filled(external_reference=r)["claimant_email"] for r in references()}
    assert len(addresses) == len(references())
    assert all(address.endswith("@claimant.example") for address in addresses)


def test_amounts_follow_the_harm_and_the_severity() -> None:
    for reference in references():
        unhurt = filled(external_reference=reference, severity="NONE", harm="CUT")
        claimed = {name for name in unhurt if name.startswith("claimed_")}
        assert claimed == {"claimed_purchase_price"}
        assert unhurt["claimed_purchase_price"] == unhurt["order"].price_minor
        assert 799 <= unhurt["claimed_purchase_price"] <= 17_999
        hurt = filled(external_reference=reference, severity="TREATMENT", harm="CUT")
        assert 12_000 <= hurt["claimed_medical"] <= 240_000


def test_every_head_of_the_demo_occurs() -> None:
    heads = {
        name.removeprefix("claimed_")
        for reference in references()
        for name in filled(external_reference=reference, severity="HOSPITAL", harm="FIRE")
        if name.startswith("claimed_")
    }
    assert heads == {
        "purchase_price",
        "medical",
        "lost_wages",
        "property_damage",
        "pain_and_suffering",
    }


def test_yen_have_no_minor_unit() -> None:
    made = filled(market="JP", severity="TREATMENT", harm="CUT")
    assert 8 <= made["claimed_purchase_price"] <= 180
    assert 120 <= made["claimed_medical"] <= 2_400


def test_some_claimants_give_no_account() -> None:
    without = [r for r in references() if "payee_name" not in filled(external_reference=r)]
    assert 15 <= len(without) <= 60


def test_the_order_is_made_of_what_the_file_tells() -> None:
    made = filled(
        incident_on=date(2024, 5, 1),
        purchased_on=date(2024, 5, 1),
        seller_name="Walmart.com",
        product_title="A toy",
        product_brand="Toyco",
        product_category="Toys",
    )["order"]
    assert made == MadeUpOrder(
        market="US",
        reference="demo-R-1",
        seller_key="walmart",
        seller_name="Walmart.com",
        sku=made.sku,
        title="A toy",
        brand="Toyco",
        category="Toys",
        price_minor=made.price_minor,
        delivered_on=date(2024, 5, 1),
        fulfilment=made.fulfilment,
    )
    assert made.sku.startswith("demo-")
    assert made.fulfilment in Fulfilment


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Wal-Mart", "walmart"),
        ("www.Amazon.com", "amazon"),
        ("Toys R Us", "toysrus"),
        ("x" * 60, "x" * 40),
        ("東京", "shop-"),
    ],
)
def test_spellings_of_a_shop_are_one_seller(name: str, key: str) -> None:
    assert filled(seller_name=name)["order"].seller_key.startswith(key)


def test_a_shop_is_invented_where_the_file_has_none() -> None:
    made = filled(seller_name="")["order"]
    assert made.seller_name
    assert made.title == "A product without a name"
