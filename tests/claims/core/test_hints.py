"""Hints carry nothing that matters: without a broker, or with a dead one, nothing is lost."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from celery import current_app
from django.test import override_settings

from claims.hints import TASKS, nudge


def test_every_hint_is_a_task_of_ours() -> None:
    import claims.tasks

    names = {f"claims.tasks.{name}" for name in vars(claims.tasks)}
    assert set(TASKS) <= names


@override_settings(CELERY_BROKER_URL="")
def test_without_a_broker_there_is_no_hint() -> None:
    nudge()


def test_a_dead_broker_holds_up_nobody() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    url = f"redis://127.0.0.1:{port}/0"
    with override_settings(CELERY_BROKER_URL=url), broker(url):
        nudge()


def test_a_broker_hears_every_hint() -> None:
    with override_settings(CELERY_BROKER_URL="memory://"), broker("memory://"):
        nudge()
        with current_app.connection_for_read() as connection:
            queue = connection.SimpleQueue("celery")
            heard = [queue.get(timeout=1).headers["task"] for _ in TASKS]
            queue.close()
    assert heard == list(TASKS)


@contextmanager
def broker(url: str) -> Iterator[None]:
    """Celery speaks to this broker meanwhile."""
    keys = ("broker_url", "broker_read_url", "broker_write_url")
    before = {key: current_app.conf[key] for key in keys}
    current_app.conf.update(dict.fromkeys(keys, url))
    _forget_connections()
    try:
        yield
    finally:
        current_app.conf.update(before)
        _forget_connections()


def _forget_connections() -> None:
    current_app._pool = None  # type: ignore[attr-defined]
    current_app.amqp._producer_pool = None  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def app() -> None:
    """The project's own Celery application is the current one."""
    from config.celery import app

    app.set_current()
