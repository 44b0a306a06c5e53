"""Launch data of the insurance requirement: every figure of rules §4, with its mark."""

from dataclasses import fields, replace

import pytest

from insurance.terms import DEFAULT_REQUIREMENT_TERMS, RequirementTerms
from sellers.markets import MARKETS
from sellers.money import format_amount

# Market: currency, trigger, its mark, limit, its mark, deductible; in minor units (rules §4).
TABLE = {
    "US": ("USD", 1_000_000, "P", 100_000_000, "P", 1_000_000),
    "CA": ("CAD", 1_000_000, "P", 100_000_000, "D", 1_000_000),
    "UK": ("GBP", 400_000, "S", 40_000_000, "S", 1_000_000),
    "DE": ("EUR", 500_000, "S", 50_000_000, "S", 1_000_000),
    "FR": ("EUR", 500_000, "S", 50_000_000, "S", 1_000_000),
    "IT": ("EUR", 500_000, "S", 50_000_000, "S", 1_000_000),
    "ES": ("EUR", 500_000, "S", 50_000_000, "S", 1_000_000),
    "NL": ("EUR", 500_000, "S", 50_000_000, "S", 1_000_000),
    "BE": ("EUR", 500_000, "S", 50_000_000, "S", 1_000_000),
    "SE": ("SEK", 5_000_000, "S", 500_000_000, "S", 10_000_000),
    "PL": ("PLN", 2_250_000, "S", 225_000_000, "S", 4_000_000),
    "MX": ("MXN", 10_000_000, "S", 1_000_000_000, "D", 20_000_000),
    "JP": ("JPY", None, "S", 100_000_000, "D", 1_000_000),
}
NOT_FIGURES = {"market", "currency", "marks"}


def test_every_market_has_launch_terms_and_no_other() -> None:
    assert set(DEFAULT_REQUIREMENT_TERMS) == set(MARKETS) == set(TABLE)


@pytest.mark.parametrize("market", TABLE)
def test_figures_and_marks_are_those_of_the_rules(market: str) -> None:
    terms = DEFAULT_REQUIREMENT_TERMS[market]
    assert (
        terms.market,
        terms.currency,
        terms.monthly_trigger_minor,
        terms.marks["monthly_trigger_minor"],
        terms.each_occurrence_minor,
        terms.marks["each_occurrence_minor"],
        terms.deductible_max_minor,
    ) == (market, *TABLE[market])
    assert terms.aggregate_minor == terms.each_occurrence_minor
    assert terms.marks["aggregate_minor"] == terms.marks["each_occurrence_minor"]


@pytest.mark.parametrize("market", TABLE)
def test_common_figures(market: str) -> None:
    terms = DEFAULT_REQUIREMENT_TERMS[market]
    assert terms.additional_insured_wording == (
        "Amazon.com Services LLC and its affiliates and assignees"
    )
    assert (
        terms.days_to_prove,
        terms.expiring_days,
        terms.minimum_days_to_run,
        terms.notice_of_cancellation_days,
        terms.claims_made_tail_years,
        terms.claims_made_categories,
    ) == (30, 30, 60, 30, 3, frozenset())
    assert terms.accepted_kinds == {"COMMERCIAL_GENERAL", "PRODUCTS", "UMBRELLA", "EXCESS"}
    assert terms.accepted_ratings == {"A++", "A+", "A", "A-", "AAA", "AA+", "AA", "AA-"}
    assert terms.accepted_file_kinds == {"pdf", "doc", "docx"}
    assert (terms.notice_after_days, terms.restrict_after_days, terms.suspend_after_days) == (
        (1, 7, 30)
    )


@pytest.mark.parametrize("market", TABLE)
def test_every_figure_carries_a_mark(market: str) -> None:
    marks = DEFAULT_REQUIREMENT_TERMS[market].marks
    assert set(marks) == {field.name for field in fields(RequirementTerms)} - NOT_FIGURES
    assert set(marks.values()) <= {"P", "S", "D"}


def test_what_is_published_for_the_us_is_our_default_elsewhere() -> None:
    names = ("deductible_max_minor", "additional_insured_wording", "notice_of_cancellation_days")
    marks = {
        market: {terms.marks[name] for name in names}
        for market, terms in DEFAULT_REQUIREMENT_TERMS.items()
    }
    assert marks == {market: {"P"} if market == "US" else {"D"} for market in TABLE}


def test_thresholds_of_recommendations_are_our_default() -> None:
    for terms in DEFAULT_REQUIREMENT_TERMS.values():
        assert terms.marks["restrict_after_days"] == "D"
        assert terms.marks["days_to_prove"] == "P"


def test_launch_data_cannot_be_changed_in_place() -> None:
    terms = DEFAULT_REQUIREMENT_TERMS["US"]
    with pytest.raises(TypeError):
        DEFAULT_REQUIREMENT_TERMS["US"] = terms  # type: ignore[index]
    with pytest.raises(TypeError):
        terms.marks["days_to_prove"] = "S"  # type: ignore[index]
    assert replace(terms, days_to_prove=45).days_to_prove == 45
    assert terms.days_to_prove == 30


def test_terms_can_be_kept_in_a_set() -> None:
    assert len(set(DEFAULT_REQUIREMENT_TERMS.values())) == 13


@pytest.mark.parametrize(
    ("amount_minor", "currency", "text"),
    [
        (1_200_000, "USD", "12,000.00 USD"),
        (5, "GBP", "0.05 GBP"),
        (-5, "GBP", "-0.05 GBP"),
        (-123_456, "EUR", "-1,234.56 EUR"),
        (100_000_000, "JPY", "100,000,000 JPY"),
        (-7, "JPY", "-7 JPY"),
    ],
)
def test_amounts_in_words(amount_minor: int, currency: str, text: str) -> None:
    assert format_amount(amount_minor, currency=currency) == text
