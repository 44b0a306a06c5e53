"""From suggestions to the facts that are checked, when nobody corrected anything."""

from dataclasses import replace
from datetime import date

import pytest

from insurance.policy_facts import PolicyFacts
from insurance.reading.facts import (
    Amount,
    DateRead,
    FileKind,
    Found,
    PolicySuggestion,
    Reading,
)
from insurance.terms import DEFAULT_REQUIREMENT_TERMS
from tests.insurance.certificates import WORDING
from tests.insurance.certificates.as_read import facts_as_read

TERMS = DEFAULT_REQUIREMENT_TERMS["US"]
DOLLARS = ("USD", "CAD", "MXN")
READING = Reading(
    kind=FileKind.PDF,
    named_insured=Found("Brightside Goods LLC", "Brightside Goods LLC\n12 Harbour Road"),
    certificate_holder=f"{WORDING}\n410 Terry Avenue North",
    signed=True,
)
FULL = PolicySuggestion(
    insurer=Found("Harborway", ""),
    rating=Found("A", ""),
    number=Found("CGL-100", ""),
    kind=Found("COMMERCIAL_GENERAL", ""),
    basis=Found("CLAIMS_MADE", ""),
    tail_years=Found(5, ""),
    each_occurrence=Amount("1000000", DOLLARS, ""),
    aggregate=Amount("2000000", DOLLARS, ""),
    products_aggregate=Amount("1500000", DOLLARS, ""),
    products_included=Found(True, ""),
    bodily_injury=Found(True, ""),
    deductible=Amount("5000", DOLLARS, ""),
    additional_insured_marked=Found(True, "Y"),
    additional_insured=Found(WORDING, ""),
    effective=DateRead(date(2026, 1, 15), "01/15/2026"),
    expires=DateRead(date(2027, 1, 15), "01/15/2027"),
    cancellation_notice_days=Found(30, ""),
    territory=Found(frozenset({"US"}), ""),
    products=Found(("Kettles", "Lamps"), ""),
)


def facts(suggestion: PolicySuggestion, reading: Reading = READING) -> PolicyFacts:
    return facts_as_read(suggestion, reading=reading, terms=TERMS)


def test_everything_that_was_read_becomes_a_fact() -> None:
    assert facts(FULL) == PolicyFacts(
        number="CGL-100",
        insurer="Harborway",
        rating="A",
        kind="COMMERCIAL_GENERAL",
        basis="CLAIMS_MADE",
        tail_years=5,
        each_occurrence_minor=100_000_000,
        aggregate_minor=150_000_000,
        products_completed_operations=True,
        bodily_injury=True,
        deductible_minor=500_000,
        additional_insured=WORDING,
        certificate_holder_only=False,
        named_insured="Brightside Goods LLC",
        territory=frozenset({"US"}),
        cancellation_notice_days=30,
        signed=True,
        complete=True,
        effective_on=date(2026, 1, 15),
        expires_on=date(2027, 1, 15),
        products=frozenset({"kettles", "lamps"}),
        file_kind="pdf",
    )


def test_what_was_not_read_counts_as_absent() -> None:
    """Nothing of `PolicyFacts`' usual values is taken for granted."""
    assert facts(PolicySuggestion(), Reading(kind=FileKind.DOC)) == PolicyFacts(
        number="",
        insurer="",
        rating="",
        kind="",
        basis="",
        each_occurrence_minor=None,
        aggregate_minor=None,
        products_completed_operations=False,
        bodily_injury=False,
        deductible_minor=None,
        additional_insured="",
        named_insured="",
        territory=frozenset(),
        cancellation_notice_days=None,
        signed=False,
        complete=False,
        effective_on=None,
        expires_on=None,
        file_kind="doc",
    )


def test_open_dates_keep_their_words() -> None:
    read = facts(
        replace(FULL, effective=DateRead(None, "02/03/2026"), expires=DateRead(None, "02/03/2027"))
    )

    assert (read.effective_on, read.expires_on, read.dates_text) == (
        None,
        None,
        "02/03/2026, 02/03/2027",
    )


@pytest.mark.parametrize(
    ("products", "minor"),
    [
        (None, 200_000_000),
        (Amount("3000000", DOLLARS, ""), 200_000_000),
        (Amount("500000", DOLLARS, ""), 50_000_000),
        (Amount("500000", ("EUR",), ""), 200_000_000),
    ],
)
def test_the_aggregate_is_what_a_loss_by_a_product_can_use(
    products: Amount | None, minor: int
) -> None:
    assert facts(replace(FULL, products_aggregate=products)).aggregate_minor == minor


@pytest.mark.parametrize(
    ("named", "marked", "holder", "expected"),
    [
        (WORDING, False, "Other Inc", (WORDING, False)),
        (None, True, f"{WORDING}\n410 Terry", (WORDING, False)),
        (None, True, None, ("", False)),
        (None, False, f"{WORDING}\n410 Terry", ("", True)),
        (None, None, "Amazon.com Services, Inc\n410 Terry", ("", True)),
        (None, None, "AMAZON.COM SERVICES LLC\n410 Terry", ("", True)),
        (None, None, "Northwind Inc", ("", False)),
    ],
)
def test_holder_and_additional_insured(
    named: str | None, marked: bool | None, holder: str | None, expected: tuple[str, bool]
) -> None:
    """Rules §4, check 4: being certificate holder is not being additional insured."""
    read = facts(
        replace(
            FULL,
            additional_insured=None if named is None else Found(named, ""),
            additional_insured_marked=None if marked is None else Found(marked, ""),
        ),
        replace(READING, certificate_holder=holder),
    )

    assert (read.additional_insured, read.certificate_holder_only) == expected


@pytest.mark.parametrize("field", ["number", "insurer"])
def test_a_certificate_without_number_or_insurer_is_not_complete(field: str) -> None:
    assert facts(replace(FULL, **{field: None})).complete is False
