"""An approval is gone before its payment: everything that rested on it goes with it (rules §3)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from claims.decisions.base import take
from claims.decisions.recovery import cancel_pursuit
from claims.facts import ClaimFacts
from claims.ledger_postings import reverse_accrual
from claims.lifecycle import Status
from claims.models.handling import AppealParty, AppealStatus
from claims.models.money import PayoutState
from claims.outcome import Actor, Outcome, RowChange


def undo_approval(
    facts: ClaimFacts,
    /,
    *,
    step: str,
    to: Status,
    at: datetime,
    by: Actor,
    text: str,
    bars: Sequence[str] = (),
    has_open_payout: bool = True,
    **more: Any,
) -> Outcome:
    """An approval is gone before payment: the intent is cancelled, the accrual reversed.

    What an earlier payment, which came back, made the seller owe is cancelled and given back,
    and an appeal against the approval closes: there is nothing left to decide.

    Writing it fails as *someone was first* when the payment is already on its way.
    """
    cancelled = cancel_pursuit(facts, at=at, why="RETURNED")
    accrued = reverse_accrual(facts.approved_minor or 0, occasion=str(facts.version + 1))
    rows = (*cancelled.row_changes, _moot_appeal(at), *more.pop("row_changes", ()))
    return take(
        facts,
        step,
        at=at,
        by=by,
        to=to,
        text=text,
        changes={"approved_minor": None, "approved_at": None, "bars": list(bars)},
        postings=(accrued, *cancelled.postings),
        letters=(*more.pop("letters", ()), *cancelled.letters),
        row_changes=(*_cancelled_intent(at, has_open_payout=has_open_payout), *rows),
        **more,
    )


def _cancelled_intent(at: datetime, *, has_open_payout: bool) -> tuple[RowChange, ...]:
    if not has_open_payout:
        return ()
    values = {"state": PayoutState.CANCELLED.value, "ended_at": at, "next_at": None}
    return (RowChange("Payout", {"state": PayoutState.QUEUED.value}, values),)


def _moot_appeal(at: datetime) -> RowChange:
    """The seller's appeal, if one is open, against a decision to pay that is gone."""
    return RowChange(
        "Appeal",
        {"party": AppealParty.SELLER.value, "status": AppealStatus.OPEN.value},
        {
            "status": AppealStatus.CLOSED.value,
            "decided_at": at,
            "decision_reason": "The decision to pay is gone: there is nothing left to decide.",
        },
        at_least=0,
    )
