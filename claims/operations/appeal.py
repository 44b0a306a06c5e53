"""Appeals of both parties: new facts, in time, decided by somebody else (rules §3)."""

from datetime import datetime
from typing import Any

from claims.deadlines import Unit, due_moment
from claims.decisions.approval import NotAuthorised, decide_amount
from claims.decisions.base import close, need_reason, open_clock, take, to_claimant, to_seller
from claims.facts import ClaimFacts
from claims.ledger_postings import cancel_recovery
from claims.letters import LetterKind
from claims.lifecycle import ActorKind, Refused, Status
from claims.models import (
    Appeal,
    AppealParty,
    AppealStatus,
    Claim,
    ClaimEvent,
    DeadlineKind,
    Recovery,
    RecoveryStatus,
)
from claims.operations.acting import act
from claims.operations.adjudication import (
    check_no_proposal,
    check_other_person,
    decided_appeal,
    open_appeal,
    uphold_rejection,
)
from claims.operations.recovery import position_of
from claims.outcome import Actor, NewRow, Outcome, Rank, RowChange


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
    if Appeal.objects.filter(claim=claim, party=party).exists():
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
    *, claim: Claim, outcome: AppealStatus, reason: str, at: datetime, by: Actor
) -> Claim:
    """Somebody else than who decided first upholds or overturns the decision.

    Raises:
        AppealRefused: no appeal is open. NotAuthorised: the same person, or no authority.
        DecisionRefused: a proposal waits for a second person.
    """
    words = need_reason(reason, for_what="why the appeal is decided so")
    if by.rank == Rank.NONE:
        raise NotAuthorised("Deciding an appeal takes the authority of an adjuster.")
    appeal = open_appeal(claim, AppealParty.SELLER)
    if appeal is not None:
        return _decide_sellers(claim, appeal, outcome, words, at=at, by=by)
    appeal = open_appeal(claim, AppealParty.CLAIMANT)
    if appeal is None:
        raise AppealRefused("No appeal is open on this claim.")
    check_other_person(appeal, by)
    if outcome == AppealStatus.UPHELD:
        return uphold_rejection(claim=claim, reason=words, at=at, by=by)
    check_no_proposal(claim)
    found = appeal
    return act(claim, lambda facts: _overturn_denial(facts, found, words, at=at, by=by))


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
    check_other_person(appeal, by)
    recovery = Recovery.objects.filter(claim=claim).first()
    return act(
        claim,
        lambda facts: _decide_sellers_outcome(
            facts, appeal, recovery, outcome, reason, at=at, by=by
        ),
    )


def _decide_sellers_outcome(
    facts: ClaimFacts,
    appeal: Appeal,
    recovery: Recovery | None,
    outcome: AppealStatus,
    reason: str,
    *,
    at: datetime,
    by: Actor,
) -> Outcome:
    overturned = outcome == AppealStatus.OVERTURNED
    occasion = facts.version + 1
    letters = [
        to_seller(facts, LetterKind.SELLER_APPEAL_DECIDED, occasion=occasion, outcome=outcome.value)
    ]
    extra: dict[str, Any] = {}
    changes = decided_appeal(appeal, outcome, reason, at=at, by=by)
    if overturned and recovery is not None and recovery.status in CANCELLABLE:
        position = position_of(facts.id)
        extra["postings"] = cancel_recovery(position, occasion=str(occasion))
        extra["closes"] = (close(DeadlineKind.PROOF_OF_INSURANCE, "cancelled"),)
        changes = (*changes, _cancelled(recovery, at), _revoked(recovery, at))
        letters.append(to_seller(facts, LetterKind.RECOVERY_CANCELLED, occasion=occasion))
    return take(
        facts,
        "decide_appeal",
        at=at,
        by=by,
        rule="rules §3, Appeals: overturned, the recovery is cancelled; the customer keeps it",
        text=reason,
        facts={"outcome": outcome.value},
        letters=tuple(letters),
        row_changes=changes,
        **extra,
    )


CANCELLABLE = frozenset(set(RecoveryStatus) - {RecoveryStatus.CANCELLED, RecoveryStatus.WAIVED})


def _cancelled(recovery: Recovery, at: datetime) -> RowChange:
    return RowChange(
        "Recovery",
        {"status": recovery.status, "collected_minor": recovery.collected_minor},
        {
            "status": RecoveryStatus.CANCELLED.value,
            "status_since": at,
            "collected_minor": 0,
        },
    )


def _revoked(recovery: Recovery, at: datetime) -> RowChange:
    return RowChange(
        "WithholdingInstruction",
        {"recovery_id": recovery.pk, "revoked_at__isnull": True},
        {"revoked_at": at},
        at_least=0,
    )
