"""Must this seller hold cover in this market, by when, and does it: on any day, past or future.

Source: programme rules §4. One pure function over facts; what is not known by a day does not
count on it. Days are the market's local days.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from insurance.compliance_facts import (
    InsuranceRequest,
    MonthlyProceeds,
    SellerFacts,
    SubmittedPolicy,
    Waiver,
)
from insurance.dates import date_text
from insurance.terms import RequirementTerms
from sellers.money import format_amount

__all__ = [
    "Compliance",
    "ComplianceStatus",
    "InsuranceRequest",
    "MonthlyProceeds",
    "Recommendation",
    "Requirement",
    "RequirementCause",
    "SellerFacts",
    "SubmittedPolicy",
    "Waiver",
    "compliance_at",
    "recommendation",
    "requirement_at",
]

_ONE_DAY = timedelta(days=1)


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
class Compliance:
    """A seller's standing on a day, with the reason in words for a person.

    `days_left` counts to `due_on` (DUE, REFUSED, OVERDUE), to the end of cover (PROVEN, EXPIRING),
    to the end of the waiver (WAIVED), or to the later of due day and end of cover (LAPSED); it is
    negative once that day is past, None when nothing is required. `cover_ends_on` is the first
    day without cover: ahead while cover is in force, else when the last cover ended. `defects`
    are those of the latest submission.
    """

    status: ComplianceStatus
    requirement: Requirement | None
    days_left: int | None
    cover_ends_on: date | None
    defects: tuple[str, ...]
    reason: str


def requirement_at(day: date, *, facts: SellerFacts, terms: RequirementTerms) -> Requirement | None:
    """The earliest trigger known by `day`; None while cover is not required.

    Source: rules §4 [P]: proceeds strictly above the figure in any one month, or a request; then
    30 days (`terms.days_to_prove`). A month counts from the day the figure was passed, or from
    its last day; where both fall on one day, the proceeds are the cause.
    """
    triggers = [trigger for trigger in _triggers(facts, terms) if trigger.triggered_on <= day]
    return min(triggers, key=lambda trigger: (trigger.triggered_on, trigger.cause), default=None)


def compliance_at(day: date, *, facts: SellerFacts, terms: RequirementTerms) -> Compliance:
    """A seller's compliance in a market on `day`, from the facts known by that day.

    Source: rules §4. In this order: nothing required; waived; proven cover in force; proven cover
    that ended; a refused certificate or none while the days run; overdue. Proven cover that begins
    later is not cover yet.
    """
    requirement = requirement_at(day, facts=facts, terms=terms)
    standing = _Standing(
        day=day,
        requirement=requirement,
        waived_until=_waived_until(day, facts),
        cover_ends_on=_end_of_cover(day, facts),
        defects=_latest_defects(day, facts),
    )
    status = _status(standing, terms)
    return Compliance(
        status=status,
        requirement=requirement,
        days_left=_days_left(standing, status),
        cover_ends_on=standing.cover_ends_on,
        defects=standing.defects,
        reason=_reason(standing, status, terms),
    )


def recommendation(compliance: Compliance, terms: RequirementTerms) -> Recommendation | None:
    """What operations should consider for a seller that is overdue or lapsed, else None.

    Source: rules §4, the consequence of not proving in time; the thresholds in days are our
    default [D].
    """
    if compliance.status not in {ComplianceStatus.OVERDUE, ComplianceStatus.LAPSED}:
        return None
    days_overdue = -(compliance.days_left or 0)
    steps = (
        (terms.suspend_after_days, Recommendation.SUSPEND),
        (terms.restrict_after_days, Recommendation.RESTRICT),
        (terms.notice_after_days, Recommendation.NOTICE),
    )
    return next((step for threshold, step in steps if days_overdue >= threshold), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """What is known of a seller on a day, before it has a name."""

    day: date
    requirement: Requirement | None
    waived_until: date | None
    cover_ends_on: date | None
    defects: tuple[str, ...]


def _triggers(facts: SellerFacts, terms: RequirementTerms) -> Iterable[Requirement]:
    trigger_minor = terms.monthly_trigger_minor
    wait = timedelta(days=terms.days_to_prove)
    for month in facts.proceeds:
        if trigger_minor is not None and month.gross_minor > trigger_minor:
            since = month.counts_from
            cause = RequirementCause.PROCEEDS
            yield Requirement(since, since + wait, cause, month.gross_minor)
    for request in facts.requests:
        since = request.requested_on
        yield Requirement(since, since + wait, RequirementCause.REQUEST, None)


def _waived_until(day: date, facts: SellerFacts) -> date | None:
    running = [w.until_on for w in facts.waivers if w.from_on <= day <= w.until_on]
    return max(running, default=None)


def _latest_defects(day: date, facts: SellerFacts) -> tuple[str, ...]:
    known = [policy for policy in facts.policies if policy.submitted_on <= day]
    latest = max(known, key=lambda policy: (policy.submitted_on, policy.key), default=None)
    return latest.defects if latest else ()


def _end_of_cover(day: date, facts: SellerFacts) -> date | None:
    """The first day without cover after `day` where cover is in force, else the last end."""
    ahead = min(_covered_until(day, facts, product) for product in _products(facts))
    return ahead if ahead > day else _last_end_of_cover(day, facts)


def _products(facts: SellerFacts) -> Iterable[str | None]:
    return facts.products or (None,)


def _covered_until(day: date, facts: SellerFacts, product: str | None) -> date:
    """The end of the unbroken proven cover from `day` on; `day` itself when there is none."""
    covers = (policy.proven_cover(known_on=day, product=product) for policy in facts.policies)
    until = day
    for effective_on, expires_on in sorted(cover for cover in covers if cover):
        if effective_on <= until:
            until = max(until, expires_on)
    return until


def _last_end_of_cover(day: date, facts: SellerFacts) -> date | None:
    """When cover that was proven while in force last ended, None if there never was any."""
    ends = {
        policy.expires_on
        for policy in facts.policies
        if policy.expires_on is not None and policy.expires_on <= day
    }
    return max((end for end in ends if _was_covered(end - _ONE_DAY, facts)), default=None)


def _was_covered(day: date, facts: SellerFacts) -> bool:
    return all(
        any(policy.proves(day, known_on=day, product=product) for policy in facts.policies)
        for product in _products(facts)
    )


def _status(standing: _Standing, terms: RequirementTerms) -> ComplianceStatus:
    if standing.requirement is None:
        return ComplianceStatus.NOT_REQUIRED
    if standing.waived_until is not None:
        return ComplianceStatus.WAIVED
    if standing.cover_ends_on is not None:
        return _status_by_cover((standing.cover_ends_on - standing.day).days, terms)
    if standing.day > standing.requirement.due_on:
        return ComplianceStatus.OVERDUE
    return ComplianceStatus.REFUSED if standing.defects else ComplianceStatus.DUE


def _status_by_cover(days_of_cover_left: int, terms: RequirementTerms) -> ComplianceStatus:
    if days_of_cover_left <= 0:
        return ComplianceStatus.LAPSED
    if days_of_cover_left <= terms.expiring_days:
        return ComplianceStatus.EXPIRING
    return ComplianceStatus.PROVEN


def _days_left(standing: _Standing, status: ComplianceStatus) -> int | None:
    if standing.requirement is None:
        return None
    until = standing.requirement.due_on
    if status is ComplianceStatus.WAIVED:
        until = standing.waived_until or until
    elif status is ComplianceStatus.LAPSED:
        # A seller whose old cover ended before cover was required still has its days to prove.
        until = max(until, standing.cover_ends_on or until)
    elif standing.cover_ends_on is not None:
        until = standing.cover_ends_on
    return (until - standing.day).days


def _reason(standing: _Standing, status: ComplianceStatus, terms: RequirementTerms) -> str:
    """The standing in one or two sentences: why cover is required, and what stands now."""
    if standing.requirement is None:
        return _why_not_required(terms)
    why = _why_required(standing.requirement, terms)
    due = date_text(standing.requirement.due_on)
    ends = "" if standing.cover_ends_on is None else date_text(standing.cover_ends_on)
    waived_until = "" if standing.waived_until is None else date_text(standing.waived_until)
    now = {
        ComplianceStatus.WAIVED: f"Proof is waived until {waived_until}.",
        ComplianceStatus.PROVEN: f"Proven cover runs until {ends}.",
        ComplianceStatus.EXPIRING: f"Proven cover ends on {ends} and no renewal is proven.",
        ComplianceStatus.LAPSED: f"Proven cover ended on {ends}.",
        ComplianceStatus.DUE: f"Proof of cover is due by {due}.",
        ComplianceStatus.REFUSED: (
            f"The last certificate was refused ({', '.join(standing.defects)}). "
            f"Proof of cover is due by {due}."
        ),
        ComplianceStatus.OVERDUE: f"Proof of cover was due by {due}.",
    }
    return f"{why} {now[status]}"


def _why_not_required(terms: RequirementTerms) -> str:
    if terms.monthly_trigger_minor is None:
        return "Cover is required only on request, and was not requested."
    trigger = format_amount(terms.monthly_trigger_minor, currency=terms.currency)
    return f"No month’s gross proceeds passed {trigger}, and cover was not requested."


def _why_required(requirement: Requirement, terms: RequirementTerms) -> str:
    since = date_text(requirement.triggered_on)
    if requirement.figure is None or terms.monthly_trigger_minor is None:
        return f"Cover was requested on {since}."
    gross = format_amount(requirement.figure, currency=terms.currency)
    trigger = format_amount(terms.monthly_trigger_minor, currency=terms.currency)
    return f"Gross proceeds of {gross} in one month passed {trigger} on {since}."
