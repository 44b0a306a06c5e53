"""A provider of its own for every test that pays, with the test's own clock."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from claims.providers.sandbox import SandboxProvider
from claims.providers.sandbox_server import SandboxServer
from claims.screening.sanctions import lay_down_empty_list
from tests.claims.core.world import lay_down_market
from tests.claims.providers.parties import Clock, provider_of
from tests.factories import NOON


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON)


@pytest.fixture
def server(clock: Clock) -> Iterator[SandboxServer]:
    with SandboxServer(now=clock) as running:
        yield running


@pytest.fixture
def provider(server: SandboxServer, db: None) -> SandboxProvider:
    """A provider, and an empty sanctions list against which payments are screened."""
    lay_down_market()
    lay_down_empty_list(at=NOON - timedelta(days=1), source="tests")
    return provider_of(server)
