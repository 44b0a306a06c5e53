"""What happens when a clock runs out: pure, the same for one claim and for a thousand."""

from collections.abc import Callable
from datetime import datetime, timedelta

from claims.authority import automatic_bars
from claims.decisions.approval import approve, void_proposals
from claims.decisions.base import close, open_clock, take, to_claimant, to_seller
from claims.decisions.proof import ProofInTime, after_days_to_prove
from claims.facts import ClaimFacts, ClockFacts
from claims.letters import LetterKind
from claims.lifecycle import ActorKind, Status
from claims.models.handling import DeadlineKind
from claims.outcome import SYSTEM, Outcome

Decision = Callable[..., Outcome]


def decide_silence(
    facts: ClaimFacts,
    clock: ClockFacts,
    *,
    at: datetime,
    spent_today_minor: int,
    proof: ProofInTime | None = None,
) -> Outcome:
    """The step that a run-out clock takes (rules §8: the automatic step).

    `spent_today_minor` is what the marketplace approved automatically on its local day so far;
    `proof` is the certificate that came in time, where the clock waited for one.
    """
    decide = _DECISIONS[clock.kind]
    return decide(facts, clock, at=at, spent_today_minor=spent_today_minor, proof=proof)


def lapse(
    facts: ClaimFacts, clock: ClockFacts, *, at: datetime, spent_today_minor: int, **_: object
) -> Outcome:
    """The seller stayed silent: approved automatically if nothing bars it, else a person decides.

    Source: rules §3 [P]; the bars are ours [D].
    """
    amount = facts.assessed_minor or 0
    bars = automatic_bars(facts, amount_minor=amount, at=at, spent_today_minor=spent_today_minor)
    inputs = {
        "due_at": clock.due_at.isoformat(),
        "amount_minor": amount,
        "spent_today_minor": spent_today_minor,
        "automatic_limit_minor": facts.terms.automatic_limit_minor,
        "daily_cap_minor": facts.terms.daily_cap_minor,
    }
    closes = (close(DeadlineKind.SELLER_RESPONSE, "lapsed"),)
    if not bars:
        return approve(
            facts,
            step="lapse",
            amount_minor=amount,
            at=at,
            by=SYSTEM,
            deciders=(),
            is_automatic=True,
            rule="rules §3: no answer by the deadline, and nothing bars the payment",
            inputs=inputs,
            closes=closes,
        )
    return take(
        facts,
        "lapse",
        at=at,
        by=SYSTEM,
        to=Status.IN_ADJUDICATION,
        rule="rules §3: no answer by the deadline, and something bars an automatic payment",
        facts={**inputs, "bars": sorted(bars)},
        changes={"bars": sorted(bars)},
        closes=closes,
        letters=(to_seller(facts, LetterKind.RESPONSE_LAPSED, occasion=facts.version + 1),),
    )


def _abandon(facts: ClaimFacts, clock: ClockFacts, *, at: datetime, **_: object) -> Outcome:
    return take(
        facts,
        "abandon",
        at=at,
        by=SYSTEM,
        to=Status.ABANDONED,
        rule="rules §2: no answer from the claimant within the days given",
        facts={"due_at": clock.due_at.isoformat()},
        changes={"bars": []},
        row_changes=(void_proposals(at),),
        closes=(
            close(DeadlineKind.CLAIMANT_ANSWER, "lapsed"),
            close(DeadlineKind.DECISION, "cancelled"),
            close(DeadlineKind.STATUS_LETTER, "cancelled"),
        ),
        letters=(to_claimant(facts, LetterKind.CLAIM_ABANDONED, occasion=facts.version + 1),),
    )


def _return_claim(facts: ClaimFacts, clock: ClockFacts, *, at: datetime, **_: object) -> Outcome:
    return take(
        facts,
        "return_claim",
        at=at,
        by=SYSTEM,
        to=Status.IN_ADJUDICATION,
        rule="rules §3: a handling or tender that runs out goes to adjudication",
        facts={"clock": clock.kind, "due_at": clock.due_at.isoformat()},
        closes=(close(DeadlineKind(clock.kind), "lapsed"),),
        letters=(
            to_seller(
                facts,
                LetterKind.CLAIM_RETURNED,
                occasion=facts.version + 1,
                by="INSURER" if facts.status == Status.WITH_INSURER else "SELLER",
            ),
        ),
    )


def _write_status_letter(
    facts: ClaimFacts, clock: ClockFacts, *, at: datetime, **_: object
) -> Outcome:
    # Counted from the day the letter was due, so that a late sweep moves no later letter; after
    # a long stop, from now, so that the missed ones do not all come at once.
    last_day = max(clock.due_at - timedelta(seconds=1), at - timedelta(days=1))
    following = open_clock(
        facts,
        DeadlineKind.STATUS_LETTER,
        owner=ActorKind.SYSTEM,
        length=facts.terms.status_letter_days,
        at=at,
        starts_at=last_day,
    )
    return take(
        facts,
        "write_status_letter",
        at=at,
        by=SYSTEM,
        rule="rules §7: a status letter every 30 days",
        closes=(close(DeadlineKind.STATUS_LETTER, "met"),),
        opens=(following,),
        letters=(
            to_claimant(
                facts,
                LetterKind.STATUS_UPDATE,
                occasion=facts.version + 1,
                status=facts.status.value,
            ),
        ),
    )


_DECISIONS: dict[str, Decision] = {
    DeadlineKind.SELLER_RESPONSE: lapse,
    DeadlineKind.CLAIMANT_ANSWER: _abandon,
    DeadlineKind.SELLER_SETTLEMENT: _return_claim,
    DeadlineKind.INSURER_ANSWER: _return_claim,
    DeadlineKind.PROOF_OF_INSURANCE: after_days_to_prove,
    DeadlineKind.STATUS_LETTER: _write_status_letter,
}
