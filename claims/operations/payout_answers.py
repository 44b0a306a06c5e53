"""What the provider's answers do to a payout and its claim: one compare-and-set each."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from claims.cover import products_of_claim
from claims.decisions import payment as decide
from claims.decisions.recovery import CoverFacts
from claims.facts import ClaimFacts
from claims.lifecycle import SomeoneWasFirst
from claims.models import Appeal, AppealParty, AppealStatus, Payout, PayoutState
from claims.operations.circuit import jittered
from claims.outcome import Outcome, RowChange
from claims.providers.base import RefusalReason, Refused
from claims.queries import facts_of, lines_of
from claims.recorder import record_one
from insurance.queries import cover_position

FIRST_WAIT = timedelta(seconds=20)
LONGEST_WAIT = timedelta(hours=6)
TRIES = 5
# Within the provider's own memory of keys; after it an uncertain payment is for a person.
KEY_WINDOW = timedelta(hours=23)


def key_is_remembered(payout: Payout, *, at: datetime) -> bool:
    """Whether the payout's key still makes a repetition safe: always, when it was never used."""
    return payout.first_sent_at is None or at < payout.first_sent_at + KEY_WINDOW


def take_refusal(payout: Payout, answer: Refused, *, at: datetime) -> None:
    """The provider said no: later, with other details, or never."""
    if answer.reason_class == RefusalReason.LATER:
        _try_later(payout, answer, at=at)
        return
    is_mendable = answer.reason_class == RefusalReason.FIX_DETAILS
    settle(
        payout,
        PayoutState.REFUSED,
        decide.record_refused if is_mendable else decide.record_never,
        at=at,
        columns={"last_answer": answer.message, **ended(at)},
        message=answer.message,
    )


def _try_later(payout: Payout, answer: Refused, *, at: datetime) -> None:
    after = timedelta(seconds=answer.retry_after_seconds or 0) or wait(payout)
    change(
        payout,
        state=PayoutState.QUEUED,
        next_at=at + after,
        lease_until=None,
        last_answer=answer.message,
        first_sent_at=not_sent_yet(payout, at=at),
    )


def not_sent_yet(payout: Payout, *, at: datetime) -> datetime | None:
    """Since when the payout's key is in use, after an attempt at `at` that reached nothing.

    An earlier attempt whose end is not known keeps its moment: its key window runs on.
    """
    return None if payout.first_sent_at == at else payout.first_sent_at


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


def settle(
    payout: Payout,
    state: PayoutState,
    decision: Callable[..., Outcome],
    *,
    at: datetime,
    columns: Mapping[str, object],
    **inputs: object,
) -> bool:
    """Move the payout and its claim together, as the decision on the provider's word says."""
    moved = move(payout, state, at=at, **columns)
    return record(
        payout,
        lambda facts: decision(
            facts, our_reference=payout.our_reference, at=at, payout=moved, **inputs
        ),
    )


def ended(at: datetime) -> dict[str, object]:
    """The columns of a payout about which nothing more is asked."""
    return {"next_at": None, "ended_at": at}


def record_sent(payout: Payout, provider_reference: str, *, at: datetime) -> None:
    """The provider has it: the claim's file and ledger say so."""
    settle(
        payout,
        PayoutState.SENT,
        decide.record_sent,
        at=at,
        columns={"provider_reference": provider_reference},
        amount_minor=payout.amount_minor,
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
    appeals_won = Appeal.objects.filter(
        claim=claim, party=AppealParty.SELLER, status=AppealStatus.OVERTURNED
    )
    settle(
        payout,
        PayoutState.CONFIRMED,
        decide.record_confirmed,
        at=at,
        columns=ended(at),
        amount_minor=payout.amount_minor,
        lines=lines_of(claim.pk),
        cover=CoverFacts(position.is_required, position.is_proven, position.why),
        appeal_won=appeals_won.exists(),
    )


def record_returned(payout: Payout, *, at: datetime) -> None:
    """It was confirmed and came back: the claimant is owed again, and asked for other details."""
    settle(
        payout,
        PayoutState.RETURNED,
        decide.record_returned,
        at=at,
        columns=ended(at),
        amount_minor=payout.amount_minor,
        lines=lines_of(payout.claim_id),
    )


def record_bounced_back(payout: Payout, *, at: datetime) -> None:
    """It was sent and came back before it arrived: owed as before, and other details asked for."""
    settle(
        payout,
        PayoutState.RETURNED,
        decide.record_bounced_back,
        at=at,
        columns=ended(at),
        amount_minor=payout.amount_minor,
    )


def wait(payout: Payout) -> timedelta:
    """How long until the next attempt or look-up: doubling from 20 seconds to 6 hours, with jitter.

    Up to a fifth is added, the same for the same payout and attempt.
    """
    doubled = min(FIRST_WAIT * (1 << min(payout.attempts, 12)), LONGEST_WAIT)
    return jittered(doubled, seed=f"{payout.our_reference}#{payout.attempts}")
