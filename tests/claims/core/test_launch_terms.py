"""The figures at launch, one by one against the rules' table (rules §2)."""

import pytest

from claims.launch_terms import launch_figures, launch_marks, launch_rows
from claims.terms import FIGURES, check_figures
from sellers.markets import MARKETS

EURO = ("DE", "FR", "IT", "ES", "NL", "BE")
CEILINGS = {
    "US": 100_000,
    "CA": 100_000,
    "UK": 100_000,
    "SE": 1_000_000,
    "PL": 450_000,
    "MX": 2_000_000,
    "JP": 100_000,
} | dict.fromkeys(EURO, 100_000)
# × 1 · × 10 SEK · × 4 PLN · × 20 MXN · × 100 JPY (no minor unit)
SCALED = {"SE": 10, "PL": 4, "MX": 20, "JP": 1}


@pytest.mark.parametrize("market", sorted(MARKETS))
def test_the_ceiling_of_every_market(market: str) -> None:
    figures = launch_figures(MARKETS[market])

    assert figures["ceiling_minor"] == CEILINGS[market]
    assert figures["ceiling_includes_itself"] is (market == "US")


@pytest.mark.parametrize("market", sorted(MARKETS))
def test_limits_are_scaled_by_currency(market: str) -> None:
    figures = launch_figures(MARKETS[market])
    scale = SCALED.get(market, 1)

    assert figures["adjuster_authority_minor"] == 500_000 * scale
    assert figures["senior_authority_minor"] == 2_500_000 * scale
    assert figures["automatic_limit_minor"] == 2_500_000 * scale
    assert figures["daily_cap_minor"] == 25_000_000 * scale
    assert figures["maximum_minor"] == (1_000_000 if market == "JP" else 100_000_000)


@pytest.mark.parametrize("market", sorted(MARKETS))
def test_windows_are_the_same_everywhere_but_the_response(market: str) -> None:
    """Rules §2: 7 days, EU and UK 7 working days."""
    figures = launch_figures(MARKETS[market])
    working = market in {*EURO, "SE", "PL", "UK"}

    assert figures["response_days"] == 7
    assert figures["response_unit"] == ("WORKING" if working else "CALENDAR")
    days = {
        "filing_window_days": 90,
        "decision_promise_days": 90,
        "proof_days": 7,
        "handling_days": 30,
        "insurer_answer_days": 30,
        "seller_appeal_days": 30,
        "claimant_appeal_days": 30,
        "claimant_answer_days": 14,
        "grace_seconds": 60,
        "payee_cooling_hours": 72,
        "adult_age": 18,
        "medicare_threshold_minor": 75_000 if market == "US" else None,
    }
    assert {name: figures[name] for name in days} == days


@pytest.mark.parametrize("market", sorted(MARKETS))
def test_every_figure_has_a_mark_and_makes_sense(market: str) -> None:
    figures, marks = launch_figures(MARKETS[market]), launch_marks(MARKETS[market])

    check_figures(figures)
    assert set(figures) == set(marks) == set(FIGURES)
    assert set(marks.values()) <= {"P", "S", "D"}


@pytest.mark.parametrize(
    ("market", "name", "mark"),
    [
        ("US", "ceiling_minor", "P"),
        ("US", "maximum_minor", "P"),
        ("UK", "maximum_minor", "D"),
        ("UK", "ceiling_includes_itself", "P"),
        ("CA", "ceiling_minor", "P"),
        ("DE", "ceiling_minor", "P"),
        ("DE", "response_unit", "S"),
        ("SE", "ceiling_minor", "D"),
        ("SE", "response_days", "S"),
        ("JP", "ceiling_minor", "D"),
        ("MX", "daily_cap_minor", "D"),
        ("US", "filing_window_days", "S"),
        ("US", "proof_days", "P"),
        ("JP", "proof_days", "P"),
        ("US", "grace_seconds", "D"),
        ("US", "insurer_answer_days", "D"),
    ],
)
def test_marks_are_the_rules_own(market: str, name: str, mark: str) -> None:
    assert launch_marks(MARKETS[market])[name] == mark


def test_there_is_one_row_a_marketplace() -> None:
    rows = launch_rows()

    assert [market for market, _, _ in rows] == list(MARKETS)
    assert all(figures == launch_figures(MARKETS[market]) for market, figures, _ in rows)
