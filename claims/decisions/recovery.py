"""Who bears the cost of a paid claim, and how it is pursued (rules §3: pay first)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from claims.decisions.base import close, open_clock, take, to_seller
from claims.facts import ClaimFacts, ClockFacts
from claims.ledger_postings import cancel_recovery, charge_seller
from claims.letters import LetterKind
from claims.lifecycle import ActorKind
from claims.models.handling import DeadlineKind
from claims.models.money import RecoveryStatus
from claims.outcome import (
    SYSTEM,
    Actor,
    Letter,
    NewRow,
    OpenDeadline,
    Outcome,
    Posting,
    RowChange,
)


@dataclass(frozen=True, slots=True)
class CoverFacts:
    """What is known of the seller's cover: required now, proven for the incident date, why."""

    is_required: bool
    is_proven: bool
    why: str


@dataclass(frozen=True, slots=True)
class Opening:
    """What a payment opens towards the seller: rows, entries, a clock, a letter."""

    rule: str
    new_rows: tuple[NewRow, ...]
    postings: tuple[Posting, ...]
    opens: tuple[OpenDeadline, ...]
    letters: tuple[Letter, ...]
    row_changes: tuple[RowChange, ...] = ()


# What a payment that is made again finds under way. A cancelled recovery opens anew.
GOES_ON = frozenset(set(RecoveryStatus) - {RecoveryStatus.CANCELLED})
# What can be given back: nothing was ever charged on a waived one.
CANCELLABLE = frozenset(GOES_ON - {RecoveryStatus.WAIVED})


@dataclass(frozen=True, slots=True)
class Cancellation:
    """What giving a recovery back changes; all empty where nothing is pursued."""

    postings: tuple[Posting, ...] = ()
    letters: tuple[Letter, ...] = ()
    row_changes: tuple[RowChange, ...] = ()


def cancel_pursuit(facts: ClaimFacts, *, at: datetime, why: str) -> Cancellation:
    """The seller owes nothing: what was withheld or collected goes back (rules §3, Appeals).

    `why` is APPEAL or RETURNED, and chooses the words of the letter.
    """
    if facts.recovery not in CANCELLABLE:
        return Cancellation()
    position, occasion = facts.recovery_position, facts.version + 1
    return Cancellation(
        postings=cancel_recovery(position, occasion=str(occasion)) if position else (),
        letters=(to_seller(facts, LetterKind.RECOVERY_CANCELLED, occasion=occasion, why=why),),
        row_changes=(
            RowChange(
                "Recovery",
                {"status": facts.recovery},
                {
                    "status": RecoveryStatus.CANCELLED.value,
                    "status_since": at,
                    "collected_minor": 0,
                },
            ),
            RowChange(
                "WithholdingInstruction",
                {"revoked_at__isnull": True},
                {"revoked_at": at},
                at_least=0,
            ),
        ),
    )


def open_recovery(
    facts: ClaimFacts,
    *,
    amount_minor: int,
    cover: CoverFacts,
    appeal_won: bool,
    at: datetime,
) -> Opening:
    """What follows a payment for the seller.

    Above the ceiling the seller owes it. Within: proven cover, or none required, is absorbed;
    required and not proven opens the days to prove it (rules §3).
    """
    if facts.recovery in GOES_ON:
        return _go_on(facts, amount_minor, cover, at)
    absorbed = _why_absorbed(facts, cover, appeal_won=appeal_won)
    if absorbed:
        return _absorb(facts, amount_minor, absorbed)
    if facts.is_within_ceiling:
        return _ask_for_proof(facts, amount_minor, at)
    new_rows, reopened = _recovery_row(facts, RecoveryStatus.DEMANDED, amount_minor, at)
    return Opening(
        rule="rules §3: above the ceiling the marketplace pays first and recovers from the seller",
        new_rows=new_rows,
        postings=(charge_seller(amount_minor, occasion=str(facts.version + 1)),),
        opens=(),
        letters=(_letter(facts, LetterKind.REIMBURSEMENT_DEMANDED, amount_minor),),
        row_changes=reopened,
    )


def _go_on(facts: ClaimFacts, amount_minor: int, cover: CoverFacts, at: datetime) -> Opening:
    """Paid again after a return: the recovery goes on as it stood, its days to prove anew."""
    rule = "rules §6: paid again after a return; the recovery goes on as it stood"
    if facts.recovery != RecoveryStatus.AWAITING_PROOF:
        return Opening(rule=rule, new_rows=(), postings=(), opens=(), letters=())
    if cover.is_proven:
        letters = (_letter(facts, LetterKind.RECOVERY_WAIVED, amount_minor),)
        waived = move_recovery(
            before=(RecoveryStatus.AWAITING_PROOF,), after=RecoveryStatus.WAIVED, at=at
        )
        return Opening(rule, (), (), (), letters, (waived,))
    asked = _ask_for_proof(facts, amount_minor, at)
    return Opening(rule, (), (), asked.opens, asked.letters)


def _why_absorbed(facts: ClaimFacts, cover: CoverFacts, *, appeal_won: bool) -> str:
    if appeal_won:
        return "rules §3, Appeals: the seller's appeal succeeded before the payment"
    if not facts.is_within_ceiling:
        return ""
    if cover.is_proven:
        return "rules §3: cover in force on the incident date is proven; the marketplace absorbs"
    if not cover.is_required and facts.terms.absorb_when_not_required:
        return "rules §3: the seller need not hold cover; the marketplace absorbs"
    return ""


def _absorb(facts: ClaimFacts, amount_minor: int, rule: str) -> Opening:
    letters = (_letter(facts, LetterKind.PAID_ABSORBED, amount_minor),)
    return Opening(rule=rule, new_rows=(), postings=(), opens=(), letters=letters)


def _ask_for_proof(facts: ClaimFacts, amount_minor: int, at: datetime) -> Opening:
    clock = open_clock(
        facts,
        DeadlineKind.PROOF_OF_INSURANCE,
        owner=ActorKind.SELLER,
        length=facts.terms.proof_days,
        at=at,
    )
    new_rows, reopened = _recovery_row(facts, RecoveryStatus.AWAITING_PROOF, amount_minor, at)
    return Opening(
        rule="rules §3: cover is required and not proven; the seller has 7 days to prove it",
        new_rows=new_rows,
        postings=(),
        opens=(clock,),
        letters=(_letter(facts, LetterKind.PROOF_REQUESTED, amount_minor, due_at=clock.due_at),),
        row_changes=reopened,
    )


def _recovery_row(
    facts: ClaimFacts, status: RecoveryStatus, amount_minor: int, at: datetime
) -> tuple[tuple[NewRow, ...], tuple[RowChange, ...]]:
    """The row of a recovery that opens: a new one, or the cancelled one of an earlier payment."""
    values = {
        "status": status.value,
        "amount_minor": amount_minor,
        "opened_at": at,
        "status_since": at,
    }
    if facts.has_recovery:
        return (), (RowChange("Recovery", {"status": RecoveryStatus.CANCELLED.value}, values),)
    return (NewRow("Recovery", {**values, "currency": facts.currency}),), ()


def _letter(facts: ClaimFacts, kind: str, amount_minor: int, **more: Any) -> Letter:
    return to_seller(facts, kind, occasion=facts.version + 1, amount_minor=amount_minor, **more)


def move_recovery(
    *, before: tuple[RecoveryStatus, ...], after: RecoveryStatus, at: datetime, **values: Any
) -> RowChange:
    """The recovery changes its status; if it is not in `before` any more, nothing is written."""
    return RowChange(
        "Recovery",
        {"status__in": [status.value for status in before]},
        {"status": after.value, "status_since": at, **values},
    )


def demand_after_silence(facts: ClaimFacts, clock: ClockFacts, *, at: datetime) -> Outcome:
    """Nothing was proven in time: reimbursement is demanded, up to the amount paid (rules §3)."""
    return take(
        facts,
        "demand_recovery",
        at=at,
        by=SYSTEM,
        rule="rules §3: cover was not proven within the days given",
        facts={"due_at": clock.due_at.isoformat(), "amount_minor": facts.paid_minor},
        closes=(close(DeadlineKind.PROOF_OF_INSURANCE, "lapsed"),),
        postings=(charge_seller(facts.paid_minor, occasion=str(facts.version + 1)),),
        letters=(_letter(facts, LetterKind.REIMBURSEMENT_DEMANDED, facts.paid_minor),),
        row_changes=(
            move_recovery(
                before=(RecoveryStatus.AWAITING_PROOF,), after=RecoveryStatus.DEMANDED, at=at
            ),
        ),
    )


def waive_on_proof(facts: ClaimFacts, *, at: datetime, why: str, by: Actor = SYSTEM) -> Outcome:
    """Cover was proven in time: the marketplace absorbs the cost (rules §3)."""
    return take(
        facts,
        "waive_recovery",
        at=at,
        by=by,
        rule="rules §3: cover in force on the incident date was proven in time",
        text=why,
        closes=(close(DeadlineKind.PROOF_OF_INSURANCE, "met"),),
        letters=(_letter(facts, LetterKind.RECOVERY_WAIVED, facts.paid_minor),),
        row_changes=(
            move_recovery(
                before=(RecoveryStatus.AWAITING_PROOF,), after=RecoveryStatus.WAIVED, at=at
            ),
        ),
    )
