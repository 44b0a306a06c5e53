"""Sweeps and senders beat in the database; three minutes of silence are said in words."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from claims.models import Heartbeat
from claims.watch.heartbeats import BEATS, STOPPED_AFTER, heartbeat, stopped
from sellers.clock import database_now

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def fail(name: str, words: str) -> None:
    with pytest.raises(ValueError, match=words), heartbeat(name):
        raise ValueError(words)


def row(name: str) -> tuple[datetime, int, str]:
    beat = Heartbeat.objects.get(pk=name)
    return beat.beaten_at, beat.failures, beat.last_error


def beaten(name: str = "remind") -> datetime:
    """The moment of a good run, which lies between two readings of the database's clock."""
    before = database_now()
    with heartbeat(name):
        pass
    at, failures, last_error = row(name)
    assert (failures, last_error) == (0, "")
    assert before < at < database_now()
    return at


def test_a_run_is_written_down() -> None:
    first = beaten()
    assert first < beaten()


@pytest.mark.parametrize("days", [-1, 1])
def test_a_worker_whose_own_clock_is_a_day_off_beats_by_the_databases(days: int) -> None:
    with time_machine.travel(database_now() + timedelta(days=days)):
        beaten()


def test_failures_count_and_keep_the_moment_of_the_last_run() -> None:
    at = beaten()
    fail("remind", "no such zone")
    fail("remind", "no such day")
    assert row("remind") == (at, 2, "ValueError: no such day")


def test_a_good_run_clears_the_failures() -> None:
    beaten()
    fail("remind", "no such zone")
    beaten()


def test_a_first_run_that_fails_beats_nothing_and_its_error_goes_on() -> None:
    fail("remind", "no such zone")
    assert not Heartbeat.objects.exists()


def test_what_never_ran_is_said() -> None:
    assert stopped(at=NOW) == [f"{name} has never run" for name in BEATS]


def test_three_minutes_are_the_bound() -> None:
    for name in BEATS:
        Heartbeat.objects.create(name=name, beaten_at=NOW - STOPPED_AFTER)
    assert stopped(at=NOW) == []
    assert stopped(at=NOW + SECOND) == [f"{name} has not run for 3 minutes" for name in BEATS]


def test_only_what_stopped_is_named() -> None:
    for name in BEATS:
        Heartbeat.objects.create(name=name, beaten_at=NOW)
    Heartbeat.objects.filter(pk="send_payouts").update(beaten_at=NOW - timedelta(minutes=71))
    assert stopped(at=NOW) == ["send_payouts has not run for 71 minutes"]
