"""One Chromium and one server for all tests of this folder; rows that stay for a module's tests."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from tests.browser.window import PICTURES, Window
from tests.claims.admin.looks import beat_all
from tests.claims.admin.world import World, make_staff, make_world

# Playwright's own loop runs in this thread; Django would refuse to touch its database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# A machine that does much else at once is slow, not wrong. In milliseconds.
expect.set_options(timeout=20_000)

CHROMIUM = Path("/usr/bin/chromium")
OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
      AND backend_type = 'client backend'
"""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


@pytest.fixture(scope="session")
def chromium(
    playwright: Playwright, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"there is no Chromium at {CHROMIUM}")
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()
    with django_db_blocker.unblock():
        wait_until_alone()


def wait_until_alone() -> None:
    """Wait until the server's sessions have ended with the browser's connections.

    A database that somebody is in cannot be thrown away.
    """
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(OTHERS)
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.05)


@pytest.fixture(scope="module")
def transactional_db(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Rows and files that are laid out once and stay until the module's last test is through.

    It stands in for pytest-django's own, which empties the database after every test; so a test
    that changes rows makes its own.
    """
    # What is emptied at the end must not be anybody's work.
    assert str(connection.settings_dict["NAME"]).startswith("test_")
    files = tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=str(files)):
        cache.clear()
        yield
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(scope="session")
def shared_page(chromium: Browser, live_server: LiveServer) -> Iterator[Page]:
    """The page of all tests: a new one costs more than two visits."""
    context = chromium.new_context(base_url=live_server.url)
    yield context.new_page()
    context.close()


@pytest.fixture
def window(
    request: pytest.FixtureRequest,
    shared_page: Page,
    live_server: LiveServer,
    transactional_db: None,
) -> Iterator[Window]:
    """A window in which nobody is signed in yet."""
    shoots = bool(request.config.getoption("--pictures"))
    PICTURES.mkdir(parents=True, exist_ok=True)
    window = Window(shared_page, server=live_server, shoots=shoots)
    yield window
    window.leave()


@pytest.fixture
def new_page(
    chromium: Browser, live_server: LiveServer, transactional_db: None
) -> Iterator[Callable[..., Page]]:
    """Give pages in browsers of their own, with options of Playwright's."""
    contexts: list[BrowserContext] = []

    def open_page(**options: Any) -> Page:
        contexts.append(chromium.new_context(base_url=live_server.url, **options))
        return contexts[-1].new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def staff(transactional_db: None) -> dict[str, User]:
    """One person for each group."""
    return make_staff()


@pytest.fixture(scope="module")
def world(staff: dict[str, User]) -> World:
    """Claims where their own steps brought them, and clocks that run."""
    beat_all(timezone.now())
    return make_world()
