"""Which sellers are high-volume under the INFORM Consumers Act, since when, and what is due when.

Pure. Source: rules §7: 200 or more sales and 5,000 USD in 12 months, then 10 days each to collect
the seller's details, to verify them, and to suspend a seller that gives none. A person acts.
"""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from sellers.calendars import first_instant

_DAY = timedelta(days=1)
_MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class InformFigures:
    """The figures of `InformTerms`: at least `sales` and `gross_minor` within `months`."""

    sales: int
    gross_minor: int
    months: int
    clock_days: int


@dataclass(frozen=True, slots=True)
class DaySales:
    """What a seller sold on a day: number of sales, and their gross in minor units."""

    on: date
    sales: int
    gross_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HighVolume:
    """A high-volume seller: since which day, what it sold in the months to today, what is due.

    The three moments are UTC; each clock starts when the one before it ends.
    """

    since: date
    sales: int
    gross_minor: int
    collect_due_at: datetime
    verify_due_at: datetime
    suspend_due_at: datetime


class _Running:
    """Sums of sales up to a day, found by bisection."""

    def __init__(self, sold: Iterable[DaySales]) -> None:
        rows = sorted(sold, key=lambda row: row.on)
        self.days = [row.on for row in rows]
        self.sales = [0, *accumulate(row.sales for row in rows)]
        self.gross = [0, *accumulate(row.gross_minor for row in rows)]

    def between(self, after: date, until: date) -> tuple[int, int]:
        """Sales and gross of the days after one and until another, this included."""
        first, last = bisect_right(self.days, after), bisect_right(self.days, until)
        return self.sales[last] - self.sales[first], self.gross[last] - self.gross[first]


def high_volume_on(
    today: date,
    *,
    orders: Sequence[DaySales],
    proceeds: Sequence[DaySales],
    figures: InformFigures,
    zone: ZoneInfo,
) -> HighVolume | None:
    """Whether a seller is high-volume on a local day of the market, and since when without a break.

    `orders` are counted by day; `proceeds` are monthly totals on their month's last day. Neither
    need be complete, so the larger of the two sums counts.
    """
    sold, reported = _Running(orders), _Running(proceeds)

    def reached(day: date) -> tuple[int, int] | None:
        after = months_before(day, figures.months)
        sales, gross = sold.between(after, day)
        gross = max(gross, reported.between(after, day)[1])
        is_reached = sales >= figures.sales and gross >= figures.gross_minor
        return (sales, gross) if is_reached else None

    now = reached(today)
    if now is None:
        return None
    since = today
    while reached(since - _DAY) is not None:
        since -= _DAY
    due = [_end_of(since + figures.clock_days * n * _DAY, zone) for n in (1, 2, 3)]
    return HighVolume(
        since=since,
        sales=now[0],
        gross_minor=now[1],
        collect_due_at=due[0],
        verify_due_at=due[1],
        suspend_due_at=due[2],
    )


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; in a shorter month, its last day."""
    index = day.year * _MONTHS_A_YEAR + day.month - 1 - months
    year, month = divmod(index, _MONTHS_A_YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_end(first: date) -> date:
    """The last day of the month that begins on a day."""
    return first.replace(day=monthrange(first.year, first.month)[1])


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    return first_instant(day + _DAY, zone=zone)
