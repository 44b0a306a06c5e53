"""A broker for the tests that start real workers."""

import os

import pytest


@pytest.fixture
def broker() -> str:
    """The broker's URL; each test file uses a Redis database of its own."""
    url = os.environ.get("REDIS_URL", "")
    if not url:
        pytest.skip("needs a broker: run ./redress test")
    return url
