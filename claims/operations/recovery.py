"""The cost of a paid claim is pursued: proven away, withheld, collected, written off (rules §3)."""

from contextlib import suppress
from datetime import datetime
from typing import Literal

from claims.authority import authority_minor
from claims.cover import charge_policy, cover_of_claim, products_of_claim
from claims.decisions.approval import NotAuthorised
from claims.decisions.base import need_reason, take, to_seller
from claims.decisions.recovery import move_recovery, waive_on_proof
from claims.facts import ClaimFacts
from claims.ledger import position_of
from claims.ledger_postings import (
    charge_insurer,
    collect,
    withhold,
    write_off,
)
from claims.letters import LetterKind
from claims.lifecycle import Refused, SomeoneWasFirst
from claims.models import Account, Claim, Recovery, RecoveryStatus
from claims.operations.acting import act
from claims.outcome import Actor, NewRow, Outcome, Posting
from claims.queries import facts_of
from claims.recorder import record_one
from insurance.queries import cover_position
from sellers.money import format_amount

OWED = (RecoveryStatus.DEMANDED, RecoveryStatus.WITHHELD)
SELLER, INSURER = Account.SELLER_RECEIVABLE, Account.INSURER_RECEIVABLE
WITHHELD = Account.DISBURSEMENTS_WITHHELD


class RecoveryRefused(Refused):
    """The recovery does not stand so that this could be done."""


def _owed(claim: Claim) -> Recovery:
    recovery = Recovery.objects.filter(claim=claim, status__in=OWED).first()
    if recovery is None:
        raise RecoveryRefused("Nothing is demanded from the seller on this claim.")
    return recovery


def withhold_disbursements(*, claim: Claim, at: datetime, by: Actor) -> Claim:
    """Instruct the disbursement system to hold back what the seller owes, up to the amount paid.

    Raises:
        RecoveryRefused: nothing is demanded.
    """
    recovery = _owed(claim)
    if recovery.status != RecoveryStatus.DEMANDED:
        raise RecoveryRefused("This is already withheld from the seller's disbursements.")
    owed = position_of(claim.pk).owed_by_seller_minor
    return act(claim, lambda facts: _withhold(facts, recovery, owed, at=at, by=by))


def _withhold(
    facts: ClaimFacts, recovery: Recovery, owed_minor: int, *, at: datetime, by: Actor
) -> Outcome:
    return take(
        facts,
        "withhold_recovery",
        at=at,
        by=by,
        rule="rules §3: may be withheld from disbursements up to the amount paid",
        facts={"amount_minor": owed_minor},
        postings=(withhold(owed_minor, occasion=str(facts.version + 1)),),
        letters=(
            to_seller(
                facts,
                LetterKind.DISBURSEMENTS_WITHHELD,
                occasion=facts.version + 1,
                amount_minor=owed_minor,
            ),
        ),
        new_rows=(
            NewRow(
                "WithholdingInstruction",
                {
                    "recovery_id": recovery.pk,
                    "amount_minor": owed_minor,
                    "currency": facts.currency,
                    "instructed_at": at,
                    "instructed_by_id": by.user_id,
                },
            ),
        ),
        row_changes=(
            move_recovery(before=(RecoveryStatus.DEMANDED,), after=RecoveryStatus.WITHHELD, at=at),
        ),
    )


def collect_recovery(
    *,
    claim: Claim,
    source: Literal["seller", "insurer"],
    amount_minor: int,
    at: datetime,
    by: Actor,
) -> Claim:
    """Money came in from the seller or its insurer, whole or in part.

    Raises:
        RecoveryRefused: nothing is demanded, or more than is owed.
    """
    recovery = _owed(claim)
    owed = position_of(claim.pk).owed_by_seller_minor
    if not 0 < amount_minor <= owed:
        words = format_amount(owed, currency=claim.currency)
        raise RecoveryRefused(f"Collect up to the {words} that is still owed.")
    return act(
        claim,
        lambda facts: _collect(facts, recovery, source, amount_minor, owed, at=at, by=by),
    )


def _collect(
    facts: ClaimFacts,
    recovery: Recovery,
    source: str,
    amount_minor: int,
    owed_minor: int,
    *,
    at: datetime,
    by: Actor,
) -> Outcome:
    left = owed_minor - amount_minor
    status = RecoveryStatus(recovery.status) if left else RecoveryStatus.COLLECTED
    return take(
        facts,
        "collect_recovery",
        at=at,
        by=by,
        facts={"source": source, "amount_minor": amount_minor, "left_minor": left},
        postings=_collected(recovery, source, amount_minor, occasion=str(facts.version + 1)),
        new_rows=_charged(facts, source, amount_minor, at=at),
        letters=(
            to_seller(
                facts,
                LetterKind.RECOVERY_COLLECTED,
                occasion=facts.version + 1,
                amount_minor=amount_minor,
                left_minor=left,
            ),
        ),
        row_changes=(
            move_recovery(
                before=(RecoveryStatus(recovery.status),),
                after=status,
                at=at,
                collected_minor=recovery.collected_minor + amount_minor,
            ),
        ),
    )


def _collected(
    recovery: Recovery, source: str, amount_minor: int, *, occasion: str
) -> tuple[Posting, ...]:
    is_withheld = recovery.status == RecoveryStatus.WITHHELD
    if source == "seller":
        receivable = WITHHELD if is_withheld else SELLER
        return (collect(amount_minor, receivable=receivable, occasion=occasion),)
    release = (
        (Posting(f"release/{occasion}", SELLER, WITHHELD, amount_minor),) if is_withheld else ()
    )
    return (
        *release,
        charge_insurer(amount_minor, occasion=occasion),
        collect(amount_minor, receivable=INSURER, occasion=occasion),
    )


def _charged(
    facts: ClaimFacts, source: str, amount_minor: int, *, at: datetime
) -> tuple[NewRow, ...]:
    """What an insurer pays back uses up the limits of the policy that answers."""
    if source != "insurer":
        return ()
    return charge_policy(cover_of_claim(facts).bound, amount_minor, at=at)


def write_off_recovery(*, claim: Claim, reason: str, at: datetime, by: Actor) -> Claim:
    """Give up what the seller still owes; within the authority of who does it.

    Raises:
        RecoveryRefused: nothing is demanded. NotAuthorised: above this person's authority.
    """
    words = need_reason(reason, for_what="why the rest is written off")
    recovery = _owed(claim)
    owed = position_of(claim.pk).owed_by_seller_minor
    return act(claim, lambda facts: _write_off(facts, recovery, owed, words, at=at, by=by))


def _write_off(
    facts: ClaimFacts,
    recovery: Recovery,
    owed_minor: int,
    reason: str,
    *,
    at: datetime,
    by: Actor,
) -> Outcome:
    if owed_minor > authority_minor(by.rank, terms=facts.terms):
        words = format_amount(owed_minor, currency=facts.currency)
        raise NotAuthorised(f"Writing off {words} is above your authority.")
    receivable = WITHHELD if recovery.status == RecoveryStatus.WITHHELD else SELLER
    return take(
        facts,
        "write_off_recovery",
        at=at,
        by=by,
        text=reason,
        facts={"amount_minor": owed_minor},
        postings=(write_off(owed_minor, receivable=receivable, occasion=str(facts.version + 1)),),
        letters=(
            to_seller(
                facts,
                LetterKind.RECOVERY_WRITTEN_OFF,
                occasion=facts.version + 1,
                amount_minor=owed_minor,
            ),
        ),
        row_changes=(
            move_recovery(
                before=(RecoveryStatus(recovery.status),),
                after=RecoveryStatus.WRITTEN_OFF,
                at=at,
            ),
        ),
    )


def waive_proven(seller_id: int, market: str, at: datetime) -> None:
    """Proof of cover arrived: waive what waits for it and is covered on its incident's date."""
    waiting = Claim.objects.filter(
        seller_id=seller_id,
        marketplace_id=market,
        recovery__status=RecoveryStatus.AWAITING_PROOF,
    )
    for claim in waiting:
        cover = cover_position(
            seller_id,
            market,
            incident_on=claim.incident_on,
            at=at,
            products=products_of_claim(claim.pk),
        )
        facts = facts_of(claim)
        clock = facts.clock("PROOF_OF_INSURANCE")
        if cover.is_proven and clock is not None and at < clock.due_at:
            # Somebody moved this one claim meanwhile: its clock still runs, and proof stays proof.
            with suppress(SomeoneWasFirst):
                record_one(waive_on_proof(facts, at=at, why=cover.why))
