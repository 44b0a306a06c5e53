"""What was read becomes suggestions with their words; what is unclear is asked, never guessed."""

import dataclasses
import json
from typing import Any

import pytest

from insurance.certificates.suggesting import suggestions_of
from insurance.reading.facts import Amount, DateRead, Found, PolicySuggestion
from insurance.terms import DEFAULT_REQUIREMENT_TERMS
from tests.insurance.certificates import TERMS, WORDING
from tests.insurance.certificates_flow.world import (
    AUTOMOBILE,
    READ_POLICY,
    UNCLEAR,
    amount,
    reading,
)


def field_of(name: str, **departs: Any) -> dict[str, Any] | None:
    one = dataclasses.replace(READ_POLICY, **departs)
    fields = suggestions_of(reading(one), terms=TERMS)["policies"][0]["fields"]
    found: dict[str, Any] | None = fields.get(name)
    return found


def test_a_sound_certificate_fills_every_field() -> None:
    suggested = suggestions_of(reading(), terms=TERMS)
    (policy,) = suggested["policies"]
    assert {name: one["value"] for name, one in policy["fields"].items()} == {
        "insurer": "Harborway",
        "number": "CGL-100",
        "rating": "A",
        "kind": "COMMERCIAL_GENERAL",
        "basis": "OCCURRENCE",
        "each_occurrence": "1000000",
        "aggregate": "2000000",
        "deductible": "5000",
        "products_completed_operations": "yes",
        "bodily_injury": "yes",
        "naming": "INSURED",
        "additional_insured": WORDING,
        "effective_on": "1 January 2026",
        "expires_on": "1 January 2027",
        "territory": ["WORLDWIDE"],
    }
    assert {name: one["value"] for name, one in suggested["whole"].items()} == {
        "named_insured": "Kettle House LLC",
        "cancellation_notice_days": "30",
        "is_signed": "yes",
    }
    assert suggested["context"] == {
        "description": "Products liability for online sales.",
        "certificate_holder": WORDING,
    }
    assert json.loads(json.dumps(suggested)) == suggested


def test_what_was_not_read_is_left_empty() -> None:
    nothing = reading(PolicySuggestion(), certificate_holder=None)
    bare = suggestions_of(nothing, terms=TERMS)["policies"][0]
    assert bare == {"letter": "", "kind": "", "counts": True, "fields": {}, "questions": {}}


def test_a_scan_has_nothing_but_its_pages() -> None:
    suggested = suggestions_of(
        reading(is_scan=True, policies=(), named_insured=None, signed=None), terms=TERMS
    )
    assert (suggested["is_scan"], suggested["policies"], suggested["whole"]) == (True, [], {})


def test_an_unclear_date_is_asked_with_both_readings() -> None:
    """Rules §4, check 10: 02/03/2026 is asked about, never guessed."""
    one = dataclasses.replace(READ_POLICY, effective=DateRead(None, "02/03/2026"))
    policy = suggestions_of(reading(one, questions=(UNCLEAR,)), terms=TERMS)["policies"][0]
    assert policy["fields"]["effective_on"] == {"value": "", "text": "02/03/2026"}
    assert policy["questions"] == {
        "effective_on": {
            "text": "02/03/2026",
            "candidates": ["2026-02-03", "2026-03-02"],
            "note": "Other dates on it put the month first.",
        }
    }


@pytest.mark.parametrize(
    ("aggregate", "products", "value"),
    [
        ("2000000", "1000000", "1000000"),
        ("1000000", "2000000", "1000000"),
        ("2000000", "", "2000000"),
    ],
)
def test_of_two_aggregates_the_lower_is_suggested(
    aggregate: str, products: str, value: str
) -> None:
    found = field_of(
        "aggregate",
        aggregate=amount(aggregate),
        products_aggregate=amount(products) if products else None,
    )
    assert found is not None
    assert found["value"] == value


def test_an_amount_in_another_currency_is_shown_and_not_filled_in() -> None:
    pounds = Amount("1000000", ("GBP",), "£1,000,000")
    assert field_of("each_occurrence", each_occurrence=pounds) == {
        "value": "",
        "text": "£1,000,000",
    }


def test_cents_are_kept_where_there_are_any() -> None:
    found = field_of("deductible", deductible=Amount("1000.50", ("USD",), "$1,000.50"))
    assert found == {"value": "1000.50", "text": "$1,000.50"}


def test_a_kind_that_does_not_count_is_known_as_another_kind() -> None:
    policies = suggestions_of(reading(READ_POLICY, AUTOMOBILE), terms=TERMS)["policies"]
    assert [(one["kind"], one["counts"]) for one in policies] == [
        ("COMMERCIAL_GENERAL", True),
        ("AUTOMOBILE", False),
    ]
    assert policies[1]["fields"]["kind"] == {"value": "OTHER", "text": "AUTOMOBILE LIABILITY"}


def test_certificate_holder_only_is_told_apart_from_additional_insured() -> None:
    """Rules §4, check 4: the most frequent defect of all."""
    nobody: dict[str, Any] = {"additional_insured": None, "additional_insured_marked": None}
    assert field_of("naming", **nobody) == {
        "value": "HOLDER",
        "text": "named in the box of the certificate holder",
    }
    unmarked = Found(value=False, text="ADDL INSD N")
    one = dataclasses.replace(
        READ_POLICY, additional_insured=None, additional_insured_marked=unmarked
    )
    elsewhere = suggestions_of(reading(one, certificate_holder="Somebody Else Inc."), terms=TERMS)
    assert elsewhere["policies"][0]["fields"]["naming"] == {
        "value": "NOWHERE",
        "text": "ADDL INSD N",
    }


def test_yen_have_no_cents() -> None:
    one = dataclasses.replace(
        READ_POLICY, each_occurrence=Amount("100000000", ("JPY",), "¥100,000,000")
    )
    suggested = suggestions_of(reading(one), terms=DEFAULT_REQUIREMENT_TERMS["JP"])
    assert suggested["policies"][0]["fields"]["each_occurrence"]["value"] == "100000000"


def test_words_of_a_file_fit_a_database() -> None:
    """No NUL, no halves of characters, and no novel: text inside a file is only text."""
    strange = Found("A\x00B\ud800", "x" * 5_000)
    found = field_of("insurer", insurer=strange)
    assert found is not None
    assert found["value"] == "AB?"
    assert len(found["text"]) == 300
