"""The seller answers, settles, tenders; the insurer answers; deadlines are extended (rules §3)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from claims.authority import Bar, automatic_bars
from claims.deadlines import is_in_time
from claims.decisions.approval import approve
from claims.decisions.base import (
    close,
    need_reason,
    open_clock,
    take,
    to_claimant,
    to_seller,
)
from claims.decisions.undoing import undo_approval
from claims.facts import ClaimFacts
from claims.letters import LetterKind
from claims.lifecycle import ActorKind, Refused, SomeoneWasFirst, Status
from claims.models import Answer, Claim, Deadline, DeadlineKind, PayoutState, SellerResponse
from claims.operations.acting import again
from claims.operations.silence import add_to_total, automatic_amount, lock_totals
from claims.outcome import Actor, Letter, NewRow, Outcome
from claims.queries import facts_of
from claims.recorder import record_one


class AnswerRefused(Refused):
    """The claim does not wait for this answer."""


def respond_to_claim(
    *, claim: Claim, answer: Answer, reason: str = "", at: datetime, by: Actor
) -> Claim:
    """The seller's answer, by the moment its request arrived.

    In time it takes its path (rules §3). After the deadline but before a payment is sent it is
    kept, flagged late, and a person looks. A sweep that moves the claim meanwhile changes which
    of the two it is, never whether the answer is kept.

    Raises:
        AnswerRefused: the claim waits for no answer, or was answered already.
        ReasonMissing: a rejection without reasons.
    """
    if answer == Answer.REJECT:
        reason = need_reason(reason, for_what="why you reject the claim")
    try:
        _answer_once(claim, answer, reason.strip(), at=at, by=by)
    except SomeoneWasFirst:
        # The sender took the payment meanwhile: what is true now decides.
        _answer_once(claim, answer, reason.strip(), at=at, by=by)
    return again(claim)


@transaction.atomic
def _answer_once(claim: Claim, answer: Answer, reason: str, *, at: datetime, by: Actor) -> None:
    # First the claim, then the day's total: in this order nobody waits in a circle.
    Claim.objects.select_for_update(no_key=True).get(pk=claim.pk)
    facts = facts_of(claim)
    clock = facts.clock(DeadlineKind.SELLER_RESPONSE)
    if clock is None or not is_in_time(at, clock.due_at):
        _check_late(claim, facts)
        record_one(_answer_late(facts, answer, reason, at=at, by=by))
    elif answer == Answer.ACCEPT:
        _accept(facts, reason, at=at, by=by)
    else:
        record_one(_ANSWERS[answer](facts, reason, at=at, by=by))


def _check_late(claim: Claim, facts: ClaimFacts) -> None:
    lapsed = Deadline.objects.filter(
        claim=claim, kind=DeadlineKind.SELLER_RESPONSE, lapsed_at__isnull=False
    )
    waits = facts.status == Status.AWAITING_SELLER or lapsed.exists()
    if not waits or SellerResponse.objects.filter(claim=claim).exists():
        raise AnswerRefused("This claim does not wait for an answer from you.")
    if facts.status not in {Status.AWAITING_SELLER, Status.IN_ADJUDICATION, Status.APPROVED}:
        raise AnswerRefused("It is too late for an answer. You may appeal with new facts.")
    if facts.status == Status.APPROVED and facts.open_payout not in {None, PayoutState.QUEUED}:
        raise AnswerRefused("The payment is already on its way. You may appeal with new facts.")


def _response_row(answer: Answer, reason: str, *, at: datetime, by: Actor, is_late: bool) -> NewRow:
    return NewRow(
        "SellerResponse",
        {
            "answer": answer.value,
            "reason": reason,
            "arrived_at": at,
            "is_late": is_late,
            "given_by_id": by.user_id,
        },
    )


def _answer_late(
    facts: ClaimFacts, answer: Answer, reason: str, *, at: datetime, by: Actor
) -> Outcome:
    common: dict[str, Any] = {
        "rule": "rules §3: a late answer is kept, flagged late, and a person looks",
        "text": reason,
        "facts": {"answer": answer.value},
        "new_rows": (_response_row(answer, reason, at=at, by=by, is_late=True),),
        "letters": (to_seller(facts, LetterKind.ANSWER_LATE, occasion=facts.version + 1),),
    }
    if facts.status == Status.APPROVED:
        return undo_approval(
            facts,
            step="answer_late",
            to=Status.IN_ADJUDICATION,
            at=at,
            by=by,
            bars=[Bar.SELLER_ANSWERED_LATE.value],
            has_open_payout=facts.open_payout is not None,
            **common,
        )
    changes: dict[str, Any] = {}
    if facts.status == Status.IN_ADJUDICATION:
        changes["bars"] = sorted({*facts.bars, Bar.SELLER_ANSWERED_LATE.value})
    return take(facts, "answer_late", at=at, by=by, changes=changes, **common)


def _accept(facts: ClaimFacts, reason: str, *, at: datetime, by: Actor) -> None:
    today = facts.local_date(at)
    spent = lock_totals({facts.market: today})[facts.market]
    outcome = decide_acceptance(facts, reason, at=at, by=by, spent_today_minor=spent)
    record_one(outcome)
    add_to_total(facts.market, today, automatic_amount(outcome))


def decide_acceptance(
    facts: ClaimFacts, reason: str, *, at: datetime, by: Actor, spent_today_minor: int
) -> Outcome:
    """An accepting seller: approved automatically if nothing bars it (rules §3)."""
    amount = facts.assessed_minor or 0
    bars = automatic_bars(facts, amount_minor=amount, at=at, spent_today_minor=spent_today_minor)
    row = _response_row(Answer.ACCEPT, reason, at=at, by=by, is_late=False)
    met = (close(DeadlineKind.SELLER_RESPONSE, "met"),)
    if not bars:
        return approve(
            facts,
            step="accept",
            amount_minor=amount,
            at=at,
            by=by,
            deciders=(),
            is_automatic=True,
            rule="rules §3: the seller accepts, and nothing bars the payment",
            text=reason,
            inputs={"spent_today_minor": spent_today_minor},
            closes=met,
            new_rows=(row,),
        )
    return take(
        facts,
        "accept",
        at=at,
        by=by,
        to=Status.IN_ADJUDICATION,
        rule="rules §3: the seller accepts, and something bars an automatic payment",
        text=reason,
        facts={"bars": sorted(bars), "spent_today_minor": spent_today_minor},
        changes={"bars": sorted(bars)},
        closes=met,
        new_rows=(row,),
        letters=(_received(facts, Answer.ACCEPT),),
    )


def _received(facts: ClaimFacts, answer: Answer, **more: Any) -> Letter:
    return to_seller(
        facts,
        LetterKind.ANSWER_RECEIVED,
        occasion=facts.version + 1,
        answer=answer.value,
        **more,
    )


def _reject(facts: ClaimFacts, reason: str, *, at: datetime, by: Actor) -> Outcome:
    return take(
        facts,
        "reject",
        at=at,
        by=by,
        to=Status.IN_ADJUDICATION,
        rule="rules §3: a rejection goes to adjudication",
        text=reason,
        closes=(close(DeadlineKind.SELLER_RESPONSE, "met"),),
        new_rows=(_response_row(Answer.REJECT, reason, at=at, by=by, is_late=False),),
        letters=(_received(facts, Answer.REJECT),),
    )


@dataclass(frozen=True, slots=True)
class Course:
    """An answer that gives somebody else days to settle with the customer (rules §3)."""

    answer: Answer
    step: str
    to: Status
    clock: DeadlineKind
    owner: ActorKind
    rule: str
    claimant_letter: LetterKind


HANDLE = Course(
    Answer.HANDLE,
    "handle",
    Status.WITH_SELLER,
    DeadlineKind.SELLER_SETTLEMENT,
    ActorKind.SELLER,
    "rules §3: the seller handles it with the customer itself",
    LetterKind.SELLER_HANDLES,
)
TENDER = Course(
    Answer.TENDER,
    "tender",
    Status.WITH_INSURER,
    DeadlineKind.INSURER_ANSWER,
    ActorKind.INSURER,
    "rules §3: the seller tenders the claim to its insurer",
    LetterKind.INSURER_ASKED,
)


def _hand_over(
    course: Course, days: int, facts: ClaimFacts, reason: str, *, at: datetime, by: Actor
) -> Outcome:
    clock = open_clock(facts, course.clock, owner=course.owner, length=days, at=at)
    due: dict[str, Any] = {"due_at": clock.due_at}
    return take(
        facts,
        course.step,
        at=at,
        by=by,
        to=course.to,
        rule=course.rule,
        text=reason,
        closes=(close(DeadlineKind.SELLER_RESPONSE, "met"),),
        opens=(clock,),
        new_rows=(_response_row(course.answer, reason, at=at, by=by, is_late=False),),
        letters=(
            _received(facts, course.answer, **due),
            to_claimant(facts, course.claimant_letter, occasion=facts.version + 1, **due),
        ),
    )


def _handle(facts: ClaimFacts, reason: str, *, at: datetime, by: Actor) -> Outcome:
    return _hand_over(HANDLE, facts.terms.handling_days, facts, reason, at=at, by=by)


def _tender(facts: ClaimFacts, reason: str, *, at: datetime, by: Actor) -> Outcome:
    return _hand_over(TENDER, facts.terms.insurer_answer_days, facts, reason, at=at, by=by)


_ANSWERS = {Answer.REJECT: _reject, Answer.HANDLE: _handle, Answer.TENDER: _tender}
