"""The figures of the programme: complete, in bounds, one cent decides (rules §2)."""

from datetime import date
from typing import Any

import pytest

from claims.launch_terms import launch_figures
from claims.terms import FIGURES, MARK_WORDS, Terms, TermsNotUnderstood, check_figures, read_terms
from sellers.markets import MARKETS
from tests.claims.core.facts_made import terms

US = MARKETS["US"]


def figures(**changes: Any) -> dict[str, Any]:
    return launch_figures(US) | changes


def read(**changes: Any) -> Terms:
    return read_terms(
        version_id=3,
        market="US",
        currency="USD",
        effective_on=date(2021, 9, 1),
        figures=figures(**changes),
    )


@pytest.mark.parametrize(
    ("market", "amount_minor", "within"),
    [
        ("US", 99_999, True),
        ("US", 100_000, True),
        ("US", 100_001, False),
        ("UK", 99_999, True),
        ("UK", 100_000, False),
        ("CA", 100_000, False),
        ("DE", 100_000, False),
        ("JP", 99_999, True),
        ("JP", 100_000, False),
        ("SE", 999_999, True),
        ("SE", 1_000_000, False),
    ],
)
def test_one_cent_decides_who_pays(market: str, amount_minor: int, *, within: bool) -> None:
    """Rules §2 [P]: US `<=`, elsewhere `<`."""
    assert terms(market).is_within_ceiling(amount_minor) is within


def test_stored_figures_become_terms() -> None:
    found = read()

    assert (found.version_id, found.market, found.currency) == (3, "US", "USD")
    assert found.programme_start == date(2021, 9, 1)
    stored = figures(programme_start=date(2021, 9, 1))
    assert {name: getattr(found, name) for name in FIGURES} == stored


def test_every_mark_has_words() -> None:
    assert MARK_WORDS == {
        "P": "published by the programme",
        "S": "secondary source",
        "D": "default, not published",
    }


@pytest.mark.parametrize("name", FIGURES)
def test_a_missing_figure_is_named(name: str) -> None:
    incomplete = figures()
    del incomplete[name]

    with pytest.raises(TermsNotUnderstood, match=f"missing: {name}"):
        check_figures(incomplete)


def test_an_unknown_figure_is_named() -> None:
    with pytest.raises(TermsNotUnderstood, match="not known: bonus, extra"):
        check_figures(figures(extra=1, bonus=2))


COUNTS = sorted(
    set(FIGURES)
    - {"programme_start", "response_unit", "ceiling_includes_itself", "absorb_when_not_required"}
)


@pytest.mark.parametrize("name", COUNTS)
@pytest.mark.parametrize("value", [-1, 1.5, "7", True])
def test_counts_are_whole_numbers(name: str, value: object) -> None:
    with pytest.raises(TermsNotUnderstood, match=f"{name} is a whole number, zero or more"):
        check_figures(figures(**{name: value}))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"programme_start": "1 September"}, "“1 September” is not a date like 2021-09-01"),
        ({"response_unit": "WEEKS"}, "calendar or working days"),
        ({"ceiling_includes_itself": 1}, "ceiling_includes_itself is yes or no"),
        ({"absorb_when_not_required": "yes"}, "absorb_when_not_required is yes or no"),
        ({"response_days": None}, "response_days is a whole number"),
        ({"adjuster_authority_minor": 2_500_001}, "cannot exceed a senior adjuster's"),
        ({"ceiling_minor": 100_000_001}, "ceiling cannot exceed the maximum"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(TermsNotUnderstood, match=words):
        read(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"medicare_threshold_minor": None},
        {"adjuster_authority_minor": 2_500_000},
        {"ceiling_minor": 100_000_000},
        {"grace_seconds": 0},
        {"response_unit": "WORKING"},
    ],
)
def test_figures_at_their_bounds_are_taken(changes: dict[str, Any]) -> None:
    found = read(**changes)

    assert {name: getattr(found, name) for name in changes} == changes
