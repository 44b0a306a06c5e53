"""Figures of the terms in words, each in one place for every page and command."""

from typing import Any

import pytest

from claims.figures import NAMES, figure_name, figure_unit, figure_value, mark_words
from claims.terms import FIGURES


def test_every_name_and_unit_belongs_to_a_figure() -> None:
    assert set(NAMES) <= set(FIGURES)
    assert len({figure_name(figure) for figure in FIGURES}) == len(FIGURES)


@pytest.mark.parametrize(
    ("figure", "name"),
    [
        ("ceiling_minor", "Ceiling at no cost to the seller"),
        ("filing_window_days", "Filing window"),
        ("programme_start", "Programme start"),
    ],
)
def test_a_figure_without_a_name_of_its_own_is_spelt_out(figure: str, name: str) -> None:
    assert figure_name(figure) == name


@pytest.mark.parametrize(
    ("figure", "value", "currency", "words"),
    [
        ("ceiling_minor", 100_000, "USD", "$1,000.00"),
        ("ceiling_minor", 10_000_000, "JPY", "¥10,000,000"),
        ("medicare_threshold_minor", None, "EUR", "–"),
        ("ceiling_includes_itself", True, "USD", "Yes"),
        ("absorb_when_not_required", False, "USD", "No"),
        ("response_unit", "WORKING", "EUR", "working days"),
        ("response_days", 7, "EUR", "7 days"),
        ("grace_seconds", 60, "EUR", "60 seconds"),
        ("payee_cooling_hours", 72, "EUR", "72 hours"),
        ("repeat_claimant_months", 12, "EUR", "12 months"),
        ("near_ceiling_percent", 90, "EUR", "90 %"),
        ("adult_age", 18, "EUR", "18 years"),
        ("burst_claims", 3, "EUR", "3"),
        ("programme_start", "2021-09-01", "EUR", "2021-09-01"),
    ],
)
def test_values_carry_their_unit(figure: str, value: Any, currency: str, words: str) -> None:
    assert figure_value(figure, value, currency) == words


def test_a_plain_number_has_no_unit() -> None:
    assert figure_unit("burst_claims") == ""


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        ("P", "published by the programme"),
        ("S", "secondary source"),
        ("D", "default, not published"),
    ],
)
def test_marks_in_words(mark: str, words: str) -> None:
    assert mark_words({"ceiling_minor": mark}, "ceiling_minor") == words


def test_a_figure_without_a_mark_is_a_default() -> None:
    assert mark_words({}, "ceiling_minor") == "default, not published"
