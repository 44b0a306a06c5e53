"""Notifications of the provider: trusted ones hurry a look-up, others change nothing."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from claims.models import Payout, PayoutState, PayoutSwitch
from claims.providers.signing import SIGNATURE_HEADER, sign
from claims.webhooks import LARGEST
from tests.claims.core.world import snapshot
from tests.factories import NOON, report_assessed

pytestmark = pytest.mark.django_db
ADDRESS = reverse("provider_notification")
SECRET = "shared with the provider"
NOW = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def provider_is_set(settings: Settings) -> None:
    settings.PAYMENT_PROVIDER_URL = "http://127.0.0.1:9"
    settings.PAYMENT_PROVIDER_KEY = "k"
    settings.PAYMENT_WEBHOOK_SECRET = SECRET


@pytest.fixture
def payout() -> Payout:
    """A payment on its way, to be looked up much later."""
    report_assessed(claimed_minor=80_000)
    Payout.objects.update(state=PayoutState.SENT, next_at=datetime(2026, 4, 1, tzinfo=UTC))
    return Payout.objects.get()


def told(reference: str, **changes: Any) -> bytes:
    payment = {
        "our_reference": reference,
        "provider_reference": "SBX-000001",
        "status": "CONFIRMED",
        "amount_minor": 80_000,
        "currency": "USD",
        "status_at": NOON.isoformat(),
    }
    return json.dumps({"event_id": "E-1", "payment": payment | changes}).encode()


def post(body: bytes, *, secret: str = SECRET, **headers: str) -> int:
    signature = sign(body, secret=secret, at=NOW)
    given = {SIGNATURE_HEADER: signature} | headers
    with time_machine.travel(NOW, tick=False):
        client = Client(enforce_csrf_checks=True)
        answer = client.post(ADDRESS, body, content_type="application/json", headers=given)
    code: int = answer.status_code
    return code


def test_a_trusted_one_has_the_payment_looked_up_now(payout: Payout) -> None:
    assert post(told(payout.our_reference)) == 204

    payout.refresh_from_db()
    assert (payout.state, payout.next_at) == (PayoutState.SENT, NOW)


def test_what_it_says_decides_nothing(payout: Payout) -> None:
    assert post(told(payout.our_reference, status="REFUSED", amount_minor=1)) == 204

    payout.refresh_from_db()
    assert (payout.state, payout.amount_minor) == (PayoutState.SENT, 80_000)


def test_one_that_comes_twice_is_harmless(payout: Payout) -> None:
    post(told(payout.our_reference))
    once = snapshot()

    assert post(told(payout.our_reference)) == 204
    assert snapshot() == once


def test_a_payment_that_we_never_wrote_is_taken_and_pauses_payouts(payout: Payout) -> None:
    """Its reference was never committed here: this database is an older one."""
    before = snapshot()
    assert post(told("RC-0000-0000-1")) == 204
    after = snapshot()
    changed = {name for name, rows in after.items() if rows != before[name]}
    assert changed == {"claims_payoutswitch", "claims_payoutswitchevent"}
    assert PayoutSwitch.objects.get().causes == ["BOOK_DIFFERS"]


@pytest.mark.parametrize(
    ("secret", "headers"),
    [
        ("another", {}),
        (SECRET, {SIGNATURE_HEADER: ""}),
        (SECRET, {SIGNATURE_HEADER: "t=1,v1=" + "0" * 64}),
    ],
)
def test_a_forged_one_changes_nothing(payout: Payout, secret: str, headers: dict[str, str]) -> None:
    before = snapshot()
    assert post(told(payout.our_reference), secret=secret, **headers) == 400
    assert snapshot() == before


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"event_id": "E-1"}', b"\xff"])
def test_a_signed_one_without_sense_changes_nothing(payout: Payout, body: bytes) -> None:
    before = snapshot()
    assert post(body) == 400
    assert snapshot() == before


def test_one_too_large_is_not_even_read(payout: Payout) -> None:
    before = snapshot()
    assert post(told(payout.our_reference) + b" " * LARGEST) == 413
    assert snapshot() == before


def test_it_is_only_ever_posted() -> None:
    assert Client().get(ADDRESS).status_code == 405
