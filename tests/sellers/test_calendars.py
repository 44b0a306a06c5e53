"""Working days, public holidays and the beginning of local days (rules §7 and §8)."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from sellers.calendars import (
    MarketNotKnown,
    add_hours_outside_weekends_and_holidays,
    first_instant,
    is_working_day,
    market_named,
    next_working_day,
    public_holidays,
    reason_not_working,
    working_day_after,
)
from sellers.markets import MARKETS

markets = st.sampled_from(sorted(MARKETS))
DAY = timedelta(days=1)
days = st.dates(date(2021, 9, 1), date(2045, 12, 31))
moments = st.datetimes(datetime(2021, 9, 1), datetime(2045, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("market", "day", "reason"),
    [
        ("US", date(2026, 7, 2), None),
        ("US", date(2026, 7, 3), "Independence Day (observed)"),
        ("US", date(2026, 7, 4), "Saturday"),
        ("US", date(2026, 7, 5), "Sunday"),
        ("US", date(2026, 1, 19), "Martin Luther King Jr. Day"),
        ("US", date(2026, 11, 26), "Thanksgiving Day"),
        ("US", date(2026, 11, 27), None),  # a holiday in some states only
        ("US", date(2021, 12, 31), "New Year's Day (observed)"),  # of the year after
        ("CA", date(2026, 7, 1), "Canada Day"),
        ("CA", date(2026, 5, 18), None),  # Victoria Day: not in every province
        ("UK", date(2026, 4, 6), "Easter Monday"),  # England and Wales, not Scotland
        ("UK", date(2026, 8, 31), "Late Summer Bank Holiday"),  # likewise
        ("UK", date(2026, 8, 3), None),  # Scotland only
        ("UK", date(2026, 3, 17), None),  # Northern Ireland only
        ("UK", date(2026, 12, 28), "Boxing Day (observed)"),
        ("DE", date(2026, 4, 3), "Good Friday"),
        ("DE", date(2026, 6, 4), None),  # Corpus Christi: not in every Land
        ("FR", date(2026, 4, 3), None),  # Good Friday: Alsace and Moselle only
        ("FR", date(2026, 7, 14), "National Day"),
        ("IT", date(2026, 6, 2), "Republic Day"),
        ("ES", date(2026, 10, 12), "National Day"),
        ("NL", date(2026, 4, 27), "King's Day"),
        ("BE", date(2026, 7, 21), "National Day"),
        ("SE", date(2026, 5, 14), "Ascension Day"),
        ("SE", date(2026, 6, 19), None),  # Midsummer Eve: by custom, not by law
        ("PL", date(2026, 6, 4), "Corpus Christi"),
        ("MX", date(2026, 3, 16), "Benito Juárez's birthday"),
        ("JP", date(2026, 5, 6), "Substitute Holiday"),
        ("JP", date(2026, 9, 22), "National Holiday"),  # between two holidays
    ],
)
def test_each_country_keeps_its_national_holidays(
    market: str, day: date, reason: str | None
) -> None:
    assert reason_not_working(day, market=market) == reason
    assert is_working_day(day, market=market) is (reason is None)


def test_the_federal_holidays_of_a_year_are_exactly_these() -> None:
    assert dict(public_holidays(2026, market="US")) == {
        date(2026, 1, 1): "New Year's Day",
        date(2026, 1, 19): "Martin Luther King Jr. Day",
        date(2026, 2, 16): "Washington's Birthday",
        date(2026, 5, 25): "Memorial Day",
        date(2026, 6, 19): "Juneteenth National Independence Day",
        date(2026, 7, 3): "Independence Day (observed)",
        date(2026, 7, 4): "Independence Day",
        date(2026, 9, 7): "Labor Day",
        date(2026, 10, 12): "Columbus Day",
        date(2026, 11, 11): "Veterans Day",
        date(2026, 11, 26): "Thanksgiving Day",
        date(2026, 12, 25): "Christmas Day",
    }


def test_the_holidays_of_england_and_wales_are_exactly_these() -> None:
    days_off = ["01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-26", "12-28"]
    expected = [date.fromisoformat(f"2026-{day}") for day in days_off]
    assert sorted(public_holidays(2026, market="UK")) == expected


@pytest.mark.parametrize("market", sorted(MARKETS))
def test_every_market_has_holidays_of_that_year_only(market: str) -> None:
    for year in range(2021, 2036):
        listed = public_holidays(year, market=market)
        assert len(listed) >= 5
        assert {day.year for day in listed} == {year}


def test_holidays_cannot_be_changed_by_a_caller() -> None:
    with pytest.raises(TypeError):
        public_holidays(2026, market="US")[date(2026, 3, 4)] = "Party"  # type: ignore[index]
    assert is_working_day(date(2026, 3, 4), market="US")


def test_a_closure_is_no_working_day_and_its_own_reason_only_on_one() -> None:
    closures = frozenset({date(2026, 3, 5), date(2026, 3, 7), date(2026, 4, 3)})

    def reason(day: date) -> str | None:
        return reason_not_working(day, market="UK", closures=closures)

    assert reason(date(2026, 3, 4)) is None
    assert reason(date(2026, 3, 5)) == "closed on this date"
    assert reason(date(2026, 3, 7)) == "Saturday"
    assert reason(date(2026, 4, 3)) == "Good Friday"
    assert not is_working_day(date(2026, 3, 5), market="UK", closures=closures)


@pytest.mark.parametrize("code", ["GB", "us", "", "EU"])
def test_an_unknown_marketplace_is_named(code: str) -> None:
    with pytest.raises(MarketNotKnown) as refused:
        is_working_day(date(2026, 3, 4), market=code)
    assert str(refused.value) == (
        f"“{code}” is not a marketplace: "
        "choose one of US, CA, UK, DE, FR, IT, ES, NL, BE, SE, PL, MX, JP."
    )


def test_a_known_marketplace_is_found_by_its_code() -> None:
    assert market_named("UK") is MARKETS["UK"]


@pytest.mark.parametrize(
    ("market", "day", "expected"),
    [
        ("US", date(2026, 3, 4), date(2026, 3, 5)),
        ("US", date(2026, 3, 6), date(2026, 3, 9)),
        ("US", date(2026, 3, 7), date(2026, 3, 9)),
        ("DE", date(2026, 4, 2), date(2026, 4, 7)),
        ("UK", date(2026, 12, 24), date(2026, 12, 29)),
        ("UK", date(2026, 12, 31), date(2027, 1, 4)),
        ("JP", date(2026, 5, 1), date(2026, 5, 7)),
    ],
)
def test_the_next_working_day(market: str, day: date, expected: date) -> None:
    assert next_working_day(day, market=market) == expected


def test_closures_push_the_next_working_day_on() -> None:
    closures = frozenset({date(2026, 3, 5), date(2026, 3, 6)})
    assert next_working_day(date(2026, 3, 4), market="US", closures=closures) == date(2026, 3, 9)


def test_nought_working_days_after_a_day_is_that_day_even_a_sunday() -> None:
    assert working_day_after(date(2026, 3, 8), days=0, market="US") == date(2026, 3, 8)


def test_working_days_are_not_counted_backwards() -> None:
    with pytest.raises(ValueError, match="cannot be below 0"):
        working_day_after(date(2026, 3, 8), days=-1, market="US")


def test_counting_stops_at_the_end_of_the_calendar() -> None:
    with pytest.raises(OverflowError, match="beyond the year 9999"):
        working_day_after(date(9999, 12, 28), days=10, market="US")


@given(day=days, number=st.integers(1, 300), market=markets, closures=st.frozensets(days))
def test_the_nth_working_day_is_found_as_if_counted_by_hand(
    day: date, number: int, market: str, closures: frozenset[date]
) -> None:
    by_hand, left = day, number
    while left:
        by_hand += DAY
        left -= is_working_day(by_hand, market=market, closures=closures)
    assert working_day_after(day, days=number, market=market, closures=closures) == by_hand


# ── where a local day begins ───────────────────────────────────────────────


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        # ordinary days, winter and summer
        ("America/Los_Angeles", date(2026, 3, 4), "2026-03-04T08:00:00+00:00"),
        ("America/Los_Angeles", date(2026, 3, 12), "2026-03-12T07:00:00+00:00"),
        ("Europe/London", date(2026, 3, 29), "2026-03-29T00:00:00+00:00"),
        ("Europe/London", date(2026, 3, 30), "2026-03-29T23:00:00+00:00"),
        ("Asia/Tokyo", date(2026, 3, 4), "2026-03-03T15:00:00+00:00"),
        # clocks put forward over midnight: 00:00 does not exist
        ("America/Sao_Paulo", date(2018, 11, 4), "2018-11-04T03:00:00+00:00"),
        ("Asia/Beirut", date(2024, 3, 31), "2024-03-30T22:00:00+00:00"),
        ("America/Santiago", date(2026, 9, 6), "2026-09-06T04:00:00+00:00"),
        # put forward from 23:30 to 00:30: the day begins at half past
        ("America/Toronto", date(1919, 3, 31), "1919-03-31T04:30:00+00:00"),
        # clocks put back over midnight: 00:00 comes twice, the first counts
        ("America/Havana", date(2026, 11, 1), "2026-11-01T04:00:00+00:00"),
        ("Atlantic/Azores", date(2026, 10, 25), "2026-10-25T00:00:00+00:00"),
        # put back from midnight to 23:00: the day before has 25 hours
        ("America/Sao_Paulo", date(2018, 2, 18), "2018-02-18T03:00:00+00:00"),
        # put back from 00:01 to 23:01: the day begins, is left, and begins again
        ("America/St_Johns", date(2010, 11, 7), "2010-11-07T02:30:00+00:00"),
        # a day that was skipped whole, and the day after it, begin together
        ("Pacific/Apia", date(2011, 12, 30), "2011-12-30T10:00:00+00:00"),
        ("Pacific/Apia", date(2011, 12, 31), "2011-12-30T10:00:00+00:00"),
    ],
)
def test_a_local_day_begins(zone: str, day: date, expected: str) -> None:
    assert first_instant(day, zone=ZoneInfo(zone)).isoformat() == expected


@given(day=days, market=markets)
def test_a_local_day_has_not_begun_one_second_earlier(day: date, market: str) -> None:
    zone = MARKETS[market].zone
    begins = first_instant(day, zone=zone)
    assert begins.astimezone(zone).date() == day
    assert (begins - timedelta(seconds=1)).astimezone(zone).date() == day - DAY


@pytest.mark.parametrize("market", sorted(MARKETS))
def test_local_days_follow_each_other_in_23_to_25_hours(market: str) -> None:
    zone = MARKETS[market].zone
    begins = [first_instant(date(2026, 1, 1) + n * DAY, zone=zone) for n in range(366)]
    assert {later - sooner for sooner, later in pairwise(begins)} <= {
        timedelta(hours=hours) for hours in (23, 24, 25)
    }


# ── the 24-hour clock of CPSA 15(b) ────────────────────────────────────────


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        # Wednesday 10:00 in Los Angeles: Thursday 10:00
        ("2026-03-04T18:00:00+00:00", 24, "2026-03-05T18:00:00+00:00"),
        # Friday 10:00: 14 hours are left of Friday, the other 10 are Monday's, in summer time
        ("2026-03-06T18:00:00+00:00", 24, "2026-03-09T17:00:00+00:00"),
        # Saturday: nothing counts before Monday begins
        ("2026-03-07T18:00:00+00:00", 24, "2026-03-10T07:00:00+00:00"),
        # Thursday before Independence Day, observed on Friday: goes on on Monday
        ("2026-07-02T19:00:00+00:00", 24, "2026-07-06T19:00:00+00:00"),
        # all of Friday: over when Friday is
        ("2026-03-06T08:00:00+00:00", 24, "2026-03-07T08:00:00+00:00"),
        ("2026-03-04T18:00:00+00:00", 0, "2026-03-04T18:00:00+00:00"),
        ("2026-03-04T18:00:00+00:00", 120, "2026-03-11T17:00:00+00:00"),
        # any zone may name the start
        ("2026-03-04T19:00:00+01:00", 24, "2026-03-05T18:00:00+00:00"),
    ],
)
def test_hours_leave_out_weekends_and_federal_holidays(
    start: str, hours: int, expected: str
) -> None:
    moment = datetime.fromisoformat(start)
    ends = add_hours_outside_weekends_and_holidays(moment, hours=hours, market="US")
    assert ends.isoformat() == expected


def test_hours_keep_to_the_calendar_of_the_marketplace() -> None:
    start = datetime(2026, 4, 2, 12, tzinfo=UTC)  # the Thursday before Easter
    ends = {
        market: add_hours_outside_weekends_and_holidays(start, hours=24, market=market)
        for market in ("US", "DE")
    }
    assert ends == {
        "US": datetime(2026, 4, 3, 12, tzinfo=UTC),
        "DE": datetime(2026, 4, 7, 12, tzinfo=UTC),
    }


@pytest.mark.parametrize(
    ("start", "hours"),
    [
        (datetime(2026, 3, 4, 18), 24),  # noqa: DTZ001
        (datetime(2026, 3, 4, 18, tzinfo=UTC), -1),
    ],
)
def test_hours_need_a_zone_and_run_forwards(start: datetime, hours: int) -> None:
    with pytest.raises(ValueError, match="forwards, from a moment with a time zone"):
        add_hours_outside_weekends_and_holidays(start, hours=hours, market="US")


@given(start=moments, hours=st.integers(1, 200), market=markets)
def test_the_hours_that_passed_on_working_days_are_the_hours_asked_for(
    start: datetime, hours: int, market: str
) -> None:
    ends = add_hours_outside_weekends_and_holidays(start, hours=hours, market=market)
    zone = MARKETS[market].zone
    worked, day = timedelta(), start.astimezone(zone).date()
    while first_instant(day, zone=zone) < ends:
        if is_working_day(day, market=market):
            tomorrow = first_instant(day + DAY, zone=zone)
            worked += min(ends, tomorrow) - max(start, first_instant(day, zone=zone))
        day += DAY
    assert worked == timedelta(hours=hours)
