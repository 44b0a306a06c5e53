"""Every scripted fault, over HTTP: what the adapter says, and what the book then holds."""

import time

import pytest

from claims.providers.base import (
    NotFound,
    RefusalReason,
    Refused,
    Uncertain,
)
from claims.providers.sandbox import SandboxProvider
from claims.providers.sandbox_faults import GARBAGE
from claims.providers.sandbox_server import SandboxServer
from tests.claims.providers.parties import (
    FOUND,
    NOTHING,
    REFERENCE,
    SENT,
    Clock,
    instruction,
    provider_of,
)


def test_too_many_requests_wait_as_long_as_asked(
    provider: SandboxProvider, server: SandboxServer
) -> None:
    server.script_next("429", seconds=17)
    assert provider.send(instruction()) == Refused(
        reason_class=RefusalReason.LATER,
        message="The provider has too many requests at the moment.",
        retry_after_seconds=17,
    )
    assert provider.look_up(REFERENCE) == NOTHING
    assert provider.send(instruction()) == SENT


@pytest.mark.parametrize("fault", ["timeout_before_accept", "error_500"])
def test_a_fault_before_acceptance_is_a_doubt_that_a_look_up_ends(
    provider: SandboxProvider, server: SandboxServer, fault: str
) -> None:
    server.script_next(fault)
    assert isinstance(provider.send(instruction()), Uncertain)
    assert provider.look_up(REFERENCE) == NOTHING
    assert provider.send(instruction()) == SENT
    assert len(server.payments_for(REFERENCE)) == 1


@pytest.mark.parametrize("fault", ["timeout_after_accept", "error_500_after", "reset"])
def test_a_fault_after_acceptance_is_a_doubt_that_a_look_up_ends(
    provider: SandboxProvider, server: SandboxServer, fault: str
) -> None:
    server.script_next(fault)
    assert isinstance(provider.send(instruction()), Uncertain)
    assert provider.look_up(REFERENCE) == FOUND
    assert provider.send(instruction()) == SENT
    assert len(server.payments_for(REFERENCE)) == 1


@pytest.mark.parametrize("kind", GARBAGE)
def test_garbage_is_never_taken_for_success_or_refusal(
    provider: SandboxProvider, server: SandboxServer, kind: str
) -> None:
    server.script_next("garbage", garbage=kind)
    assert isinstance(provider.send(instruction()), Uncertain)
    assert provider.look_up(REFERENCE) == FOUND
    assert len(server.payments_for(REFERENCE)) == 1


def test_garbage_may_also_come_before_acceptance(
    provider: SandboxProvider, server: SandboxServer
) -> None:
    server.script_next("garbage", accepted=False)
    assert isinstance(provider.send(instruction()), Uncertain)
    assert provider.look_up(REFERENCE) == NOTHING


@pytest.mark.parametrize("fault", ["timeout_before_accept", "timeout_after_accept"])
def test_a_provider_that_hangs_is_given_up_in_time(clock: Clock, fault: str) -> None:
    with SandboxServer(now=clock, hold_seconds=30) as server:
        server.script_next(fault)
        started = time.monotonic()
        answer = provider_of(server, total_seconds=0.3).send(instruction())
        assert time.monotonic() - started < 2
        assert answer == Uncertain(why="no complete answer within 0.3 seconds")


def test_a_withheld_answer_ends_with_its_time_and_with_the_server(clock: Clock) -> None:
    with SandboxServer(now=clock, hold_seconds=0.1) as server:
        server.script_next("timeout_after_accept")
        started = time.monotonic()
        answer = provider_of(server).send(instruction())
        assert isinstance(answer, Uncertain)
        assert 0.1 <= time.monotonic() - started < 2


def test_one_byte_a_second_does_not_hold_a_worker(server: SandboxServer) -> None:
    server.script_next("slow", seconds=0.1)
    provider = provider_of(server, total_seconds=0.35)
    assert provider.send(instruction()) == Uncertain(why="no complete answer within 0.35 seconds")
    assert provider.look_up(REFERENCE) == FOUND


def test_a_slow_answer_within_the_time_counts(
    provider: SandboxProvider, server: SandboxServer
) -> None:
    server.script_next("slow", seconds=0)
    assert provider.send(instruction()) == SENT


def test_not_found_is_not_final_while_the_provider_works_on_it(server: SandboxServer) -> None:
    server.script_next("late_accept", seconds=0.6)
    provider = provider_of(server, total_seconds=0.2)
    assert isinstance(provider.send(instruction()), Uncertain)
    assert provider.look_up(REFERENCE) == NotFound(final=False)
    until = time.monotonic() + 5
    while provider.look_up(REFERENCE) == NotFound(final=False) and time.monotonic() < until:
        time.sleep(0.02)
    assert provider.look_up(REFERENCE) == FOUND
    assert provider.send(instruction()) == SENT
