"""How things stand, for a collector: heartbeats, pauses by cause, queues, the last check."""

from datetime import timedelta

import pytest
from django.test import Client

from claims.models import Heartbeat, InvariantReport, PauseCause, ProviderCircuit
from claims.operations.pausing import trip_breaker
from claims.providers.bank.provider import BankFileProvider
from claims.watch.gauges import stand
from tests.claims.providers.bank.messages import IBAN
from tests.claims.providers.parties import instruction
from tests.factories import NOON, make_market, report_awaiting_seller

pytestmark = pytest.mark.django_db
QUIET = {
    "redress_letters_waiting": 0.0,
    "redress_bank_transfers_waiting": 0.0,
    "redress_provider_failures": 0.0,
    "redress_provider_rests": 0.0,
} | {f'redress_payouts_paused_by{{cause="{cause.lower()}"}}': 0.0 for cause in PauseCause.values}


@pytest.fixture(autouse=True)
def market() -> None:
    make_market()


def test_what_never_was_is_left_out() -> None:
    assert stand(at=NOON) == QUIET


def test_heartbeats_and_their_failures() -> None:
    Heartbeat.objects.create(name="remind", beaten_at=NOON - timedelta(seconds=7), failures=2)
    assert stand(at=NOON) == QUIET | {
        'redress_heartbeat_age_seconds{name="remind"}': 7.0,
        'redress_heartbeat_failures{name="remind"}': 2.0,
    }


def test_a_pause_has_its_cause() -> None:
    trip_breaker(cause=PauseCause.LEDGER, reason="R.", at=NOON)
    assert stand(at=NOON) == QUIET | {'redress_payouts_paused_by{cause="ledger"}': 1.0}


def test_the_last_check() -> None:
    for days, violations in ((1, 4), (0, 3)):
        InvariantReport.objects.create(
            at=NOON - timedelta(days=days),
            seconds=1,
            asked_by="tests",
            violations=violations,
            lines=[],
        )
    assert stand(at=NOON + timedelta(hours=1)) == QUIET | {
        "redress_invariant_violations": 3.0,
        "redress_invariant_check_age_seconds": 3600.0,
    }


def test_queues_and_the_provider() -> None:
    report_awaiting_seller()
    BankFileProvider().send(instruction(payee_account=IBAN, currency="EUR"))
    ProviderCircuit.objects.create(failures=12, closed_until=NOON + timedelta(seconds=1))
    found = stand(at=NOON)
    assert found.pop("redress_letters_waiting") >= 2
    assert found == {name: value for name, value in QUIET.items() if "letters" not in name} | {
        "redress_bank_transfers_waiting": 1.0,
        "redress_provider_failures": 12.0,
        "redress_provider_rests": 1.0,
    }
    assert stand(at=NOON + timedelta(seconds=1))["redress_provider_rests"] == 0


def test_the_page_has_them() -> None:
    text = Client().get("/metrics").content.decode()
    assert 'redress_payouts_paused_by{cause="restored"} 0\n' in text
    assert "redress_oldest_due_seconds 0\n" in text
