"""The one approval: by a person, by two, or automatic; the same rows whoever approves."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from claims.authority import (
    authority_minor,
    bars_at_proposal,
    is_enough_authority,
    people_needed,
    two_people_bars,
)
from claims.decisions.base import close, take, to_claimant, to_seller
from claims.facts import ClaimFacts
from claims.ledger_postings import accrue
from claims.letters import LetterKind
from claims.lifecycle import Refused, Status
from claims.models.handling import DeadlineKind, ProposalStatus
from claims.models.money import PayoutState
from claims.outcome import Actor, CloseDeadline, Letter, NewRow, Outcome, Rank, RowChange
from sellers.money import format_amount

# The name space of idempotency keys; never changed, or a payment repeated would look new.
KEYS = UUID("09493b64-3ca6-4bea-a6aa-23bf1b973b1c")
SELLER_LETTER = {
    "concede": LetterKind.CLAIM_CONCEDED,
    "lapse": LetterKind.RESPONSE_LAPSED,
    "accept": LetterKind.ANSWER_RECEIVED,
    "step_in": LetterKind.CLAIM_STEPPED_IN,
    "overturn_denial": LetterKind.CLAIM_STEPPED_IN,
}


class NotAuthorised(Refused):
    """This person's settlement authority does not allow the decision."""


def approve(
    facts: ClaimFacts,
    *,
    step: str,
    amount_minor: int,
    at: datetime,
    by: Actor,
    deciders: Sequence[int],
    rule: str,
    is_automatic: bool = False,
    text: str = "",
    inputs: dict[str, Any] | None = None,
    changes: dict[str, Any] | None = None,
    lines: dict[str, dict[str, int]] | None = None,
    closes: tuple[CloseDeadline, ...] = (),
    row_changes: tuple[RowChange, ...] = (),
    new_rows: tuple[NewRow, ...] = (),
) -> Outcome:
    """The claim is approved: owed to the claimant, with its payout intent and its letters."""
    occasion = str(facts.version + 1)
    return take(
        facts,
        step,
        at=at,
        by=by,
        to=Status.APPROVED,
        rule=rule,
        text=text,
        facts={
            "amount_minor": amount_minor,
            "deciders": list(deciders),
            "automatic": is_automatic,
            "terms": facts.terms.version_id,
            **(inputs or {}),
        },
        changes={
            "approved_minor": amount_minor,
            "approved_at": at,
            "bars": [],
            **(changes or {}),
        },
        lines=lines or {},
        closes=(close(DeadlineKind.DECISION, "met"), *closes),
        postings=(accrue(amount_minor, occasion=occasion),),
        letters=_letters(facts, step, amount_minor, occasion),
        new_rows=(
            payout_intent(facts, amount_minor=amount_minor, at=at, is_automatic=is_automatic),
            *new_rows,
        ),
        row_changes=row_changes,
    )


def payout_intent(
    facts: ClaimFacts, *, amount_minor: int, at: datetime, is_automatic: bool
) -> NewRow:
    """The intent to pay, with a reference of ours that no other intent of the claim has.

    The key follows from the reference: a database restored to an older moment that decides the
    same once more asks for the same payment, and the provider knows it.
    """
    reference = f"{facts.reference}-{facts.version + 1}"
    return NewRow(
        "Payout",
        {
            "our_reference": reference,
            "key": uuid5(KEYS, reference),
            "amount_minor": amount_minor,
            "currency": facts.currency,
            "is_automatic": is_automatic,
            "state": PayoutState.QUEUED.value,
            "created_at": at,
            "next_at": at,
        },
    )


def _letters(facts: ClaimFacts, step: str, amount_minor: int, occasion: str) -> tuple[Letter, ...]:
    letters = [
        to_claimant(facts, LetterKind.CLAIM_APPROVED, occasion=occasion, amount_minor=amount_minor),
        to_seller(
            facts,
            SELLER_LETTER[step],
            occasion=occasion,
            amount_minor=amount_minor,
            answer="ACCEPT" if step == "accept" else "",
        ),
    ]
    if facts.payee is None:
        letters.append(
            to_claimant(
                facts, LetterKind.PAYEE_DETAILS_NEEDED, occasion=occasion, why="NO_PAYEE_DETAILS"
            )
        )
    return tuple(letters)


def decide_amount(
    facts: ClaimFacts,
    *,
    step: str,
    amount_minor: int,
    at: datetime,
    by: Actor,
    rule: str,
    text: str = "",
    changes: dict[str, Any] | None = None,
    lines: dict[str, dict[str, int]] | None = None,
    row_changes: tuple[RowChange, ...] = (),
    on_approval: tuple[RowChange, ...] = (),
) -> Outcome:
    """A person decides to pay: at once within their authority, else as a proposal (rules §3).

    `on_approval` are changes that only an approval makes: a proposal leaves an appeal open.

    Raises:
        NotAuthorised: the person has no settlement authority at all.
    """
    if by.rank == Rank.NONE or by.user_id is None:
        raise NotAuthorised("Deciding a claim takes the authority of an adjuster.")
    bars = two_people_bars(facts, amount_minor=amount_minor, at=at)
    if is_enough_authority([by.rank], amount_minor=amount_minor, bars=bars, terms=facts.terms):
        return approve(
            facts,
            step=step,
            amount_minor=amount_minor,
            at=at,
            by=by,
            deciders=[by.user_id],
            rule=rule,
            text=text,
            inputs={"authority_minor": authority_minor(by.rank, terms=facts.terms)},
            changes=changes,
            lines=lines,
            row_changes=row_changes + on_approval,
        )
    return _propose(
        facts,
        step=step,
        amount_minor=amount_minor,
        at=at,
        by=by,
        text=text,
        changes={**(changes or {}), "bars": sorted(bars_at_proposal(facts, two_people=bars))},
        lines=lines,
        row_changes=row_changes,
        people=people_needed(amount_minor, bars=bars, terms=facts.terms),
    )


def _propose(
    facts: ClaimFacts,
    *,
    step: str,
    amount_minor: int,
    at: datetime,
    by: Actor,
    text: str,
    changes: dict[str, Any],
    lines: dict[str, dict[str, int]] | None,
    row_changes: tuple[RowChange, ...],
    people: int,
) -> Outcome:
    return take(
        facts,
        "propose_approval",
        at=at,
        by=by,
        rule="rules §3, Authority: above one person's authority it is a proposal",
        text=text,
        facts={
            "amount_minor": amount_minor,
            "step": step,
            "people_needed": people,
            "authority_minor": authority_minor(by.rank, terms=facts.terms),
        },
        changes=changes,
        lines=lines or {},
        new_rows=(
            NewRow(
                "Proposal",
                {
                    "step": step,
                    "amount_minor": amount_minor,
                    "reason": text,
                    "status": ProposalStatus.OPEN.value,
                    "proposed_by_id": by.user_id,
                    "proposed_rank": int(by.rank),
                    "proposed_at": at,
                },
            ),
        ),
        row_changes=row_changes,
    )


def void_proposals(at: datetime) -> RowChange:
    """An open proposal is void: amount or payee changed, or the claim ended."""
    return RowChange(
        "Proposal",
        {"status": ProposalStatus.OPEN.value},
        {"status": ProposalStatus.VOID.value, "decided_at": at},
        at_least=0,
    )


def approve_as_second(
    facts: ClaimFacts,
    *,
    step: str,
    amount_minor: int,
    proposed_by: int,
    proposed_rank: Rank,
    at: datetime,
    by: Actor,
    row_changes: tuple[RowChange, ...],
) -> Outcome:
    """A second person approves a proposal.

    Raises:
        NotAuthorised: it is the proposer again, or the two have not enough authority together.
    """
    if by.user_id is None or by.rank == Rank.NONE:
        raise NotAuthorised("Approving a proposal takes the authority of an adjuster.")
    if by.user_id == proposed_by:
        raise NotAuthorised("A second person must approve: you proposed this yourself.")
    bars = two_people_bars(facts, amount_minor=amount_minor, at=at)
    ranks = [proposed_rank, by.rank]
    if not is_enough_authority(ranks, amount_minor=amount_minor, bars=bars, terms=facts.terms):
        raise NotAuthorised(
            f"{format_amount(amount_minor, currency=facts.currency)} is above your authority."
        )
    return approve(
        facts,
        step=step,
        amount_minor=amount_minor,
        at=at,
        by=by,
        deciders=[proposed_by, by.user_id],
        rule="rules §3, Authority: two different people",
        inputs={"bars_overruled": sorted(bars)},
        row_changes=row_changes,
    )
