"""Dates on certificates: read when there is one way to read them, asked about when not.

Source: programme rules §4, check 10: 02/03/2026 is asked about, never guessed.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_ABBREVIATIONS = {name[:3].lower(): number for number, name in enumerate(_MONTHS, start=1)}
_MONTH_NUMBERS = (
    {name.lower(): number for number, name in enumerate(_MONTHS, start=1)}
    | _ABBREVIATIONS
    | {"sept": 9}
)

_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_JAPANESE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-/. ]+(?:of )?([a-z]+)[-/., ]+(\d{4})")
_MONTH_DAY = re.compile(r"([a-z]+)[-/. ]+(\d{1,2})(?:st|nd|rd|th)?[-/., ]+(\d{4})")
_CENTURY = 2000


@dataclass(frozen=True, slots=True)
class AmbiguousDate:
    """A text that is not one date: its possible readings, none when it cannot be read at all."""

    text: str
    readings: tuple[date, ...]


def date_text(day: date) -> str:
    """A date as a person reads it, which nobody can turn round: `2 March 2026`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def read_date(text: str) -> date | AmbiguousDate:
    """The one date that a text can mean, or the readings to ask about.

    ISO (2026-03-02), year first, and months in English words are one date. Numbers with the year
    last are one date only when the other order is impossible or the same. A two-digit year is
    always asked about.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).lower().split())
    if match := _YEAR_LAST.fullmatch(plain):
        return _year_last(text, first=match[1], second=match[3], year=match[4])
    readings = _with_order_known(plain)
    return readings[0] if readings else AmbiguousDate(text, ())


def _with_order_known(plain: str) -> tuple[date, ...]:
    if match := _YEAR_FIRST.fullmatch(plain):
        return _possible((match[1], match[3], match[4]))
    if match := _JAPANESE.fullmatch(plain):
        return _possible((match[1], match[2], match[3]))
    if match := _DAY_MONTH.fullmatch(plain):
        return _possible((match[3], _month_number(match[2]), match[1]))
    if match := _MONTH_DAY.fullmatch(plain):
        return _possible((match[3], _month_number(match[1]), match[2]))
    return ()


def _year_last(text: str, *, first: str, second: str, year: str) -> date | AmbiguousDate:
    is_short = len(year) == len("26")
    full_year = _CENTURY + int(year) if is_short else int(year)
    readings = _possible((full_year, second, first), (full_year, first, second))
    if len(readings) == 1 and not is_short:
        return readings[0]
    return AmbiguousDate(text, readings)


def _possible(*candidates: tuple[int | str, int | str, int | str]) -> tuple[date, ...]:
    """The real dates among year, month, day triples, each once, in calendar order."""
    found = set()
    for year, month, day in candidates:
        try:
            found.add(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return tuple(sorted(found))


def _month_number(name: str) -> int:
    """A month's number; 0, which is no month, for any other word."""
    return _MONTH_NUMBERS.get(name, 0)
