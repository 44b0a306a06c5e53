"""Changes of what pauses payouts: a raise takes two people, a change that raises nothing one.

Limits count from the moment of the change on. A change is always a new row; none is ever edited.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from claims.decisions.base import need_reason
from claims.lifecycle import Refused
from claims.models import DraftStatus, LimitsDraft, PayoutLimits, PayoutSwitch
from claims.operations.breaking import limits_at
from claims.operations.drafting import held_open, person_behind, settle
from claims.operations.pausing import locked_switch
from claims.outcome import Actor
from claims.payout_figures import COUNTS, limit_name
from sellers.money import MINOR_DIGITS

WHAT = "The limits of payouts"
_MOST_COUNT = 2**31 - 1


class LimitsRefused(Refused):
    """A change of the limits of payouts cannot be made, proposed or decided."""


def change_limits(
    *, changes: Mapping[str, int], reason: str, at: datetime, by: Actor
) -> LimitsDraft | PayoutLimits:
    """Change limits: what raises nothing counts at once, a raise waits for a second person.

    `changes` maps limits (claims/payout_figures.py) to new values, sums in minor units. Values as
    they stand already do not count as changes.

    Raises:
        ReasonMissing: no words on why.
        LimitsRefused: nobody acts, nothing changes, or a limit would stop everything.
    """
    words = need_reason(reason, for_what="why the limits of payouts change")
    person = person_behind(by, refusal=LimitsRefused, what=WHAT)
    with transaction.atomic():
        stands = _held_limits(at)
        real = _real_changes(changes, stands)
        if _raises(real, stands):
            return LimitsDraft.objects.create(
                changes=real, reason=words, proposed_by_id=person, proposed_at=at
            )
        limits = _with(real, stands, at=at)
        limits.reason, limits.set_by_id = words, person
        limits.save(force_insert=True)
    return limits


def approve_limits(*, draft: LimitsDraft, at: datetime, by: Actor) -> PayoutLimits:
    """Make a proposed raise count from now on; the actor is somebody else than the proposer.

    The change is applied to the limits as they stand now.

    Raises:
        LimitsRefused: it is decided already, by its proposer, or changes nothing any more.
    """
    with transaction.atomic():
        held = held_open(draft, by=by, refusal=LimitsRefused, what=WHAT)
        stands = _held_limits(at)
        limits = _with(_real_changes(held.changes, stands), stands, at=at)
        limits.reason = held.reason
        limits.set_by, limits.approved_by_id = held.proposed_by, by.user_id
        limits.save(force_insert=True)
        settle(held, DraftStatus.APPROVED, by=by, decided_at=at, limits=limits)
    return limits


def refuse_limits(*, draft: LimitsDraft, reason: str, at: datetime, by: Actor) -> LimitsDraft:
    """Refuse a proposed raise; the actor is somebody else than the proposer.

    Raises:
        ReasonMissing: no words on why it is refused.
        LimitsRefused: it is decided already, or by its proposer.
    """
    words = need_reason(reason, for_what="why the change of limits is refused")
    with transaction.atomic():
        held = held_open(draft, by=by, refusal=LimitsRefused, what=WHAT)
        return settle(held, DraftStatus.REFUSED, by=by, decided_at=at, decision_reason=words)


def _held_limits(at: datetime) -> PayoutLimits:
    # Whoever sends holds the switch: a payment is judged by the old limits or the new, never both.
    PayoutSwitch.objects.get_or_create(pk=1)
    locked_switch()
    if PayoutLimits.objects.filter(effective_at__gte=at).exists():
        raise LimitsRefused("Somebody changed the limits meanwhile: look at them again.")
    return limits_at(at)


def _raises(changes: Mapping[str, int], stands: PayoutLimits) -> bool:
    figures = stands.figures
    return any(new > figures.get(name, 0) for name, new in changes.items())


def _with(changes: Mapping[str, int], stands: PayoutLimits, *, at: datetime) -> PayoutLimits:
    figures = stands.figures | dict(changes)
    return PayoutLimits(
        effective_at=at,
        hourly_sums={name: value for name, value in figures.items() if name not in COUNTS},
        **{name: figures[name] for name in COUNTS},
    )


def _real_changes(changes: Mapping[str, int], limits: PayoutLimits) -> dict[str, int]:
    stands = limits.figures
    real = {name: new for name, new in changes.items() if stands.get(name) != new}
    if not real:
        raise LimitsRefused("No limit differs from the limits as they stand.")
    for name, new in real.items():
        _check(name, new)
    return real


def _check(name: str, new: int) -> None:
    if name not in {*COUNTS, *MINOR_DIGITS}:
        raise LimitsRefused(f"“{name}” is no currency of a marketplace.")
    if new < 1 and name != "uncertain":
        raise LimitsRefused(
            f"{limit_name(name)}: nothing would be paid. To stop payouts, pause them."
        )
    if new < 0 or (name in COUNTS and new > _MOST_COUNT):
        raise LimitsRefused(f"{limit_name(name)}: choose between 0 and {_MOST_COUNT:,}.")
