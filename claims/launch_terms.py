"""The terms at launch, marked by how sure we are (rules §2): read by one migration only."""

from typing import Any

from claims.terms import DEFAULT, PUBLISHED, SECONDARY
from sellers.markets import MARKETS, Market
from sellers.money import minor_units, scaled_limit

# Rules §2, ceilings: US CA EU UK [P]; the others [D].
CEILING = {"USD": 1_000, "CAD": 1_000, "GBP": 1_000, "EUR": 1_000}
CEILING |= {"SEK": 10_000, "PLN": 4_500, "MXN": 20_000, "JPY": 100_000}


def launch_figures(market: Market) -> dict[str, Any]:
    """Every figure of a market at launch."""
    currency = market.currency
    return {
        "programme_start": "2021-09-01",
        "ceiling_minor": minor_units(CEILING[currency], currency=currency),
        "ceiling_includes_itself": market.code == "US",
        "maximum_minor": minor_units(1_000_000, currency=currency),
        "filing_window_days": 90,
        "decision_promise_days": 90,
        "acknowledge_days": 15,
        "decide_days": 40,
        "status_letter_days": 30,
        "proof_days": 7,
        "response_days": 7,
        "response_unit": "WORKING" if market.region in {"EU", "UK"} else "CALENDAR",
        "handling_days": 30,
        "insurer_answer_days": 30,
        "seller_appeal_days": 30,
        "claimant_appeal_days": 30,
        "claimant_answer_days": 14,
        "automatic_limit_minor": scaled_limit(25_000, currency=currency),
        "adjuster_authority_minor": scaled_limit(5_000, currency=currency),
        "senior_authority_minor": scaled_limit(25_000, currency=currency),
        "daily_cap_minor": scaled_limit(250_000, currency=currency),
        "grace_seconds": 60,
        "payee_cooling_hours": 72,
        "medicare_threshold_minor": 75_000 if market.code == "US" else None,
        "absorb_when_not_required": True,
        "adult_age": 18,
        "repeat_claimant_months": 12,
        "near_ceiling_percent": 90,
        "soon_after_delivery_days": 2,
        "burst_claims": 3,
        "burst_days": 30,
    }


def launch_marks(market: Market) -> dict[str, str]:
    """How sure we are of each figure: published, secondary source, or our default."""
    marks = dict.fromkeys(launch_figures(market), DEFAULT)
    marks |= dict.fromkeys(
        (
            "filing_window_days",
            "decision_promise_days",
            "handling_days",
            "seller_appeal_days",
            "acknowledge_days",
            "decide_days",
            "status_letter_days",
            "medicare_threshold_minor",
        ),
        SECONDARY,
    )
    published = ["proof_days"]
    if market.code == "US":
        published += ["programme_start", "response_days", "maximum_minor"]
    if market.region in {"EU", "UK"}:
        marks["response_days"] = marks["response_unit"] = SECONDARY
    if market.currency in {"USD", "CAD", "GBP", "EUR"}:
        published += ["ceiling_minor", "ceiling_includes_itself"]
    return marks | dict.fromkeys(published, PUBLISHED)


def launch_rows() -> list[tuple[str, dict[str, Any], dict[str, str]]]:
    """Market code, figures and marks of every marketplace."""
    return [(m.code, launch_figures(m), launch_marks(m)) for m in MARKETS.values()]
