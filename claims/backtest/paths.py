"""The path that a claim takes under given terms: pure, the same rules as production.

What people and the outside world did stays as it was: the assessment, the seller's answer, the
insurer's, the claimant's withdrawal. Where other terms would have asked somebody who was never
asked, the backtest says what it assumes: a seller that was not asked stays silent, and what a bar
or a limit sends to people is paid by them.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from claims.authority import automatic_bars
from claims.decisions.eligibility import ReportFacts, find_ineligibility
from claims.facts import ClaimFacts
from claims.terms import Terms


class Path(StrEnum):
    """How a claim goes, and who bears it."""

    INELIGIBLE = "INELIGIBLE"
    CLOSED_BEFORE_ASSESSMENT = "CLOSED_BEFORE_ASSESSMENT"
    NOT_PROVEN = "NOT_PROVEN"
    WITHDRAWN = "WITHDRAWN"
    CONCEDED_ABSORBED = "CONCEDED_ABSORBED"
    CONCEDED_RECOVERED = "CONCEDED_RECOVERED"
    ACCEPTED = "ACCEPTED"
    LAPSED = "LAPSED"
    DECIDED_BY_PEOPLE = "DECIDED_BY_PEOPLE"
    DEFENCE_UPHELD = "DEFENCE_UPHELD"
    SETTLED_BY_SELLER = "SETTLED_BY_SELLER"
    PAID_BY_INSURER = "PAID_BY_INSURER"


PATH_WORDS: dict[str, str] = {
    Path.INELIGIBLE: "Denied at report: not eligible",
    Path.CLOSED_BEFORE_ASSESSMENT: "Closed before an assessment",
    Path.NOT_PROVEN: "Denied: not proven",
    Path.WITHDRAWN: "Withdrawn",
    Path.CONCEDED_ABSORBED: "Paid within the ceiling, absorbed",
    Path.CONCEDED_RECOVERED: "Paid within the ceiling, recovered from the seller",
    Path.ACCEPTED: "Paid automatically: the seller accepted",
    Path.LAPSED: "Paid automatically: the seller stayed silent",
    Path.DECIDED_BY_PEOPLE: "Paid after people decided",
    Path.DEFENCE_UPHELD: "Denied: the seller's defence held",
    Path.SETTLED_BY_SELLER: "Settled by the seller",
    Path.PAID_BY_INSURER: "Paid by the seller's insurer",
}
AUTOMATIC = frozenset({Path.ACCEPTED, Path.LAPSED})


@dataclass(frozen=True, slots=True)
class PastClaim:
    """What happened to a claim, as far as terms do not decide it."""

    facts: ClaimFacts
    month: date
    is_physical: bool
    payable_minor: int
    was_duplicate: bool
    answer: str
    answered_at: datetime | None
    outcome: str
    insurer_paid_minor: int | None
    settled_minor: int | None
    cover_required: bool
    cover_proven: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """A path and what each party carries, in minor units."""

    path: Path
    programme_minor: int = 0
    seller_minor: int = 0
    insurer_minor: int = 0

    @property
    def is_automatic(self) -> bool:
        """Whether nobody of operations had to decide the payment."""
        return self.path in AUTOMATIC


def decide_again(past: PastClaim, *, terms: Terms, spent_today_minor: int = 0) -> Verdict:
    """The path of a past claim under these terms."""
    facts = past.facts
    report = ReportFacts(
        incident_on=facts.incident_on,
        reported_at=facts.reported_at,
        is_physical=past.is_physical,
        payable_minor=past.payable_minor,
        has_duplicate=past.was_duplicate,
    )
    if find_ineligibility(report, terms=terms) is not None:
        return Verdict(Path.INELIGIBLE)
    amount = facts.assessed_minor
    if amount is None:
        return Verdict(Path.CLOSED_BEFORE_ASSESSMENT)
    if amount == 0:
        return Verdict(Path.NOT_PROVEN)
    if past.outcome == "WITHDRAWN":
        return Verdict(Path.WITHDRAWN)
    if terms.is_within_ceiling(amount):
        return _within(past, amount, terms)
    return _above(past, amount, terms, spent_today_minor)


def _within(past: PastClaim, amount: int, terms: Terms) -> Verdict:
    absorbed = past.cover_proven or (not past.cover_required and terms.absorb_when_not_required)
    if absorbed:
        return Verdict(Path.CONCEDED_ABSORBED, programme_minor=amount)
    return Verdict(Path.CONCEDED_RECOVERED, seller_minor=amount)


def _above(past: PastClaim, amount: int, terms: Terms, spent_today_minor: int) -> Verdict:
    if past.answer == "HANDLE" and past.outcome == "SETTLED":
        return Verdict(Path.SETTLED_BY_SELLER, seller_minor=past.settled_minor or amount)
    if past.answer == "TENDER" and past.outcome == "SETTLED":
        return Verdict(Path.PAID_BY_INSURER, insurer_minor=past.insurer_paid_minor or amount)
    if past.answer == "REJECT" and past.outcome == "DENIED":
        return Verdict(Path.DEFENCE_UPHELD)
    if past.answer in {"", "ACCEPT"}:
        return _without_dispute(past, amount, terms, spent_today_minor)
    return Verdict(Path.DECIDED_BY_PEOPLE, seller_minor=amount)


def _without_dispute(past: PastClaim, amount: int, terms: Terms, spent_today_minor: int) -> Verdict:
    facts = replace(past.facts, terms=terms)
    bars = automatic_bars(
        facts,
        amount_minor=amount,
        at=past.facts.reported_at,
        spent_today_minor=spent_today_minor,
    )
    if bars:
        return Verdict(Path.DECIDED_BY_PEOPLE, seller_minor=amount)
    path = Path.ACCEPTED if past.answer == "ACCEPT" else Path.LAPSED
    return Verdict(path, seller_minor=amount)
