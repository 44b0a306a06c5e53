"""Claims come in: screened, asked about, abandoned, reopened. `reporting` makes them."""

from datetime import datetime

from claims.deadlines import window_end
from claims.decisions.base import (
    close,
    close_all,
    need_reason,
    open_clock,
    take,
    to_claimant,
)
from claims.decisions.denial import denial_letter
from claims.decisions.eligibility import Denial
from claims.facts import ClaimFacts
from claims.letters import LetterKind
from claims.lifecycle import ActorKind, Status
from claims.models import Claim, DeadlineKind
from claims.operations.acting import act
from claims.operations.reporting import ReportRefused, report_claim
from claims.outcome import Actor, Outcome
from claims.report import ClaimantDetails, ClaimedLine, PayeeGiven

__all__ = [
    "ClaimantDetails",
    "ClaimedLine",
    "PayeeGiven",
    "ReportRefused",
    "answer_question",
    "ask_claimant",
    "pass_screening",
    "report_claim",
    "screen_out",
]


def pass_screening(*, claim: Claim, at: datetime, by: Actor) -> Claim:
    """The claim is believed genuine; it goes to assessment, and the seller may see it."""
    return act(
        claim,
        lambda facts: take(facts, "pass_screening", at=at, by=by, to=Status.IN_ASSESSMENT),
    )


def screen_out(*, claim: Claim, reason: str, at: datetime, by: Actor) -> Claim:
    """The claim is fraudulent, abusive or frivolous: denied before any seller sees it.

    Raises:
        ReasonMissing: no reason in words.
    """
    words = need_reason(reason, for_what="why the claim is screened out")
    return act(
        claim,
        lambda facts: take(
            facts,
            "screen_out",
            at=at,
            by=by,
            to=Status.DENIED,
            reason=Denial.SCREENED_OUT.value,
            text=words,
            facts={"deciders": [by.user_id]},
            changes={"denied_at": at},
            closes=close_all(facts),
            letters=(denial_letter(facts, Denial.SCREENED_OUT),),
        ),
    )


def ask_claimant(*, claim: Claim, question: str, at: datetime, by: Actor) -> Claim:
    """Ask the claimant something; without an answer in time the claim closes as abandoned.

    Raises:
        ReasonMissing: no question.
    """
    words = need_reason(question, for_what="write the question to the claimant")
    return act(claim, lambda facts: _ask(facts, words, at=at, by=by))


def _ask(facts: ClaimFacts, question: str, *, at: datetime, by: Actor) -> Outcome:
    clock = open_clock(
        facts,
        DeadlineKind.CLAIMANT_ANSWER,
        owner=ActorKind.CLAIMANT,
        length=facts.terms.claimant_answer_days,
        at=at,
    )
    return take(
        facts,
        "ask_claimant",
        at=at,
        by=by,
        to=Status.AWAITING_CLAIMANT,
        text=question,
        opens=(clock,),
        letters=(
            to_claimant(
                facts,
                LetterKind.QUESTION,
                occasion=facts.version + 1,
                question=question,
                due_at=clock.due_at,
            ),
        ),
    )


def answer_question(*, claim: Claim, answer: str, at: datetime, by: Actor) -> Claim:
    """The claimant answers; an abandoned claim reopens within the filing window (rules §2).

    Raises:
        ReportRefused: the days to answer have passed, and the filing window has closed.
    """
    return act(claim, lambda facts: _answer(facts, answer.strip(), at=at, by=by))


def _answer(facts: ClaimFacts, answer: str, *, at: datetime, by: Actor) -> Outcome:
    if facts.status == Status.ABANDONED:
        return _reopen(facts, answer, at=at, by=by)
    clock = facts.clock(DeadlineKind.CLAIMANT_ANSWER)
    if clock is not None and at >= clock.due_at:
        # The grace delays the closing, and lengthens no clock.
        _need_open_window(facts, at)
    return take(
        facts,
        "claimant_answers",
        at=at,
        by=by,
        to=Status.IN_ASSESSMENT,
        text=answer,
        closes=(close(DeadlineKind.CLAIMANT_ANSWER, "met"),),
    )


def _reopen(facts: ClaimFacts, answer: str, *, at: datetime, by: Actor) -> Outcome:
    _need_open_window(facts, at)
    terms = facts.terms
    return take(
        facts,
        "reopen",
        at=at,
        by=by,
        to=Status.IN_ASSESSMENT,
        text=answer,
        rule="rules §2: reopened when they answer within the filing window",
        opens=(
            open_clock(
                facts,
                DeadlineKind.DECISION,
                owner=ActorKind.STAFF,
                length=terms.decision_promise_days,
                at=at,
                starts_at=facts.reported_at,
            ),
            open_clock(
                facts,
                DeadlineKind.STATUS_LETTER,
                owner=ActorKind.SYSTEM,
                length=terms.status_letter_days,
                at=at,
            ),
        ),
        letters=(to_claimant(facts, LetterKind.CLAIM_REOPENED, occasion=facts.version + 1),),
    )


def _need_open_window(facts: ClaimFacts, at: datetime) -> None:
    days = facts.terms.filing_window_days
    if at >= window_end(facts.incident_on, days=days, market=facts.market):
        raise ReportRefused(f"No answer came in time, and the {days} days to file have passed.")
