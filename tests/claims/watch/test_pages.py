"""What machines ask, without signing in: alive, ready, clocks, numbers."""

from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from tests.claims.admin.looks import beat_all
from tests.factories import make_market

pytestmark = pytest.mark.django_db


def asked(path: str) -> tuple[int, str]:
    answer = Client().get(path)
    assert answer.headers["Content-Type"].startswith("text/plain")
    return answer.status_code, answer.content.decode()


def test_alive() -> None:
    assert asked("/healthz") == (200, "ok\n")


def test_ready_when_every_migration_is_applied() -> None:
    assert asked("/readyz") == (200, "ready\n")


def test_not_ready_when_one_is_missing() -> None:
    leaves = MigrationExecutor(connection).loader.graph.leaf_nodes("claims")
    MigrationRecorder(connection).record_unapplied(*leaves[0])
    assert asked("/readyz") == (503, "migrations are not applied\n")


def test_not_ready_when_the_database_does_not_answer() -> None:
    with broken():
        assert asked("/readyz") == (503, "the database does not answer\n")


def test_the_clocks_run() -> None:
    beat_all(timezone.now())
    assert asked("/healthz/clocks") == (200, "the clocks run\n")


def test_clocks_that_stopped_are_named() -> None:
    beat_all(timezone.now() - timedelta(minutes=10))
    status, text = asked("/healthz/clocks")
    assert status == 503
    assert text.startswith("lapse_deadlines has not run for 10 minutes; send_payouts has")


def test_clocks_are_read_by_the_databases_time_not_by_the_web_servers() -> None:
    beat_all(timezone.now())
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert asked("/healthz/clocks") == (200, "the clocks run\n")


def test_without_a_database_no_clock_runs() -> None:
    with broken():
        assert asked("/healthz/clocks") == (503, "the database does not answer\n")


def test_the_numbers() -> None:
    make_market()
    status, text = asked("/metrics")
    assert status == 200
    assert "redress_payouts_paused 0\n" in text


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/healthz/clocks", "/metrics"])
def test_nobody_posts_to_them(path: str) -> None:
    assert Client().post(path).status_code == 405


def broken() -> AbstractContextManager[None]:
    """A connection on which every statement fails, as when the server is gone."""

    def fail(*_: object) -> None:
        raise OperationalError("the server closed the connection unexpectedly")

    return connection.execute_wrapper(fail)
