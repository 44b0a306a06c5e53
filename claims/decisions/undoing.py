"""What a step leaves without an object goes with it: an approval, and an open appeal (rules §3)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from claims.decisions.base import take, to_claimant, to_seller
from claims.decisions.recovery import cancel_pursuit
from claims.facts import ClaimFacts
from claims.ledger_postings import reverse_accrual
from claims.letters import LetterKind
from claims.lifecycle import Status
from claims.models.handling import AppealParty, AppealStatus
from claims.models.money import PayoutState
from claims.outcome import Actor, Letter, Outcome, RowChange

# Why an appeal closes undecided, as its file says it; the letter has words of its own.
_NOTHING_LEFT = {
    "WITHDRAWN": "The claim was withdrawn: there is nothing left to decide.",
    "VOID": "The decision to pay is gone: there is nothing left to decide.",
    "PAID": "The claim was paid already: there is nothing left to decide.",
}


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
    and an appeal against the approval closes, of which the seller is told.

    Writing it fails as *someone was first* when the payment is already on its way.
    """
    cancelled = cancel_pursuit(facts, at=at, why="RETURNED")
    accrued = reverse_accrual(facts.approved_minor or 0, occasion=str(facts.version + 1))
    why = "WITHDRAWN" if to == Status.WITHDRAWN else "VOID"
    closed, told = close_appeal(facts, AppealParty.SELLER, why=why, at=at)
    rows = (*cancelled.row_changes, *closed, *more.pop("row_changes", ()))
    return take(
        facts,
        step,
        at=at,
        by=by,
        to=to,
        text=text,
        changes={"approved_minor": None, "approved_at": None, "bars": list(bars)},
        postings=(accrued, *cancelled.postings),
        letters=(*more.pop("letters", ()), *told, *cancelled.letters),
        row_changes=(*_cancelled_intent(at, has_open_payout=has_open_payout), *rows),
        **more,
    )


def _cancelled_intent(at: datetime, *, has_open_payout: bool) -> tuple[RowChange, ...]:
    if not has_open_payout:
        return ()
    values = {"state": PayoutState.CANCELLED.value, "ended_at": at, "next_at": None}
    return (RowChange("Payout", {"state": PayoutState.QUEUED.value}, values),)


def close_appeal(
    facts: ClaimFacts, party: AppealParty, *, why: str, at: datetime
) -> tuple[tuple[RowChange, ...], tuple[Letter, ...]]:
    """The changes and the letter that close a party's open appeal undecided; nothing without one.

    `why` is WITHDRAWN, VOID (the decision to pay is gone) or PAID.
    """
    if party.value not in facts.open_appeals:
        return (), ()
    occasion = facts.version + 1
    if party == AppealParty.SELLER:
        told = to_seller(facts, LetterKind.SELLER_APPEAL_CLOSED, occasion=occasion, why=why)
    else:
        told = to_claimant(facts, LetterKind.CLAIMANT_APPEAL_CLOSED, occasion=occasion, why=why)
    change = RowChange(
        "Appeal",
        {"party": party.value, "status": AppealStatus.OPEN.value},
        {
            "status": AppealStatus.CLOSED.value,
            "decided_at": at,
            "decision_reason": _NOTHING_LEFT[why],
        },
    )
    return (change,), (told,)
