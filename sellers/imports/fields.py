"""What an importer wants of one row: named fields, each with a strict reader of its text.

A reader takes the text of the file, the field's place in the map, and the values read before it
(an amount needs the market that the row named). It raises `NotUnderstood` and never guesses.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from sellers.calendars import MarketNotKnown, first_instant, market_named
from sellers.imports.sources import Source
from sellers.money import AmountNotUnderstood, parse_amount, to_decimal_string

ISO = "iso"
_YES_NO = {"yes": True, "y": True, "true": True, "1": True}
_YES_NO |= {"no": False, "n": False, "false": False, "0": False}
_EXAMPLE_DAY = datetime(2026, 3, 31, 17, 45)  # noqa: DTZ001 - shown as an example only
_COUNTRY_LETTERS = 2
_LONGEST_EMAIL = 254

type Before = Mapping[str, Any]
type Reader = Callable[[str, Source, Before], Any]


class NotUnderstood(ValueError):
    """A text is not what its field wants: what is wrong, and what was expected."""

    def __init__(self, wrong: str, expected: str) -> None:
        super().__init__(f"{wrong}; expected {expected}")
        self.wrong = wrong
        self.expected = expected


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that an importer reads: its name in maps, its name for people, its reader."""

    name: str
    label: str
    read: Reader
    is_required: bool = True
    when_missing: Any = None


def text(longest: int | None = None) -> Reader:
    """Read any text of at most `longest` characters."""

    def read(given: str, _source: Source, _before: Before) -> str:
        if "\0" in given:
            raise NotUnderstood("has a character that cannot be stored (NUL)", "plain text")
        if _has_lone_surrogate(given):
            raise NotUnderstood("has bytes that the map's encoding does not know", "plain text")
        if longest is not None and len(given) > longest:
            raise NotUnderstood(f"has {len(given)} characters", f"at most {longest}")
        return given

    return read


def _has_lone_surrogate(given: str) -> bool:
    try:
        given.encode()
    except UnicodeEncodeError:
        return True
    return False


def choice(*codes: str) -> Reader:
    """Read one of our codes, in any case; the map's value table makes them from other words."""
    known = {code.casefold(): code for code in codes}

    def read(given: str, _source: Source, _before: Before) -> str:
        try:
            return known[given.casefold()]
        except KeyError:
            raise NotUnderstood("is not known", f"one of {', '.join(codes)}") from None

    return read


def day(given: str, source: Source, _before: Before) -> date:
    """Read a date by the map's formats."""
    return _moment_by_formats(given, source.formats or (ISO,)).date()


def month(given: str, source: Source, _before: Before) -> date:
    """Read a month as its first day; `%Y-%m` unless the map has other formats."""
    return _moment_by_formats(given, source.formats or ("%Y-%m",)).date().replace(day=1)


def moment(given: str, source: Source, before: Before) -> datetime | None:
    """Read a moment, in the market's local time unless it carries its own offset.

    A date without a time stands for the first instant of that day in the market. Nothing is read
    when the row's market was not understood: that fault is told already.
    """
    read = _moment_by_formats(given, source.formats or (ISO,))
    if read.tzinfo is not None or "market" not in before:
        return read if read.tzinfo is not None else None
    zone = market_named(before["market"]).zone
    if read.time() == time.min:
        return first_instant(read.date(), zone=zone)
    return read.replace(tzinfo=zone)


def amount(given: str, _source: Source, before: Before) -> int | None:
    """Read minor units in the currency of the row's market, strictly (`sellers.money`)."""
    if "market" not in before:
        return None
    currency = market_named(before["market"]).currency
    try:
        return parse_amount(given, currency=currency)
    except AmountNotUnderstood:
        example = to_decimal_string(123450, currency=currency)
        raise NotUnderstood(
            f"is not an amount in {currency}", f"an amount like {example}"
        ) from None


def currency(given: str, _source: Source, before: Before) -> str:
    """Check a currency against the row's market: a market trades in one currency only."""
    if "market" in before:
        expected = market_named(before["market"]).currency
        if given.upper() != expected:
            raise NotUnderstood(f"is not the currency of {before['market']}", expected)
    return given.upper()


def market(given: str, _source: Source, _before: Before) -> str:
    """Read a marketplace's code."""
    try:
        return market_named(given.upper()).code
    except MarketNotKnown:
        raise NotUnderstood("is not a marketplace", "a code like US, UK or DE") from None


def country(given: str, _source: Source, _before: Before) -> str:
    """Read a country's two letters."""
    if len(given) == _COUNTRY_LETTERS and given.isascii() and given.isalpha():
        return given.upper()
    raise NotUnderstood("is not a country", "two letters, like US or DE")


def email(given: str, _source: Source, _before: Before) -> str:
    """Read an e-mail address."""
    try:
        validate_email(given)
    except ValidationError:
        raise NotUnderstood(
            "is not an e-mail address", "an address like name@shop.example"
        ) from None
    if len(given) > _LONGEST_EMAIL:
        raise NotUnderstood(f"has {len(given)} characters", f"at most {_LONGEST_EMAIL}")
    return given


def timezone_name(given: str, _source: Source, _before: Before) -> str:
    """Read the name of a time zone."""
    if given not in _zones():
        raise NotUnderstood("is not a time zone", "a name like Europe/Berlin")
    return given


def yes_no(given: str, _source: Source, _before: Before) -> bool:
    """Read yes or no, true or false, 1 or 0."""
    try:
        return _YES_NO[given.casefold()]
    except KeyError:
        raise NotUnderstood("is neither yes nor no", "yes or no") from None


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


@lru_cache(maxsize=4096)
def _moment_by_formats(given: str, formats: tuple[str, ...]) -> datetime:
    """The one moment that the formats make of a text; two different ones are never guessed at."""
    readings = {read for pattern in formats if (read := _by_format(given, pattern))}
    if not readings:
        shown = " or ".join(_example(pattern) for pattern in formats)
        raise NotUnderstood("is not a date", f"a date like {shown}")
    if len(readings) > 1:
        days = " or ".join(sorted(read.date().isoformat() for read in readings))
        raise NotUnderstood(f"can be read as {days}", "a date that can be read one way only")
    return readings.pop()


def _by_format(given: str, pattern: str) -> datetime | None:
    if not given.isascii():
        return None
    try:
        if pattern == ISO:
            return datetime.fromisoformat(given)
        return datetime.strptime(given, pattern)  # noqa: DTZ007 - the caller adds the zone
    except ValueError:
        return None


def _example(pattern: str) -> str:
    return "2026-03-31" if pattern == ISO else _EXAMPLE_DAY.strftime(pattern)
