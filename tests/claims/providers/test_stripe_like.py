"""The example adapter: under 100 lines, and every rule of the Protocol kept by its base."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from claims.providers import get_provider, stripe_like as example
from claims.providers.base import (
    Cancelled,
    CannotCancel,
    Found,
    LookUpFailed,
    NotFound,
    NotificationNotTrusted,
    PaymentProvider,
    PaymentStatus,
    RefusalReason,
    Refused,
    Sent,
    Uncertain,
)
from claims.providers.signing import sign
from claims.providers.stripe_like import StripeLikeProvider
from tests.claims.providers.parties import NOON, REFERENCE, Clock, instruction
from tests.claims.providers.stripe_like_party import Party, stripe_like

SECRET = "whsec_tests"
CREATED = datetime(2026, 3, 1, 12, tzinfo=UTC)
ACCEPTED = Sent(provider_reference="po_1", status=PaymentStatus.ACCEPTED, at=CREATED)


@pytest.fixture
def party() -> Iterator[Party]:
    with stripe_like() as running:
        yield running


@pytest.fixture
def provider(party: Party) -> StripeLikeProvider:
    return StripeLikeProvider(party.url, "sk_test", SECRET, 5, now=Clock(NOON))


def error(code: str) -> dict[str, Any]:
    return {"error": {"type": "invalid_request_error", "code": code, "message": "It says why."}}


def test_it_has_fewer_than_a_hundred_lines() -> None:
    lines = Path(example.__file__ or "").read_text().splitlines()
    assert len(lines) < 100


def test_it_is_a_payment_provider(provider: StripeLikeProvider) -> None:
    as_protocol: PaymentProvider = provider
    assert as_protocol.book() is None


def test_the_settings_take_an_adapter_by_its_path() -> None:
    name = f"{StripeLikeProvider.__module__}.StripeLikeProvider"
    reached = {"PAYMENT_PROVIDER_URL": "http://127.0.0.1:1", "PAYMENT_PROVIDER_KEY": "k"}
    with override_settings(PAYMENT_PROVIDER=name, **reached):
        assert isinstance(get_provider(), StripeLikeProvider)
    with (
        override_settings(PAYMENT_PROVIDER="nowhere.Nothing", **reached),
        pytest.raises(ImproperlyConfigured, match="there is no adapter nowhere"),
    ):
        get_provider()


def test_a_payment_goes_as_a_form_under_its_key(provider: StripeLikeProvider, party: Party) -> None:
    assert provider.send(instruction()) == ACCEPTED
    ((path, key, form),) = party.seen
    assert (path, key) == ("/v1/payouts", "key-1")
    assert form == {
        "amount": "40000",
        "currency": "usd",
        "destination": "GB00SAND0001",
        "statement_descriptor": "Claim RC-7K3M-92PX",
        "metadata[our_reference]": REFERENCE,
        "metadata[payee_name]": "Dana Reyes",
    }


def test_sent_again_it_is_the_same_payment(provider: StripeLikeProvider, party: Party) -> None:
    assert provider.send(instruction()) == provider.send(instruction()) == ACCEPTED
    assert len(party.payouts) == 1


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("account_invalid", RefusalReason.FIX_DETAILS),
        ("payouts_not_allowed", RefusalReason.NEVER),
        ("balance_insufficient", RefusalReason.LATER),
    ],
)
def test_a_refusal_that_we_understand(
    provider: StripeLikeProvider, party: Party, code: str, reason: RefusalReason
) -> None:
    party.script = [(400, error(code), {"Retry-After": "30"})]
    assert provider.send(instruction()) == Refused(
        reason_class=reason, message="It says why.", retry_after_seconds=30
    )


def test_too_many_requests_are_for_later(provider: StripeLikeProvider, party: Party) -> None:
    party.script = [(429, error("rate_limit"), {"Retry-After": "7"})]
    answer = provider.send(instruction())
    assert isinstance(answer, Refused)
    assert (answer.reason_class, answer.retry_after_seconds) == (RefusalReason.LATER, 7)


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (500, error("account_invalid")),
        (409, error("idempotency_key_in_use")),
        (400, error("something_new")),
        (400, {}),
        (400, {"error": "text"}),
        (302, {}),
        (200, {}),
        (200, []),
        (200, {"id": "po_1"}),
    ],
)
def test_everything_else_is_a_doubt(
    provider: StripeLikeProvider, party: Party, status: int, content: Any
) -> None:
    party.script = [(status, content, {})]
    assert isinstance(provider.send(instruction()), Uncertain)


@pytest.mark.parametrize(
    "changes",
    [{"amount": 39_999}, {"currency": "eur"}, {"status": "failed"}, {"status": "new"}],
)
def test_another_payment_s_answer_is_a_doubt(
    provider: StripeLikeProvider, party: Party, changes: dict[str, Any]
) -> None:
    provider.send(instruction())
    party.payouts["po_1"] |= changes
    assert isinstance(provider.send(instruction()), Uncertain)


def test_looking_up(provider: StripeLikeProvider, party: Party) -> None:
    assert provider.look_up(REFERENCE) == NotFound(final=False)
    provider.send(instruction())
    for theirs, ours in example.STATUSES.items():
        party.payouts["po_1"]["status"] = theirs
        assert provider.look_up(REFERENCE) == Found(
            status=ours,
            provider_reference="po_1",
            amount_minor=40_000,
            currency="USD",
            at=CREATED,
        )


def test_a_look_up_that_says_nothing(provider: StripeLikeProvider, party: Party) -> None:
    party.script = [(500, {}, {}), (200, {"data": None}, {}), (200, {"data": [{"id": 1}]}, {})]
    for _ in range(3):
        assert isinstance(provider.look_up(REFERENCE), LookUpFailed)


def test_of_two_attempts_the_one_that_moves_counts_and_two_are_for_a_person(
    provider: StripeLikeProvider, party: Party
) -> None:
    for key in ("a", "b"):
        provider.send(instruction(key=key))
    assert isinstance(provider.look_up(REFERENCE), LookUpFailed)
    party.payouts["po_1"]["status"] = "failed"
    found = provider.look_up(REFERENCE)
    assert isinstance(found, Found)
    assert found.provider_reference == "po_2"


def test_cancelling(provider: StripeLikeProvider, party: Party) -> None:
    assert isinstance(provider.cancel(REFERENCE), CannotCancel)
    provider.send(instruction())
    assert provider.cancel(REFERENCE) == Cancelled(provider_reference="po_1")
    party.payouts["po_1"]["status"] = "paid"
    assert isinstance(provider.cancel(REFERENCE), CannotCancel)
    party.script = [(200, {"data": [party.payouts["po_1"]]}, {}), (500, {}, {})]
    assert isinstance(provider.cancel(REFERENCE), CannotCancel)


def event(party: Party) -> bytes:
    return json.dumps(
        {"id": "evt_1", "type": "payout.paid", "data": {"object": party.payouts["po_1"]}}
    ).encode()


def test_a_notification_on_the_conventions(provider: StripeLikeProvider, party: Party) -> None:
    provider.send(instruction())
    party.payouts["po_1"]["status"] = "paid"
    body = event(party)
    told = provider.parse_notification(
        body, {"stripe-signature": sign(body, secret=SECRET, at=NOON)}
    )
    assert (told.event_id, told.status, told.our_reference, told.amount_minor) == (
        "evt_1",
        PaymentStatus.CONFIRMED,
        REFERENCE,
        40_000,
    )


@pytest.mark.parametrize("late", [timedelta(minutes=6), timedelta(minutes=-6)])
def test_an_old_or_forged_notification_is_not_trusted(
    provider: StripeLikeProvider, party: Party, late: timedelta
) -> None:
    provider.send(instruction())
    body = event(party)
    for signature in (
        sign(body, secret=SECRET, at=NOON + late),
        sign(body, secret="x", at=NOON),
        "",
    ):
        with pytest.raises(NotificationNotTrusted):
            provider.parse_notification(body, {"Stripe-Signature": signature})
    senseless = b'{"id": "evt_1", "data": 5}'
    with pytest.raises(NotificationNotTrusted):
        provider.parse_notification(
            senseless, {"Stripe-Signature": sign(senseless, secret=SECRET, at=NOON)}
        )
