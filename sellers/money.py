"""Money as integers: minor units with a currency, read strictly and written for people.

An amount in this product is an `int` of minor units (cents, pence, öre; whole yen) beside the
code of its currency. Nothing here rounds, and nothing here accepts a float.
Source: programme rules §6 and §8 (currencies), [P].
"""

import re
from types import MappingProxyType

# Digits after the decimal point, per currency of the thirteen marketplaces.
MINOR_DIGITS = MappingProxyType(
    {"USD": 2, "CAD": 2, "GBP": 2, "EUR": 2, "SEK": 2, "PLN": 2, "MXN": 2, "JPY": 0}
)
# Our default conversion of limits that were published for one currency only (rules §2) [D].
LIMIT_SCALE = MappingProxyType(
    {"USD": 1, "CAD": 1, "GBP": 1, "EUR": 1, "SEK": 10, "PLN": 4, "MXN": 20, "JPY": 100}
)
# Eighteen digits of minor units always fit the database's 64-bit integers.
LONGEST_AMOUNT = 18

_AMOUNT = re.compile(r"([0-9]+)(?:\.([0-9]+))?")
_SYMBOL_BEFORE = {"USD": "$", "CAD": "CA$", "GBP": "£", "EUR": "€", "MXN": "MX$", "JPY": "¥"}
_SYMBOL_AFTER = {"SEK": "kr", "PLN": "zł"}
_QUOTED_CHARACTERS = 40


class AmountNotUnderstood(ValueError):
    """A text is not an amount; the message says so in words for the person who typed it."""


class CurrencyNotKnown(ValueError):
    """No marketplace trades in this currency."""


def parse_amount(text: str, *, currency: str) -> int:
    """Return the minor units that a typed amount stands for: "1234.5" in USD is 123450.

    Only the figures 0 to 9 and one decimal point are read, with at most the currency's decimals;
    plain spaces around the amount do not count. Signs, exponents, underscores, separators of
    thousands and figures of other scripts are refused: each has been read two ways by somebody.

    Raises `AmountNotUnderstood`, or `CurrencyNotKnown`. Source: programme rules §6.
    """
    decimals = _decimals(currency)
    match = _AMOUNT.fullmatch(text.strip(" "))
    if match is None or len(match[2] or "") > decimals:
        raise AmountNotUnderstood(
            f"“{_quoted(text)}” is not an amount in {currency}: write it like {_example(currency)}."
        )
    digits = match[1] + (match[2] or "").ljust(decimals, "0")
    if len(digits) > LONGEST_AMOUNT:
        raise AmountNotUnderstood(
            f"“{_quoted(text)}” is too long: an amount in {currency} has at most "
            f"{LONGEST_AMOUNT - decimals} figures before the decimal point."
        )
    return int(digits)


def minor_units(major: int, *, currency: str) -> int:
    """Return whole units of a currency in its minor units; the yen has none.

    Raises `CurrencyNotKnown`.
    """
    return major * int(10 ** _decimals(currency))


def scaled_limit(dollars: int, *, currency: str) -> int:
    """Return a limit that was published in whole US dollars in minor units of a currency.

    Raises `CurrencyNotKnown`. Source: programme rules §2, scale of limits [D].
    """
    return minor_units(dollars * LIMIT_SCALE[currency], currency=currency)


def format_amount(minor: int, *, currency: str) -> str:
    """Write minor units with separators and the currency's code: "1,234.56 USD"."""
    return f"{_written(minor, currency, separator=',')} {currency}"


def display_amount(minor: int, *, currency: str) -> str:
    """Write minor units the way a person reads them: "$1,234.56", "-£0.50", "1,234.56 kr".

    Symbols that follow the amount are tied to it by a no-break space.
    """
    written = _written(abs(minor), currency, separator=",")
    sign = "-" if minor < 0 else ""
    if currency in _SYMBOL_AFTER:
        return f"{sign}{written}\N{NO-BREAK SPACE}{_SYMBOL_AFTER[currency]}"
    return f"{sign}{_SYMBOL_BEFORE[currency]}{written}"


def to_decimal_string(minor: int, *, currency: str) -> str:
    """Write minor units without separators: "1234.56", or "1234" in yen.

    This is the form of scenario files and of exports; `parse_amount` reads it back.
    """
    return _written(minor, currency, separator="")


def _decimals(currency: str) -> int:
    try:
        return MINOR_DIGITS[currency]
    except KeyError:
        raise CurrencyNotKnown(
            f"“{_quoted(currency)}” is not a currency of a marketplace: "
            f"choose one of {', '.join(MINOR_DIGITS)}."
        ) from None


def _written(minor: int, currency: str, *, separator: str) -> str:
    decimals = _decimals(currency)
    whole, fraction = divmod(abs(minor), 10**decimals)
    sign = "-" if minor < 0 else ""
    grouped = f"{whole:,}".replace(",", separator)
    return f"{sign}{grouped}.{fraction:0{decimals}}" if decimals else f"{sign}{grouped}"


def _example(currency: str) -> str:
    return to_decimal_string(123456 if _decimals(currency) else 1234, currency=currency)


def _quoted(text: str) -> str:
    return text if len(text) <= _QUOTED_CHARACTERS else f"{text[:_QUOTED_CHARACTERS]}…"
