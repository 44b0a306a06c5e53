"""`due_date`: when a clock ends, and how it was counted.

Answers for one clock given as arguments, or for many read from standard input. The database is
never asked, so closures that an administrator added there are not counted.
"""

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.deadlines import Unit, count_days, due_moment
from sellers.calendars import market_named

_COLUMNS = "start,days,unit,market"


class Clock(NamedTuple):
    """What one question asks about: a start, a length, its unit, a marketplace."""

    start: datetime | date
    length: int
    unit: Unit
    market: str

    @classmethod
    def read(cls, start: str, days: str, unit: str, market: str) -> "Clock":
        """Read the four texts of a question; raises `ValueError` with words for a person."""
        if not (days.isascii() and days.isdecimal()):
            raise ValueError(f"“{days}” is not a number of days: write it like 7.")
        if unit.upper() not in Unit.__members__:
            raise ValueError(f"“{unit}” is not a unit: write calendar or working.")
        market = market_named(market.upper()).code
        return cls(_read_start(start), int(days), Unit[unit.upper()], market)

    def due_at(self) -> datetime:
        """Return the due moment in UTC; raises `ValueError` with words for a person."""
        try:
            return due_moment(self.start, length=self.length, unit=self.unit, market=self.market)
        except OverflowError:
            raise ValueError("The clock does not end within the years 1 to 9999.") from None


class Command(BaseCommand):
    help = (
        "Print when a clock ends (in UTC and in the marketplace's time) and how it was counted. "
        f"With - as START, read {_COLUMNS} lines from standard input and answer each with one line."
    )
    # Checks import every model and may ask the database; counting days needs neither.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("start", help="2026-03-04T18:00:00Z, or 2026-03-04, or - for lines")
        parser.add_argument("--days", default="", help="the length of the clock")
        parser.add_argument("--unit", default="calendar", help="calendar (default) or working")
        parser.add_argument("--market", default="US", help="the marketplace; US by default")

    def handle(self, *, start: str, days: str, unit: str, market: str, **_options: Any) -> None:
        if start == "-":
            self._answer_lines(sys.stdin.buffer)
            return
        if not days:
            raise CommandError("Say how long the clock runs, with --days.")
        try:
            self._explain(Clock.read(start, days, unit, market))
        except ValueError as error:
            raise CommandError(str(error)) from error

    def _answer_lines(self, lines: Iterable[bytes]) -> None:
        failed = 0
        for line in lines:
            try:
                answer = _utc(_clock_of_line(line.decode("utf-8-sig", errors="replace")).due_at())
            except ValueError as error:
                failed += 1
                # What was typed is quoted, and must not break the answer's single line.
                answer = " ".join(f"error: {error}".split())
            self.stdout.write(answer)
        if failed:
            raise CommandError(f"Lines that could not be answered: {failed}.")

    def _explain(self, clock: Clock) -> None:
        zone = market_named(clock.market).zone
        due_at = clock.due_at()
        self.stdout.write(f"due    {_utc(due_at)}")
        self.stdout.write(f"local  {_local(due_at, zone)}")
        self.stdout.write(f"counted {clock.length} {clock.unit.lower()} days in {clock.market}:")
        for line in _counted(clock):
            self.stdout.write(line)


def _clock_of_line(line: str) -> Clock:
    fields = [field.strip() for field in line.split(",")]
    if len(fields) != len(Clock._fields):
        raise ValueError(f"a line has four fields, {_COLUMNS}; this one has {len(fields)}.")
    return Clock.read(*fields)


def _read_start(text: str) -> datetime | date:
    for read in (date.fromisoformat, datetime.fromisoformat):
        try:
            return read(text)
        except ValueError:
            continue
    raise ValueError(f"“{text}” is not a start: write it like 2026-03-04T18:00:00Z or 2026-03-04.")


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _local(moment: datetime, zone: ZoneInfo) -> str:
    there = moment.astimezone(zone)
    return f"{there.replace(tzinfo=None)} {there:%Z} ({zone})"


def _counted(clock: Clock) -> Iterator[str]:
    days = count_days(clock.start, length=clock.length, unit=clock.unit, market=clock.market)
    for day in days:
        mark = "+" if day.counted else " "
        yield f"  {mark} {day.on:%a} {day.on}  {day.why}"
