"""Dates on certificates: months in three languages, and what proves the order of day and month.

`insurance.dates` decides what a date can mean; an ambiguous one is asked about, even when other
dates of the same certificate prove their order (rules §4, check 10).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from insurance.dates import AmbiguousDate, read_date
from insurance.reading.facts import DateRead

_ENGLISH: Final = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_GERMAN: Final = (
    *("januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september"),
    *("oktober", "november", "dezember"),
)
_FRENCH: Final = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre"),
    *("octobre", "novembre", "décembre"),
)
_IN_ENGLISH: Final = {
    name: english
    for names in (_GERMAN, _FRENCH)
    for name, english in zip(names, _ENGLISH, strict=True)
}
_MONTH: Final = "|".join(
    sorted(
        {*_ENGLISH, *_GERMAN, *_FRENCH, *(name[:3] for name in _ENGLISH), "sept"},
        key=len,
        reverse=True,
    )
)
_DATE: Final = re.compile(
    r"\b\d{4}([-/.])\d{1,2}\1\d{1,2}\b"
    r"|\b\d{1,2}([-/.])\d{1,2}\2(?:\d{4}|\d{2})\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th|er|\.)?[-\s]+(?:of\s+)?(?:{_MONTH})\b\.?[-,\s]+\d{{4}}\b"
    rf"|\b(?:{_MONTH})\b\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}\b"
    r"|\d{4}年\d{1,2}月\d{1,2}日",
    re.IGNORECASE,
)
_NUMBERS: Final = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.]\d{2,4}")
_MONTHS_IN_YEAR: Final = 12
_MOST_DATES: Final = 200


@dataclass(frozen=True, slots=True)
class DateFound:
    """A date's words, its one meaning if it has one, and else the days it can mean."""

    read: DateRead
    candidates: tuple[date, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether the seller has to be asked."""
        return self.read.on is None


def date_words(text: str) -> list[str]:
    """Everything in a text that is written as a date, in order."""
    return [match[0] for match in _DATE.finditer(text)][:_MOST_DATES]


def find_date(words: str) -> DateFound:
    """What the words of one date can mean."""
    found = read_date(_plain(words))
    if isinstance(found, AmbiguousDate):
        return DateFound(DateRead(None, words.strip()), found.readings)
    return DateFound(DateRead(found, words.strip()))


def order_note(text: str, *, asked: Iterable[str]) -> str:
    """What a certificate's other dates and headings prove of the order, in words; often nothing."""
    others = [words for words in date_words(text) if words not in set(asked)]
    proofs = {order: words for words in reversed(others) if (order := _order(words))}
    if "MM/DD/YYYY" in text.upper():
        proofs.setdefault("month", "the heading MM/DD/YYYY")
    if "DD/MM/YYYY" in text.upper():
        proofs.setdefault("day", "the heading DD/MM/YYYY")
    if len(proofs) != 1:
        return ""
    ((first, words),) = proofs.items()
    return f"Elsewhere on this certificate the {first} comes first: {words}."


def _order(words: str) -> str:
    """Which comes first, where only one order gives a day; else nothing."""
    match = _NUMBERS.fullmatch(words)
    if match is None:
        return ""
    first, second = int(match[1]), int(match[2])
    if first > _MONTHS_IN_YEAR >= second:
        return "day"
    return "month" if second > _MONTHS_IN_YEAR >= first else ""


def _plain(words: str) -> str:
    """A date with its month in English and its day as a bare number."""
    plain = " ".join(words.lower().split())
    plain = re.sub(r"^(\d{1,2})(?:er|\.) (?=\D)", r"\1 ", plain)
    return re.sub(r"[^\W\d]+", lambda match: _IN_ENGLISH.get(match[0], match[0]), plain)
