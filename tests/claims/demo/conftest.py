"""The demo, loaded once for all tests of this folder (`tests/spreading.py` keeps them together)."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.test.utils import override_settings
from pytest_django import DjangoDbBlocker, Settings

from claims.demo.load import Loaded, load_demo

# A Thursday; before it lie Easter, May's holidays and a change of clocks.
NOW = datetime(2026, 6, 18, 15, 0, tzinfo=UTC)


@pytest.fixture(scope="package")
def demo(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Loaded]:
    """The demo as it stands after loading at NOW; taken away afterwards."""
    files = str(tmp_path_factory.mktemp("files"))
    of_the_demo = override_settings(DEMO=True, PAYMENT_PROVIDER_URL="", MEDIA_ROOT=files)
    with django_db_blocker.unblock(), of_the_demo:
        try:
            yield load_demo(now=NOW)
        finally:
            call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def in_demo(settings: Settings) -> None:
    """The settings of a demo, without a provider of its own."""
    settings.DEMO = True
    settings.PAYMENT_PROVIDER_URL = ""
