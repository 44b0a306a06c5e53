"""A person decides what the seller disputes or a bar keeps from the automatic path (rules §3)."""

from datetime import datetime

from claims.decisions.approval import (
    NotAuthorised,
    approve_as_second,
    decide_amount,
    void_proposals,
)
from claims.decisions.base import close_all, need_reason, take, to_seller
from claims.decisions.denial import denial_letter
from claims.decisions.eligibility import Denial
from claims.facts import ClaimFacts
from claims.letters import LetterKind
from claims.lifecycle import Refused, Status, check_step
from claims.models import (
    Answer,
    Appeal,
    AppealParty,
    AppealStatus,
    Claim,
    Proposal,
    ProposalStatus,
    SellerResponse,
)
from claims.operations.acting import act
from claims.outcome import Actor, Outcome, Rank, RowChange
from sellers.money import format_amount


class DecisionRefused(Refused):
    """The decision does not fit the claim."""


def step_in(
    *, claim: Claim, amount_minor: int | None = None, reason: str, at: datetime, by: Actor
) -> Claim:
    """Pay although the seller did not agree: at once within the authority, else as a proposal.

    `amount_minor` is by default the assessed amount and never above it.

    Raises:
        ReasonMissing: no words on why the seller's side does not hold.
        DecisionRefused: no assessment, an amount out of bounds, or an open proposal.
        NotAuthorised: no authority, or the same person denied the claim appealed against.
    """
    words = need_reason(reason, for_what="why the programme steps in and pays")
    appeal = open_appeal(claim, AppealParty.CLAIMANT)
    check_other_person(appeal, by)
    check_no_proposal(claim)
    return act(claim, lambda facts: _step_in(facts, amount_minor, words, appeal, at=at, by=by))


def _step_in(
    facts: ClaimFacts,
    amount_minor: int | None,
    reason: str,
    appeal: Appeal | None,
    *,
    at: datetime,
    by: Actor,
) -> Outcome:
    check_step("step_in", status=facts.status, actor=by.kind)
    return decide_amount(
        facts,
        step="step_in",
        amount_minor=amount_to_pay(facts, amount_minor),
        at=at,
        by=by,
        rule="rules §3: the marketplace believes the claim valid and steps in",
        text=reason,
        on_approval=decided_appeal(appeal, AppealStatus.OVERTURNED, reason, at=at, by=by),
    )


def amount_to_pay(facts: ClaimFacts, amount_minor: int | None) -> int:
    """The amount of a decision to pay: up to what was assessed.

    Raises:
        DecisionRefused: nothing was assessed, or the amount is out of bounds.
    """
    assessed = facts.assessed_minor
    if not assessed:
        raise DecisionRefused("Assess the damage first: there is no amount to pay.")
    amount = assessed if amount_minor is None else amount_minor
    if not 0 < amount <= assessed:
        most = format_amount(assessed, currency=facts.currency)
        raise DecisionRefused(f"Pay up to the assessed {most}.")
    return amount


def uphold_rejection(*, claim: Claim, reason: str, at: datetime, by: Actor) -> Claim:
    """The seller's defence holds, or nothing is proven: the claim is denied.

    Raises:
        NotAuthorised: no authority, or the same person denied the claim appealed against.
    """
    words = need_reason(reason, for_what="why the claim is denied")
    if by.rank == Rank.NONE:
        raise NotAuthorised("Deciding a claim takes the authority of an adjuster.")
    appeal = open_appeal(claim, AppealParty.CLAIMANT)
    check_other_person(appeal, by)
    code = _denial_code(claim, appeal)
    return act(claim, lambda facts: _uphold(facts, code, words, appeal, at=at, by=by))


def _denial_code(claim: Claim, appeal: Appeal | None) -> str:
    if appeal is not None:
        return str(claim.events.filter(to_status=Status.DENIED).latest("version").reason)
    rejected = SellerResponse.objects.filter(claim=claim, answer=Answer.REJECT).exists()
    return Denial.SELLER_DEFENCE_UPHELD if rejected else Denial.NOT_PROVEN


def _uphold(
    facts: ClaimFacts, code: str, reason: str, appeal: Appeal | None, *, at: datetime, by: Actor
) -> Outcome:
    return take(
        facts,
        "uphold",
        at=at,
        by=by,
        to=Status.DENIED,
        rule="rules §3: the rejection is upheld, the claim is denied",
        reason=str(code),
        text=reason,
        facts={"deciders": [by.user_id]},
        changes={"denied_at": at, "bars": []},
        closes=close_all(facts),
        letters=(
            denial_letter(facts, code, text=reason),
            to_seller(facts, LetterKind.CLAIM_CLOSED, occasion=facts.version + 1),
        ),
        row_changes=(
            void_proposals(at),
            *decided_appeal(appeal, AppealStatus.UPHELD, reason, at=at, by=by),
        ),
    )


def open_appeal(claim: Claim, party: AppealParty) -> Appeal | None:
    """The open appeal of a party, if there is one."""
    return Appeal.objects.filter(claim=claim, party=party, status=AppealStatus.OPEN).first()


def check_other_person(appeal: Appeal | None, by: Actor) -> None:
    """Raise NotAuthorised when the person took the decision that is appealed against."""
    if appeal is not None and by.user_id in appeal.against_deciders:
        raise NotAuthorised("Somebody else than who decided first must decide an appeal.")


def decided_appeal(
    appeal: Appeal | None, status: AppealStatus, reason: str, *, at: datetime, by: Actor
) -> tuple[RowChange, ...]:
    """The change that closes an open appeal with its outcome."""
    if appeal is None:
        return ()
    return (
        RowChange(
            "Appeal",
            {"pk": appeal.pk, "status": AppealStatus.OPEN.value},
            {
                "status": status.value,
                "decided_by_id": by.user_id,
                "decided_at": at,
                "decision_reason": reason,
            },
        ),
    )


def approve_proposal(*, claim: Claim, at: datetime, by: Actor) -> Claim:
    """A second person approves what a first one proposed.

    Raises:
        DecisionRefused: no proposal is open. NotAuthorised: the same person, or too little rank.
    """
    proposal = _open_proposal(claim)
    appeal = open_appeal(claim, AppealParty.CLAIMANT)
    check_other_person(appeal, by)
    return act(
        claim,
        lambda facts: approve_as_second(
            facts,
            step=proposal.step,
            amount_minor=proposal.amount_minor,
            proposed_by=proposal.proposed_by_id,
            proposed_rank=Rank(proposal.proposed_rank),
            at=at,
            by=by,
            row_changes=(
                _decided(proposal, ProposalStatus.APPROVED, at=at, by=by),
                *decided_appeal(appeal, AppealStatus.OVERTURNED, proposal.reason, at=at, by=by),
            ),
        ),
    )


def refuse_proposal(*, claim: Claim, reason: str, at: datetime, by: Actor) -> Claim:
    """A second person refuses what a first one proposed; the claim waits for a new decision.

    Raises:
        DecisionRefused: no proposal is open. NotAuthorised: the same person, or no authority.
    """
    proposal = _open_proposal(claim)
    if by.rank == Rank.NONE or by.user_id == proposal.proposed_by_id:
        raise NotAuthorised("A second person, with authority, decides about a proposal.")
    words = need_reason(reason, for_what="why the proposal is refused")
    return act(
        claim,
        lambda facts: take(
            facts,
            "refuse_approval",
            at=at,
            by=by,
            text=words,
            facts={"amount_minor": proposal.amount_minor},
            row_changes=(_decided(proposal, ProposalStatus.REFUSED, at=at, by=by),),
        ),
    )


def _open_proposal(claim: Claim) -> Proposal:
    proposal = Proposal.objects.filter(claim=claim, status=ProposalStatus.OPEN).first()
    if proposal is None:
        raise DecisionRefused("No proposal waits for a second person on this claim.")
    return proposal


def check_no_proposal(claim: Claim) -> None:
    """Raise DecisionRefused when a proposal waits for a second person."""
    if Proposal.objects.filter(claim=claim, status=ProposalStatus.OPEN).exists():
        raise DecisionRefused("A proposal already waits for a second person on this claim.")


def _decided(proposal: Proposal, status: ProposalStatus, *, at: datetime, by: Actor) -> RowChange:
    return RowChange(
        "Proposal",
        {"pk": proposal.pk, "status": ProposalStatus.OPEN.value},
        {"status": status.value, "decided_by_id": by.user_id, "decided_at": at},
    )
