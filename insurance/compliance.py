"""Must this seller hold cover in this market, by when, and does it: on any day, past or future.

Source: programme rules §4. One pure function over facts; what is not known by a day does not
count on it. Days are the market's local days.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from insurance.compliance_facts import (
    InsuranceRequest,
    MonthlyProceeds,
    SellerFacts,
    SubmittedPolicy,
    Waiver,
)
from insurance.compliance_reason import reason_of
from insurance.standing import (
    ComplianceStatus,
    Recommendation,
    Requirement,
    RequirementCause,
    Standing,
)
from insurance.terms import RequirementTerms

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
    standing = Standing(
        day=day,
        requirement=requirement,
        waived_until=_waived_until(day, facts),
        cover_ends_on=_end_of_cover(day, facts),
        latest=_latest(day, facts),
    )
    status = _status(standing, terms)
    return Compliance(
        status=status,
        requirement=requirement,
        days_left=_days_left(standing, status),
        cover_ends_on=standing.cover_ends_on,
        defects=standing.latest.defects if standing.latest else (),
        reason=reason_of(standing, status, terms),
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
    running = [waiver.until_on for waiver in facts.waivers if waiver.holds_on(day)]
    return max(running, default=None)


def _latest(day: date, facts: SellerFacts) -> SubmittedPolicy | None:
    known = [policy for policy in facts.policies if policy.submitted_on <= day]
    return max(known, key=lambda policy: (policy.submitted_on, policy.key), default=None)


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


def _status(standing: Standing, terms: RequirementTerms) -> ComplianceStatus:
    if standing.requirement is None:
        return ComplianceStatus.NOT_REQUIRED
    if standing.waived_until is not None:
        return ComplianceStatus.WAIVED
    if standing.cover_ends_on is not None:
        return _status_by_cover((standing.cover_ends_on - standing.day).days, terms)
    if standing.day > standing.requirement.due_on:
        return ComplianceStatus.OVERDUE
    is_refused = standing.latest is not None and standing.latest.was_refused
    return ComplianceStatus.REFUSED if is_refused else ComplianceStatus.DUE


def _status_by_cover(days_of_cover_left: int, terms: RequirementTerms) -> ComplianceStatus:
    if days_of_cover_left <= 0:
        return ComplianceStatus.LAPSED
    if days_of_cover_left <= terms.expiring_days:
        return ComplianceStatus.EXPIRING
    return ComplianceStatus.PROVEN


def _days_left(standing: Standing, status: ComplianceStatus) -> int | None:
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
