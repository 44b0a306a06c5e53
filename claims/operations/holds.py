"""Holds: a person, or a screening hit, stops automatic handling of a claim (rules §2, §3)."""

from datetime import datetime

from claims.decisions.base import need_reason, take
from claims.facts import ClaimFacts
from claims.lifecycle import Refused
from claims.models import Claim, HoldKind, PayoutState
from claims.operations.acting import act
from claims.outcome import Actor, NewRow, Outcome, RowChange


class HoldRefused(Refused):
    """There is such a hold already, or none to release."""


def place_hold(*, claim: Claim, kind: HoldKind, reason: str, at: datetime, by: Actor) -> Claim:
    """Stop automatic handling, for a reason.

    Raises:
        HoldRefused: the same kind of hold is in place. ReasonMissing: no reason.
    """
    words = need_reason(reason, for_what="why the claim is held")
    return act(claim, lambda facts: _place(facts, kind, words, at=at, by=by))


def _place(facts: ClaimFacts, kind: HoldKind, reason: str, *, at: datetime, by: Actor) -> Outcome:
    if kind.value in facts.holds:
        raise HoldRefused(f"A {kind.label.lower()} hold is already in place.")
    return take(
        facts,
        "place_hold",
        at=at,
        by=by,
        text=reason,
        facts={"kind": kind.value},
        new_rows=(
            NewRow(
                "Hold",
                {
                    "kind": kind.value,
                    "reason": reason,
                    "placed_at": at,
                    "placed_by_id": by.user_id,
                },
            ),
        ),
    )


def release_hold(*, claim: Claim, kind: HoldKind, reason: str, at: datetime, by: Actor) -> Claim:
    """Release a hold; a payment that only it held back goes by itself.

    Raises:
        HoldRefused: there is none. ReasonMissing: no reason.
    """
    words = need_reason(reason, for_what="why the hold is released")
    return act(claim, lambda facts: _release(facts, kind, words, at=at, by=by))


def _release(facts: ClaimFacts, kind: HoldKind, reason: str, *, at: datetime, by: Actor) -> Outcome:
    if kind.value not in facts.holds:
        raise HoldRefused(f"No {kind.label.lower()} hold is in place.")
    return take(
        facts,
        "release_hold",
        at=at,
        by=by,
        text=reason,
        facts={"kind": kind.value},
        row_changes=(
            RowChange(
                "Hold",
                {"kind": kind.value, "released_at__isnull": True},
                {"released_at": at, "released_by_id": by.user_id},
            ),
            RowChange("Payout", {"state": PayoutState.QUEUED.value}, {"next_at": at}, at_least=0),
        ),
    )
