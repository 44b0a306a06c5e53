"""Amounts as insurers write them: `$ 1,000,000`, `EUR 1.000.000`, `1 Mio. €`, `Nil`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from insurance.reading.facts import Amount
from sellers.money import MINOR_DIGITS

# What a sign can mean among the currencies of the marketplaces; the dollar sign is not only one.
_CURRENCIES: Final = {
    "$": ("USD", "CAD", "MXN"),
    "us$": ("USD",),
    "usd": ("USD",),
    "ca$": ("CAD",),
    "c$": ("CAD",),
    "cad": ("CAD",),
    "mx$": ("MXN",),
    "mxn": ("MXN",),
    "£": ("GBP",),
    "gbp": ("GBP",),
    "€": ("EUR",),
    "eur": ("EUR",),
    "euro": ("EUR",),
    "euros": ("EUR",),
    "sek": ("SEK",),
    "kr": ("SEK",),
    "pln": ("PLN",),
    "zł": ("PLN",),
    "¥": ("JPY",),
    "jpy": ("JPY",),
    "円": ("JPY",),
}
_MILLION: Final = 1_000_000
_LONGEST_FIGURE = 15

_SIGN = r"us\$|ca\$|mx\$|c\$|\$|£|€|¥|円|\b(?:usd|cad|mxn|gbp|eur|euros?|sek|kr|pln|jpy)\b|zł"
_AMOUNT = re.compile(
    rf"(?P<before>{_SIGN})?\s?"
    r"(?<![\w.,/-])(?P<figure>[0-9]{1,3}(?:(?P<separator>[.,'’ \u00a0\u202f])[0-9]{3}"
    r"(?:(?P=separator)[0-9]{3})*)(?:[.,][0-9]{1,2})?(?!\d)|[0-9]+(?:[.,][0-9]{1,2})?(?!\d))"
    r"(?:\s?(?P<scale>million(?:en|s)?|mio\.?|m)\b\.?)?"
    rf"(?:\s?(?P<after>{_SIGN}))?",
    re.IGNORECASE,
)
_BARE = re.compile(r"[0-9]+(?:[.,][0-9]{1,2})?")
_NIL = re.compile(
    r"^\W*(?:nil|none|no (?:deductible|excess)|keine[rs]?|ohne|néant|aucune?|sans)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Placed:
    """An amount and where in the text it stands."""

    amount: Amount
    start: int
    end: int


def find_amounts(text: str) -> Iterator[Placed]:
    """Every amount in a text that carries a currency or is written as money is, in order."""
    for match in _AMOUNT.finditer(text):
        figure = _figure(match["figure"], scale=match["scale"])
        signs = [sign for sign in (match["before"], match["after"]) if sign]
        currencies = _currencies(signs)
        # Two signs that contradict each other say nothing.
        looks_like_money = currencies if signs else match["separator"] or match["scale"]
        if figure is not None and looks_like_money:
            yield Placed(Amount(figure, currencies, match[0].strip()), match.start(), match.end())


def read_amount(text: str) -> Amount | None:
    """The one amount of a cell, bare figures included; None when there is none, or several."""
    found = [placed.amount for placed in find_amounts(text)]
    if len(found) == 1:
        return found[0]
    bare = _BARE.fullmatch(text.strip())
    figure = None if found or bare is None else _figure(bare[0], scale=None)
    return None if figure is None else Amount(figure, (), text.strip())


def read_nil_or_amount(text: str) -> Amount | None:
    """An amount that may be said to be nil, as deductibles are."""
    if _NIL.match(text):
        return Amount("0", (), text.strip())
    return read_amount(text)


def _currencies(signs: list[str]) -> tuple[str, ...]:
    """What all signs beside a figure agree on: `$1,000 CAD` is Canadian."""
    agreed = [set(_CURRENCIES[sign.lower()]) for sign in signs]
    common = set.intersection(*agreed) if agreed else set()
    return tuple(code for code in MINOR_DIGITS if code in common)


def _figure(written: str, *, scale: str | None) -> str | None:
    """Whole units with a point before hundredths; None beyond any insurer's figures."""
    plain = re.sub(r"[\s\u00a0\u202f'’]", "", written)
    fraction = ""
    if match := re.search(r"[.,](\d{1,2})$", plain):
        fraction, plain = match[1], plain[: match.start()]
    whole = re.sub(r"[.,]", "", plain).lstrip("0") or "0"
    if scale:
        scaled = Decimal(f"{whole}.{fraction or 0}") * _MILLION
        whole, fraction = str(int(scaled)), ""
    if len(whole) > _LONGEST_FIGURE:
        return None
    return f"{whole}.{fraction}" if fraction else whole
