"""What the provider's answers do to a payout and its claim: one compare-and-set each."""

from collections.abc import Callable
from datetime import datetime, timedelta

from claims.cover import products_of_claim
from claims.decisions import payment as decide
from claims.decisions.recovery import CoverFacts
from claims.facts import ClaimFacts
from claims.lifecycle import SomeoneWasFirst
from claims.models import Appeal, AppealParty, AppealStatus, Payout, PayoutState
from claims.outcome import Outcome, RowChange
from claims.providers.base import RefusalReason, Refused
from claims.queries import facts_of, lines_of
from claims.recorder import record_one
from insurance.queries import cover_position

FIRST_WAIT = timedelta(seconds=20)
LONGEST_WAIT = timedelta(hours=6)
TRIES = 5


def take_refusal(payout: Payout, answer: Refused, *, at: datetime) -> None:
    """The provider said no: later, with other details, or never."""
    if answer.reason_class == RefusalReason.LATER:
        after = timedelta(seconds=answer.retry_after_seconds or 0) or wait(payout)
        change(
            payout,
            state=PayoutState.QUEUED,
            next_at=at + after,
            lease_until=None,
            last_answer=answer.message,
        )
        return
    build = (
        decide.record_refused
        if answer.reason_class == RefusalReason.FIX_DETAILS
        else decide.record_never
    )
    moved = move(
        payout,
        PayoutState.REFUSED,
        at=at,
        last_answer=answer.message,
        next_at=None,
        ended_at=at,
    )
    record(
        payout,
        lambda facts: build(
            facts,
            our_reference=payout.our_reference,
            message=answer.message,
            at=at,
            payout=moved,
        ),
    )


def doubt(payout: Payout, why: str, *, at: datetime) -> None:
    """The payment may or may not have been taken: look it up soon."""
    change(
        payout,
        state=PayoutState.UNCERTAIN,
        next_at=at + FIRST_WAIT,
        lease_until=None,
        last_answer=why,
    )


def change(payout: Payout, **values: object) -> bool:
    """Compare-and-set on the payout's own state; a lost lease changes nothing."""
    changed = Payout.objects.filter(pk=payout.pk, state=payout.state).update(**values)
    payout.refresh_from_db()
    return changed == 1


def move(payout: Payout, state: PayoutState, *, at: datetime, **values: object) -> RowChange:
    """The payout's part of an outcome: it must still stand as it stood when we asked."""
    return RowChange(
        "Payout",
        {"pk": payout.pk, "state": payout.state},
        {"state": state.value, "lease_until": None, "next_at": at + FIRST_WAIT, **values},
    )


def record(payout: Payout, build: Callable[[ClaimFacts], Outcome]) -> bool:
    """Record what the provider said; somebody else's step on the claim only makes it try again."""
    for _ in range(TRIES):
        try:
            record_one(build(facts_of(payout.claim)))
        except SomeoneWasFirst:
            current = Payout.objects.values_list("state", flat=True).get(pk=payout.pk)
            if current != payout.state:
                return False
        else:
            payout.refresh_from_db()
            return True
    return False


def record_sent(payout: Payout, provider_reference: str, *, at: datetime) -> None:
    """The provider has it: the claim's file and ledger say so."""
    moved = move(payout, PayoutState.SENT, at=at, provider_reference=provider_reference)
    record(
        payout,
        lambda facts: decide.record_sent(
            facts,
            amount_minor=payout.amount_minor,
            our_reference=payout.our_reference,
            at=at,
            payout=moved,
        ),
    )


def record_confirmed(payout: Payout, *, at: datetime) -> None:
    """The claimant has the money: the claim is PAID, and the recovery opens."""
    claim = payout.claim
    position = cover_position(
        claim.seller_id,
        claim.marketplace_id,
        incident_on=claim.incident_on,
        at=at,
        products=products_of_claim(claim.pk),
    )
    cover = CoverFacts(position.is_required, position.is_proven, position.why)
    moved = move(payout, PayoutState.CONFIRMED, at=at, next_at=None, ended_at=at)
    lines = lines_of(claim.pk)
    appeal_won = Appeal.objects.filter(
        claim=claim, party=AppealParty.SELLER, status=AppealStatus.OVERTURNED
    ).exists()
    record(
        payout,
        lambda facts: decide.record_confirmed(
            facts,
            amount_minor=payout.amount_minor,
            our_reference=payout.our_reference,
            lines=lines,
            cover=cover,
            appeal_won=appeal_won,
            at=at,
            payout=moved,
        ),
    )


def wait(payout: Payout) -> timedelta:
    """How long until the next look-up: doubling from 20 seconds, at most 6 hours."""
    return min(FIRST_WAIT * (1 << min(payout.attempts, 12)), LONGEST_WAIT)
