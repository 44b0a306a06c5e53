"""What every operation does: read the facts, let a pure function decide, record, look again."""

from collections.abc import Callable

from claims.facts import ClaimFacts
from claims.models import Claim
from claims.outcome import Outcome
from claims.queries import facts_of
from claims.recorder import record_one

type Decide = Callable[[ClaimFacts], Outcome]


def act(claim: Claim, decide: Decide) -> Claim:
    """Take one step of one claim; returns the claim as it stands then.

    Raises:
        Refused: what `decide` raises, or `SomeoneWasFirst`; nothing was written.
    """
    record_one(decide(facts_of(claim)))
    return again(claim)


def again(claim: Claim) -> Claim:
    """The claim as it stands in the database now."""
    return Claim.objects.get(pk=claim.pk)
