"""What a value of a scenario file may be: each reader names its key when it cannot read it."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from insurance.dates import AmbiguousDate, read_date
from sellers.markets import MARKETS, Market
from sellers.money import MINOR_DIGITS, AmountNotUnderstood, parse_amount

# Takes the value, where it stands in the file, and the scenario's market.
type Reader = Callable[[Any, str, Market], Any]


# A place that is no market of ours is in nobody's way, but has to fit its column.
LONGEST_PLACE = 12
LONGEST_RATING = 8
LONGEST_DATE = 36
MOST_DAYS = 32_767
FIRST_YEAR, LAST_YEAR = 1970, 2900


class FileNotUnderstood(Exception):
    """The file is not a scenario; the message names the key that is wrong."""


def as_text(value: Any, where: str, _: Market) -> str:
    """A text; a bare number is taken as its figures."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise FileNotUnderstood(f"{where}: “{value}” is not a text")
    text = str(value)
    if _NEVER_KEPT.search(text):
        raise FileNotUnderstood(f"{where}: has a character that no database keeps")
    return text


# U+0000, and halves of surrogate pairs.
_NEVER_KEPT = re.compile("[\x00\ud800-\udfff]")


def up_to(longest: int) -> Reader:
    """A reader of a text that has to fit its column."""

    def read(value: Any, where: str, market: Market) -> str:
        text = as_text(value, where, market)
        if len(text) > longest:
            raise FileNotUnderstood(f"{where}: is longer than {longest} characters")
        return text

    return read


def as_country(value: Any, where: str, market: Market) -> str:
    """A country's two letters."""
    code = as_text(value, where, market).upper()
    if not re.fullmatch("[A-Z]{2}", code):
        raise FileNotUnderstood(f"{where}: “{value}” is not a country’s two letters, like US")
    return code


def as_flag(value: Any, where: str, _: Market) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise FileNotUnderstood(f"{where}: “{value}” is not true or false")
    return value


def as_count(value: Any, where: str, _: Market) -> int:
    """A whole number; the rules judge its size."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise FileNotUnderstood(f"{where}: “{value}” is not a whole number")
    return value


def as_days(value: Any, where: str, market: Market) -> int:
    """A number of days as a certificate states it."""
    days = as_count(value, where, market)
    if not 0 <= days <= MOST_DAYS:
        raise FileNotUnderstood(f"{where}: “{value}” is not from 0 to {MOST_DAYS} days")
    return days


def as_amount(value: Any, where: str, market: Market) -> int:
    """A decimal string in the market's currency, in minor units; zeros at the end do not count."""
    currency = market.currency
    try:
        return parse_amount(_without_spare_zeros(str(value), currency), currency=currency)
    except AmountNotUnderstood as error:
        raise FileNotUnderstood(f"{where}: {error}") from None


def _without_spare_zeros(text: str, currency: str) -> str:
    # “100000.00” is an amount of yen in a file whose author writes all amounts alike.
    whole, _, fraction = text.partition(".")
    digits = MINOR_DIGITS[currency]
    kept = fraction[:digits]
    if fraction[digits:].strip("0"):
        return text
    return f"{whole}.{kept}" if kept else whole


def as_limit(value: Any, where: str, market: Market) -> int | None:
    """An amount on a certificate; an empty text is *not stated*."""
    return None if value == "" else as_amount(value, where, market)


def as_moment(value: Any, where: str, _: Market) -> datetime:
    """An ISO moment with its offset, in UTC."""
    moment = _in_reach(_iso(datetime.fromisoformat, value, where), where)
    if moment.tzinfo is None:
        raise FileNotUnderstood(f"{where}: “{value}” has no time zone")
    return moment.astimezone(UTC)


def as_day(value: Any, where: str, _: Market) -> date:
    """An ISO date."""
    return _iso(date.fromisoformat, value, where)


def as_month(value: Any, where: str, _: Market) -> date:
    """A month as YYYY-MM: its first day."""
    return _in_reach(_iso(date.fromisoformat, f"{value}-01", where), where)


def _in_reach[T: date](day: T, where: str) -> T:
    # Clocks are counted on from it, and no calendar goes on for ever.
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise FileNotUnderstood(f"{where}: {day} is not from {FIRST_YEAR} to {LAST_YEAR}")
    return day


def _iso[T](read: Callable[[str], T], value: Any, where: str) -> T:
    try:
        return read(str(value))
    except ValueError:
        raise FileNotUnderstood(f"{where}: “{value}” is not an ISO date or moment") from None


def as_policy_date(value: Any, where: str, market: Market) -> date | str:
    """A date of a certificate, or its text where it can be read in two ways or in none."""
    text = as_text(value, where, market)
    try:
        found = read_date(text)
    except ValueError:
        return text[:LONGEST_DATE]
    return text if isinstance(found, AmbiguousDate) else found


def as_rating(value: Any, where: str, market: Market) -> str:
    """An insurer's grade; what stands behind it (an agency, a size, a word) is no part of it."""
    grade = re.split(r"[\s,;(/]", as_text(value, where, market).strip(), maxsplit=1)[0]
    return grade[:LONGEST_RATING]


def as_territory(value: Any, where: str, _: Market) -> list[str]:
    """Market codes, `EU` or `WORLDWIDE`; one alone may stand without its list."""
    places = [value] if isinstance(value, str) else value
    if not isinstance(places, list) or not all(isinstance(place, str) for place in places):
        raise FileNotUnderstood(f"{where}: “{value}” is not a list of markets")
    return [_place(place) for place in places]


def _place(text: str) -> str:
    name = coded(text)
    return _PLACES.get(name, name)[:LONGEST_PLACE]


def coded(text: object) -> str:
    """A word as a code of ours: `water leak` is WATER_LEAK."""
    return re.sub(r"[^A-Z0-9]+", "_", str(text).upper()).strip("_")


# Places by other names than their codes.
_PLACES = {coded(market.name): code for code, market in MARKETS.items()} | {
    "GB": "UK",
    "USA": "US",
    "WORLD": "WORLDWIDE",
    "GLOBAL": "WORLDWIDE",
    "EUROPEAN_UNION": "EU",
}


def one_of(*known: str) -> Reader:
    """A reader of one of these words."""

    def read(value: Any, where: str, _: Market) -> str:
        if value not in known:
            raise FileNotUnderstood(f"{where}: “{value}” is not one of {', '.join(known)}")
        return str(value)

    return read


def choice(kind: Any, *, also: dict[str, str] | None = None, other: str = "") -> Reader:
    """A reader of one of our enumerations; `also` are other words for its codes.

    With `other`, every word that is not known means that code.
    """

    def read(value: Any, where: str, _: Market) -> Any:
        name = coded(value)
        name = (also or {}).get(name, name)
        if name not in kind.values:
            if other:
                return kind(other)
            known = ", ".join(code.lower() for code in kind.values)
            raise FileNotUnderstood(f"{where}: “{value}” is not one of {known}")
        return kind(name)

    return read


def as_word(value: Any, where: str, market: Market) -> str:
    """A status, in capitals."""
    return as_text(value, where, market).upper()


def as_codes(value: Any, where: str, market: Market) -> list[str]:
    """Codes, which compare as a set; one alone may stand without its list."""
    codes = [value] if isinstance(value, str) else value
    if not isinstance(codes, list):
        raise FileNotUnderstood(f"{where}: must be a list")
    return sorted({as_text(code, where, market) for code in codes})


def as_bearers(value: Any, where: str, market: Market) -> dict[str, int]:
    """Who carries the cost, in minor units; zero entries are left out."""
    known = ("programme", "seller", "insurer")
    if not isinstance(value, dict) or not set(value) <= set(known):
        raise FileNotUnderstood(f"{where}: must be an object of {', '.join(known)}")
    amounts = {
        name: as_amount(text, f"{where}.{name}", market) for name, text in sorted(value.items())
    }
    return {name: minor for name, minor in amounts.items() if minor}


def as_moment_or_none(value: Any, where: str, market: Market) -> datetime | None:
    """A moment, or `none` when no deadline runs."""
    return None if value == "none" else as_moment(value, where, market)


def as_notices(value: Any, where: str, market: Market) -> dict[str, list[str]]:
    """The kinds of letters to the seller, to the claimant."""
    known = ("seller", "claimant")
    if not isinstance(value, dict) or not set(value) <= set(known):
        raise FileNotUnderstood(f"{where}: must be an object of {', '.join(known)}")
    return {
        name: [kind.upper() for kind in as_codes(kinds, f"{where}.{name}", market)]
        for name, kinds in value.items()
    }
