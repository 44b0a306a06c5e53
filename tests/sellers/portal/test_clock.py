"""Moments and time left in words (rules §8: the deadline with its zone)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sellers.portal.clock import short_moment, time_left
from sellers.portal.tags import in_zone

DUE = datetime(2026, 3, 12, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        (
            "America/Los_Angeles",
            (
                "Thursday 12 March 2026, 00:00 PDT (Los Angeles time), "
                "which is the end of Wednesday 11 March 2026"
            ),
        ),
        ("America/New_York", "Thursday 12 March 2026, 03:00 EDT (New York time)"),
        ("Europe/Berlin", "Thursday 12 March 2026, 08:00 CET (Berlin time)"),
        ("Asia/Tokyo", "Thursday 12 March 2026, 16:00 JST (Tokyo time)"),
    ],
)
def test_a_deadline_is_written_in_the_readers_zone(zone: str, words: str) -> None:
    assert in_zone(DUE, ZoneInfo(zone)) == words


def test_the_abbreviation_follows_the_change_of_clocks() -> None:
    winter = datetime(2026, 1, 12, 8, 0, tzinfo=UTC)
    zone = ZoneInfo("America/Los_Angeles")
    assert short_moment(winter, zone=zone) == "12 January 2026, 00:00 PST"
    assert short_moment(DUE, zone=zone) == "12 March 2026, 00:00 PDT"


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(days=6, hours=4, minutes=59), "6 days 4 hours left"),
        (timedelta(days=6, minutes=12), "6 days left"),
        (timedelta(days=1), "1 day left"),
        (timedelta(hours=3, minutes=1), "3 hours 1 minute left"),
        (timedelta(hours=1, seconds=59), "1 hour left"),
        (timedelta(minutes=2, seconds=5), "2 minutes left"),
        (timedelta(seconds=59), "less than a minute left"),
        (timedelta(0), "less than a minute late"),
        (timedelta(hours=-2), "2 hours late"),
        (timedelta(days=-1, hours=-1), "1 day 1 hour late"),
    ],
)
def test_time_left_has_at_most_two_units(before: timedelta, words: str) -> None:
    assert time_left(DUE, at=DUE - before) == words
