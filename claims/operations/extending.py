"""More days for the seller or its insurer, and notes in the file (rules §8)."""

from datetime import datetime

from claims.deadlines import is_in_time
from claims.decisions.base import close, need_reason, open_clock, take, to_seller
from claims.facts import ClaimFacts, ClockFacts
from claims.letters import LetterKind
from claims.lifecycle import ActorKind
from claims.models import Claim, DeadlineKind
from claims.operations.acting import act
from claims.operations.responding import AnswerRefused
from claims.outcome import Actor, Outcome

SELLER_CLOCKS = (
    DeadlineKind.SELLER_RESPONSE,
    DeadlineKind.SELLER_SETTLEMENT,
    DeadlineKind.INSURER_ANSWER,
    DeadlineKind.PROOF_OF_INSURANCE,
)
# Ten years: a longer one is a slip of the pen, and a clock's column holds no hundred.
LONGEST_EXTENDED = 3_650


def extend_deadline(*, claim: Claim, days: int, reason: str, at: datetime, by: Actor) -> Claim:
    """Give the seller (or its insurer) more days, from the same start, for a reason.

    Raises:
        AnswerRefused: no such clock runs, it has run out, the days are not positive, or the clock
            would run for more than ten years.
    """
    words = need_reason(reason, for_what="why the deadline is extended")
    return act(claim, lambda facts: _extend(facts, days, words, at=at, by=by))


def _extend(facts: ClaimFacts, days: int, reason: str, *, at: datetime, by: Actor) -> Outcome:
    clock = _seller_clock(facts)
    if days <= 0:
        raise AnswerRefused("An extension is one day or more.")
    if clock.length + days > LONGEST_EXTENDED:
        raise AnswerRefused(f"No deadline is extended beyond {LONGEST_EXTENDED:,} days.")
    if not is_in_time(at, clock.due_at):
        raise AnswerRefused("The deadline has passed and cannot be extended.")
    longer = open_clock(
        facts,
        DeadlineKind(clock.kind),
        owner=ActorKind(clock.owner),
        length=clock.length + days,
        unit=clock.unit,
        at=at,
        starts_at=clock.starts_at,
        note=reason[:300],
    )
    return take(
        facts,
        "extend_deadline",
        at=at,
        by=by,
        text=reason,
        facts={
            "days": days,
            "before": clock.due_at.isoformat(),
            "after": longer.due_at.isoformat(),
        },
        closes=(close(DeadlineKind(clock.kind), "cancelled"),),
        opens=(longer,),
        letters=(
            to_seller(
                facts,
                LetterKind.DEADLINE_EXTENDED,
                occasion=facts.version + 1,
                due_at=longer.due_at,
            ),
        ),
    )


def _seller_clock(facts: ClaimFacts) -> ClockFacts:
    for kind in SELLER_CLOCKS:
        clock = facts.clock(kind)
        if clock is not None:
            return clock
    raise AnswerRefused("No deadline of the seller runs on this claim.")


def add_information(
    *, claim: Claim, text: str, at: datetime, by: Actor, is_internal: bool = False
) -> Claim:
    """Somebody adds a note to the file; sellers never see internal ones."""
    words = need_reason(text, for_what="write what you want to add")
    return act(
        claim,
        lambda facts: take(
            facts,
            "add_information",
            at=at,
            by=by,
            text=words,
            facts={"internal": is_internal},
        ),
    )
