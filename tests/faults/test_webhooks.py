"""Notifications through the real web server: doubled, reversed, early, late, forged."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from django.utils import timezone

from claims.models import Claim, Payout
from claims.providers.signing import SIGNATURE_HEADER, sign
from tests.faults import proof, rows
from tests.faults.healing import conceded_claims, heal, payouts
from tests.faults.proxy import CutBefore, Way, await_true
from tests.faults.stack import WEBHOOK_SECRET, Stack

pytestmark = rows.MARKS
SAID_TAKEN = b"HTTP/1.1 204"


@pytest.fixture
def web(stack: Stack) -> Iterator[str]:
    """The address of the web server, through its door."""
    stack.start_web()
    address = f"http://127.0.0.1:{stack.doors.web.port}"
    await_true(lambda: is_up(address), seconds=40, what="the web server answers", every=0.2)
    yield f"{address}/provider/notifications"
    stack.stop_web()


def is_up(address: str) -> bool:
    try:
        return httpx.get(f"{address}/healthz", trust_env=False, timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def tell(
    address: str,
    payment: dict[str, Any],
    *,
    secret: str = WEBHOOK_SECRET,
    signed_at: datetime | None = None,
    **changes: str,
) -> int:
    """Post a notification about a payment; the status of the answer."""
    body = json.dumps({"event_id": "E-1", "payment": payment | changes}).encode()
    at = signed_at or timezone.now()
    headers = {
        SIGNATURE_HEADER: sign(body, secret=secret, at=at),
        "Content-Type": "application/json",
    }
    answer = httpx.post(address, content=body, headers=headers, trust_env=False, timeout=10)
    return answer.status_code


def paid_claim(stack: Stack) -> tuple[str, dict[str, Any]]:
    [reference] = conceded_claims(1)
    heal(stack)
    [payment] = stack.book.payments(reference)
    return reference, payment


def test_a_return_that_is_told_three_times_reopens_the_claim_once(stack: Stack, web: str) -> None:
    """The provider hears no thanks twice, and tells again: rules §6, it is owed again, once."""
    reference, payment = paid_claim(stack)
    unheard = stack.doors.web.add(CutBefore(Way.TO_CLIENT, match=SAID_TAKEN, times=2))
    stack.book.send_back(payment["our_reference"])
    await_true(lambda: unheard.struck == 2, seconds=30, what="it was told twice")
    await_true(lambda: returned(stack, reference), seconds=30, what="it is reopened", every=0.2)
    heal(stack)
    events = list(
        Claim.objects.get(reference=reference).events.filter(step="return_payment").values("text")
    )
    assert len(events) == 1
    assert payouts([reference]) == {"RETURNED": 1}
    proof.check(stack)


def returned(stack: Stack, reference: str) -> bool:
    stack.tick("follow_payouts")
    return Claim.objects.get(reference=reference).status == "APPROVED"


def test_forged_early_and_late_ones_are_refused_and_change_nothing(stack: Stack, web: str) -> None:
    reference, payment = paid_claim(stack)
    now = timezone.now()
    before = told_by_rows(reference)
    answers = [
        tell(web, payment, secret="guessed", status="RETURNED"),
        tell(web, payment, secret=WEBHOOK_SECRET[:-1], status="RETURNED"),
        tell(web, payment, signed_at=now + timedelta(minutes=10), status="RETURNED"),
        tell(web, payment, signed_at=now - timedelta(minutes=10), status="RETURNED"),
    ]
    assert answers == [400] * 4
    assert told_by_rows(reference) == before
    proof.check(stack)


def told_by_rows(reference: str) -> list[object]:
    """How a claim and its payment stand, and everything in its file."""
    payments = Payout.objects.filter(claim__reference=reference)
    claim = Claim.objects.get(reference=reference)
    return [
        (claim.status, claim.version, claim.paid_minor),
        list(payments.values_list("state", "provider_reference", "ended_at")),
        list(claim.events.values_list("version", "step", "at")),
    ]


def test_reversed_and_doubled_ones_say_nothing_that_the_book_does_not(
    stack: Stack, web: str
) -> None:
    """Well signed, and untrue: the provider is asked, and the payment stands as it stands."""
    reference, payment = paid_claim(stack)
    for status in ("RETURNED", "CONFIRMED", "REFUSED", "ACCEPTED", "RETURNED"):
        assert [tell(web, payment, status=status) for _ in range(4)] == [204] * 4
        stack.tick("follow_payouts")
    heal(stack)
    proof.paid_once(stack, [reference])
    assert Payout.objects.get(claim__reference=reference).state == "CONFIRMED"
    proof.check(stack)


def test_one_that_overtakes_the_answer_to_the_payment(stack: Stack, web: str) -> None:
    """Early: the provider tells of a payment whose answer is still on its way."""
    reference = rows.start_sending(stack)
    [payment] = stack.book.payments(reference)
    assert tell(web, payment) == 204
    stack.tick("follow_payouts")
    assert rows.state(reference) == "SENDING"
    heal(stack)
    proof.paid_once(stack, [reference])
    proof.check(stack)
