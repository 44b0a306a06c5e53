"""A payment that the provider's book has and we do not know of: taken into the claim's file.

It happens after a restore of the database to an earlier moment. Pure, as every decision.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from claims.decisions.base import close_all, take
from claims.decisions.undoing import close_appeal
from claims.facts import ClaimFacts, LineFacts
from claims.ledger_postings import accrue, reverse_accrual
from claims.lifecycle import Refused, Status
from claims.models.handling import AppealParty
from claims.models.money import PayoutState
from claims.outcome import SYSTEM, NewRow, Outcome, Posting, RowChange
from claims.providers.base import BookEntry


class NotAdopted(Refused):
    """A payment of the provider's book fits no claim so that it could be taken into its file."""


def adopt_payment(
    facts: ClaimFacts,
    entry: BookEntry,
    *,
    lines: Sequence[LineFacts],
    payable: Collection[str],
    payee_id: int | None,
    at: datetime,
    row_changes: tuple[RowChange, ...] = (),
) -> Outcome:
    """The claim is approved over what was paid, and has the payout, in doubt until looked up.

    `payable` are the heads of damage that may carry an amount. A payout of the claim that has
    not left is cancelled: the money has gone already. A claimant's open appeal closes undecided.

    Raises:
        NotAdopted: another payment of the claim is on its way, or more left than was claimed.
        StepNotAllowed: the claim has ended.
    """
    if facts.open_payout not in {None, PayoutState.QUEUED.value}:
        raise NotAdopted(f"Claim {facts.reference} has another payment, which has left too.")
    if entry.currency != facts.currency:
        raise NotAdopted(f"Claim {facts.reference} is in {facts.currency}.")
    assessed = _assessed(facts, lines, payable, entry.amount_minor)
    closed, told = close_appeal(facts, AppealParty.CLAIMANT, why="PAID", at=at)
    return take(
        facts,
        "adopt_payment",
        at=at,
        by=SYSTEM,
        to=Status.APPROVED,
        rule="rules §6: a payment is sent once per intent; the provider's book has it",
        text=f"The provider's book has the payment {entry.provider_reference}, and we had not.",
        facts={
            "our_reference": entry.our_reference,
            "provider_reference": entry.provider_reference,
            "amount_minor": entry.amount_minor,
            "entered_at": entry.at.isoformat(),
        },
        changes={
            "assessed_minor": max(facts.assessed_minor or 0, entry.amount_minor),
            "approved_minor": entry.amount_minor,
            "approved_at": at,
            "is_within_ceiling": _is_within_ceiling(facts, entry.amount_minor),
            "bars": [],
        },
        lines=assessed,
        closes=close_all(facts),
        postings=_postings(facts, entry.amount_minor),
        new_rows=(_payout(facts, entry, payee_id, at),),
        row_changes=(_cancel_unsent(at), *closed, *row_changes),
        letters=told,
    )


def _is_within_ceiling(facts: ClaimFacts, amount_minor: int) -> bool:
    if facts.is_within_ceiling is not None:
        return facts.is_within_ceiling
    return facts.terms.is_within_ceiling(amount_minor)


def _assessed(
    facts: ClaimFacts, lines: Sequence[LineFacts], payable: Collection[str], amount_minor: int
) -> dict[str, dict[str, int]]:
    """The lines' assessed amounts, raised in their order until they carry what was paid."""
    missing = amount_minor - sum(line.assessed_minor or 0 for line in lines)
    assessed: dict[str, dict[str, int]] = {}
    for line in lines:
        room = line.claimed_minor - (line.assessed_minor or 0) if line.head in payable else 0
        more = max(min(missing, room), 0)
        assessed[line.head] = {"assessed_minor": (line.assessed_minor or 0) + more}
        missing -= more
    if missing > 0:
        raise NotAdopted(f"More was paid than is claimed on {facts.reference}.")
    return assessed


def _postings(facts: ClaimFacts, amount_minor: int) -> tuple[Posting, ...]:
    occasion = str(facts.version + 1)
    owed = facts.approved_minor if facts.status == Status.APPROVED else None
    if owed == amount_minor:
        return ()
    undone = (reverse_accrual(owed, occasion=occasion),) if owed else ()
    return (*undone, accrue(amount_minor, occasion=occasion))


def _payout(facts: ClaimFacts, entry: BookEntry, payee_id: int | None, at: datetime) -> NewRow:
    return NewRow(
        "Payout",
        {
            "our_reference": entry.our_reference,
            "amount_minor": entry.amount_minor,
            "currency": facts.currency,
            "is_automatic": False,
            "state": PayoutState.UNCERTAIN.value,
            "payee_id": payee_id,
            "created_at": at,
            "first_sent_at": entry.at,
            "next_at": at,
            "last_answer": "Found in the provider's book.",
        },
    )


def _cancel_unsent(at: datetime) -> RowChange:
    return RowChange(
        "Payout",
        {"state": PayoutState.QUEUED.value},
        {"state": PayoutState.CANCELLED.value, "ended_at": at, "next_at": None},
        at_least=0,
    )
