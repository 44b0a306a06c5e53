"""Every difference between what was read and what was confirmed has a name."""

from typing import Any

import pytest

from insurance.certificates.comparing import Difference, compare
from insurance.certificates.fields import LABELS, in_words, values_of
from insurance.certificates.suggesting import suggestions_of
from insurance.models import Certificate
from sellers.models import Seller
from tests.insurance.certificates import TERMS, WORDING
from tests.insurance.certificates_flow.world import READ_POLICY, UNCLEAR, reading, sound, submitted

READ = suggestions_of(reading(), terms=TERMS)
VALUES: dict[str, Any] = {
    "named_insured": "Kettle House LLC",
    "insurer": "Harborway",
    "number": "CGL-100",
    "rating": "A",
    "kind": "COMMERCIAL_GENERAL",
    "basis": "OCCURRENCE",
    "tail_years": "",
    "effective_on": "1 January 2026",
    "expires_on": "1 January 2027",
    "each_occurrence": "1000000",
    "aggregate": "2000000",
    "deductible": "5000",
    "products_completed_operations": "yes",
    "bodily_injury": "yes",
    "naming": "INSURED",
    "additional_insured": WORDING,
    "territory": ["WORLDWIDE"],
    "products": "",
    "cancellation_notice_days": "30",
    "is_signed": "yes",
}


def differences(read: Any = READ, **departs: Any) -> dict[str, Difference]:
    compared = compare(read, VALUES | departs, currency="USD")
    assert [one.name for one in compared] == list(LABELS)
    return {one.name: one.difference for one in compared if one.differs}


def test_what_was_confirmed_as_read_needs_no_second_look() -> None:
    assert differences() == {}


@pytest.mark.parametrize(
    ("departs", "difference"),
    [
        ({"aggregate": "1000000"}, Difference.CHANGED),
        ({"deductible": ""}, Difference.LEFT_OUT),
        ({"products": "Kettles"}, Difference.TYPED),
        ({"territory": ["US", "WORLDWIDE"]}, Difference.CHANGED),
        ({"is_signed": "no"}, Difference.CHANGED),
    ],
)
def test_each_departure_is_named(departs: dict[str, Any], difference: Difference) -> None:
    assert differences(**departs) == {next(iter(departs)): difference}


def test_a_date_that_was_asked_is_always_looked_at() -> None:
    read = suggestions_of(reading(READ_POLICY, questions=(UNCLEAR,)), terms=TERMS)
    assert differences(read, effective_on="2 March 2026") == {"effective_on": Difference.CHOSEN}


def test_a_scan_was_typed_from_top_to_bottom() -> None:
    scan = suggestions_of(
        reading(is_scan=True, policies=(), named_insured=None, signed=None), terms=TERMS
    )
    typed = set(differences(scan).values())
    assert typed == {Difference.TYPED}


def test_a_policy_that_was_not_read_is_compared_with_nothing() -> None:
    other = dict.fromkeys(VALUES, "") | {"number": "X-1", "insurer": "Harborway"}
    read = suggestions_of(reading(named_insured=None, signed=None), terms=TERMS)
    found = differences(read, **other)
    assert (found["number"], found["insurer"]) == (Difference.TYPED, Difference.TYPED)


def test_values_are_said_as_people_read_them() -> None:
    (limit,) = [one for one in compare(READ, VALUES, currency="USD") if one.name == "aggregate"]
    assert (limit.text, limit.read, limit.confirmed, limit.words) == (
        "$2,000,000",
        "$2,000,000.00",
        "$2,000,000.00",
        "as read",
    )
    assert in_words("territory", ["WORLDWIDE", "UK"], currency="USD") == (
        "Worldwide, United Kingdom"
    )
    assert in_words("rating", "", currency="USD") == "Not stated"
    assert in_words("products", "", currency="USD") == "All"
    assert in_words("each_occurrence", "a lot", currency="USD") == "a lot"


@pytest.mark.django_db
def test_what_was_checked_reads_as_it_was_confirmed(seller: Seller) -> None:
    (certificate,) = submitted(seller, sound(tail_years=3, products=["Kettles", "Pans"]))
    stored = Certificate.objects.get(pk=certificate.pk)
    assert values_of(stored.checked_facts, currency="USD") == VALUES | {
        "tail_years": "3",
        "products": "Kettles\nPans",
    }
