"""Letters about insurance in words: a template a kind, the facts, the reader's own clock."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from insurance.accelerator.links import link_of
from insurance.letter_forms import FORMS
from insurance.models import InsuranceLetter
from insurance.models.letter import LetterReader
from sellers.money import display_amount
from sellers.post.forms import form_of
from sellers.post.text import local_moment, long_date, one_line, render_letter

# Everything that the words of a letter read: no query per letter.
READS = ("seller", "provider", "marketplace")


def render(letter: InsuranceLetter) -> tuple[str, str]:
    """Subject (one line) and body of a letter: as it left, or as it would leave now.

    Raises:
        LetterNotPossible: its kind is not known, or a fact is missing.
    """
    if letter.body:
        return letter.subject, letter.body
    form_of(letter.kind, forms=FORMS, recipient=letter.recipient, facts=letter.facts)
    template = f"insurance_letters/{letter.kind.lower()}.txt"
    return render_letter(template, _words(letter), is_made_up=is_made_up(letter))


def is_made_up(letter: InsuranceLetter) -> bool:
    """Whether it is to or about somebody of the demo's data: then it may not leave for real."""
    parties = (letter.seller, letter.provider)
    return any(party.is_made_up for party in parties if party is not None)


def _words(letter: InsuranceLetter) -> dict[str, Any]:
    words: dict[str, Any] = {
        "reader": _reader_name(letter),
        "seller": one_line(letter.seller.legal_name) if letter.seller else "",
        "market": letter.marketplace.name if letter.marketplace else "",
        "site_url": settings.SITE_URL.rstrip("/"),
    }
    for name, value in letter.facts.items():
        words |= _fact_words(letter, name, value)
    if "invitation_id" in letter.facts:
        # A provider's link is in no row: it is made as its letter leaves.
        number = letter.facts["link_number"]
        words["link"] = link_of(letter.facts["invitation_id"], link_number=number)
    return words


def _reader_name(letter: InsuranceLetter) -> str:
    is_provider = letter.recipient == LetterReader.PROVIDER
    party = letter.provider if is_provider else letter.seller
    return one_line(party.legal_name) if party else ""


def _fact_words(letter: InsuranceLetter, name: str, value: Any) -> dict[str, Any]:
    """A fact as it is, and beside it what a template shows of a date, moment or amount."""
    stem, _, ending = name.rpartition("_")
    if value in (None, "") or ending not in _READERS:
        return {name: value}
    return {name: value, stem: _READERS[ending](letter, value)}


def _amount(letter: InsuranceLetter, minor: int) -> str:
    if letter.marketplace is None:
        raise ValueError("An amount needs a marketplace, whose currency it is in.")
    return display_amount(minor, currency=letter.marketplace.currency)


def _moment(letter: InsuranceLetter, text: str) -> str:
    zone = ZoneInfo("UTC")
    if letter.recipient == LetterReader.SELLER and letter.seller:
        zone = letter.seller.zone
    elif letter.marketplace:
        zone = letter.marketplace.zone
    return local_moment(datetime.fromisoformat(text).astimezone(UTC), zone)


_READERS: dict[str, Callable[[InsuranceLetter, Any], str]] = {
    "on": lambda _, text: long_date(date.fromisoformat(text)),
    "at": _moment,
    "minor": _amount,
}
