"""The seller settles with the customer itself, or its insurer answers a tender (rules §3)."""

from datetime import datetime
from typing import Any

from claims.cover import charge_policy, cover_of_claim
from claims.deadlines import is_in_time
from claims.decisions.base import close, close_all, need_reason, take, to_claimant, to_seller
from claims.facts import ClaimFacts
from claims.letters import LetterKind
from claims.lifecycle import Status
from claims.models import Claim, DeadlineKind
from claims.operations.acting import act
from claims.operations.responding import AnswerRefused
from claims.outcome import Actor, CloseDeadline, Letter, Outcome
from sellers.money import format_amount


def report_settlement(
    *, claim: Claim, amount_minor: int, proof: str, at: datetime, by: Actor
) -> Claim:
    """The seller settled with the customer, and says how that is proven.

    Raises:
        AnswerRefused: no positive amount, or after the days to settle. ReasonMissing: no proof.
    """
    if amount_minor <= 0:
        raise AnswerRefused("A settlement has an amount above zero.")
    words = need_reason(proof, for_what="how the settlement is proven")
    return act(claim, lambda facts: _settle(facts, amount_minor, words, at=at, by=by))


def _settle(
    facts: ClaimFacts, amount_minor: int, proof: str, *, at: datetime, by: Actor
) -> Outcome:
    _check_in_time(facts, DeadlineKind.SELLER_SETTLEMENT, at=at)
    return take(
        facts,
        "settle",
        at=at,
        by=by,
        to=Status.SETTLED,
        rule="rules §3: the seller reports the settlement with proof",
        text=proof,
        facts={"amount_minor": amount_minor},
        closes=_settled(facts, DeadlineKind.SELLER_SETTLEMENT),
        letters=_settled_letters(facts, "SELLER", amount_minor),
    )


def _check_in_time(facts: ClaimFacts, kind: DeadlineKind, *, at: datetime) -> None:
    """The grace only delays the automatic step: what arrives in it is late (rules §8)."""
    clock = facts.clock(kind)
    if clock is not None and not is_in_time(at, clock.due_at):
        raise AnswerRefused("The days to settle have passed: the claim comes back to us.")


def _settled_letters(facts: ClaimFacts, by: str, amount_minor: int) -> tuple[Letter, ...]:
    both: dict[str, Any] = {"occasion": facts.version + 1, "by": by, "amount_minor": amount_minor}
    return (
        to_seller(facts, LetterKind.SETTLED_CONFIRMED, **both),
        to_claimant(facts, LetterKind.CLAIM_SETTLED, **both),
    )


def _settled(facts: ClaimFacts, met: DeadlineKind) -> tuple[CloseDeadline, ...]:
    others = tuple(c for c in close_all(facts) if c.kind not in {met, DeadlineKind.DECISION})
    return (close(met, "met"), close(DeadlineKind.DECISION, "met"), *others)


def record_insurer_answer(
    *,
    claim: Claim,
    pays: bool,
    amount_minor: int | None = None,
    reason: str = "",
    at: datetime,
    by: Actor,
) -> Claim:
    """The seller's insurer answers a tender: it pays (up to its policy's limit) or declines.

    Raises:
        AnswerRefused: an amount above the assessed one or the limit, or paid after the days to
            answer. ReasonMissing: it declines, and does not say why.
    """
    if not pays:
        words = need_reason(reason, for_what="why the insurer declines")
        return act(claim, lambda facts: _insurer_declines(facts, words, at=at, by=by))
    return act(claim, lambda facts: _insurer_pays(facts, amount_minor, reason, at=at, by=by))


def _insurer_declines(facts: ClaimFacts, reason: str, *, at: datetime, by: Actor) -> Outcome:
    return take(
        facts,
        "insurer_declines",
        at=at,
        by=by,
        to=Status.IN_ADJUDICATION,
        rule="rules §3: a tender that the insurer declines goes to adjudication",
        text=reason,
        closes=(close(DeadlineKind.INSURER_ANSWER, "met"),),
        letters=(
            to_seller(facts, LetterKind.CLAIM_RETURNED, occasion=facts.version + 1, by="INSURER"),
        ),
    )


def _insurer_pays(
    facts: ClaimFacts, amount_minor: int | None, reason: str, *, at: datetime, by: Actor
) -> Outcome:
    _check_in_time(facts, DeadlineKind.INSURER_ANSWER, at=at)
    assessed = facts.assessed_minor or 0
    policy = cover_of_claim(facts).bound
    most = assessed if policy is None else policy.most_minor or 0
    amount = most if amount_minor is None else amount_minor
    if not 0 < amount <= most:
        words = format_amount(most, currency=facts.currency)
        raise AnswerRefused(
            f"The insurer can pay up to {words}: the assessed loss above the deductible, within "
            "what is left of the policy’s limits."
        )
    return take(
        facts,
        "insurer_pays",
        at=at,
        by=by,
        to=Status.SETTLED,
        rule="rules §3: the insurer pays the customer",
        text=reason.strip(),
        facts={
            "amount_minor": amount,
            "assessed_minor": assessed,
            "most_minor": most,
            "policy": policy.number if policy else None,
        },
        closes=_settled(facts, DeadlineKind.INSURER_ANSWER),
        new_rows=charge_policy(policy, amount, at=at),
        letters=_settled_letters(facts, "INSURER", amount),
    )
