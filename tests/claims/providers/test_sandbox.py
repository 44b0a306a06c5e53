"""The adapter against the real sandbox: keys, refusals, returns and cancellations."""

from datetime import timedelta

import pytest

from claims.providers.base import (
    Cancelled,
    CannotCancel,
    Found,
    LookUpFailed,
    PaymentProvider,
    PaymentStatus,
    RefusalReason,
    Refused,
    Sent,
    Uncertain,
)
from claims.providers.sandbox import SandboxProvider
from claims.providers.sandbox_server import SandboxServer
from tests.claims.providers.parties import (
    FOUND,
    NOON,
    NOTHING,
    REFERENCE,
    REFUSED_FOUND,
    SENT,
    Clock,
    instruction,
    provider_of,
)


def test_the_adapter_is_a_payment_provider(provider: SandboxProvider) -> None:
    typed: PaymentProvider = provider
    assert typed.send(instruction()) == SENT


def test_a_payment_is_sent_and_found(provider: SandboxProvider, server: SandboxServer) -> None:
    assert provider.look_up(REFERENCE) == NOTHING
    assert provider.send(instruction()) == SENT
    assert provider.look_up(REFERENCE) == FOUND
    (entry,) = server.payments_for("RC-7K3M-92PX")
    assert (entry.key, entry.order.payee_name, entry.order.purpose_text) == (
        "key-1",
        "Dana Reyes",
        "Claim RC-7K3M-92PX",
    )


def test_the_same_key_and_payment_get_the_same_answer_and_one_payment(
    provider: SandboxProvider, server: SandboxServer, clock: Clock
) -> None:
    first = provider.send(instruction())
    clock.move(hours=23)
    assert [provider.send(instruction()) for _ in range(3)] == [first] * 3
    assert len(server.payments_for(REFERENCE)) == 1


def test_the_same_key_for_another_payment_is_a_doubt_and_pays_nothing(
    provider: SandboxProvider, server: SandboxServer
) -> None:
    provider.send(instruction())
    before = server.book.entries()
    for changes in ({"amount_minor": 1}, {"our_reference": "RC-OTHER-1"}, {"payee_account": "X"}):
        assert provider.send(instruction(**changes)) == Uncertain(why="the provider answered 409")
    assert server.book.entries() == before


def test_after_its_window_a_key_pays_again_and_look_up_says_so(
    provider: SandboxProvider, server: SandboxServer, clock: Clock
) -> None:
    provider.send(instruction())
    clock.move(days=1)
    assert isinstance(provider.send(instruction()), Sent)
    assert len(server.payments_for(REFERENCE)) == 2
    assert provider.look_up(REFERENCE) == LookUpFailed(
        why="the provider holds 2 payments with this reference"
    )


def test_forgotten_keys_pay_again(provider: SandboxProvider, server: SandboxServer) -> None:
    provider.send(instruction())
    server.script_next("forget_keys")
    assert isinstance(provider.send(instruction()), Sent)
    assert len(server.payments_for(REFERENCE)) == 2


@pytest.mark.parametrize("reason", ["FIX_DETAILS", "NEVER"])
def test_a_refusal_is_final_for_its_key(
    provider: SandboxProvider, server: SandboxServer, reason: str
) -> None:
    server.script_next("refuse", reason=reason)
    refused = provider.send(instruction())
    assert isinstance(refused, Refused)
    assert (refused.reason_class, refused.retry_after_seconds) == (RefusalReason(reason), None)
    assert provider.send(instruction()) == refused
    assert provider.look_up(REFERENCE) == REFUSED_FOUND
    assert server.payments_for(REFERENCE) == []


def test_after_a_refusal_a_new_key_with_mended_details_is_paid(
    provider: SandboxProvider, server: SandboxServer
) -> None:
    server.script_next("refuse")
    assert provider.send(instruction()) == Refused(
        reason_class=RefusalReason.FIX_DETAILS, message="The payee's account details are not right."
    )
    mended = instruction(key="key-2", payee_account="GB00SAND0002")
    assert isinstance(provider.send(mended), Sent)
    found = provider.look_up(REFERENCE)
    assert isinstance(found, Found)
    assert (found.status, found.provider_reference) == (PaymentStatus.CONFIRMED, "SBX-000002")
    assert len(server.payments_for(REFERENCE)) == 1


def test_a_refusal_for_now_leaves_the_key_good(
    provider: SandboxProvider, server: SandboxServer
) -> None:
    server.script_next("refuse", reason="LATER")
    assert provider.send(instruction()) == Refused(
        reason_class=RefusalReason.LATER, message="The payment cannot be made at the moment."
    )
    assert provider.look_up(REFERENCE) == NOTHING
    assert provider.send(instruction()) == SENT


@pytest.mark.parametrize("reason", ["LATER", "NEVER"])
def test_a_payment_already_taken_is_not_refused_afterwards(
    provider: SandboxProvider, server: SandboxServer, reason: str
) -> None:
    provider.send(instruction())
    server.script_next("refuse", reason=reason)
    assert provider.send(instruction()) == SENT


@pytest.mark.parametrize("name", ["payee_name", "payee_account"])
def test_missing_payee_details_are_to_be_mended(provider: SandboxProvider, name: str) -> None:
    refused = provider.send(instruction(**{name: " "}))
    assert isinstance(refused, Refused)
    assert refused.reason_class is RefusalReason.FIX_DETAILS
    assert provider.look_up(REFERENCE) == NOTHING


def test_a_return_is_seen_when_it_happens(
    provider: SandboxProvider, server: SandboxServer, clock: Clock
) -> None:
    server.script_next("return", seconds=3 * 86_400)
    assert provider.send(instruction()) == SENT
    clock.move(days=2, hours=23)
    assert provider.look_up(REFERENCE) == FOUND
    clock.move(hours=2)
    found = provider.look_up(REFERENCE)
    assert isinstance(found, Found)
    assert (found.status, found.at) == (PaymentStatus.RETURNED, NOON + timedelta(days=3))
    assert len(server.payments_for(REFERENCE)) == 1


def test_a_payment_that_came_back_at_once_is_not_sent(
    provider: SandboxProvider, server: SandboxServer
) -> None:
    server.script_next("return", seconds=0)
    assert provider.send(instruction()) == Uncertain(
        why="the provider answered that the payment is RETURNED"
    )


def test_confirmation_takes_its_time(clock: Clock) -> None:
    with SandboxServer(now=clock, confirm_after=timedelta(seconds=2)) as server:
        provider = provider_of(server)
        sent = provider.send(instruction())
        assert isinstance(sent, Sent)
        assert (sent.status, sent.at) == (PaymentStatus.ACCEPTED, NOON)
        clock.move(seconds=2)
        found = provider.look_up(REFERENCE)
        assert isinstance(found, Found)
        assert (found.status, found.at) == (PaymentStatus.CONFIRMED, NOON + timedelta(seconds=2))
        # A repetition is answered as the first time.
        assert provider.send(instruction()) == sent


def test_until_it_is_confirmed_a_payment_can_be_cancelled(clock: Clock) -> None:
    with SandboxServer(now=clock, confirm_after=timedelta(seconds=2)) as server:
        provider = provider_of(server)
        provider.send(instruction())
        cancelled = Cancelled(provider_reference="SBX-000001")
        assert provider.cancel(REFERENCE) == cancelled
        clock.move(hours=1)
        assert provider.cancel(REFERENCE) == cancelled
        assert provider.look_up(REFERENCE) == REFUSED_FOUND
        assert server.payments_for(REFERENCE) == []
        # The key still stands for the payment that was cancelled: no second one is made.
        provider.send(instruction())
        assert server.payments_for(REFERENCE) == []


def test_a_confirmed_payment_cannot_be_cancelled(
    provider: SandboxProvider, server: SandboxServer
) -> None:
    provider.send(instruction())
    before = server.book.entries()
    why = "The payment is confirmed: it can no longer be cancelled."
    assert provider.cancel(REFERENCE) == CannotCancel(why=why)
    assert server.book.entries() == before


def test_what_is_not_in_the_book_or_twice_cannot_be_cancelled(
    provider: SandboxProvider, server: SandboxServer
) -> None:
    nothing = CannotCancel(why="There is no such payment.")
    assert provider.cancel(REFERENCE) == nothing
    provider.send(instruction())
    provider.send(instruction(key="key-2"))
    assert provider.cancel(REFERENCE) == nothing
    assert len(server.payments_for(REFERENCE)) == 2


def test_a_wrong_key_of_ours_is_no_fault_of_the_payment(server: SandboxServer) -> None:
    stranger = SandboxProvider(server.url, "wrong", server.webhook_secret)
    assert stranger.send(instruction()) == Refused(
        reason_class=RefusalReason.LATER, message="The key is missing or wrong."
    )
    assert stranger.look_up(REFERENCE) == LookUpFailed(why="the provider answered 401")
    assert stranger.cancel(REFERENCE) == CannotCancel(why="The key is missing or wrong.")
    assert server.book.entries() == []


def test_a_provider_that_is_away(clock: Clock) -> None:
    with SandboxServer(now=clock) as server:
        provider = provider_of(server)
    assert isinstance(provider.send(instruction()), Uncertain)
    assert isinstance(provider.look_up(REFERENCE), LookUpFailed)
    assert isinstance(provider.cancel(REFERENCE), CannotCancel)


def test_an_address_that_is_not_the_providers_is_a_doubt(server: SandboxServer) -> None:
    elsewhere = SandboxProvider(server.url + "/elsewhere/", server.key, server.webhook_secret)
    assert isinstance(elsewhere.send(instruction()), Uncertain)
    assert elsewhere.look_up(REFERENCE) == LookUpFailed(why="the 404 is not about this payment")
    assert server.book.entries() == []
