"""The nightly check: its report, the pause that a breach brings, and a restore that shows."""

from datetime import timedelta

import pgtrigger
import pytest
from django.db import ProgrammingError, transaction
from django.test import override_settings
from django.utils import timezone

from claims import tasks
from claims.models import Heartbeat, InvariantReport, LedgerEntry, PayoutSwitch
from claims.providers.sandbox import SandboxProvider
from claims.providers.sandbox_server import SandboxServer
from claims.watch.books import look_for_a_restore, notice_of_unknown, slept
from claims.watch.heartbeats import BEATS, stopped
from claims.watch.nightly import check_nightly
from tests.claims.core.stories import paid
from tests.claims.core.world import payout_of
from tests.claims.providers.parties import instruction
from tests.factories import NOON

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def switch() -> tuple[bool, list[str], str]:
    row = PayoutSwitch.objects.get()
    return row.is_paused, row.causes, row.reason


def test_a_quiet_night_is_a_report(provider: SandboxProvider) -> None:
    report = check_nightly(at=NOON, book=provider.book())
    assert (report.at, report.asked_by, report.violations) == (NOON, "nightly check", 0)
    assert [line["words"] for line in report.lines] == ["held"] * 10
    assert switch() == (False, [], "")


def test_a_report_is_never_changed(provider: SandboxProvider) -> None:
    report = check_nightly(at=NOON, book=provider.book())
    with pytest.raises(ProgrammingError), transaction.atomic():
        InvariantReport.objects.filter(pk=report.pk).update(violations=0)


def test_a_broken_ledger_pauses_payouts(provider: SandboxProvider) -> None:
    claim = paid(provider)
    with pgtrigger.ignore():
        LedgerEntry.objects.filter(claim=claim, key__contains="/send/").update(amount_minor=1)
    report = check_nightly(at=NOON, book=provider.book())

    line = next(line for line in report.lines if line["code"] == "I4")
    assert (line["violations"], line["words"]) == (2, "violated 2 times")
    assert switch() == (True, ["LEDGER"], line["first"][0])


def test_a_claim_paid_twice_pauses_payouts(
    provider: SandboxProvider, server: SandboxServer
) -> None:
    payout = payout_of(paid(provider))
    assert payout.payee is not None
    again = instruction(
        our_reference=payout.our_reference,
        key="k2",
        amount_minor=payout.amount_minor,
        payee_name=payout.payee.name,
        payee_account=payout.payee.account,
    )
    provider.send(again)
    check_nightly(at=NOON, book=provider.book())
    assert switch()[:2] == (True, ["BOOK_DIFFERS"])


def test_a_return_whose_notification_was_lost_is_asked_about(
    provider: SandboxProvider, server: SandboxServer
) -> None:
    claim = paid(provider)
    server.book.send_back("SBX-000001")
    at = NOON + 6 * MINUTE
    check_nightly(at=at, book=provider.book())
    assert (payout_of(claim).next_at, switch()[0]) == (at, False)


def test_a_book_that_cannot_be_read_leaves_two_questions_open(provider: SandboxProvider) -> None:
    with SandboxServer() as gone:
        book = SandboxProvider(gone.url, gone.key, gone.webhook_secret, 1).book()
    report = check_nightly(at=NOON, book=book)
    silent = "not asked: the provider shows no book"
    assert [line["words"] for line in report.lines][:3] == [silent, silent, "held"]


# ── a restore that nobody told us of ───────────────────────────────────────
def test_a_payment_that_we_never_wrote_pauses_payouts(provider: SandboxProvider) -> None:
    provider.send(instruction())
    assert look_for_a_restore(provider.book(), at=NOON)
    assert switch() == (
        True,
        ["BOOK_DIFFERS"],
        "The provider has RC-7K3M-92PX-1, which the database does not know.",
    )


def test_a_book_that_agrees_or_is_not_there_pauses_nothing(provider: SandboxProvider) -> None:
    paid(provider)
    assert not look_for_a_restore(provider.book(), at=NOON)
    assert not look_for_a_restore(None, at=NOON)
    assert switch()[0] is False


def test_a_notification_of_a_reference_that_we_never_wrote(provider: SandboxProvider) -> None:
    known = payout_of(paid(provider)).our_reference
    assert not notice_of_unknown(known, at=NOON)
    assert switch()[0] is False
    assert notice_of_unknown("RC-GONE-1", at=NOON)
    assert switch()[1:] == (
        ["BOOK_DIFFERS"],
        "The provider spoke of RC-GONE-1, which the database does not know.",
    )


def test_a_sender_that_wakes_looks_before_it_sends(provider: SandboxProvider) -> None:
    assert not slept("send_payouts", at=NOON)  # it never ran: nothing was ever sent
    Heartbeat.objects.create(name="send_payouts", beaten_at=NOON)
    assert not slept("send_payouts", at=NOON + 15 * MINUTE)
    assert slept("send_payouts", at=NOON + 16 * MINUTE)


def test_the_tasks_do_both(provider: SandboxProvider, server: SandboxServer) -> None:
    provider.send(instruction())
    Heartbeat.objects.create(name="send_payouts", beaten_at=timezone.now() - timedelta(hours=1))
    with override_settings(
        PAYMENT_PROVIDER_URL=server.url,
        PAYMENT_PROVIDER_KEY=server.key,
        PAYMENT_WEBHOOK_SECRET=server.webhook_secret,
    ):
        tasks.send_payouts()
        assert switch()[1] == ["BOOK_DIFFERS"]
        tasks.check_invariants()
    assert InvariantReport.objects.get().violations == 1
    assert Heartbeat.objects.filter(pk="check_invariants").exists()


def test_a_night_without_a_check_is_said() -> None:
    for name in BEATS:
        Heartbeat.objects.create(name=name, beaten_at=NOON)
    Heartbeat.objects.create(name="check_invariants", beaten_at=NOON - timedelta(hours=26))
    assert stopped(at=NOON) == []
    assert stopped(at=NOON + MINUTE) == ["check_invariants has not run for 26 hours"]
