"""What every decision is built with: the step's check, the clocks, the letters."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from claims.deadlines import Unit, acts_at, due_moment, reminder_moments
from claims.facts import ClaimFacts
from claims.lifecycle import ActorKind, Refused, Status, check_step
from claims.models.handling import WAITING_KINDS, DeadlineKind
from claims.models.notice import Recipient
from claims.outcome import Actor, CloseDeadline, Letter, OpenDeadline, Outcome

REMINDED = frozenset(
    {
        DeadlineKind.SELLER_RESPONSE,
        DeadlineKind.SELLER_SETTLEMENT,
        DeadlineKind.PROOF_OF_INSURANCE,
    }
)


class ReasonMissing(Refused):
    """The rules ask for a reason in words, and none was given."""


def take(
    facts: ClaimFacts,
    step: str,
    /,
    *,
    at: datetime,
    by: Actor,
    to: Status | None = None,
    **more: Any,
) -> Outcome:
    """The outcome of a step from where the claim stands.

    Raises:
        StepNotAllowed: the status does not allow the step, or this actor may not take it.
    """
    check_step(step, status=facts.status, actor=by.kind)
    return Outcome(
        claim_id=facts.id,
        reference=facts.reference,
        currency=facts.currency,
        expected_version=facts.version,
        from_status=facts.status,
        to_status=to or facts.status,
        step=step,
        at=at,
        by=by,
        **more,
    )


def need_reason(reason: str, *, for_what: str) -> str:
    """The reason, stripped.

    Raises:
        ReasonMissing: it is empty.
    """
    if not reason.strip():
        raise ReasonMissing(f"Give a reason: {for_what}.")
    return reason.strip()


def open_clock(
    facts: ClaimFacts,
    kind: DeadlineKind,
    *,
    owner: ActorKind,
    length: int,
    at: datetime,
    unit: str = "CALENDAR",
    starts_at: datetime | None = None,
    note: str = "",
) -> OpenDeadline:
    """A clock of the claim, counted from `starts_at` (default: now) in its marketplace."""
    start = starts_at or at
    due_at = due_moment(
        start, length=length, unit=Unit(unit), market=facts.market, closures=facts.closures
    )
    return OpenDeadline(
        kind=kind,
        owner=owner,
        starts_at=start,
        length=length,
        unit=unit,
        calendar=facts.market,
        due_at=due_at,
        acts_at=_acts_at(facts, kind, due_at),
        remind_at=_first_reminder(kind, at, due_at),
        note=note,
    )


def _acts_at(facts: ClaimFacts, kind: DeadlineKind, due_at: datetime) -> datetime | None:
    if kind == DeadlineKind.STATUS_LETTER:
        return due_at
    if kind in WAITING_KINDS:
        return acts_at(due_at, grace_seconds=facts.terms.grace_seconds)
    return None


def _first_reminder(kind: DeadlineKind, at: datetime, due_at: datetime) -> datetime | None:
    if kind not in REMINDED:
        return None
    return next(iter(reminder_moments(at, due_at)), None)


def close(kind: DeadlineKind, how: str) -> CloseDeadline:
    """The open clock of a kind ends: met, lapsed or cancelled."""
    return CloseDeadline(kind, how)


def close_all(facts: ClaimFacts, how: str = "cancelled") -> tuple[CloseDeadline, ...]:
    """Every open clock of the claim ends."""
    return tuple(CloseDeadline(clock.kind, how) for clock in facts.clocks)


def to_seller(facts: ClaimFacts, kind: str, *, occasion: str | int, **more: Any) -> Letter:
    """A letter to the seller."""
    return Letter(kind, Recipient.SELLER, facts.seller_email, str(occasion), _plain(more))


def to_claimant(facts: ClaimFacts, kind: str, *, occasion: str | int, **more: Any) -> Letter:
    """A letter to the claimant."""
    return Letter(kind, Recipient.CLAIMANT, facts.claimant_email, str(occasion), _plain(more))


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
    }
