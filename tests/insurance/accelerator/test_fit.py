"""Why a provider fits a seller or does not: each thing it states, alone (rules §4 and §5)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from insurance.accelerator.fit import (
    AppetiteFacts,
    Fit,
    ProviderFacts,
    SellerNeeds,
    Verdict,
    fit_of,
    rating_has_expired,
)

NEEDS = SellerNeeds(
    market_name="United States",
    currency="USD",
    on=date(2026, 11, 16),
    categories=frozenset({"Kitchen"}),
    annual_sales_minor=30_000_000,
    each_occurrence_minor=100_000_000,
    aggregate_minor=100_000_000,
    deductible_max_minor=1_000_000,
    rating_good_for_days=365,
)
APPETITE = AppetiteFacts(
    sales_from_minor=0,
    sales_to_minor=30_000_000,
    each_occurrence_to_minor=100_000_000,
    aggregate_to_minor=100_000_000,
    deductible_from_minor=1_000_000,
)
SOUND = ProviderFacts(
    is_vetted=True,
    has_quote_contact=True,
    is_broker=False,
    appetite=APPETITE,
    lines=frozenset({"PRODUCTS"}),
    accepts=frozenset({"kitchen", "Garden"}),
    rating="A-",
    rated_on=date(2025, 11, 16),
)


def words(fit: Fit, verdict: Verdict) -> list[str]:
    return [reason.words for reason in fit.reasons if reason.verdict == verdict]


def test_a_provider_at_every_bound_fits() -> None:
    fit = fit_of(SOUND, needs=NEEDS)

    assert (fit.fits, fit.bar, fit.may_be_asked) == (True, "", True)
    assert words(fit, Verdict.FITS) == [
        "It insures in United States.",
        "It accepts every category that you sell.",
        "Your annual sales are within what it insures.",
        "It offers the $1,000,000.00 each occurrence that is needed.",
        "It offers the $1,000,000.00 in aggregate that is needed.",
        "It offers a deductible that is low enough.",
        "It writes a kind of policy that we accept.",
        "Its rating is good enough.",
    ]
    assert len(fit.reasons) == 8


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"appetite": None}, "It does not insure in United States."),
        ({"refuses": frozenset({"KITCHEN"})}, "It refuses Kitchen, which you sell."),
        (
            {"accepts": frozenset({"Garden"})},
            "It does not list Kitchen among the categories that it accepts.",
        ),
        (
            {"appetite": replace(APPETITE, sales_from_minor=30_000_001)},
            "It insures annual sales from $300,000.01; yours are lower.",
        ),
        (
            {"appetite": replace(APPETITE, sales_to_minor=29_999_999)},
            "It insures annual sales up to $299,999.99; yours are higher.",
        ),
        (
            {"appetite": replace(APPETITE, each_occurrence_to_minor=99_999_999)},
            "It offers at most $999,999.99 each occurrence; $1,000,000.00 is needed.",
        ),
        (
            {"appetite": replace(APPETITE, aggregate_to_minor=1)},
            "It offers at most $0.01 in aggregate; $1,000,000.00 is needed.",
        ),
        (
            {"appetite": replace(APPETITE, deductible_from_minor=1_000_001)},
            "Its deductible is at least $10,000.01; at most $10,000.00 is allowed.",
        ),
        ({"lines": frozenset({"OTHER"})}, "It writes no kind of policy that we accept."),
        (
            {"rating": "B++"},
            "Its rating is below A-, which a certificate must show.",
        ),
    ],
)
def test_one_thing_that_does_not_fit_is_said_and_bars_it(change: dict[str, Any], why: str) -> None:
    fit = fit_of(replace(SOUND, **change), needs=NEEDS)

    assert words(fit, Verdict.DOES_NOT_FIT) == [why]
    assert (fit.fits, fit.may_be_asked, fit.bar) == (False, False, "")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"accepts": frozenset()}, "It does not state which categories it accepts."),
        (
            {"appetite": replace(APPETITE, sales_from_minor=None, sales_to_minor=None)},
            "It does not state which annual sales it insures.",
        ),
        (
            {"appetite": replace(APPETITE, each_occurrence_to_minor=None)},
            "It does not state the limit that it offers each occurrence.",
        ),
        (
            {"appetite": replace(APPETITE, deductible_from_minor=None)},
            "It does not state its deductibles.",
        ),
        ({"lines": frozenset()}, "It does not state which kinds of policy it writes."),
        ({"rating": ""}, "Its rating is not stated."),
        (
            {"rating": "", "is_broker": True},
            "A broker has no rating: ask for that of the insurer behind each quote.",
        ),
        (
            {"rated_on": date(2025, 11, 15)},
            "Its rating is too old to rely on: ask for a new one.",
        ),
    ],
)
def test_what_is_not_stated_is_asked_and_bars_nothing(change: dict[str, Any], why: str) -> None:
    fit = fit_of(replace(SOUND, **change), needs=NEEDS)

    assert words(fit, Verdict.NOT_STATED) == [why]
    assert fit.may_be_asked


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"annual_sales_minor": None}, "We do not know your annual sales in this market."),
        ({"categories": frozenset()}, "We do not know which categories you sell."),
    ],
)
def test_what_we_do_not_know_of_the_seller_bars_nothing(change: dict[str, Any], why: str) -> None:
    fit = fit_of(SOUND, needs=replace(NEEDS, **change))

    assert words(fit, Verdict.NOT_STATED) == [why]
    assert fit.may_be_asked


@pytest.mark.parametrize(
    ("change", "bar"),
    [
        ({"is_vetted": False}, "We have not vetted this provider"),
        ({"has_quote_contact": False}, "We have no contact for quotes"),
    ],
)
def test_without_vetting_or_contact_nothing_can_be_sent(change: dict[str, Any], bar: str) -> None:
    fit = fit_of(replace(SOUND, **change), needs=NEEDS)

    assert (fit.fits, fit.may_be_asked, fit.bar.startswith(bar)) == (True, False, True)


def test_a_rating_expires_the_day_after_its_days_are_over() -> None:
    rated_on = date(2026, 1, 1)
    days = [date(2026, 1, 31), date(2026, 2, 1)]

    assert [rating_has_expired(rated_on, good_for_days=30, on=day) for day in days] == [False, True]
