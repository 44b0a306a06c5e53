"""Each payout is leased right before its own call: pauses strike at once, leases begin fresh."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import OperationalError, transaction

from claims.models import Payout, PayoutSwitch
from claims.operations import sending
from claims.operations.pausing import pause_payouts
from claims.operations.sending import LEASE, send_due_payouts
from claims.providers.base import (
    Cancelled,
    CannotCancel,
    Found,
    LookUpFailed,
    NotFound,
    Notification,
    PaymentInstruction,
    ProviderBook,
    Refused,
    Sent,
    Uncertain,
)
from claims.providers.sandbox import SandboxProvider
from tests.claims.core.threads import at_once
from tests.claims.core.world import senior
from tests.factories import NOON, report_assessed

pytestmark = pytest.mark.django_db


class Watched:
    """The sandbox, with somebody who looks at the rows whenever it is called."""

    def __init__(self, provider: SandboxProvider, *, pauses: bool = False) -> None:
        self.provider = provider
        self.pauses = pauses
        self.leases: list[timedelta] = []
        self.being_sent: list[int] = []

    def send(self, instruction: PaymentInstruction) -> Sent | Refused | Uncertain:
        leased = Payout.objects.filter(state="SENDING")
        self.being_sent.append(leased.count())
        for payout in leased:
            assert payout.lease_until is not None
            self.leases.append(payout.lease_until - NOON)
        if self.pauses:
            pause_payouts(reason="Something is wrong.", at=NOON, by=senior())
        return self.provider.send(instruction)

    def look_up(self, our_reference: str) -> Found | NotFound | LookUpFailed:
        return self.provider.look_up(our_reference)

    def cancel(self, our_reference: str) -> Cancelled | CannotCancel:
        return self.provider.cancel(our_reference)

    def parse_notification(self, body: bytes, headers: Mapping[str, str]) -> Notification:
        return self.provider.parse_notification(body, headers)

    def book(self) -> ProviderBook | None:
        return self.provider.book()


def approved(number: int) -> None:
    for _ in range(number):
        report_assessed(claimed_minor=80_000)


def test_a_pause_in_the_middle_of_a_batch_stops_all_that_has_not_begun(
    provider: SandboxProvider,
) -> None:
    approved(3)
    send_due_payouts(provider=Watched(provider, pauses=True), at=NOON)

    states = Payout.objects.order_by("state").values_list("state", "attempts", "held_by")
    assert list(states) == [
        ("CONFIRMED", 1, []),
        ("QUEUED", 0, ["PAYOUTS_PAUSED"]),
        ("QUEUED", 0, ["PAYOUTS_PAUSED"]),
    ]


def test_one_payout_is_under_lease_at_a_time_from_the_moment_of_its_own_call(
    provider: SandboxProvider,
) -> None:
    """A batch at a slow provider takes longer than a lease; no lease runs out under its holder."""
    approved(3)
    watched, minutes = Watched(provider), count(0, 60)
    send_due_payouts(provider=watched, at=NOON, clock=lambda: float(next(minutes)))

    assert watched.being_sent == [1, 1, 1]
    begun = [lease - LEASE for lease in watched.leases]
    assert begun == [timedelta(minutes=2), timedelta(minutes=4), timedelta(minutes=6)]
    assert Payout.objects.filter(state="CONFIRMED").count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_sender_does_not_wait_for_good_while_somebody_holds_the_switch(
    provider: SandboxProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its tick fails and begins nothing; with the lock gone the payment leaves."""
    monkeypatch.setattr(sending, "PATIENCE_MS", 50)
    approved(1)

    def send() -> int:
        return send_due_payouts(provider=provider, at=NOON)

    with transaction.atomic():
        PayoutSwitch.objects.select_for_update().get(pk=1)
        found: list[Any] = at_once([send])
    assert isinstance(found[0], OperationalError)
    assert "lock timeout" in str(found[0])
    states = Payout.objects.values_list("state", "attempts", "held_by")
    assert list(states) == [("QUEUED", 0, [])]
    assert send() == 1
    assert list(states.all()) == [("CONFIRMED", 1, [])]
