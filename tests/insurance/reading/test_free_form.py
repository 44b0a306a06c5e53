"""Labels and values of certificates without a form."""

from datetime import date
from typing import Any

import pytest

from insurance.reading.assembling import assemble
from insurance.reading.facts import (
    Amount,
    DateRead,
    FileKind,
    Found,
    PolicySuggestion,
    Reading,
)
from insurance.reading.page import Page
from tests.insurance.reading.typed import page_of

LIMIT = "EUR 1,000,000 any one occurrence and in the annual aggregate"


def read(text: str) -> Reading:
    """The reading of a certificate that also has enough words to be no scan."""
    page = page_of(f"Evidence of insurance issued to whom it may concern\n\n{text}")
    return assemble((page,), kind=FileKind.PDF)


def value(text: str, field: str) -> Any:
    policies = read(text).policies
    found = getattr(policies[0], field) if policies else None
    return found.figure if isinstance(found, Amount) else found and found.value


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        ("Policy number: AB 12/7", "number", "AB 12/7"),
        ("Policy No.      AB 12/7", "number", "AB 12/7"),
        ("Policy number:\nAB 12/7", "number", "AB 12/7"),
        ("Versicherungsschein-Nr.: AB 12", "number", "AB 12"),
        ("Police n° : 44", "number", "44"),
        ("Insurer: Channel Mutual (AM Best A)", "insurer", "Channel Mutual"),
        ("Class of business: Umbrella", "kind", "UMBRELLA"),
        ("Type of insurance: Excess liability", "kind", "EXCESS"),
        ("Type of insurance: Commercial General Liability", "kind", "COMMERCIAL_GENERAL"),
        ("Type of insurance: Professional indemnity", "kind", "OTHER"),
        ("Art der Versicherung: Betriebshaftpflicht", "kind", "COMMERCIAL_GENERAL"),
        ("Basis of cover: Claims made", "basis", "CLAIMS_MADE"),
        ("Basis: Occurrence, not claims-made", "basis", None),
        ("Deckungsprinzip: Anspruchserhebung", "basis", "CLAIMS_MADE"),
        ("Policy number: 1\nCover is on an occurrence basis.", "basis", "OCCURRENCE"),
        ("Excess: £500", "deductible", "500"),
        ("Selbstbeteiligung: keine", "deductible", "0"),
        ("Limit of indemnity: GBP 5,000,000", "each_occurrence", "5000000"),
        ("Limit of indemnity: GBP 5,000,000", "aggregate", None),
        ("Limit: x\nAggregate: £2,000,000", "aggregate", "2000000"),
        (
            "Limits of liability: £1m any one occurrence and £3m in the aggregate",
            "aggregate",
            "3000000",
        ),
        ("Limit of indemnity: £1m any one occurrence and in the aggregate", "aggregate", "1000000"),
        ("Limit of indemnity: £1m in the aggregate", "each_occurrence", None),
        ("Limits of liability: £1m, £2m, £3m", "each_occurrence", None),
        ("Notice of cancellation: 60 days", "cancellation_notice_days", 60),
        ("Rating: A+", "rating", "A+"),
        ("Territorial limits: Worldwide", "territory", frozenset({"WORLDWIDE"})),
        ("Additional insured: none", "additional_insured", None),
        ("Additional insured: Amazon EU SARL", "additional_insured", "Amazon EU SARL"),
    ],
)
def test_a_label_introduces_its_value(text: str, field: str, expected: Any) -> None:
    assert value(text, field) == expected


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Period of insurance: 1 January 2026 to 31 December 2026", ("2026-01-01", "2026-12-31")),
        ("Effective date: 2026-01-01\nExpiry date: 2026-12-31", ("2026-01-01", "2026-12-31")),
        (
            "Versicherungsbeginn: 1. Januar 2026\nAblauf: 31. Dezember 2026",
            ("2026-01-01", "2026-12-31"),
        ),
        ("Period of insurance: 1 January 2026", (None, None)),
    ],
)
def test_the_period(text: str, days: tuple[str | None, str | None]) -> None:
    policies = read(f"Policy number: 1\n{text}").policies
    read_days = (policies[0].effective, policies[0].expires)

    assert tuple(str(day.on) if day and day.on else None for day in read_days) == days


def test_a_value_goes_on_below_until_the_next_label_or_a_gap() -> None:
    text = (
        "Named insured:   Brightside Goods Ltd\n"
        "                 5 Quay Street\n"
        "Policy number:   1\n"
        "\n\n"
        "                 not part of it"
    )
    reading = read(text)

    assert reading.named_insured is not None
    assert reading.named_insured.text == "Brightside Goods Ltd\n5 Quay Street"
    assert value(text, "number") == "1"


def test_a_label_that_comes_twice_with_other_values_is_not_chosen_from() -> None:
    """Two policies on one page without a table: a person says which is which."""
    assert value("Insurer: One Mutual\nPolicy number: 1\nPolicy number: 2", "number") is None
    assert value("Policy number: 1\nPolicy number: 1", "number") == "1"


def test_a_letter_without_labels_has_no_policy_but_is_no_scan() -> None:
    reading = read("Dear customer, thank you for your interest in our products.")

    assert (reading.policies, reading.is_scan, reading.signed) == ((), False, None)


def test_a_label_inside_a_sentence_is_no_label() -> None:
    assert (
        value("Insurer: One\nPlease quote the policy number: it is on your card", "number") is None
    )


def test_a_policy_of_nothing_is_no_policy() -> None:
    assert PolicySuggestion() not in read("Signature: Jo").policies


def test_a_typed_name_beside_the_label_signs() -> None:
    assert read("Policy number: 1\nSigned by: Jo Miller").signed is True


def test_an_empty_place_to_sign_is_not_signed() -> None:
    assert read("Policy number: 1\nSignature:").signed is False


def test_almost_no_text_is_a_scan() -> None:
    reading = assemble((page_of("Page 1 of 1"),), kind=FileKind.PDF)

    assert (reading.is_scan, reading.policies, reading.questions) == (True, (), ())


def test_without_a_picture_nobody_knows_whether_it_is_signed() -> None:
    page = page_of("Policy number: 1 of a general liability policy\nSignature:")
    unseen = Page(page.width, page.height, page.lines)

    assert assemble((unseen,), kind=FileKind.PDF).signed is None


def test_labels_without_colons_do_not_run_into_the_sentences_below() -> None:
    text = """
Policyholder          Brightside Goods Ltd
Policy No.            AB-1
Insurer               Lloyd's Insurance Company S.A.
Period of Insurance   From 1 March 2026 to 28 February 2027 (both dates inclusive)
Limit of Liability    EUR 1,000,000 any one occurrence and in the annual aggregate
Territorial Limits    European Union, United Kingdom
This is to certify that Amazon EU SARL is named as additional insured.
Further to that, 30 days' notice of cancellation will be given.
"""
    (read_policy,) = read(text).policies

    assert read_policy == PolicySuggestion(
        insurer=Found("Lloyd's Insurance Company S.A.", "Lloyd's Insurance Company S.A."),
        number=Found("AB-1", "AB-1"),
        each_occurrence=Amount("1000000", ("EUR",), LIMIT),
        aggregate=Amount("1000000", ("EUR",), LIMIT),
        effective=DateRead(date(2026, 3, 1), "1 March 2026"),
        expires=DateRead(date(2027, 2, 28), "28 February 2027"),
        territory=Found(frozenset({"EU", "UK"}), "European Union, United Kingdom"),
        additional_insured=Found(
            "Amazon EU SARL",
            "This is to certify that Amazon EU SARL is named as additional insured.",
        ),
        cancellation_notice_days=Found(
            30, "Further to that, 30 days' notice of cancellation will be given."
        ),
    )
