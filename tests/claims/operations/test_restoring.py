"""After a restore: what the provider paid meanwhile is taken in, and nothing is paid again."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from claims.invariants import verify
from claims.lifecycle import Status
from claims.models import AppealParty, Claim, Payout, PayoutSwitch, Reconciliation
from claims.operations.appeal import appeal_decision
from claims.operations.payment import withdraw_claim
from claims.operations.restoring import NoBook, reconcile
from claims.operations.sending import send_due_payouts
from claims.outcome import CLAIMANT
from claims.providers.sandbox import SandboxProvider
from claims.providers.sandbox_server import SandboxServer
from tests.claims.core.stories import denied
from tests.claims.core.world import (
    again,
    approve,
    letters_leave,
    path,
    payout_of,
    postings,
    reject,
    snapshot,
)
from tests.claims.providers.parties import instruction
from tests.factories import NOON, report, report_assessed, report_awaiting_seller

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def order(claim: Claim, *, version: int = 9, **changes: Any) -> dict[str, Any]:
    """The instruction that the lost database sent for a claim."""
    payee = claim.payee_details.get()
    return {
        "our_reference": f"{claim.reference}-{version}",
        "key": f"key-of-{claim.reference}-{version}",
        "amount_minor": 80_000,
        "payee_name": payee.name,
        "payee_account": payee.account,
    } | changes


def pay_before_the_restore(provider: SandboxProvider, claim: Claim, **changes: Any) -> str:
    sent = instruction(**order(claim, **changes))
    provider.send(sent)
    return sent.our_reference


def stood(status: str) -> Claim:
    """A claim where the backup had it."""
    if status == "REPORTED":
        return report()
    claim = report_awaiting_seller()
    if status == "IN_ADJUDICATION":
        return reject(claim)
    return approve(claim) if status == "APPROVED" else claim


def reconciled(provider: SandboxProvider) -> Reconciliation:
    return reconcile(provider=provider, at=LATER, asked_by="tests")


def send_everything(provider: SandboxProvider) -> None:
    Payout.objects.filter(state="QUEUED").update(next_at=LATER)
    while send_due_payouts(provider=provider, at=LATER):
        continue


def assert_all_holds(provider: SandboxProvider) -> None:
    letters_leave(LATER)
    assert verify(at=LATER, book=provider.book(), late=timedelta(days=99)) == []


def test_a_payout_that_was_about_to_be_sent_and_had_been(
    provider: SandboxProvider, server: SandboxServer
) -> None:
    claim = report_assessed(claimed_minor=80_000)
    queued = payout_of(claim)
    reference = pay_before_the_restore(
        provider, claim, our_reference=queued.our_reference, key=str(queued.key)
    )
    found = reconciled(provider)

    assert (found.entries, found.adopted, found.differences) == (
        1,
        [f"{reference}: was about to be sent, and had been"],
        [],
    )
    assert (again(claim).status, payout_of(claim).state) == (Status.PAID, "CONFIRMED")
    send_everything(provider)
    assert len(server.book.entries()) == 1
    assert_all_holds(provider)


@pytest.mark.parametrize("stands", ["AWAITING_SELLER", "IN_ADJUDICATION", "APPROVED", "REPORTED"])
def test_a_payment_of_a_claim_that_stood_elsewhere(
    provider: SandboxProvider, server: SandboxServer, stands: str
) -> None:
    claim = stood(stands)
    reference = pay_before_the_restore(provider, claim, amount_minor=200_000)
    found = reconciled(provider)

    assert (found.adopted, found.differences) == (
        [f"{reference}: adopted: the claim has it now"],
        [],
    )
    adopted = Payout.objects.get(our_reference=reference)
    assert (adopted.state, adopted.amount_minor, adopted.provider_reference) == (
        "CONFIRMED",
        200_000,
        "SBX-000001",
    )
    assert (again(claim).status, again(claim).paid_minor) == (Status.PAID, 200_000)
    assert [step for step, _ in path(claim)[-3:]] == ["adopt_payment", "send_payment", "pay"]
    assert postings(claim)[-3:] == [
        ("PROGRAMME_EXPENSE", "CLAIMS_PAYABLE", 200_000),
        ("CLAIMS_PAYABLE", "PAYOUT_CLEARING", 200_000),
        ("SELLER_RECEIVABLE", "PROGRAMME_EXPENSE", 200_000),
    ]
    send_everything(provider)
    assert len(server.book.entries()) == 1
    assert_all_holds(provider)


def test_a_claimants_appeal_against_a_denial_that_was_lifted_and_paid_closes(
    provider: SandboxProvider, server: SandboxServer
) -> None:
    """The lost database had decided the appeal and paid; the backup still has it open."""
    claim = denied()
    appeal_decision(
        claim=claim,
        party=AppealParty.CLAIMANT,
        new_facts="A receipt.",
        at=NOON + timedelta(days=3),
        by=CLAIMANT,
    )
    pay_before_the_restore(provider, claim, amount_minor=200_000)
    reconciled(provider)

    assert again(claim).status == Status.PAID
    appeal = claim.appeals.get()
    assert (appeal.status, appeal.decided_at, appeal.decision_reason) == (
        "CLOSED",
        LATER,
        "The claim was paid already: there is nothing left to decide.",
    )
    told = claim.notices.filter(kind="CLAIMANT_APPEAL_CLOSED")
    assert list(told.values_list("recipient", "facts")) == [("CLAIMANT", {"why": "PAID"})]
    assert len(server.book.entries()) == 1
    assert_all_holds(provider)


def test_twice_adopts_once(provider: SandboxProvider) -> None:
    pay_before_the_restore(provider, report_awaiting_seller())
    reconciled(provider)
    before = {name: rows for name, rows in snapshot().items() if "reconciliation" not in name}
    assert reconciled(provider).adopted == []
    after = {name: rows for name, rows in snapshot().items() if "reconciliation" not in name}
    assert after == before


def test_a_payee_that_was_given_after_the_backup(provider: SandboxProvider) -> None:
    claim = report_awaiting_seller()
    pay_before_the_restore(provider, claim, payee_name="New Name", payee_account="tok_new")
    assert reconciled(provider).is_clean
    assert payout_of(claim).payee == claim.payee_details.get(account="tok_new")
    assert_all_holds(provider)


def test_what_fits_no_claim_is_left_for_a_person(provider: SandboxProvider) -> None:
    """A claim reported after the backup, one that has ended, and more than was claimed."""
    ended = withdraw_claim(claim=report(), at=NOON, by=CLAIMANT)
    small = report_awaiting_seller()
    pay_before_the_restore(provider, ended)
    pay_before_the_restore(provider, small, amount_minor=250_001)
    provider.send(instruction(our_reference="RC-GONE-GONE-3"))
    found = reconciled(provider)

    over = "A claim that is withdrawn does not allow this: payment found at the provider."
    assert found.adopted == [
        f"{ended.reference}-9: cannot be adopted: {over}",
        f"{small.reference}-9: cannot be adopted: More was paid than is claimed on {small}.",
        "RC-GONE-GONE-3: is of a claim that is not there: it was reported after the backup",
    ]
    assert len(found.differences) == 3
    assert Payout.objects.count() == 0


def test_a_second_payment_of_a_claim_is_never_adopted(provider: SandboxProvider) -> None:
    claim = report_assessed(claimed_minor=80_000)
    send_everything(provider)
    pay_before_the_restore(provider, claim, version=99)
    found = reconciled(provider)
    assert found.adopted[0].startswith(f"{claim.reference}-99: cannot be adopted")
    assert not found.is_clean


def test_a_return_that_came_after_the_backup(
    provider: SandboxProvider, server: SandboxServer
) -> None:
    claim = report_assessed(claimed_minor=80_000)
    send_everything(provider)
    server.book.send_back("SBX-000001")
    assert reconciled(provider).is_clean
    assert (again(claim).status, payout_of(claim).state) == (Status.APPROVED, "RETURNED")


def test_without_a_book_nothing_is_compared(provider: SandboxProvider) -> None:
    class Silent(SandboxProvider):
        def book(self) -> None:  # type: ignore[override]
            return None

    with pytest.raises(NoBook):
        reconcile(provider=Silent("", "", ""), at=NOON, asked_by="tests")


@pytest.fixture
def reachable(settings: Any, server: SandboxServer, provider: SandboxProvider) -> None:
    settings.PAYMENT_PROVIDER_URL, settings.PAYMENT_PROVIDER_KEY = server.url, server.key


@pytest.mark.usefixtures("reachable")
def test_the_command_pauses_takes_in_and_leaves_resuming_to_a_person(
    provider: SandboxProvider,
) -> None:
    claim = report_awaiting_seller()
    reference = pay_before_the_restore(provider, claim)
    out = StringIO()
    call_command("after_restore", stdout=out)

    assert out.getvalue().splitlines() == [
        "Payouts are paused.",
        "The provider's book has 1 entries.",
        f"  {reference}: adopted: the claim has it now",
        "The two books agree. Resume payouts in the admin, with your reason.",
    ]
    assert (again(claim).status, PayoutSwitch.objects.get().causes) == (Status.PAID, ["RESTORED"])


@pytest.mark.usefixtures("reachable")
def test_the_command_fails_while_something_differs(provider: SandboxProvider) -> None:
    provider.send(instruction())
    with pytest.raises(CommandError, match=r"^1 differences are left"):
        call_command("after_restore", stdout=StringIO())


def test_the_command_without_a_provider_leaves_payouts_paused(
    provider: SandboxProvider, settings: Any
) -> None:
    settings.PAYMENT_PROVIDER_URL = ""
    with pytest.raises(CommandError, match="Payouts stay paused"):
        call_command("after_restore", stdout=StringIO())
    assert PayoutSwitch.objects.get().is_paused
