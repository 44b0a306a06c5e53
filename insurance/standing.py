"""Where a seller stands with the insurance requirement, as plain values.

Source: programme rules §4. `compliance` finds it, `compliance_reason` puts it into words.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from insurance.compliance_facts import SubmittedPolicy


class ComplianceStatus(StrEnum):
    """A seller's standing in a market on a day (rules §4)."""

    NOT_REQUIRED = "NOT_REQUIRED"
    DUE = "DUE"
    OVERDUE = "OVERDUE"
    PROVEN = "PROVEN"
    EXPIRING = "EXPIRING"
    LAPSED = "LAPSED"
    REFUSED = "REFUSED"
    WAIVED = "WAIVED"


class RequirementCause(StrEnum):
    """Why cover is required: a month's proceeds, or a request by operations (rules §4 [P])."""

    PROCEEDS = "PROCEEDS"
    REQUEST = "REQUEST"


class Recommendation(StrEnum):
    """What operations should consider; a person decides (rules §4)."""

    NOTICE = "notice"
    RESTRICT = "restrict"
    SUSPEND = "suspend"


@dataclass(frozen=True, slots=True)
class Requirement:
    """Cover is required: since when, proof due through the end of which day, and why.

    `figure` is the month's gross proceeds in minor units, None for a request.
    """

    triggered_on: date
    due_on: date
    cause: RequirementCause
    figure: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of a seller on a day, before it has a name."""

    day: date
    requirement: Requirement | None
    waived_until: date | None
    cover_ends_on: date | None
    latest: SubmittedPolicy | None
