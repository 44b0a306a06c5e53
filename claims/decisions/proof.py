"""What happens when the days to prove cover end: waived, waiting for a review, or demanded.

Source: rules §3. Pure.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from claims.decisions.base import close, open_clock, take, to_seller
from claims.decisions.recovery import demand_after_silence, waive_on_proof
from claims.facts import ClaimFacts, ClockFacts
from claims.letters import LetterKind
from claims.lifecycle import ActorKind
from claims.models.handling import DeadlineKind
from claims.outcome import SYSTEM, Outcome

# Kept with a clock that runs on for a review only: it gives the seller no more days of its own.
REVIEW_NOTE = "certificate under review"
REVIEW_WORDS = (
    "Your certificate of insurance came in time, and we are still comparing it. You need not do "
    "anything: nothing is asked of you before we have decided."
)


@dataclass(frozen=True, slots=True)
class ProofInTime:
    """A certificate without defects that came before the days to prove cover had ended.

    Accepted, it proves; otherwise it waits for a person, and the demand waits with it, for
    `review_days` at a time.
    """

    certificate_id: int
    submitted_at: datetime
    is_accepted: bool
    review_days: int


def after_days_to_prove(
    facts: ClaimFacts,
    clock: ClockFacts,
    *,
    at: datetime,
    proof: ProofInTime | None = None,
    **_: object,
) -> Outcome:
    """The days to prove cover ended: waived, waiting for a review, or demanded (rules §3)."""
    if proof is None:
        return demand_after_silence(facts, clock, at=at)
    if proof.is_accepted:
        why = f"proven by the certificate of {facts.local_date(proof.submitted_at)}"
        return waive_on_proof(facts, at=at, why=why)
    return wait_for_review(facts, clock, at=at, proof=proof)


def wait_for_review(
    facts: ClaimFacts, clock: ClockFacts, *, at: datetime, proof: ProofInTime
) -> Outcome:
    """A certificate that came in time must not cost the seller because nobody looked at it yet."""
    longer = open_clock(
        facts,
        DeadlineKind.PROOF_OF_INSURANCE,
        owner=ActorKind.SELLER,
        length=clock.length + proof.review_days,
        unit=clock.unit,
        at=at,
        starts_at=clock.starts_at,
        note=REVIEW_NOTE,
    )
    return take(
        facts,
        "extend_deadline",
        at=at,
        by=SYSTEM,
        rule="rules §3: proof that came in time counts, however long its review takes",
        text=REVIEW_WORDS,
        facts={
            "days": proof.review_days,
            "before": clock.due_at.isoformat(),
            "after": longer.due_at.isoformat(),
            "certificate_id": proof.certificate_id,
        },
        closes=(close(DeadlineKind.PROOF_OF_INSURANCE, "cancelled"),),
        # Nobody is reminded to send what was sent.
        opens=(replace(longer, remind_at=None),),
        letters=(
            to_seller(
                facts,
                LetterKind.DEADLINE_EXTENDED,
                occasion=facts.version + 1,
                due_at=longer.due_at,
                reason=REVIEW_WORDS,
            ),
        ),
    )
