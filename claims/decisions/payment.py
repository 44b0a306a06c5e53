"""What the provider's answers mean for the claim: sent, confirmed, refused, come back."""

from collections.abc import Sequence
from datetime import datetime

from claims.decisions.base import close, take, to_claimant
from claims.decisions.recovery import CoverFacts, open_recovery
from claims.decisions.undoing import undo_approval
from claims.facts import ClaimFacts, LineFacts
from claims.ledger_postings import come_back, send_out
from claims.letters import LetterKind
from claims.lifecycle import Status
from claims.models.handling import DeadlineKind
from claims.outcome import PROVIDER, SYSTEM, Outcome, RowChange


def record_sent(
    facts: ClaimFacts, *, amount_minor: int, our_reference: str, at: datetime, payout: RowChange
) -> Outcome:
    """The provider took the payment into its book."""
    return take(
        facts,
        "send_payment",
        at=at,
        by=SYSTEM,
        rule="rules §6: a payment is sent once per intent",
        facts={"our_reference": our_reference, "amount_minor": amount_minor},
        postings=(send_out(amount_minor, occasion=our_reference),),
        row_changes=(payout,),
    )


def record_confirmed(
    facts: ClaimFacts,
    *,
    amount_minor: int,
    our_reference: str,
    lines: Sequence[LineFacts],
    cover: CoverFacts,
    appeal_won: bool,
    at: datetime,
    payout: RowChange,
) -> Outcome:
    """The claimant has the money: the claim is PAID, and the recovery opens."""
    opening = open_recovery(
        facts, amount_minor=amount_minor, cover=cover, appeal_won=appeal_won, at=at
    )
    return take(
        facts,
        "pay",
        at=at,
        by=PROVIDER,
        to=Status.PAID,
        rule=opening.rule,
        facts={
            "our_reference": our_reference,
            "amount_minor": amount_minor,
            "cover_required": cover.is_required,
            "cover_proven": cover.is_proven,
            "cover": cover.why,
        },
        changes={"paid_minor": amount_minor},
        lines=spread(amount_minor, lines),
        closes=(close(DeadlineKind.STATUS_LETTER, "cancelled"),),
        opens=opening.opens,
        postings=opening.postings,
        letters=(
            to_claimant(
                facts,
                LetterKind.CLAIM_PAID,
                occasion=facts.version + 1,
                amount_minor=amount_minor,
            ),
            *opening.letters,
        ),
        new_rows=opening.new_rows,
        row_changes=(payout, *opening.row_changes),
    )


def spread(amount_minor: int, lines: Sequence[LineFacts]) -> dict[str, dict[str, int]]:
    """What each line is paid: in the order of the lines, each up to what was assessed."""
    left, paid = amount_minor, {}
    for line in lines:
        share = min(left, line.assessed_minor or 0)
        paid[line.head] = {"paid_minor": share}
        left -= share
    return paid


def record_refused(
    facts: ClaimFacts, *, our_reference: str, message: str, at: datetime, payout: RowChange
) -> Outcome:
    """The provider refused for a reason the claimant can mend: it is asked for other details."""
    return take(
        facts,
        "payment_refused",
        at=at,
        by=PROVIDER,
        text=message,
        facts={"our_reference": our_reference},
        letters=(
            to_claimant(
                facts, LetterKind.PAYEE_DETAILS_NEEDED, occasion=facts.version + 1, why="REFUSED"
            ),
        ),
        row_changes=(payout,),
    )


def record_never(
    facts: ClaimFacts, *, our_reference: str, message: str, at: datetime, payout: RowChange
) -> Outcome:
    """The provider will never make this payment: the approval is void and a person looks."""
    return undo_approval(
        facts,
        step="void_approval",
        to=Status.IN_ADJUDICATION,
        at=at,
        by=SYSTEM,
        text=f"The payment provider will not make this payment: {message}",
        has_open_payout=False,
        facts={"our_reference": our_reference},
        row_changes=(payout,),
    )


def record_returned(
    facts: ClaimFacts,
    *,
    amount_minor: int,
    our_reference: str,
    lines: Sequence[LineFacts],
    at: datetime,
    payout: RowChange,
) -> Outcome:
    """The payment came back after it was confirmed: owed again, new payee details needed."""
    return take(
        facts,
        "return_payment",
        at=at,
        by=PROVIDER,
        to=Status.APPROVED,
        text="The payment came back.",
        facts={"our_reference": our_reference, "amount_minor": amount_minor},
        changes={"paid_minor": 0},
        # Nobody is asked to prove anything for a payment that did not arrive.
        closes=(close(DeadlineKind.PROOF_OF_INSURANCE, "cancelled"),),
        lines={line.head: {"paid_minor": 0} for line in lines},
        postings=(come_back(amount_minor, occasion=our_reference),),
        letters=(
            to_claimant(
                facts, LetterKind.PAYEE_DETAILS_NEEDED, occasion=facts.version + 1, why="RETURNED"
            ),
        ),
        row_changes=(payout,),
    )


def record_bounced_back(
    facts: ClaimFacts, *, amount_minor: int, our_reference: str, at: datetime, payout: RowChange
) -> Outcome:
    """A payment that was sent came back before it was confirmed: owed again, as before."""
    return take(
        facts,
        "payment_refused",
        at=at,
        by=PROVIDER,
        text="The payment came back before it arrived.",
        facts={"our_reference": our_reference},
        postings=(come_back(amount_minor, occasion=our_reference),),
        letters=(
            to_claimant(
                facts, LetterKind.PAYEE_DETAILS_NEEDED, occasion=facts.version + 1, why="RETURNED"
            ),
        ),
        row_changes=(payout,),
    )
