"""When a clock ends: due moments, how they were counted, reminders and grace.

The local day of the start is day 0, and the clock ends when local day N ends: it is due at the
first instant of day N+1 in the marketplace's time zone. So a night on which clocks change makes
it an hour longer or shorter and never moves its date. Pure: no database, no system clock.
Source: programme rules §8; time zones and holiday calendars are our default [D].
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sellers.calendars import first_instant, market_named, reason_not_working, working_day_after

# Before the due moment, farthest first. Source: programme rules §8.
REMINDERS_BEFORE = (timedelta(days=3), timedelta(days=1), timedelta(hours=2))
# A hundred years: a longer clock is a slip of the pen, and counting it would take minutes.
LONGEST_CLOCK = 36_525

_DAY = timedelta(days=1)


class Unit(StrEnum):
    """What a clock counts: every day, or only the working days of its marketplace."""

    CALENDAR = "CALENDAR"
    WORKING = "WORKING"


class DeadlineNotPossible(ValueError):
    """No due moment can be counted from what was given; the message says why."""


class CountedDay(NamedTuple):
    """One local day of a clock: the date, whether it counted, and the reason in words."""

    on: date
    counted: bool
    why: str


def due_moment(
    start: datetime | date,
    *,
    length: int,
    unit: Unit,
    market: str,
    closures: frozenset[date] = frozenset(),
) -> datetime:
    """Return the moment, in UTC, at which a clock of `length` days or working days ends.

    `start` is a moment with a time zone, or a local date, which is then day 0. A length of 0 ends
    with day 0. What arrives before the due moment is in time.

    Raises `DeadlineNotPossible` for a moment without a time zone or a length that is negative or
    over a hundred years, `MarketNotKnown`, and `OverflowError` past the year 9999.
    Source: programme rules §8.
    """
    first = _day_zero(start, length=length, market=market)
    last = _last_day(first, length=length, unit=unit, market=market, closures=closures)
    return first_instant(last + _DAY, zone=market_named(market).zone)


def count_days(
    start: datetime | date,
    *,
    length: int,
    unit: Unit,
    market: str,
    closures: frozenset[date] = frozenset(),
) -> tuple[CountedDay, ...]:
    """Return every local day of a clock, day 0 first, and why it counted or did not.

    The clock of `due_moment` ends with the last of them. Raises what `due_moment` raises.
    Source: programme rules §8.
    """
    first = _day_zero(start, length=length, market=market)
    last = _last_day(first, length=length, unit=unit, market=market, closures=closures)
    day_zero = CountedDay(first, counted=False, why="day 0: the clock starts")
    days = (first + number * _DAY for number in range(1, (last - first).days + 1))
    if unit is Unit.CALENDAR:
        counted = (CountedDay(day, True, f"day {n}") for n, day in enumerate(days, start=1))
        return (day_zero, *counted)
    return (day_zero, *_working_days_counted(days, market=market, closures=closures))


def window_end(on: date, *, days: int, market: str) -> datetime:
    """Return the moment, in UTC, at which a window of days after a date has closed.

    The date is day 0, and the moment itself is outside: a claim filed before it is in time. Used
    for the filing window, 90 days after the incident.
    Raises what `due_moment` raises. Source: programme rules §2 [S] and §8.
    """
    return due_moment(on, length=days, unit=Unit.CALENDAR, market=market)


def reminder_moments(
    start: datetime, due: datetime, *, before: Iterable[timedelta] = REMINDERS_BEFORE
) -> tuple[datetime, ...]:
    """Return when to remind, earliest first: each lead before `due` that lies after `start`.

    Leads are true hours: across a change of the clocks, the reminder of 3 days comes 72 hours
    before. Source: programme rules §8 (3 days, 1 day, 2 hours).
    """
    return tuple(sorted(due - lead for lead in before if due - lead > start))


def acts_at(due_at: datetime, *, grace_seconds: int) -> datetime:
    """Return when the automatic step acts on silence: the due moment plus the terms' grace.

    Source: programme rules §2 and §8 [D].
    """
    return due_at + timedelta(seconds=grace_seconds)


def is_in_time(arrived_at: datetime, due_at: datetime) -> bool:
    """Tell whether an answer that arrived then is in time: strictly before the due moment.

    The grace does not count: it only delays the automatic step. Source: programme rules §8.
    """
    return arrived_at < due_at


def _day_zero(start: datetime | date, *, length: int, market: str) -> date:
    if not 0 <= length <= LONGEST_CLOCK:
        raise DeadlineNotPossible(f"A clock runs for 0 to {LONGEST_CLOCK} days, not {length}.")
    zone = market_named(market).zone
    if not isinstance(start, datetime):
        return start
    if start.tzinfo is None:
        raise DeadlineNotPossible(
            f"{start.isoformat()} has no time zone: write it like {start.isoformat()}Z."
        )
    return start.astimezone(zone).date()


def _last_day(
    first: date, *, length: int, unit: Unit, market: str, closures: frozenset[date]
) -> date:
    if unit is Unit.CALENDAR:
        return first + length * _DAY
    return working_day_after(first, days=length, market=market, closures=closures)


def _working_days_counted(
    days: Iterable[date], *, market: str, closures: frozenset[date]
) -> Iterator[CountedDay]:
    number = 0
    for day in days:
        reason = reason_not_working(day, market=market, closures=closures)
        if reason is None:
            number += 1
        yield CountedDay(day, reason is None, reason or f"working day {number}")
