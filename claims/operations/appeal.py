"""Appeals of both parties: new facts, in time, decided by somebody else (rules §3)."""

from datetime import datetime
from typing import Any

from claims.deadlines import Unit, due_moment
from claims.decisions.approval import NotAuthorised, decide_amount
from claims.decisions.base import close, need_reason, open_clock, take, to_claimant, to_seller
from claims.decisions.recovery import Cancellation, cancel_pursuit
from claims.facts import ClaimFacts
from claims.letters import LetterKind
from claims.lifecycle import ActorKind, Refused, Status
from claims.models import (
    Appeal,
    AppealParty,
    AppealStatus,
    Claim,
    ClaimEvent,
    DeadlineKind,
)
from claims.operations.acting import act
from claims.operations.adjudication import (
    check_no_proposal,
    check_other_person,
    decided_appeal,
    open_appeal,
    uphold_rejection,
)
from claims.outcome import Actor, NewRow, Outcome, Rank

DECIDING = (AppealStatus.UPHELD, AppealStatus.OVERTURNED)


class AppealRefused(Refused):
    """The appeal cannot be taken or decided."""


def appeal_decision(
    *, claim: Claim, party: AppealParty, new_facts: str, at: datetime, by: Actor
) -> Claim:
    """A party appeals: the seller a concession, the claimant a denial.

    Raises:
        ReasonMissing: no new facts. AppealRefused: out of time, or appealed before.
        StepNotAllowed: there is no such decision.
    """
    words = need_reason(new_facts, for_what="an appeal needs new facts")
    # An appeal that closed undecided was against a decision that is gone, not against this one.
    before = Appeal.objects.filter(claim=claim, party=party).exclude(status=AppealStatus.CLOSED)
    if before.exists():
        raise AppealRefused("This decision was appealed before.")
    step = "seller_appeals" if party == AppealParty.SELLER else "claimant_appeals"
    return act(claim, lambda facts: _open(facts, step, party, words, at=at, by=by))


def _open(
    facts: ClaimFacts, step: str, party: AppealParty, new_facts: str, *, at: datetime, by: Actor
) -> Outcome:
    seller = party == AppealParty.SELLER
    row = NewRow(
        "Appeal",
        {
            "party": party.value,
            "new_facts": new_facts,
            "status": AppealStatus.OPEN.value,
            "opened_at": at,
            "against_deciders": [str(pk) for pk in _deciders(facts, seller=seller)],
        },
    )
    outcome = take(
        facts,
        step,
        at=at,
        by=by,
        to=None if seller else Status.IN_ADJUDICATION,
        text=new_facts,
        new_rows=(row,),
        opens=() if seller else _promises(facts, at),
        letters=(
            to_seller(facts, LetterKind.SELLER_APPEAL_RECEIVED, occasion=facts.version + 1)
            if seller
            else to_claimant(
                facts, LetterKind.CLAIMANT_APPEAL_RECEIVED, occasion=facts.version + 1
            ),
        ),
    )
    _check_window(facts, seller=seller, at=at)
    return outcome


def _promises(facts: ClaimFacts, at: datetime) -> tuple[Any, ...]:
    terms = facts.terms
    return (
        open_clock(
            facts,
            DeadlineKind.DECISION,
            owner=ActorKind.STAFF,
            length=terms.decision_promise_days,
            at=at,
        ),
        open_clock(
            facts,
            DeadlineKind.STATUS_LETTER,
            owner=ActorKind.SYSTEM,
            length=terms.status_letter_days,
            at=at,
        ),
    )


def appeal_closes_at(facts: ClaimFacts, *, seller: bool) -> datetime | None:
    """When the window of an appeal closes; None when there is nothing to appeal."""
    start = facts.approved_at if seller else facts.denied_at
    if start is None:
        return None
    days = facts.terms.seller_appeal_days if seller else facts.terms.claimant_appeal_days
    return due_moment(start, length=days, unit=Unit.CALENDAR, market=facts.market)


def _check_window(facts: ClaimFacts, *, seller: bool, at: datetime) -> None:
    closes = appeal_closes_at(facts, seller=seller)
    if closes is None or at >= closes:
        raise AppealRefused("The time for an appeal has passed.")


def _deciders(facts: ClaimFacts, *, seller: bool) -> list[int]:
    status = Status.APPROVED if seller else Status.DENIED
    event = (
        ClaimEvent.objects.filter(claim_id=facts.id, to_status=status, facts__has_key="deciders")
        .order_by("-version")
        .first()
    )
    return [] if event is None else [pk for pk in event.facts["deciders"] if pk is not None]


def decide_appeal(
    *,
    claim: Claim,
    outcome: AppealStatus,
    reason: str,
    party: AppealParty | None = None,
    at: datetime,
    by: Actor,
) -> Claim:
    """Somebody else than who decided first upholds or overturns the decision.

    `party` is by default the one whose decision the claim's status puts in question.

    Raises:
        AppealRefused: no appeal of the party is open, or the outcome decides nothing.
        NotAuthorised: the same person, or no authority.
        DecisionRefused: a proposal waits for a second person.
    """
    words = need_reason(reason, for_what="why the appeal is decided so")
    if outcome not in DECIDING:
        raise AppealRefused("An appeal is decided by upholding or overturning the decision.")
    if by.rank == Rank.NONE:
        raise NotAuthorised("Deciding an appeal takes the authority of an adjuster.")
    appeal = open_appeal(claim, party or _party_in_question(claim))
    if appeal is None:
        raise AppealRefused("No appeal is open on this claim.")
    check_other_person(appeal, by)
    if appeal.party == AppealParty.SELLER:
        return _decide_sellers(claim, appeal, outcome, words, at=at, by=by)
    if outcome == AppealStatus.UPHELD:
        return uphold_rejection(claim=claim, reason=words, at=at, by=by)
    check_no_proposal(claim)
    return act(claim, lambda facts: _overturn_denial(facts, appeal, words, at=at, by=by))


def _party_in_question(claim: Claim) -> AppealParty:
    # A claimant's appeal takes a denied claim to adjudication; a seller's leaves it approved.
    status = Claim.objects.values_list("status", flat=True).get(pk=claim.pk)
    return AppealParty.CLAIMANT if status == Status.IN_ADJUDICATION else AppealParty.SELLER


def _overturn_denial(
    facts: ClaimFacts, appeal: Appeal, reason: str, *, at: datetime, by: Actor
) -> Outcome:
    decided = decided_appeal(appeal, AppealStatus.OVERTURNED, reason, at=at, by=by)
    if facts.assessed_minor:
        return decide_amount(
            facts,
            step="overturn_denial",
            amount_minor=facts.assessed_minor,
            at=at,
            by=by,
            rule="rules §3, Appeals: new facts overturned the denial",
            text=reason,
            changes={"denied_at": None},
            on_approval=decided,
        )
    return take(
        facts,
        "overturn_denial",
        at=at,
        by=by,
        to=Status.IN_ASSESSMENT,
        rule="rules §3, Appeals: new facts overturned the denial; the damage is assessed now",
        text=reason,
        changes={"denied_at": None, "assessed_minor": None},
        letters=(
            to_claimant(
                facts,
                LetterKind.CLAIMANT_APPEAL_DECIDED,
                occasion=facts.version + 1,
                outcome=AppealStatus.OVERTURNED.value,
            ),
        ),
        row_changes=decided,
    )


def _decide_sellers(
    claim: Claim, appeal: Appeal, outcome: AppealStatus, reason: str, *, at: datetime, by: Actor
) -> Claim:
    return act(
        claim,
        lambda facts: _decide_sellers_outcome(facts, appeal, outcome, reason, at=at, by=by),
    )


def _decide_sellers_outcome(
    facts: ClaimFacts,
    appeal: Appeal,
    outcome: AppealStatus,
    reason: str,
    *,
    at: datetime,
    by: Actor,
) -> Outcome:
    occasion = facts.version + 1
    told = to_seller(
        facts, LetterKind.SELLER_APPEAL_DECIDED, occasion=occasion, outcome=outcome.value
    )
    given_back = Cancellation()
    if outcome == AppealStatus.OVERTURNED:
        given_back = cancel_pursuit(facts, at=at, why="APPEAL")
    return take(
        facts,
        "decide_appeal",
        at=at,
        by=by,
        rule="rules §3, Appeals: overturned, the recovery is cancelled; the customer keeps it",
        text=reason,
        facts={"outcome": outcome.value},
        closes=(close(DeadlineKind.PROOF_OF_INSURANCE, "cancelled"),) if given_back.letters else (),
        postings=given_back.postings,
        letters=(told, *given_back.letters),
        row_changes=(
            *decided_appeal(appeal, outcome, reason, at=at, by=by),
            *given_back.row_changes,
        ),
    )
