"""Payee details and withdrawal: what claimants do around a payment."""

from datetime import datetime
from typing import Any

from claims.decisions.approval import payout_intent, void_proposals
from claims.decisions.base import close_all, need_reason, take, to_claimant, to_seller
from claims.decisions.undoing import close_appeal, undo_approval
from claims.facts import ClaimFacts
from claims.letters import LetterKind
from claims.lifecycle import UNSCREENED, ActorKind, Refused, Status
from claims.models import AppealParty, Claim, ClaimEvent, PayoutState
from claims.operations.acting import act
from claims.outcome import Actor, NewRow, Outcome, RowChange
from claims.screening.signal_rows import look_for_signals

UNSENT = frozenset({None, PayoutState.QUEUED.value})
ON_ITS_WAY = "The payment is already on its way."


class PaymentRefused(Refused):
    """The payment stands so that this cannot be done any more."""


def change_payee(
    *, claim: Claim, name: str, account: str, reason: str = "", at: datetime, by: Actor
) -> Claim:
    """The claimant gives other payee details, or operations do for the claimant and say why.

    An open proposal, or an approval that took two people, is void: they approved an amount to
    a payee. Any other approval stands, and the payment waits until the details have cooled off
    (rules §3).

    Raises:
        PaymentRefused: the payment is on its way, or details are missing.
        ReasonMissing: operations change them and do not say why.
    """
    words = _why(reason, by, for_what="how the claimant gave the new details")
    if not name.strip() or not account.strip():
        raise PaymentRefused("Payee details are a name and an account.")
    deciders = _deciders(claim)
    row = NewRow(
        "PayeeDetails",
        {
            "name": name.strip(),
            "account": account.strip(),
            "given_at": at,
            "given_with_report": False,
        },
    )
    changed = act(claim, lambda facts: _change_payee(facts, row, deciders, words, at=at, by=by))
    look_for_signals(claim_id=claim.pk, at=at)
    return changed


def _why(reason: str, by: Actor, *, for_what: str) -> str:
    """The words of somebody who acts for the claimant; the claimant owes nobody a reason."""
    return need_reason(reason, for_what=for_what) if by.kind == ActorKind.STAFF else reason.strip()


def _deciders(claim: Claim) -> int:
    event = (
        ClaimEvent.objects.filter(claim=claim, to_status=Status.APPROVED, facts__has_key="deciders")
        .order_by("-version")
        .first()
    )
    return 0 if event is None else len(event.facts["deciders"])


def _change_payee(
    facts: ClaimFacts, row: NewRow, deciders: int, reason: str, *, at: datetime, by: Actor
) -> Outcome:
    if facts.open_payout not in UNSENT:
        raise PaymentRefused(ON_ITS_WAY)
    letter = to_claimant(facts, LetterKind.PAYEE_CHANGED, occasion=facts.version + 1)
    if facts.status == Status.APPROVED and facts.payee is not None and deciders > 1:
        return undo_approval(
            facts,
            step="void_approval",
            to=Status.IN_ADJUDICATION,
            at=at,
            by=by,
            text=f"The payee details changed after two people had approved. {reason}".strip(),
            has_open_payout=facts.open_payout is not None,
            rule="rules §3, Authority: changing amount or payee voids the approval",
            new_rows=(row,),
            letters=(letter,),
        )
    return take(
        facts,
        "change_payee",
        at=at,
        by=by,
        rule="rules §3: changed payee details cool off before a payment",
        text=reason,
        new_rows=(row, *_new_intent(facts, at)),
        row_changes=(
            void_proposals(at),
            RowChange("Payout", {"state": PayoutState.QUEUED.value}, {"next_at": at}, at_least=0),
        ),
        letters=(letter,),
    )


def _new_intent(facts: ClaimFacts, at: datetime) -> tuple[NewRow, ...]:
    # The provider refused the old details, or the payment came back: pay to the new ones.
    if facts.status != Status.APPROVED or facts.open_payout is not None:
        return ()
    amount = facts.approved_minor or 0
    return (payout_intent(facts, amount_minor=amount, at=at, is_automatic=False),)


def withdraw_claim(*, claim: Claim, reason: str = "", at: datetime, by: Actor) -> Claim:
    """The claimant takes the claim back, at any time before a payment is sent (rules §3).

    Raises:
        PaymentRefused: the payment is on its way. StepNotAllowed: the claim has ended.
        ReasonMissing: operations withdraw it for the claimant and do not say why.
    """
    words = _why(reason, by, for_what="how the claimant asked to withdraw")
    return act(claim, lambda facts: _withdraw(facts, words, at=at, by=by))


def _withdraw(facts: ClaimFacts, reason: str, *, at: datetime, by: Actor) -> Outcome:
    if facts.open_payout not in UNSENT:
        raise PaymentRefused(ON_ITS_WAY)
    closed, told = close_appeal(facts, AppealParty.CLAIMANT, why="WITHDRAWN", at=at)
    common: dict[str, Any] = {
        "at": at,
        "by": by,
        "to": Status.WITHDRAWN,
        "text": reason,
        "rule": "rules §3: the claimant may withdraw before a payment is sent",
        "closes": close_all(facts),
        "letters": (*_withdrawal_letters(facts), *told),
    }
    void = (void_proposals(at), *closed)
    if facts.status != Status.APPROVED:
        return take(facts, "withdraw", changes={"bars": []}, row_changes=void, **common)
    return undo_approval(
        facts,
        step="withdraw",
        has_open_payout=facts.open_payout is not None,
        row_changes=void,
        **common,
    )


def _withdrawal_letters(facts: ClaimFacts) -> tuple[Any, ...]:
    occasion = facts.version + 1
    claimant = to_claimant(facts, LetterKind.CLAIM_WITHDRAWN, occasion=occasion)
    if facts.status in UNSCREENED:
        return (claimant,)
    return (claimant, to_seller(facts, LetterKind.CLAIM_CLOSED, occasion=occasion))
