"""What each figure of the terms is called, what it counts, and how it is shown to people."""

from collections.abc import Mapping
from typing import Any

from claims.terms import DEFAULT, MARK_WORDS
from sellers.money import display_amount

NOTHING = "–"

# Names that spelling out would not explain.
NAMES = {
    "ceiling_minor": "Ceiling at no cost to the seller",
    "ceiling_includes_itself": "A claim of exactly the ceiling is within it",
    "maximum_minor": "Maximum per claim",
    "decision_promise_days": "Decision promised to the customer within",
    "acknowledge_days": "Acknowledged within",
    "decide_days": "Decided within, as service level",
    "status_letter_days": "Status letter every",
    "proof_days": "Proof of insurance within",
    "response_days": "Seller's response within",
    "response_unit": "Seller's response counts",
    "handling_days": "Seller handles the claim itself within",
    "insurer_answer_days": "Insurer answers within",
    "seller_appeal_days": "Seller may appeal for",
    "claimant_appeal_days": "Claimant may appeal for",
    "claimant_answer_days": "Claimant answers a question within",
    "automatic_limit_minor": "Limit of automatic payouts",
    "adjuster_authority_minor": "Authority of an adjuster",
    "senior_authority_minor": "Authority of a senior adjuster",
    "daily_cap_minor": "Daily cap on automatic payouts",
    "grace_seconds": "Grace before the automatic step",
    "payee_cooling_hours": "Payment waits after a change of payee",
    "medicare_threshold_minor": "Medicare status needed above",
    "absorb_when_not_required": "Absorb the cost when no cover was required",
    "adult_age": "Of age at",
    "near_ceiling_percent": "Near the ceiling from",
    "burst_claims": "Claims on one product that make a burst",
    "burst_days": "Burst counted over",
    "repeat_claimant_months": "Same claimant again within",
    "soon_after_delivery_days": "Filed soon after delivery: within",
}
UNITS = {
    "_days": "days",
    "_seconds": "seconds",
    "_hours": "hours",
    "_months": "months",
    "_percent": "%",
    "adult_age": "years",
}


def figure_name(figure: str) -> str:
    """What a figure is called."""
    spelt = figure.removesuffix("_minor").removesuffix("_days").replace("_", " ").capitalize()
    return NAMES.get(figure, spelt)


def figure_value(figure: str, value: Any, currency: str) -> str:
    """A figure with its unit."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if figure.endswith("_minor"):
        return display_amount(value, currency=currency)
    if figure == "response_unit":
        return f"{str(value).lower()} days"
    return f"{value} {figure_unit(figure)}".strip()


def figure_unit(figure: str) -> str:
    """What a figure that is no money counts; empty for a plain number."""
    return next((words for end, words in UNITS.items() if figure.endswith(end)), "")


def mark_words(marks: Mapping[str, str], figure: str) -> str:
    """How sure we are of a figure."""
    return MARK_WORDS[marks.get(figure, DEFAULT)]
