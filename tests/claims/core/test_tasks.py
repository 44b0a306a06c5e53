"""The tasks are thin: each does all that is due now, and leaves nothing for the next tick."""

from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import timezone

from claims import tasks
from claims.lifecycle import Status
from claims.models import Deadline, Notice, Payout
from claims.providers.sandbox_server import SandboxServer
from claims.screening.sanctions import lay_down_empty_list
from tests.claims.core.world import DAY, again, lay_down_market, letters_leave
from tests.factories import report_assessed, report_awaiting_seller

pytestmark = pytest.mark.django_db


def test_one_tick_lapses_everything_that_is_due() -> None:
    early = timezone.now() - 20 * DAY
    claims = [report_awaiting_seller(at=early) for _ in range(3)]
    letters_leave(early)
    tasks.lapse_deadlines()

    assert {again(c).status for c in claims} == {Status.APPROVED}
    tasks.lapse_deadlines()
    assert Payout.objects.count() == 3


def test_one_tick_sends_and_another_follows() -> None:
    lay_down_market()
    lay_down_empty_list(at=timezone.now() - DAY, source="tests")
    with (
        SandboxServer() as server,
        override_settings(
            PAYMENT_PROVIDER_URL=server.url,
            PAYMENT_PROVIDER_KEY=server.key,
            PAYMENT_WEBHOOK_SECRET=server.webhook_secret,
        ),
    ):
        claims = [report_assessed(claimed_minor=80_000, at=timezone.now() - DAY) for _ in range(12)]
        server.script_next("timeout_after_accept")
        tasks.send_payouts()
        states = [p.state for p in Payout.objects.all()]
        assert sorted(states) == ["CONFIRMED"] * 11 + ["UNCERTAIN"]
        Payout.objects.filter(state="UNCERTAIN").update(next_at=timezone.now())
        tasks.follow_payouts()
        assert {again(c).status for c in claims} == {Status.PAID}
        assert sum(len(server.payments_for(c.reference)) for c in claims) == 12


def test_letters_leave_with_the_tick() -> None:
    report_awaiting_seller(at=timezone.now() - timedelta(minutes=1))
    tasks.deliver_notices()

    assert set(Notice.objects.values_list("state", flat=True)) == {"SENT"}


def test_reminders_are_written_with_the_tick() -> None:
    report_awaiting_seller(at=timezone.now() - timedelta(minutes=1))
    Deadline.objects.filter(kind="SELLER_RESPONSE").update(remind_at=timezone.now())
    tasks.remind()

    assert Notice.objects.filter(kind="RESPONSE_REMINDER").count() == 1
