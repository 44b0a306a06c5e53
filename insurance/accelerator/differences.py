"""What a certificate says otherwise than the quote that was accepted."""

from dataclasses import dataclass
from typing import Any

from insurance.models import Certificate, Quote
from sellers.money import display_amount


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was quoted; `is_worse` for the seller's protection."""

    what: str
    quoted: str
    certified: str
    is_worse: bool


_AMOUNTS = (
    ("Limit each occurrence", "each_occurrence_minor"),
    ("Aggregate limit", "aggregate_minor"),
    ("Deductible", "deductible_minor"),
)
_WORDS = (("Insurer", "insurer"), ("Kind", "kind"), ("Basis", "basis"))


def differences_of(quote: Quote, certificate: Certificate) -> list[Difference]:
    """Everything in which a certificate, as it was checked, departs from the accepted quote."""
    facts = certificate.checked_facts
    found = [_amount(what, name, quote, facts) for what, name in _AMOUNTS]
    found += [_words(what, name, quote, facts) for what, name in _WORDS]
    return [one for one in found if one is not None]


def _amount(what: str, name: str, quote: Quote, facts: dict[str, Any]) -> Difference | None:
    quoted, certified = getattr(quote, name), facts.get(name)
    if certified == quoted:
        return None
    currency = quote.application.marketplace.currency
    was = display_amount(quoted, currency=currency)
    if certified is None:
        return Difference(what, was, "not stated", is_worse=True)
    # A higher deductible is worse, a lower limit is.
    is_worse = certified > quoted if name == "deductible_minor" else certified < quoted
    return Difference(what, was, display_amount(certified, currency=currency), is_worse)


def _words(what: str, name: str, quote: Quote, facts: dict[str, Any]) -> Difference | None:
    quoted, certified = str(getattr(quote, name)), str(facts.get(name, ""))
    if certified.casefold() == quoted.casefold():
        return None
    return Difference(what, _readable(quoted), _readable(certified), is_worse=False)


def _readable(text: str) -> str:
    return text.replace("_", " ").capitalize() if text.isupper() else text or "not stated"
