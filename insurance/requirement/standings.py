"""The compliance of all sellers of a market on a day, by one query.

It answers for each seller as `insurance.compliance.compliance_at` answers from the facts of
`insurance.queries.seller_facts`; a test compares the two on thousands of random sellers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from insurance.compliance_facts import SubmittedPolicy
from insurance.compliance_reason import reason_of
from insurance.models import Review
from insurance.queries import read_requirement_terms, terms_row
from insurance.requirement.standings_sql import JUDGED_IN_MARKET, JUDGED_SELLERS
from insurance.standing import ComplianceStatus, Requirement, RequirementCause, Standing
from insurance.terms import RequirementTerms
from sellers.models import Marketplace

COLUMNS = (
    "seller_id, status, cause, triggered_on, figure_minor, due_on, counts_to, cover_ends_on, "
    "recommendation, waived_until, latest_id, latest_on, latest_defects, latest_review"
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A seller's compliance in a market on a day. Empty texts and None: there is none.

    `counts_to` is the day to which days left are counted; the `latest_` submission is the one
    that the words speak of.
    """

    seller_id: int
    status: str
    cause: str
    triggered_on: date | None
    figure_minor: int | None
    due_on: date | None
    counts_to: date | None
    cover_ends_on: date | None
    recommendation: str
    waived_until: date | None
    latest_id: int | None
    latest_on: date | None
    latest_defects: Sequence[str] | None
    latest_review: str | None

    def days_left(self, day: date) -> int | None:
        """Days left on a day, negative once they are over; None when nothing is required."""
        return None if self.counts_to is None else (self.counts_to - day).days

    def reason(self, day: date, terms: RequirementTerms) -> str:
        """Why cover is required and what stands now, in words for a person."""
        standing = Standing(
            day=day,
            requirement=self._requirement(),
            waived_until=self.waived_until,
            cover_ends_on=self.cover_ends_on,
            latest=self._latest(),
        )
        return reason_of(standing, ComplianceStatus(self.status), terms)

    def _requirement(self) -> Requirement | None:
        if self.triggered_on is None or self.due_on is None:
            return None
        cause = RequirementCause(self.cause)
        return Requirement(self.triggered_on, self.due_on, cause, self.figure_minor)

    def _latest(self) -> SubmittedPolicy | None:
        if self.latest_on is None or self.latest_id is None:
            return None
        # Only its day and its fate are spoken of: its dates are left out, so it is no proof here.
        return SubmittedPolicy(
            submitted_on=self.latest_on,
            defects=tuple(self.latest_defects or ()),
            effective_on=date.min,
            expires_on=date.max,
            key=self.latest_id,
            is_accepted=self.latest_review == Review.ACCEPTED,
            is_refused=self.latest_review == Review.REFUSED,
        )


@dataclass(frozen=True, slots=True)
class Question:
    """A market, a local day, and the terms in force on it, as the query's parameters.

    `sellers` are those asked for, None for everybody of whom cover is required.
    """

    market: str
    day: date
    terms: RequirementTerms
    zone: str
    sellers: tuple[int, ...] | None = None

    @property
    def judged(self) -> str:
        """The beginning of a query: a WITH whose last step, `judged`, has the answers."""
        return JUDGED_IN_MARKET if self.sellers is None else JUDGED_SELLERS

    @property
    def parameters(self) -> dict[str, Any]:
        """Everything that the query asks for by name."""
        return {
            "market": self.market,
            "day": self.day,
            "zone": self.zone,
            "trigger": self.terms.monthly_trigger_minor,
            "days_to_prove": self.terms.days_to_prove,
            "expiring_days": self.terms.expiring_days,
            "notice_after": self.terms.notice_after_days,
            "restrict_after": self.terms.restrict_after_days,
            "suspend_after": self.terms.suspend_after_days,
            "sellers": None if self.sellers is None else list(self.sellers),
        }


def ask(market: str, *, day: date, sellers: Sequence[int] | None = None) -> Question:
    """The question about a market on a local day, with the terms in force then.

    Raises:
        NoTerms: the market has no terms.
    """
    return Question(
        market=market,
        day=day,
        terms=read_requirement_terms(terms_row(market, on=day)),
        zone=Marketplace.objects.get(pk=market).timezone,
        sellers=None if sellers is None else tuple(sellers),
    )


def judge(question: Question) -> Iterator[Judged]:
    """The compliance of every seller that the question is about."""
    statement = question.judged + f" SELECT {COLUMNS} FROM judged"  # noqa: S608 - our own texts
    with connection.cursor() as cursor:
        cursor.execute(statement, question.parameters)
        yield from (Judged(*row) for row in cursor.fetchall())
