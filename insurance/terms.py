"""What a marketplace asks of a seller's cover, as effective-dated data.

Source: programme rules §4. `DEFAULT_REQUIREMENT_TERMS` is launch data: a migration copies it to
the database, where an administrator edits it. Rules never read it; they are given a
`RequirementTerms`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from sellers.markets import MARKETS
from sellers.money import minor_units, scaled_limit

PUBLISHED: Final = "P"
SECONDARY: Final = "S"
DEFAULT: Final = "D"

ACCEPTED_KINDS: Final = frozenset({"COMMERCIAL_GENERAL", "PRODUCTS", "UMBRELLA", "EXCESS"})
# AM Best's A- and better, then S&P's. No grade of one agency is a failing grade of the other.
ACCEPTED_RATINGS: Final = frozenset({"A++", "A+", "A", "A-"} | {"AAA", "AA+", "AA", "AA-"})
ACCEPTED_FILE_KINDS: Final = frozenset({"pdf", "doc", "docx"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementTerms:
    """The insurance requirement of one market. Money is in minor units of `currency`.

    `monthly_trigger_minor` is None where cover is asked for only on request (Japan).
    `marks` says for every other field where its figure is from: P the operator's published
    policy, S a secondary source, D our default, which the admin shows as "not published".
    """

    market: str
    currency: str
    monthly_trigger_minor: int | None
    each_occurrence_minor: int
    aggregate_minor: int
    deductible_max_minor: int
    additional_insured_wording: str
    days_to_prove: int = 30
    expiring_days: int = 30
    minimum_days_to_run: int = 60
    notice_of_cancellation_days: int = 30
    claims_made_categories: frozenset[str] = frozenset()
    claims_made_tail_years: int = 3
    accepted_kinds: frozenset[str] = ACCEPTED_KINDS
    accepted_ratings: frozenset[str] = ACCEPTED_RATINGS
    accepted_file_kinds: frozenset[str] = ACCEPTED_FILE_KINDS
    notice_after_days: int = 1
    restrict_after_days: int = 7
    suspend_after_days: int = 30
    reminder_days: tuple[int, ...] = (14, 7, 1)
    expiring_reminder_days: tuple[int, ...] = (30, 14, 7, 1)
    marks: Mapping[str, str] = field(hash=False)


_WORDING = "Amazon.com Services LLC and its affiliates and assignees"
_DEDUCTIBLE_DOLLARS = 10_000

# Market, monthly trigger, its mark, limit per occurrence and aggregate, its mark (rules §4).
_LAUNCH: tuple[tuple[str, int | None, str, int, str], ...] = (
    ("US", 10_000, PUBLISHED, 1_000_000, PUBLISHED),
    ("CA", 10_000, PUBLISHED, 1_000_000, DEFAULT),
    ("UK", 4_000, SECONDARY, 400_000, SECONDARY),
    ("DE", 5_000, SECONDARY, 500_000, SECONDARY),
    ("FR", 5_000, SECONDARY, 500_000, SECONDARY),
    ("IT", 5_000, SECONDARY, 500_000, SECONDARY),
    ("ES", 5_000, SECONDARY, 500_000, SECONDARY),
    ("NL", 5_000, SECONDARY, 500_000, SECONDARY),
    ("BE", 5_000, SECONDARY, 500_000, SECONDARY),
    ("SE", 50_000, SECONDARY, 5_000_000, SECONDARY),
    ("PL", 22_500, SECONDARY, 2_250_000, SECONDARY),
    ("MX", 100_000, SECONDARY, 10_000_000, DEFAULT),
    ("JP", None, SECONDARY, 100_000_000, DEFAULT),
)

# What the operator publishes for the US; elsewhere the same figures are our default.
_US_POLICY = (
    "deductible_max_minor",
    "additional_insured_wording",
    "notice_of_cancellation_days",
    "accepted_kinds",
    "accepted_ratings",
    "accepted_file_kinds",
)
_US_SECONDARY = ("minimum_days_to_run", "claims_made_tail_years")
_OURS_EVERYWHERE = (
    "expiring_days",
    "claims_made_categories",
    "notice_after_days",
    "restrict_after_days",
    "suspend_after_days",
    "reminder_days",
    "expiring_reminder_days",
)


def _marks(market: str, *, trigger: str, limit: str) -> Mapping[str, str]:
    in_us = market == "US"
    return MappingProxyType(
        {
            "monthly_trigger_minor": trigger,
            "each_occurrence_minor": limit,
            "aggregate_minor": limit,
            "days_to_prove": PUBLISHED,
        }
        | dict.fromkeys(_US_POLICY, PUBLISHED if in_us else DEFAULT)
        | dict.fromkeys(_US_SECONDARY, SECONDARY if in_us else DEFAULT)
        | dict.fromkeys(_OURS_EVERYWHERE, DEFAULT)
    )


def _launch_terms(
    *, market: str, trigger: int | None, trigger_mark: str, limit: int, limit_mark: str
) -> RequirementTerms:
    currency = MARKETS[market].currency
    limit_minor = minor_units(limit, currency=currency)
    return RequirementTerms(
        market=market,
        currency=currency,
        monthly_trigger_minor=None if trigger is None else minor_units(trigger, currency=currency),
        each_occurrence_minor=limit_minor,
        aggregate_minor=limit_minor,
        deductible_max_minor=scaled_limit(_DEDUCTIBLE_DOLLARS, currency=currency),
        additional_insured_wording=_WORDING,
        marks=_marks(market, trigger=trigger_mark, limit=limit_mark),
    )


DEFAULT_REQUIREMENT_TERMS: Final[Mapping[str, RequirementTerms]] = MappingProxyType(
    {
        market: _launch_terms(
            market=market,
            trigger=trigger,
            trigger_mark=trigger_mark,
            limit=limit,
            limit_mark=limit_mark,
        )
        for market, trigger, trigger_mark, limit, limit_mark in _LAUNCH
    }
)
