"""What the claimant tells later about themselves: today, whether Medicare covers them."""

from datetime import datetime

from claims.authority import Bar
from claims.decisions.base import take
from claims.facts import ClaimFacts
from claims.lifecycle import Refused
from claims.models import Claim, Medicare
from claims.operations.acting import act
from claims.outcome import Actor, Outcome


class MedicareRefused(Refused):
    """The answer says nothing new."""


def record_medicare(*, claim: Claim, medicare: Medicare, at: datetime, by: Actor) -> Claim:
    """Write down whether the claimant is a Medicare beneficiary (rules §2, §7).

    Once it is known, yes or no, it bars nothing any more: one person can decide the claim
    again, and silence approves it by itself. A wrong answer is put right in the same way.

    Raises:
        MedicareRefused: no answer, or the one that the file has. StepNotAllowed: the claim ended.
    """
    return act(claim, lambda facts: _record(facts, medicare, at=at, by=by))


def _record(facts: ClaimFacts, medicare: Medicare, *, at: datetime, by: Actor) -> Outcome:
    if medicare == Medicare.UNKNOWN:
        raise MedicareRefused("Write down the answer when there is one: yes or no.")
    if medicare == facts.medicare:
        raise MedicareRefused(f"The file says so already: {medicare.label.lower()}.")
    return take(
        facts,
        "record_medicare",
        at=at,
        by=by,
        rule="rules §2: an injury payment waits until the Medicare status is known",
        facts={"before": facts.medicare, "medicare": medicare.value},
        changes={
            "medicare": medicare.value,
            "bars": [bar for bar in facts.bars if bar != Bar.MEDICARE_STATUS_UNKNOWN],
        },
    )
