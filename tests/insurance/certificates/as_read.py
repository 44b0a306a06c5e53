"""From what was read to the facts that the checks judge, when nobody corrected anything."""

from datetime import date

from insurance.policy_facts import PolicyFacts
from insurance.reading.facts import Amount, DateRead, Found, PolicySuggestion, Reading
from insurance.reading.sheet import name_in
from insurance.terms import RequirementTerms

# How many of the wording's first words tell the marketplace from anybody else.
_WORDS_OF_A_NAME = 2


def facts_as_read(
    suggestion: PolicySuggestion, *, reading: Reading, terms: RequirementTerms
) -> PolicyFacts:
    """The facts of one policy as read, for a market's terms; what was not read counts as absent.

    A date that has to be asked is left out, and its words are in `dates_text`. The aggregate is
    the lower of the general one and that for products: it is what a loss by a product can use.
    An amount in another currency than the market's counts as not stated.
    """
    named = _additional_insured(suggestion, reading)
    currency = terms.currency
    return PolicyFacts(
        number=_value(suggestion.number),
        insurer=_value(suggestion.insurer),
        rating=_value(suggestion.rating),
        kind=_value(suggestion.kind),
        basis=_value(suggestion.basis),
        tail_years=0 if suggestion.tail_years is None else suggestion.tail_years.value,
        each_occurrence_minor=_minor(suggestion.each_occurrence, currency),
        aggregate_minor=_aggregate(suggestion, currency),
        products_completed_operations=_is_stated(suggestion.products_included),
        bodily_injury=_is_stated(suggestion.bodily_injury),
        deductible_minor=_minor(suggestion.deductible, currency),
        additional_insured=named,
        certificate_holder_only=not named and _is_marketplace(reading, terms),
        named_insured=_value(reading.named_insured),
        territory=frozenset() if suggestion.territory is None else suggestion.territory.value,
        cancellation_notice_days=_days(suggestion),
        signed=bool(reading.signed),
        complete=suggestion.number is not None and suggestion.insurer is not None,
        effective_on=_day(suggestion.effective),
        expires_on=_day(suggestion.expires),
        dates_text=_open_dates(suggestion),
        products=_products(suggestion),
        file_kind=None if reading.kind is None else reading.kind.lower(),
    )


def _additional_insured(suggestion: PolicySuggestion, reading: Reading) -> str:
    """The name in the description; or the certificate holder's, where the column says so."""
    if suggestion.additional_insured is not None:
        return suggestion.additional_insured.value
    if not _is_stated(suggestion.additional_insured_marked):
        return ""
    return name_in(tuple((reading.certificate_holder or "").splitlines())) or ""


def _is_marketplace(reading: Reading, terms: RequirementTerms) -> bool:
    """Whether the certificate holder is the marketplace, by the first words of its wording."""
    name = " ".join(terms.additional_insured_wording.split()[:_WORDS_OF_A_NAME]).casefold()
    holder = " ".join((reading.certificate_holder or "").split()).casefold()
    return name in holder


def _value(found: Found[str] | None) -> str:
    return "" if found is None else found.value


def _is_stated(found: Found[bool] | None) -> bool:
    return found is not None and found.value


def _minor(amount: Amount | None, currency: str) -> int | None:
    return None if amount is None else amount.minor(currency=currency)


def _aggregate(suggestion: PolicySuggestion, currency: str) -> int | None:
    general = _minor(suggestion.aggregate, currency)
    products = _minor(suggestion.products_aggregate, currency)
    return general if not products or general is None else min(general, products)


def _days(suggestion: PolicySuggestion) -> int | None:
    found = suggestion.cancellation_notice_days
    return None if found is None else found.value


def _day(read: DateRead | None) -> date | None:
    return None if read is None else read.on


def _open_dates(suggestion: PolicySuggestion) -> str:
    read = (suggestion.effective, suggestion.expires)
    return ", ".join(day.text for day in read if day is not None and day.on is None)


def _products(suggestion: PolicySuggestion) -> frozenset[str] | None:
    found = suggestion.products
    return None if found is None else frozenset(name.casefold() for name in found.value)
