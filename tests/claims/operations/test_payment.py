"""Payee details, withdrawal, the switch: what people do around a payment (rules §3)."""

from datetime import timedelta
from typing import Any

import pytest

from claims.lifecycle import Status, StepNotAllowed
from claims.models import Claim, PayeeDetails, Payout, PayoutState
from claims.operations.adjudication import approve_proposal, step_in
from claims.operations.payment import (
    PaymentRefused,
    change_payee,
    withdraw_claim,
)
from claims.operations.sending import send_due_payouts
from claims.outcome import CLAIMANT
from claims.providers.sandbox import SandboxProvider
from claims.providers.sandbox_server import SandboxServer
from tests.claims.core.stories import claim_in, paid
from tests.claims.core.world import (
    DAY,
    adjuster,
    again,
    approve,
    last_event,
    lease,
    letters,
    open_clocks,
    path,
    payout_of,
    postings,
    refused,
    reject,
    seller,
    senior,
)
from tests.factories import NOON, report, report_assessed, report_awaiting_seller

pytestmark = pytest.mark.django_db
ON_ITS_WAY = [PayoutState.SENDING, PayoutState.UNCERTAIN, PayoutState.SENT]


def changes_payee(claim: Claim, *, at: Any = NOON + DAY, **values: Any) -> Claim:
    details: dict[str, Any] = {"name": " Dana Reyes ", "account": " tok_new ", "by": CLAIMANT}
    return change_payee(claim=claim, at=at, **details | values)


def by_two() -> Claim:
    """A claim of 30,000.00 that two people approved."""
    claim = reject(report_awaiting_seller(claimed_minor=3_000_000))
    step_in(claim=claim, reason="The fuse failed.", at=NOON, by=senior())
    return approve_proposal(claim=claim, at=NOON, by=adjuster())


def test_a_change_is_a_new_row_and_the_old_one_stays() -> None:
    claim = report()
    found = changes_payee(claim)

    assert found.version == 2
    rows = PayeeDetails.objects.filter(claim=claim).order_by("id")
    assert [(r.name, r.account, r.given_at, r.given_with_report) for r in rows][1:] == [
        ("Dana Reyes", "tok_new", NOON + DAY, False)
    ]
    assert rows[0].given_with_report
    assert letters(claim) == {"PAYEE_CHANGED"}
    assert last_event(claim).step == "change_payee"


@pytest.mark.parametrize("values", [{"name": " "}, {"account": ""}])
def test_payee_details_are_a_name_and_an_account(values: dict[str, str]) -> None:
    claim = report()
    with refused(PaymentRefused, "a name and an account"):
        changes_payee(claim, **values)


def test_a_seller_never_changes_payee_details() -> None:
    claim, by = report(), seller()
    with refused(StepNotAllowed, "Seller may not do this"):
        changes_payee(claim, by=by)


def test_changed_details_hold_the_payment_for_72_hours(
    provider: SandboxProvider, server: SandboxServer
) -> None:
    claim = report_assessed(claimed_minor=80_000)
    changes_payee(claim, at=NOON + timedelta(minutes=1))
    send_due_payouts(provider=provider, at=NOON + timedelta(minutes=1))
    payout = payout_of(claim)
    assert (payout.state, payout.held_by) == ("QUEUED", ["PAYEE_DETAILS_CHANGED"])
    cooled = NOON + timedelta(minutes=1, hours=72)
    assert payout.next_at == cooled
    assert send_due_payouts(provider=provider, at=cooled - timedelta(seconds=1)) == 0
    send_due_payouts(provider=provider, at=cooled)

    assert again(claim).status == Status.PAID
    assert [e.order.payee_account for e in server.payments_for(claim.reference)] == ["tok_new"]


def test_a_change_voids_what_two_people_approved() -> None:
    claim = by_two()
    assert claim.status == Status.APPROVED
    found = changes_payee(claim)

    assert (found.status, found.approved_minor) == (Status.IN_ADJUDICATION, None)
    assert last_event(claim).step == "void_approval"
    assert payout_of(claim).state == PayoutState.CANCELLED
    assert postings(claim)[-1] == ("CLAIMS_PAYABLE", "PROGRAMME_EXPENSE", 3_000_000)
    assert PayeeDetails.objects.filter(claim=claim).count() == 2


def test_details_given_for_the_first_time_void_nothing() -> None:
    claim = reject(report_awaiting_seller(claimed_minor=3_000_000, payee=None))
    step_in(claim=claim, reason="The fuse failed.", at=NOON, by=senior())
    approve_proposal(claim=claim, at=NOON, by=adjuster())
    assert "PAYEE_DETAILS_NEEDED" in letters(claim)
    found = changes_payee(claim)

    assert (found.status, payout_of(claim).state) == (Status.APPROVED, "QUEUED")
    assert payout_of(claim).next_at == NOON + DAY


def test_new_details_after_a_refusal_make_a_new_intent() -> None:
    claim = approve(report_awaiting_seller())
    Payout.objects.update(state=PayoutState.REFUSED, ended_at=NOON, next_at=None)
    found = changes_payee(claim, at=NOON + 3 * DAY)

    first, second = Payout.objects.filter(claim=claim).order_by("id")
    assert found.status == Status.APPROVED
    assert (first.state, second.state, second.amount_minor) == ("REFUSED", "QUEUED", 250_000)
    assert second.key != first.key
    assert second.our_reference == f"{claim.reference}-{found.version}"
    assert len(postings(claim)) == 1


@pytest.mark.parametrize("state", ON_ITS_WAY)
def test_nothing_changes_while_the_payment_is_on_its_way(state: PayoutState) -> None:
    claim = approve(report_awaiting_seller())
    payout = lease(claim)
    Payout.objects.filter(pk=payout.pk).update(state=state)
    with refused(PaymentRefused, "already on its way"):
        changes_payee(claim)
    with refused(PaymentRefused, "already on its way"):
        withdraw_claim(claim=claim, at=NOON, by=CLAIMANT)


# ── withdrawal ─────────────────────────────────────────────────────────────

BEFORE_PAYMENT = [
    Status.REPORTED,
    Status.AWAITING_CLAIMANT,
    Status.IN_ASSESSMENT,
    Status.AWAITING_SELLER,
    Status.WITH_SELLER,
    Status.WITH_INSURER,
    Status.IN_ADJUDICATION,
    Status.APPROVED,
]


@pytest.mark.parametrize("status", BEFORE_PAYMENT)
def test_a_claimant_withdraws_at_any_time_before_payment(
    status: Status, provider: SandboxProvider
) -> None:
    claim = claim_in(status, provider)
    at = NOON + 4 * DAY
    found = withdraw_claim(claim=claim, reason=" Settled it. ", at=at, by=CLAIMANT)

    assert (found.status, found.approved_minor, found.bars) == (Status.WITHDRAWN, None, [])
    assert (path(claim)[-1], last_event(claim).text) == (("withdraw", "WITHDRAWN"), "Settled it.")
    assert open_clocks(claim) == {}
    unseen = status in {Status.REPORTED, Status.AWAITING_CLAIMANT}
    assert letters(claim) == {"CLAIM_WITHDRAWN"} | (set() if unseen else {"CLAIM_CLOSED"})
    assert not Payout.objects.exclude(state=PayoutState.CANCELLED).exists()
    sums = {account: 0 for posting in postings(claim) for account in posting[:2]}
    for debit, credit, amount in postings(claim):
        sums[debit] += amount
        sums[credit] -= amount
    assert set(sums.values()) <= {0}


def test_a_withdrawal_after_the_provider_refused() -> None:
    claim = approve(report_awaiting_seller())
    Payout.objects.update(state=PayoutState.REFUSED, ended_at=NOON, next_at=None)

    assert withdraw_claim(claim=claim, at=NOON, by=CLAIMANT).status == Status.WITHDRAWN
    assert payout_of(claim).state == PayoutState.REFUSED


def test_what_has_ended_is_not_withdrawn(provider: SandboxProvider) -> None:
    claim = paid(provider)
    with refused(PaymentRefused, "already on its way"):
        withdraw_claim(claim=claim, at=NOON + 9 * DAY, by=CLAIMANT)
    denied = claim_in(Status.DENIED, provider)
    with refused(StepNotAllowed, "withdraw"):
        withdraw_claim(claim=denied, at=NOON + 9 * DAY, by=CLAIMANT)
