"""Why a provider fits a seller, or does not: reasons in words. Pure.

Money is in minor units of the market's currency; None is *not stated*. A provider fits when
nothing it states speaks against it: what it does not state, it is asked.
Source: programme rules §5 (market, category, sales, limits) and §4 (what a certificate must have).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from insurance.terms import ACCEPTED_KINDS, ACCEPTED_RATINGS
from sellers.money import display_amount


class Verdict(StrEnum):
    """What one thing that a provider states, or does not state, means for a seller."""

    FITS = "FITS"
    DOES_NOT_FIT = "DOES_NOT_FIT"
    NOT_STATED = "NOT_STATED"


@dataclass(frozen=True, slots=True)
class FitReason:
    """One reason, in words for the seller."""

    verdict: Verdict
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppetiteFacts:
    """What a provider writes in the seller's market."""

    sales_from_minor: int | None = None
    sales_to_minor: int | None = None
    each_occurrence_to_minor: int | None = None
    aggregate_to_minor: int | None = None
    deductible_from_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderFacts:
    """What the directory states of a provider. `appetite` is None: not in this market."""

    is_vetted: bool
    has_quote_contact: bool
    is_broker: bool
    appetite: AppetiteFacts | None
    lines: frozenset[str] = frozenset()
    accepts: frozenset[str] = frozenset()
    refuses: frozenset[str] = frozenset()
    rating: str = ""
    rated_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerNeeds:
    """What a seller sells in a market, and the cover that the market asks of it, on a day."""

    market_name: str
    currency: str
    on: date
    categories: frozenset[str]
    annual_sales_minor: int | None
    each_occurrence_minor: int
    aggregate_minor: int
    deductible_max_minor: int
    rating_good_for_days: int

    def money(self, minor: int) -> str:
        """An amount in the market's currency."""
        return display_amount(minor, currency=self.currency)


@dataclass(frozen=True, slots=True)
class Fit:
    """Every reason for and against, and whether an application can be sent."""

    reasons: tuple[FitReason, ...]
    bar: str

    @property
    def fits(self) -> bool:
        """Whether nothing that the provider states speaks against it."""
        return all(reason.verdict != Verdict.DOES_NOT_FIT for reason in self.reasons)

    @property
    def may_be_asked(self) -> bool:
        """Whether an application may be sent: it fits, is vetted, and can be reached."""
        return self.fits and not self.bar


def fit_of(provider: ProviderFacts, *, needs: SellerNeeds) -> Fit:
    """Judge a provider for a seller, in the order in which a seller reads it."""
    reasons = [
        *_market(provider, needs),
        *_categories(provider, needs),
        *_sales(provider, needs),
        *_limits(provider, needs),
        *_deductible(provider, needs),
        *_lines(provider),
        *_rating(provider, needs),
    ]
    return Fit(tuple(reasons), _bar(provider))


def rating_has_expired(rated_on: date, *, good_for_days: int, on: date) -> bool:
    """Whether a rating is too old to be relied on."""
    return on > rated_on + timedelta(days=good_for_days)


def _bar(provider: ProviderFacts) -> str:
    if not provider.is_vetted:
        return "We have not vetted this provider: it cannot be sent an application."
    if not provider.has_quote_contact:
        return "We have no contact for quotes: it cannot be sent an application."
    return ""


def _yes(words: str) -> FitReason:
    return FitReason(Verdict.FITS, words)


def _no(words: str) -> FitReason:
    return FitReason(Verdict.DOES_NOT_FIT, words)


def _unknown(words: str) -> FitReason:
    return FitReason(Verdict.NOT_STATED, words)


def _market(provider: ProviderFacts, needs: SellerNeeds) -> Iterator[FitReason]:
    if provider.appetite is None:
        yield _no(f"It does not insure in {needs.market_name}.")
    else:
        yield _yes(f"It insures in {needs.market_name}.")


def _categories(provider: ProviderFacts, needs: SellerNeeds) -> Iterator[FitReason]:
    yours = {category.casefold(): category for category in needs.categories}
    refused = _named(yours, provider.refuses)
    if refused:
        yield _no(f"It refuses {refused}, which you sell.")
    elif not provider.accepts:
        yield _unknown("It does not state which categories it accepts.")
    elif outside := ", ".join(sorted(set(yours.values()) - set(_among(yours, provider.accepts)))):
        yield _no(f"It does not list {outside} among the categories that it accepts.")
    elif yours:
        yield _yes("It accepts every category that you sell.")
    else:
        yield _unknown("We do not know which categories you sell.")


def _named(yours: dict[str, str], theirs: frozenset[str]) -> str:
    return ", ".join(_among(yours, theirs))


def _among(yours: dict[str, str], theirs: frozenset[str]) -> list[str]:
    folded = {category.casefold() for category in theirs}
    return sorted(name for key, name in yours.items() if key in folded)


def _sales(provider: ProviderFacts, needs: SellerNeeds) -> Iterator[FitReason]:
    states = provider.appetite
    if states is None:
        return
    lowest, highest, sales = (
        states.sales_from_minor,
        states.sales_to_minor,
        needs.annual_sales_minor,
    )
    if lowest is None and highest is None:
        yield _unknown("It does not state which annual sales it insures.")
    elif sales is None:
        yield _unknown("We do not know your annual sales in this market.")
    elif lowest is not None and sales < lowest:
        yield _no(f"It insures annual sales from {needs.money(lowest)}; yours are lower.")
    elif highest is not None and sales > highest:
        yield _no(f"It insures annual sales up to {needs.money(highest)}; yours are higher.")
    else:
        yield _yes("Your annual sales are within what it insures.")


def _limits(provider: ProviderFacts, needs: SellerNeeds) -> Iterator[FitReason]:
    states = provider.appetite
    if states is None:
        return
    offers = (
        ("each occurrence", states.each_occurrence_to_minor, needs.each_occurrence_minor),
        ("in aggregate", states.aggregate_to_minor, needs.aggregate_minor),
    )
    for name, highest, needed in offers:
        if highest is None:
            yield _unknown(f"It does not state the limit that it offers {name}.")
        elif highest < needed:
            yield _no(
                f"It offers at most {needs.money(highest)} {name}; {needs.money(needed)} is needed."
            )
        else:
            yield _yes(f"It offers the {needs.money(needed)} {name} that is needed.")


def _deductible(provider: ProviderFacts, needs: SellerNeeds) -> Iterator[FitReason]:
    states = provider.appetite
    if states is None:
        return
    lowest = states.deductible_from_minor
    if lowest is None:
        yield _unknown("It does not state its deductibles.")
    elif lowest > needs.deductible_max_minor:
        yield _no(
            f"Its deductible is at least {needs.money(lowest)}; "
            f"at most {needs.money(needs.deductible_max_minor)} is allowed."
        )
    else:
        yield _yes("It offers a deductible that is low enough.")


def _lines(provider: ProviderFacts) -> Iterator[FitReason]:
    if not provider.lines:
        yield _unknown("It does not state which kinds of policy it writes.")
    elif provider.lines & ACCEPTED_KINDS:
        yield _yes("It writes a kind of policy that we accept.")
    else:
        yield _no("It writes no kind of policy that we accept.")


def _rating(provider: ProviderFacts, needs: SellerNeeds) -> Iterator[FitReason]:
    if not provider.rating or provider.rated_on is None:
        words = "A broker has no rating: ask for that of the insurer behind each quote."
        yield _unknown(words if provider.is_broker else "Its rating is not stated.")
        return
    if rating_has_expired(provider.rated_on, good_for_days=needs.rating_good_for_days, on=needs.on):
        yield _unknown("Its rating is too old to rely on: ask for a new one.")
    elif provider.rating in ACCEPTED_RATINGS:
        yield _yes("Its rating is good enough.")
    else:
        yield _no("Its rating is below A-, which a certificate must show.")
