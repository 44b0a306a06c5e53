"""Claim terms: every figure of the programme per marketplace, as data with a date (rules §2, §8).

A claim keeps the terms that were in force when it was reported, for ever. Nothing in the code
reads a figure from here but the migration that lays down the launch rows; everything else is
given a `Terms` built from a row.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

PUBLISHED, SECONDARY, DEFAULT = "P", "S", "D"
MARK_WORDS = {
    PUBLISHED: "published by the programme",
    SECONDARY: "secondary source",
    DEFAULT: "default, not published",
}


class TermsNotUnderstood(ValueError):
    """A set of figures is incomplete or contradicts itself."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The figures of one marketplace from one date on. Money is in minor units."""

    version_id: int
    market: str
    currency: str
    effective_on: date
    programme_start: date
    ceiling_minor: int
    ceiling_includes_itself: bool
    maximum_minor: int
    filing_window_days: int
    decision_promise_days: int
    acknowledge_days: int
    decide_days: int
    status_letter_days: int
    proof_days: int
    response_days: int
    response_unit: str
    handling_days: int
    insurer_answer_days: int
    seller_appeal_days: int
    claimant_appeal_days: int
    claimant_answer_days: int
    automatic_limit_minor: int
    adjuster_authority_minor: int
    senior_authority_minor: int
    daily_cap_minor: int
    grace_seconds: int
    payee_cooling_hours: int
    medicare_threshold_minor: int | None
    absorb_when_not_required: bool
    adult_age: int
    repeat_claimant_months: int
    near_ceiling_percent: int
    soon_after_delivery_days: int
    burst_claims: int
    burst_days: int

    def is_within_ceiling(self, amount_minor: int) -> bool:
        """Whether the programme pays this at no cost to the seller; one cent decides.

        US `<=`, elsewhere `<` (rules §2 [P]).
        """
        if self.ceiling_includes_itself:
            return amount_minor <= self.ceiling_minor
        return amount_minor < self.ceiling_minor


OWN_FIELDS = frozenset({"version_id", "market", "currency", "effective_on"})
FIGURES = tuple(f.name for f in fields(Terms) if f.name not in OWN_FIELDS)


def read_terms(
    *, version_id: int, market: str, currency: str, effective_on: date, figures: Mapping[str, Any]
) -> Terms:
    """Terms from a stored row.

    Raises:
        TermsNotUnderstood: a figure is missing, unknown, or out of bounds.
    """
    check_figures(figures)
    values = dict(figures)
    values["programme_start"] = date.fromisoformat(values["programme_start"])
    return Terms(
        version_id=version_id,
        market=market,
        currency=currency,
        effective_on=effective_on,
        **values,
    )


def check_figures(figures: Mapping[str, Any]) -> None:
    """Raise TermsNotUnderstood unless the figures are complete and make sense together."""
    if missing := sorted(set(FIGURES) - set(figures)):
        raise TermsNotUnderstood(f"These figures are missing: {', '.join(missing)}.")
    if unknown := sorted(set(figures) - set(FIGURES)):
        raise TermsNotUnderstood(f"These figures are not known: {', '.join(unknown)}.")
    for name, value in figures.items():
        _check_figure(name, value)
    if figures["adjuster_authority_minor"] > figures["senior_authority_minor"]:
        raise TermsNotUnderstood("An adjuster's authority cannot exceed a senior adjuster's.")
    if figures["ceiling_minor"] > figures["maximum_minor"]:
        raise TermsNotUnderstood("The ceiling cannot exceed the maximum per claim.")


def _check_figure(name: str, value: object) -> None:
    if name == "programme_start":
        _check_date(value)
    elif name == "response_unit":
        if value not in {"CALENDAR", "WORKING"}:
            raise TermsNotUnderstood("The response unit is calendar or working days.")
    elif name in {"ceiling_includes_itself", "absorb_when_not_required"}:
        if not isinstance(value, bool):
            raise TermsNotUnderstood(f"{name} is yes or no.")
    elif not (name == "medicare_threshold_minor" and value is None):
        _check_count(name, value)


def _check_date(value: object) -> None:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        raise TermsNotUnderstood(f"“{value}” is not a date like 2021-09-01.") from None


def _check_count(name: str, value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TermsNotUnderstood(f"{name} is a whole number, zero or more.")
