"""Clocks: due moments, how they were counted, reminders, grace (rules §8)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from claims.deadlines import (
    LONGEST_CLOCK,
    CountedDay,
    DeadlineNotPossible,
    Unit,
    acts_at,
    count_days,
    due_moment,
    is_in_time,
    reminder_moments,
    window_end,
)
from sellers.calendars import MarketNotKnown, is_working_day
from sellers.markets import MARKETS

markets = st.sampled_from(sorted(MARKETS))
units = st.sampled_from(Unit)
lengths = st.integers(0, 120)
days = st.dates(date(2021, 9, 1), date(2045, 12, 31))
moments = st.datetimes(datetime(2021, 9, 1), datetime(2045, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
DAY = timedelta(days=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("market", "start", "length", "unit", "due"),
    [
        # the programme's own scenarios
        ("US", "2026-03-04T18:00Z", 7, Unit.CALENDAR, "2026-03-12T07:00Z"),
        ("UK", "2026-03-04T18:00Z", 7, Unit.WORKING, "2026-03-14T00:00Z"),
        ("DE", "2026-04-01T10:00Z", 7, Unit.WORKING, "2026-04-14T22:00Z"),
        ("US", "2026-03-06T18:00Z", 30, Unit.CALENDAR, "2026-04-06T07:00Z"),
        # the day is local: 06:00 UTC is still the evening before in Los Angeles
        ("US", "2026-03-04T06:00Z", 7, Unit.CALENDAR, "2026-03-11T07:00Z"),
        # … and 18:00 UTC is the next day in Tokyo
        ("JP", "2026-03-04T18:00Z", 7, Unit.CALENDAR, "2026-03-12T15:00Z"),
        # the last and the first instant of a local day
        ("US", "2026-03-05T07:59:59.999999Z", 7, Unit.CALENDAR, "2026-03-12T07:00Z"),
        ("US", "2026-03-05T08:00Z", 7, Unit.CALENDAR, "2026-03-13T07:00Z"),
        # across the autumn night
        ("US", "2026-10-28T18:00Z", 7, Unit.CALENDAR, "2026-11-05T08:00Z"),
        ("FR", "2026-10-20T12:00Z", 7, Unit.CALENDAR, "2026-10-27T23:00Z"),
        # Mexico has kept one time all year since 2022
        ("MX", "2026-03-04T18:00Z", 7, Unit.CALENDAR, "2026-03-12T06:00Z"),
        ("MX", "2026-07-01T18:00Z", 7, Unit.CALENDAR, "2026-07-09T06:00Z"),
        ("MX", "2022-07-01T18:00Z", 7, Unit.CALENDAR, "2022-07-09T05:00Z"),
        # nothing to wait for: over when the day is
        ("UK", "2026-03-04T18:00Z", 0, Unit.CALENDAR, "2026-03-05T00:00Z"),
        ("UK", "2026-03-07T18:00Z", 0, Unit.WORKING, "2026-03-08T00:00Z"),
        # a start on a Saturday: Monday is working day 1
        ("UK", "2026-03-07T12:00Z", 1, Unit.WORKING, "2026-03-10T00:00Z"),
        # over Christmas and New Year
        ("UK", "2026-12-23T12:00Z", 7, Unit.WORKING, "2027-01-07T00:00Z"),
        # over Golden Week
        ("JP", "2026-04-28T12:00Z", 3, Unit.WORKING, "2026-05-07T15:00Z"),
    ],
)
def test_a_clock_is_due_when_its_last_local_day_ends(
    market: str, start: str, length: int, unit: Unit, due: str
) -> None:
    found = due_moment(at(start), length=length, unit=unit, market=market)
    assert found == at(due)
    assert found.tzinfo is UTC


def test_a_start_is_a_moment_in_any_zone_or_day_0_itself() -> None:
    for start in (at("2026-03-04T23:30+05:30"), at("2026-03-05T08:59+01:00"), date(2026, 3, 4)):
        due = due_moment(start, length=7, unit=Unit.CALENDAR, market="US")
        assert due == at("2026-03-12T07:00Z")


def test_closures_do_not_count_as_working_days() -> None:
    closures = frozenset({date(2026, 3, 5), date(2026, 3, 7), date(2026, 3, 12)})

    def due(unit: Unit) -> datetime:
        start = at("2026-03-04T18:00Z")
        return due_moment(start, length=7, unit=unit, market="UK", closures=closures)

    assert due(Unit.WORKING) == at("2026-03-18T00:00Z")
    assert due(Unit.CALENDAR) == at("2026-03-12T00:00Z")


def test_a_moment_without_a_zone_is_refused() -> None:
    for count in (due_moment, count_days):
        with pytest.raises(DeadlineNotPossible) as refused:
            count(datetime(2026, 3, 4, 18), length=7, unit=Unit.CALENDAR, market="US")  # noqa: DTZ001
        assert str(refused.value) == (
            "2026-03-04T18:00:00 has no time zone: write it like 2026-03-04T18:00:00Z."
        )


@pytest.mark.parametrize("length", [-1, LONGEST_CLOCK + 1, 10**30])
@pytest.mark.parametrize("unit", Unit)
def test_a_length_that_no_clock_has_is_refused(length: int, unit: Unit) -> None:
    for count in (due_moment, count_days):
        with pytest.raises(DeadlineNotPossible) as refused:
            count(date(2026, 3, 4), length=length, unit=unit, market="US")
        assert str(refused.value) == f"A clock runs for 0 to 36525 days, not {length}."


def test_an_unknown_marketplace_is_refused() -> None:
    with pytest.raises(MarketNotKnown):
        due_moment(date(2026, 3, 4), length=7, unit=Unit.CALENDAR, market="XX")


@pytest.mark.parametrize("unit", Unit)
def test_no_clock_ends_after_the_calendar_does(unit: Unit) -> None:
    with pytest.raises(OverflowError):
        due_moment(date(9999, 12, 30), length=7, unit=unit, market="US")


# ── how it was counted ─────────────────────────────────────────────────────


def test_calendar_days_are_counted_one_by_one() -> None:
    counted = count_days(at("2026-03-06T18:00Z"), length=3, unit=Unit.CALENDAR, market="US")
    assert counted == (
        CountedDay(date(2026, 3, 6), counted=False, why="day 0: the clock starts"),
        CountedDay(date(2026, 3, 7), counted=True, why="day 1"),
        CountedDay(date(2026, 3, 8), counted=True, why="day 2"),
        CountedDay(date(2026, 3, 9), counted=True, why="day 3"),
    )


def test_working_days_say_why_a_day_did_not_count() -> None:
    counted = count_days(
        at("2026-04-01T10:00Z"),
        length=3,
        unit=Unit.WORKING,
        market="DE",
        closures=frozenset({date(2026, 4, 7)}),
    )
    assert counted == (
        CountedDay(date(2026, 4, 1), counted=False, why="day 0: the clock starts"),
        CountedDay(date(2026, 4, 2), counted=True, why="working day 1"),
        CountedDay(date(2026, 4, 3), counted=False, why="Good Friday"),
        CountedDay(date(2026, 4, 4), counted=False, why="Saturday"),
        CountedDay(date(2026, 4, 5), counted=False, why="Sunday"),
        CountedDay(date(2026, 4, 6), counted=False, why="Easter Monday"),
        CountedDay(date(2026, 4, 7), counted=False, why="closed on this date"),
        CountedDay(date(2026, 4, 8), counted=True, why="working day 2"),
        CountedDay(date(2026, 4, 9), counted=True, why="working day 3"),
    )


@pytest.mark.parametrize("unit", Unit)
def test_a_clock_of_no_length_is_its_day_0(unit: Unit) -> None:
    counted = count_days(date(2026, 3, 7), length=0, unit=unit, market="US")
    assert counted == (CountedDay(date(2026, 3, 7), counted=False, why="day 0: the clock starts"),)


@given(start=moments, length=lengths, unit=units, market=markets, closures=st.frozensets(days))
def test_the_count_explains_the_due_moment(
    start: datetime, length: int, unit: Unit, market: str, closures: frozenset[date]
) -> None:
    clock = {"length": length, "unit": unit, "market": market, "closures": closures}
    counted = count_days(start, **clock)  # type: ignore[arg-type]
    due = due_moment(start, **clock)  # type: ignore[arg-type]
    zone = MARKETS[market].zone
    assert counted[0].on == start.astimezone(zone).date()
    assert counted[-1].on == due.astimezone(zone).date() - DAY
    assert [day.on for day in counted] == [counted[0].on + n * DAY for n in range(len(counted))]
    assert sum(day.counted for day in counted) == length


# ── properties of due moments ──────────────────────────────────────────────


@given(start=moments, length=lengths, market=markets)
def test_a_change_of_the_clocks_never_moves_the_date(
    start: datetime, length: int, market: str
) -> None:
    zone = MARKETS[market].zone
    due = due_moment(start, length=length, unit=Unit.CALENDAR, market=market).astimezone(zone)
    assert due.date() == start.astimezone(zone).date() + (length + 1) * DAY
    assert (due - timedelta(microseconds=1)).time().isoformat() == "23:59:59.999999"


@given(start=moments, length=lengths, unit=units, market=markets)
def test_a_longer_clock_is_due_later(start: datetime, length: int, unit: Unit, market: str) -> None:
    due, later = (
        due_moment(start, length=n, unit=unit, market=market) for n in (length, length + 1)
    )
    assert start < due < later


@given(
    start=moments,
    wait=st.timedeltas(timedelta(), 30 * DAY),
    length=lengths,
    unit=units,
    market=markets,
)
def test_a_later_start_is_never_due_sooner(
    start: datetime, wait: timedelta, length: int, unit: Unit, market: str
) -> None:
    due, later = (
        due_moment(begun, length=length, unit=unit, market=market)
        for begun in (start, start + wait)
    )
    assert due <= later


@given(start=moments, length=lengths, market=markets)
def test_working_days_take_at_least_as_long_as_calendar_days(
    start: datetime, length: int, market: str
) -> None:
    working = due_moment(start, length=length, unit=Unit.WORKING, market=market)
    assert working >= due_moment(start, length=length, unit=Unit.CALENDAR, market=market)


@given(start=moments, length=st.integers(1, 120), market=markets, closures=st.frozensets(days))
def test_a_working_clock_ends_with_a_working_day(
    start: datetime, length: int, market: str, closures: frozenset[date]
) -> None:
    due = due_moment(start, length=length, unit=Unit.WORKING, market=market, closures=closures)
    last = due.astimezone(MARKETS[market].zone).date() - DAY
    assert is_working_day(last, market=market, closures=closures)


# ── the filing window ──────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("market", "on", "closes"),
    [
        ("US", date(2026, 1, 5), "2026-04-06T07:00Z"),
        ("UK", date(2026, 1, 5), "2026-04-05T23:00Z"),
        ("JP", date(2026, 1, 5), "2026-04-05T15:00Z"),
    ],
)
def test_the_filing_window_closes_when_day_90_ends(market: str, on: date, closes: str) -> None:
    end = window_end(on, days=90, market=market)
    assert end == at(closes)
    last_moment = end - timedelta(microseconds=1)
    assert last_moment.astimezone(MARKETS[market].zone).date() == on + 90 * DAY
    assert is_in_time(last_moment, end)
    assert not is_in_time(end, end)


# ── reminders, grace, in time ──────────────────────────────────────────────


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-03-04T18:00:00Z", ["2026-03-09T07:00Z", "2026-03-11T07:00Z", "2026-03-12T05:00Z"]),
        ("2026-03-09T06:59:59Z", ["2026-03-09T07:00Z", "2026-03-11T07:00Z", "2026-03-12T05:00Z"]),
        ("2026-03-09T07:00Z", ["2026-03-11T07:00Z", "2026-03-12T05:00Z"]),
        ("2026-03-11T08:00Z", ["2026-03-12T05:00Z"]),
        ("2026-03-12T05:00Z", []),
        ("2026-03-13T00:00Z", []),
    ],
)
def test_reminders_come_3_days_1_day_and_2_hours_before_but_never_before_the_start(
    start: str, expected: list[str]
) -> None:
    assert reminder_moments(at(start), at("2026-03-12T07:00Z")) == tuple(map(at, expected))


def test_other_reminders_can_be_asked_for_in_any_order() -> None:
    due, leads = at("2026-03-12T07:00Z"), [timedelta(hours=1), timedelta(days=5)]
    found = reminder_moments(at("2026-03-04T18:00Z"), due, before=leads)
    assert found == (at("2026-03-07T07:00Z"), at("2026-03-12T06:00Z"))


@given(start=moments, length=lengths, unit=units, market=markets)
def test_reminders_lie_between_start_and_due_in_order(
    start: datetime, length: int, unit: Unit, market: str
) -> None:
    due = due_moment(start, length=length, unit=unit, market=market)
    reminders = reminder_moments(start, due)
    assert all(start < moment < due for moment in reminders)
    assert list(reminders) == sorted(set(reminders))


def test_the_automatic_step_waits_for_the_grace_of_the_terms() -> None:
    due = at("2026-03-12T07:00Z")
    assert acts_at(due, grace_seconds=60) == at("2026-03-12T07:01Z")
    assert acts_at(due, grace_seconds=0) == due


def test_an_answer_is_in_time_strictly_before_the_due_moment() -> None:
    due = at("2026-03-12T07:00Z")
    tick = timedelta(microseconds=1)
    assert is_in_time(due - tick, due)
    assert not is_in_time(due, due)
    # the grace delays the automatic step; it does not prolong the seller's time
    assert not is_in_time(due + tick, due)
