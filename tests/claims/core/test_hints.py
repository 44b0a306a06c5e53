"""Hints carry nothing that matters: without a broker, or with a dead one, nothing is lost."""

import socket
from pathlib import Path

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


def test_a_broker_hears_every_hint(tmp_path: Path) -> None:
    with override_settings(CELERY_BROKER_URL="memory://"), broker("memory://"):
        nudge()
        with current_app.connection_for_read() as connection:
            queue = connection.SimpleQueue("celery")
            heard = [queue.get(timeout=1).headers["task"] for _ in TASKS]
            queue.close()
    assert heard == list(TASKS)


class broker:  # noqa: N801 - reads as a block
    """Celery speaks to this broker meanwhile."""

    def __init__(self, url: str) -> None:
        self.url = url

    def __enter__(self) -> None:
        self.before = current_app.conf.broker_url, current_app.conf.broker_write_url
        current_app.conf.broker_url = current_app.conf.broker_write_url = self.url
        self.read = current_app.conf.broker_read_url
        current_app.conf.broker_read_url = self.url
        self.pool = current_app.pool
        current_app._pool = None
        if hasattr(current_app.amqp, "_producer_pool"):
            current_app.amqp._producer_pool = None

    def __exit__(self, *_: object) -> None:
        current_app.conf.broker_url, current_app.conf.broker_write_url = self.before
        current_app.conf.broker_read_url = self.read
        current_app._pool = None
        current_app.amqp._producer_pool = None


@pytest.fixture(autouse=True)
def app() -> None:
    """The project's own Celery application is the current one."""
    from config.celery import app

    app.set_current()
