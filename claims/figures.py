"""What each figure of the terms is called, how it is counted, and in which words it is shown."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from claims.terms import DEFAULT, MARK_WORDS
from sellers.money import format_amount

FIGURE_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "programme_start": "Programme start",
        "ceiling_minor": "Ceiling for claims at no cost to the seller",
        "ceiling_includes_itself": "The ceiling itself is within",
        "maximum_minor": "Maximum per claim",
        "filing_window_days": "Filing window after the incident, in days",
        "decision_promise_days": "Decision promised to the customer within, in days",
        "acknowledge_days": "Acknowledged within, in days",
        "status_letter_days": "A status letter every, in days",
        "proof_days": "Proof of insurance within, in days",
        "response_days": "Seller's response within, in days",
        "response_unit": "Days of the seller's response are",
        "handling_days": "Seller settles with the customer within, in days",
        "insurer_answer_days": "Insurer's answer within, in days",
        "seller_appeal_days": "Seller's appeal within, in days",
        "claimant_appeal_days": "Customer's appeal within, in days",
        "claimant_answer_days": "Customer's answer to a question within, in days",
        "automatic_limit_minor": "Limit of an automatic payout",
        "adjuster_authority_minor": "Authority of an adjuster",
        "senior_authority_minor": "Authority of a senior adjuster",
        "daily_cap_minor": "Daily cap on automatic payouts",
        "grace_seconds": "Grace before an automatic step, in seconds",
        "payee_cooling_hours": "Changed payee details cool off, in hours",
        "medicare_threshold_minor": "Medicare status needed above",
        "absorb_when_not_required": "Absorbed when the seller need not hold cover",
        "adult_age": "Of age at, in years",
        "repeat_claimant_months": "Same claimant again within, in months",
        "near_ceiling_percent": "Near the ceiling from, in percent of it",
        "soon_after_delivery_days": "Filed soon after delivery: within, in days",
        "burst_claims": "A burst is this many claims on one product",
        "burst_days": "within this many days",
    }
)


def figure_words(name: str, value: Any, *, currency: str) -> str:
    """A figure's value in words for people."""
    if value is None:
        return "not used in this market"
    if name.endswith("_minor"):
        return format_amount(int(value), currency=currency)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "response_unit":
        return f"{str(value).lower()} days"
    return str(value)


def mark_words(marks: Mapping[str, str], name: str) -> str:
    """How sure we are of a figure."""
    return MARK_WORDS[marks.get(name, DEFAULT)]
