"""A seller's answers in words, for the seller, for operations, and for a provider: what it shared.

One list of labels serves all three, so nobody reads another question than was answered.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final

from insurance.dates import date_text
from insurance.models import QuoteApplication
from sellers.money import display_amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a seller tells all providers at once; money in minor units of the market's currency."""

    legal_entity: str
    country: str
    years_trading: int
    annual_sales_minor: int
    categories: list[str]
    products: str
    countries_of_manufacture: list[str]
    each_occurrence_minor: int
    aggregate_minor: int
    deductible_minor: int
    losses: int
    starts_on: date
    losses_minor: int = 0
    loss_history: str = ""
    contact_name: str = ""
    contact_email: str = ""
    shares: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer with its question, and whether providers see it."""

    name: str
    label: str
    value: str
    is_shared: bool


LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "legal_entity": "Legal entity",
        "country": "Country of the entity",
        "years_trading": "Years of trading",
        "annual_sales_minor": "Annual sales in this market",
        "categories": "Categories",
        "products": "Products",
        "countries_of_manufacture": "Made in",
        "each_occurrence_minor": "Limit each occurrence",
        "aggregate_minor": "Aggregate limit",
        "deductible_minor": "Highest deductible",
        "losses": "Claims in the last five years",
        "losses_minor": "Paid for those claims",
        "loss_history": "What happened in those claims",
        "starts_on": "Cover begins",
        "contact_name": "Contact",
        "contact_email": "Contact's e-mail",
    }
)
# Shown only where the seller ticked it; everything else is needed for a quote.
MAY_BE_SHARED: Final = ("loss_history", "contact_name", "contact_email")
ALWAYS_SHARED: Final = tuple(name for name in LABELS if name not in MAY_BE_SHARED)


def answer_lines(application: QuoteApplication) -> list[AnswerLine]:
    """Every answer, in the order of the form."""
    return list(_lines(application))


def shared_lines(application: QuoteApplication) -> list[AnswerLine]:
    """What a provider sees: the answers that the seller agreed to share, and no other."""
    return [line for line in _lines(application) if line.is_shared]


def _lines(application: QuoteApplication) -> Iterator[AnswerLine]:
    shared = set(application.shared)
    for name, label in LABELS.items():
        text = _VALUES.get(name, _plain)(application, name)
        yield AnswerLine(name, label, text or "Not given", name in shared)


def _plain(application: QuoteApplication, name: str) -> str:
    return str(getattr(application, name))


def _money(application: QuoteApplication, name: str) -> str:
    return display_amount(getattr(application, name), currency=application.marketplace.currency)


def _list(application: QuoteApplication, name: str) -> str:
    return ", ".join(getattr(application, name))


def _date(application: QuoteApplication, name: str) -> str:
    return date_text(getattr(application, name))


_VALUES: Mapping[str, Callable[[QuoteApplication, str], str]] = MappingProxyType(
    {name: _money for name in LABELS if name.endswith("_minor")}
    | {"categories": _list, "countries_of_manufacture": _list, "starts_on": _date}
)
