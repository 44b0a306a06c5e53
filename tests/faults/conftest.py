"""A stack for each row: one that earlier rows left healed, or a fresh one after a failure."""

import sys
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, connections
from django.test.utils import override_settings
from pytest_django import DjangoDbBlocker

from config.embedded.children import tail
from tests.faults.healing import lay_down_world
from tests.faults.stack import Stack, running

FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """Remember a failed row: its stack cannot be trusted any more."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.hookimpl(trylast=True)  # after -k has taken its part
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one row ask for the tests' database, of which the stack's is a copy.

    pytest-django makes it where any test is marked so; marked all, each would empty it afterwards.
    """
    rows = [item for item in items if "template" in getattr(item, "fixturenames", ())]
    for item in rows[:1]:
        item.add_marker(pytest.mark.django_db(transaction=True))


def open_session(**different: Any) -> "psycopg.Connection[Any]":
    """A session of its own at the server and database of the tests."""
    parameters = connection.get_connection_params() | different
    known = {"host", "port", "user", "password", "dbname", "autocommit"}
    return psycopg.connect(**{k: v for k, v in parameters.items() if k in known})


@contextmanager
def on_server() -> Iterator["psycopg.Connection[Any]"]:
    """The server of the tests, beside every database."""
    with open_session(dbname="postgres", autocommit=True) as server:
        yield server


@contextmanager
def database(name: str, *, template: str) -> Iterator[str]:
    """A database, copied from another one, and dropped afterwards with whoever is still in it."""
    with on_server() as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        # Threads of earlier tests may have left connections; nobody may be in what is copied.
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [template]
        )
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield name
    finally:
        with on_server() as server:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def connected_to(name: str, *, files: Path) -> Iterator[None]:
    """Let this process's own connections, in every thread, be to this database."""
    values = connections["default"].settings_dict
    before = values["NAME"]
    connections.close_all()
    values["NAME"] = name
    try:
        # Ticks come from the stack's own beat; this process hints to nobody.
        with override_settings(CELERY_BROKER_URL="", MEDIA_ROOT=str(files)):
            yield
    finally:
        connections.close_all()
        values["NAME"] = before


@pytest.fixture(scope="session")
def template(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A migrated database, to be copied in a moment."""
    with django_db_blocker.unblock():
        source = connection.settings_dict["NAME"]
        assert source.startswith("test_"), f"{source} is no database of tests"
        connections.close_all()
        with database(f"{source}_template", template=source) as name:
            yield name


class Keeper:
    """Keeps one stack for many rows, until one of them fails."""

    def __init__(self, template: str) -> None:
        self._template = template
        self._opened = ExitStack()
        self._stack: Stack | None = None

    def get(self) -> Stack:
        """The stack; a new one where there is none."""
        if self._stack is None:
            name = self._opened.enter_context(
                database(f"{self._template}_stack", template=self._template)
            )
            self._stack = self._opened.enter_context(running(name))
            with connected_to(name, files=self._stack.folder / "files"):
                lay_down_world()
            self._stack.await_workers()
        return self._stack

    def discard(self) -> None:
        """End the stack, if there is one."""
        self._stack = None
        self._opened.close()


@pytest.fixture(scope="package")
def keeper(template: str) -> Iterator[Keeper]:
    """It ends with the last row: its beat would tick beside all other tests."""
    kept = Keeper(template)
    yield kept
    kept.discard()


@pytest.fixture
def stack(
    keeper: Keeper, request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker
) -> Iterator[Stack]:
    """A stack with two workers and a beat, and this process connected to its database."""
    with django_db_blocker.unblock():
        kept = keeper.get()
        with connected_to(kept.database, files=kept.folder / "files"):
            yield kept
        if request.node.stash.get(FAILED, default=False):
            for log in sorted((kept.folder / "log").glob("*.log")):
                sys.stdout.write(f"{tail(log)}\n")
            keeper.discard()
