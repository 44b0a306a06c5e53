"""Rules §4, check 10: dates with one reading are read, others are asked about."""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from insurance.dates import AmbiguousDate, date_text, read_date

SECOND_OF_MARCH = date(2026, 3, 2)
THIRD_OF_FEBRUARY = date(2026, 2, 3)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02",
        "2026/03/02",
        "2026.3.2",
        "2026年3月2日",
        "２０２６-０３-０２",
        "2 March 2026",
        "2nd of March, 2026",
        "02-Mar-2026",
        "2 mar. 2026",
        "March 2, 2026",
        "MARCH 2nd 2026",
        "  Mar  02,\n2026 ",
    ],
)
def test_one_reading_is_read(text: str) -> None:
    assert read_date(text) == SECOND_OF_MARCH


@pytest.mark.parametrize("text", ["02/03/2026", "2.3.2026", "02-03-2026", "02 03 2026"])
def test_two_readings_are_asked_about(text: str) -> None:
    assert read_date(text) == AmbiguousDate(text, (THIRD_OF_FEBRUARY, SECOND_OF_MARCH))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("13/03/2026", date(2026, 3, 13)),
        ("03/13/2026", date(2026, 3, 13)),
        ("03/03/2026", date(2026, 3, 3)),
        ("29.02.2028", date(2028, 2, 29)),
        ("1 Sept 2026", date(2026, 9, 1)),
    ],
)
def test_the_other_order_is_impossible_or_the_same(text: str, day: date) -> None:
    assert read_date(text) == day


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("02/03/26", (THIRD_OF_FEBRUARY, SECOND_OF_MARCH)),
        ("13/03/26", (date(2026, 3, 13),)),
        ("03/03/26", (date(2026, 3, 3),)),
    ],
)
def test_a_short_year_is_asked_about(text: str, readings: tuple[date, ...]) -> None:
    assert read_date(text) == AmbiguousDate(text, readings)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-02-30",
        "2026-13-01",
        "31/31/2026",
        "31 February 2026",
        "2 Marsh 2026",
        "Smarch 2, 2026",
        "2 March 26",
        "02/03-2026",
        "02/03/2026 or later",
        "0000年1月1日",
        "00/00/0000",
    ],
)
def test_what_is_no_date_has_no_reading(text: str) -> None:
    assert read_date(text) == AmbiguousDate(text, ())


@given(st.dates())
def test_what_we_write_is_read_back(day: date) -> None:
    if day.year >= 1000:
        assert read_date(date_text(day)) == day
    assert read_date(day.isoformat()) == day


@given(st.dates(min_value=date(1000, 1, 1)), st.sampled_from(["/", ".", "-", " "]))
def test_a_wrong_order_is_never_guessed(day: date, separator: str) -> None:
    text = separator.join((f"{day.day:02}", f"{day.month:02}", f"{day.year:04}"))
    answer = read_date(text)
    if day.day > 12 or day.day == day.month:
        assert answer == day
    else:
        swapped = date(day.year, day.day, day.month)
        assert answer == AmbiguousDate(text, tuple(sorted((day, swapped))))


@given(st.text())
def test_any_text_is_answered(text: str) -> None:
    answer = read_date(text)
    assert isinstance(answer, date) or answer.text == text
