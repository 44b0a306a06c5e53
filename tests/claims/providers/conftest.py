"""Every test has a provider of its own, with a clock that the test moves."""

from collections.abc import Iterator

import pytest

from claims.providers.sandbox import SandboxProvider
from claims.providers.sandbox_server import SandboxServer
from tests.claims.providers.parties import Clock, provider_of


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(clock: Clock) -> Iterator[SandboxServer]:
    with SandboxServer(now=clock) as running:
        yield running


@pytest.fixture
def provider(server: SandboxServer) -> SandboxProvider:
    return provider_of(server)
