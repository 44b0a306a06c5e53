"""What the Celery application does by itself."""

from datetime import timedelta

from celery import Celery
from celery.signals import beat_init

from config.celery import app
from config.schedule import BEAT_SCHEDULE


def test_a_beat_that_starts_ticks_everything_at_once() -> None:
    every = [entry for entry in BEAT_SCHEDULE.values() if isinstance(entry["schedule"], timedelta)]
    ticked = [entry["task"] for entry in every]
    keys = ("broker_url", "broker_read_url", "broker_write_url")
    before = {key: app.conf[key] for key in keys}
    app.conf.update(dict.fromkeys(keys, "memory://"))
    _forget_connections(app)
    try:
        beat_init.send(sender=None)
        with app.connection_for_read() as connection:
            queue = connection.SimpleQueue("celery")
            heard = [queue.get(timeout=1).headers for _ in ticked]
            queue.close()
    finally:
        app.conf.update(before)
        _forget_connections(app)
    assert [headers["task"] for headers in heard] == ticked
    assert all(headers["expires"] for headers in heard)


def _forget_connections(application: Celery) -> None:
    application._pool = None  # type: ignore[attr-defined]
    application.amqp._producer_pool = None  # type: ignore[attr-defined]


def test_what_runs_at_night_runs_in_utc_and_not_at_the_start() -> None:
    entry = BEAT_SCHEDULE["check-invariants"]
    assert str(entry["schedule"]) == "<crontab: 30 3 * * * (m/h/dM/MY/d)>"
    assert str(app.conf.timezone) == "UTC"


def test_a_killed_workers_message_is_given_out_again_and_to_one_worker_at_a_time() -> None:
    """Measured (docs/adr/0003): as Celery comes, `kill -9` lost 4 of 40 tasks and left 16 stuck."""
    assert (app.conf.task_acks_late, app.conf.task_reject_on_worker_lost) == (True, True)
    assert app.conf.worker_prefetch_multiplier == 1
    visible_again = app.conf.broker_transport_options["visibility_timeout"]
    assert app.conf.task_soft_time_limit < app.conf.task_time_limit < visible_again
    assert app.conf.task_ignore_result is True


def test_a_worker_waits_for_a_broker_that_refuses_it_and_does_not_end() -> None:
    """Measured (docs/reliability.md): both workers of two ended each time that Valkey was full."""
    assert app.conf.broker_connection_retry is True
    assert app.conf.broker_channel_error_retry is True
