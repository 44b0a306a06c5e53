"""For any sequence of acts and moments, the books and the files hold (issue: property tests)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from claims.providers.sandbox_server import SandboxServer
from tests.claims.core.programme import ACTS, FAULTS, Programme, assert_all_holds
from tests.claims.core.world import path
from tests.claims.providers.parties import Clock

pytestmark = pytest.mark.django_db

AMOUNTS = st.sampled_from([1, 99_999, 100_000, 100_001, 500_001, 2_500_001])
STEPS = st.sampled_from([timedelta(minutes=1), timedelta(days=1), timedelta(days=8)])
ACT = st.tuples(st.just("act"), st.sampled_from(sorted(ACTS)), st.integers(0, 2))
MOVE = st.tuples(st.just("move"), STEPS, st.just(0))
FAULT = st.tuples(st.just("fault"), st.sampled_from(FAULTS), st.just(0))
REPORT = st.tuples(AMOUNTS, st.sampled_from(["US", "DE"]), st.booleans())
# The beginnings of real stories, so that acts meet claims in every status.
BEGINNINGS = st.sampled_from(
    [
        (),
        ("pass", "assess all"),
        ("pass", "assess all", "reject", "step in"),
        ("pass", "assess all", "reject", "uphold", "claimant appeals"),
        ("pass", "ask"),
        ("pass", "assess all", "payment comes back"),
        ("pass", "assess all", "reject", "step in", "withhold"),
    ]
)


@pytest.fixture
def server(clock: Clock) -> Iterator[SandboxServer]:
    with SandboxServer(now=clock) as running:
        yield running


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    reports=st.lists(REPORT, min_size=1, max_size=2),
    beginning=BEGINNINGS,
    events=st.lists(st.one_of(ACT, ACT, ACT, MOVE, FAULT), min_size=4, max_size=14),
)
def test_whatever_happens_the_books_hold(
    reports: list[tuple[int, str, bool]],
    beginning: tuple[str, ...],
    events: list[tuple[str, object, int]],
    clock: Clock,
    server: SandboxServer,
) -> None:
    with transaction.atomic():
        programme = Programme(clock, server)
        for amount_minor, market, payee in reports:
            programme.report(amount_minor, market=market, payee=payee)
        for name in beginning:
            programme.act(name, 0)
            programme.move(timedelta(minutes=1))
        assert_all_holds(programme)
        for kind, what, number in events:
            happen(programme, kind, what, number)
            assert_all_holds(programme)
        transaction.set_rollback(True)


def happen(programme: Programme, kind: str, what: object, number: int) -> None:
    """One event of a sequence."""
    if isinstance(what, timedelta):
        programme.move(what)
    elif kind == "fault":
        programme.server.script_next(str(what))
    else:
        programme.act(str(what), number)
        programme.move(timedelta(seconds=30))


def test_acts_are_taken_and_refused(clock: Clock, server: SandboxServer) -> None:
    """The machine drives real stories: one goes through to payment, appeal and give-back."""
    programme = Programme(clock, server)
    claim = programme.report(250_000, market="US", payee=True)
    for name in ("pass", "assess all", "reject", "step in"):
        programme.act(name, 0)
    programme.move(timedelta(minutes=1))
    for name in ("withhold", "collect from seller", "seller appeals", "overturn appeal"):
        programme.act(name, 0)
        assert_all_holds(programme)
    assert (programme.taken, programme.refused) == (8, 0)
    programme.act("withdraw", 0)
    assert programme.refused == 1
    programme.act("payment comes back", 0)
    programme.move(timedelta(minutes=1))
    assert path(claim)[-1] == ("return_payment", "APPROVED")
    assert_all_holds(programme)
