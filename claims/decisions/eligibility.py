"""Which reported claims the programme can take at all (rules §2, §3). Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from claims.deadlines import window_end
from claims.terms import Terms


class Denial(StrEnum):
    """Coded reasons of a denial; `claims.letters` has the words for the claimant."""

    FILED_LATE = "FILED_LATE"
    BEFORE_PROGRAMME_START = "BEFORE_PROGRAMME_START"
    NOT_PHYSICAL = "NOT_PHYSICAL"
    OVER_MAXIMUM = "OVER_MAXIMUM"
    DUPLICATE = "DUPLICATE"
    SCREENED_OUT = "SCREENED_OUT"
    NOT_PROVEN = "NOT_PROVEN"
    SELLER_DEFENCE_UPHELD = "SELLER_DEFENCE_UPHELD"


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What eligibility looks at. `payable_minor` is claimed under heads that can be paid."""

    incident_on: date
    reported_at: datetime
    is_physical: bool
    payable_minor: int
    has_duplicate: bool


def find_ineligibility(report: ReportFacts, *, terms: Terms) -> Denial | None:
    """The first reason why the programme cannot take this claim, or None."""
    if report.incident_on < terms.programme_start:
        return Denial.BEFORE_PROGRAMME_START
    if not report.is_physical:
        return Denial.NOT_PHYSICAL
    closes = window_end(report.incident_on, days=terms.filing_window_days, market=terms.market)
    if report.reported_at >= closes:
        return Denial.FILED_LATE
    if report.payable_minor > terms.maximum_minor:
        return Denial.OVER_MAXIMUM
    return Denial.DUPLICATE if report.has_duplicate else None
