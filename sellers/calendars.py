"""The calendar of each marketplace: working days, public holidays, where a local day begins.

Working days skip Saturdays, Sundays, the country's national public holidays (the `holidays`
package's public category without subdivision; England and Wales for the UK) and closures, which
are dates that an administrator added and that a caller passes in.
Source: programme rules §8 [D].
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice
from types import MappingProxyType
from zoneinfo import ZoneInfo

import holidays

from sellers.markets import MARKETS, Market

_WEEKEND = {5: "Saturday", 6: "Sunday"}
_DAY = timedelta(days=1)


class MarketNotKnown(ValueError):
    """There is no marketplace of this code."""


def market_named(code: str) -> Market:
    """Return the marketplace of this code ("US", "UK"); raises `MarketNotKnown`."""
    try:
        return MARKETS[code]
    except KeyError:
        raise MarketNotKnown(
            f"“{code}” is not a marketplace: choose one of {', '.join(MARKETS)}."
        ) from None


def public_holidays(year: int, *, market: str) -> Mapping[date, str]:
    """Return a year's national public holidays and their English names, weekends included.

    For the US these are the federal holidays, days in lieu among them.
    Raises `MarketNotKnown`. Source: programme rules §8 [D].
    """
    calendar = market_named(market)
    return _public_holidays(year, calendar.country, calendar.subdivision)


def reason_not_working(
    day: date, *, market: str, closures: frozenset[date] = frozenset()
) -> str | None:
    """Say why nobody works on a day ("Sunday", "Good Friday"), or None when it is a working day.

    Raises `MarketNotKnown`.
    """
    off = public_holidays(day.year, market=market)
    reason = _WEEKEND.get(day.weekday()) or off.get(day)
    return reason or ("closed on this date" if day in closures else None)


def is_working_day(day: date, *, market: str, closures: frozenset[date] = frozenset()) -> bool:
    """Tell whether a day is neither weekend, public holiday nor closure in a marketplace.

    Raises `MarketNotKnown`. Source: programme rules §8 [D].
    """
    return reason_not_working(day, market=market, closures=closures) is None


def next_working_day(day: date, *, market: str, closures: frozenset[date] = frozenset()) -> date:
    """Return the first working day after a day, which itself does not count."""
    return working_day_after(day, days=1, market=market, closures=closures)


def working_day_after(
    day: date, *, days: int, market: str, closures: frozenset[date] = frozenset()
) -> date:
    """Return the Nth working day after a day; for 0, the day itself, working or not.

    Raises `MarketNotKnown`, `ValueError` below 0, and `OverflowError` past the year 9999.
    """
    if days < 0:
        raise ValueError("Working days are counted forwards: the number cannot be below 0.")
    later = _working_days_after(day, market_named(market), closures)
    found = day if days == 0 else next(islice(later, days - 1, None), None)
    if found is None:
        raise OverflowError("The day counted to lies beyond the year 9999.")
    return found


def first_instant(day: date, *, zone: ZoneInfo) -> datetime:
    """Return the moment, in UTC, at which a local day begins.

    That is midnight, the first of two where the clock is put back over it. Where the clock is put
    forward over midnight, the day begins at the jump; where it skips the whole day, the next day
    begins there and so does this one.
    """
    midnight = datetime.combine(day, time.min, tzinfo=zone)
    by_offset_before = midnight.astimezone(UTC)
    by_offset_after = midnight.replace(fold=1).astimezone(UTC)
    if by_offset_before <= by_offset_after:
        return by_offset_before
    # Midnight does not exist: the jump lies between the two readings of it.
    span = range(int((by_offset_before - by_offset_after).total_seconds()) + 1)

    def begun(seconds: int) -> bool:
        return (by_offset_after + timedelta(seconds=seconds)).astimezone(zone).date() >= day

    return by_offset_after + timedelta(seconds=bisect_left(span, True, key=begun))


def add_hours_outside_weekends_and_holidays(
    start: datetime, *, hours: int, market: str
) -> datetime:
    """Return, in UTC, the moment by which so many hours of working days have passed.

    Every hour of a working day counts, by day and by night, in the marketplace's local time; no
    hour of a weekend or public holiday does. This is the 24-hour clock of CPSA section 15(b),
    which leaves out weekends and federal holidays.

    Raises `ValueError` for a start without a time zone or hours below 0, and `MarketNotKnown`.
    Source: programme rules §7.
    """
    if start.tzinfo is None or hours < 0:
        raise ValueError("Hours are counted forwards, from a moment with a time zone.")
    zone = market_named(market).zone
    now, left = start.astimezone(UTC), timedelta(hours=hours)
    while True:
        day = now.astimezone(zone).date()
        tomorrow = first_instant(day + _DAY, zone=zone)
        if is_working_day(day, market=market):
            if now + left <= tomorrow:
                return now + left
            left -= tomorrow - now
        now = tomorrow


@cache
def _public_holidays(year: int, country: str, subdivision: str | None) -> Mapping[date, str]:
    listed = holidays.country_holidays(
        country, subdiv=subdivision, years=year, categories=("public",), language="en_US"
    )
    return MappingProxyType({day: name for day, name in listed.items() if day.year == year})


@cache
def _working_days(year: int, country: str, subdivision: str | None) -> tuple[date, ...]:
    off = _public_holidays(year, country, subdivision)
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    days = map(date.fromordinal, range(first, last + 1))
    return tuple(day for day in days if day.weekday() not in _WEEKEND and day not in off)


def _working_days_after(day: date, market: Market, closures: frozenset[date]) -> Iterator[date]:
    for year in range(day.year, date.max.year + 1):
        for working_day in _working_days(year, market.country, market.subdivision):
            if working_day > day and working_day not in closures:
                yield working_day
