"""What a certificate says, whom it must name, and what can be wrong with it.

Source: programme rules §4, checks 1 to 10. Plain facts that `checks`, `compliance` and `coverage`
judge; `insurance.models` builds them from rows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from insurance.terms import RequirementTerms
from sellers.markets import MARKETS
from sellers.money import format_amount


class DefectCode(StrEnum):
    """What can be wrong with a certificate, in the order in which a seller is told."""

    KIND = "KIND"
    BASIS = "BASIS"
    EACH_OCCURRENCE = "EACH_OCCURRENCE"
    AGGREGATE = "AGGREGATE"
    PRODUCTS_COMPLETED_OPERATIONS = "PRODUCTS_COMPLETED_OPERATIONS"
    DEDUCTIBLE = "DEDUCTIBLE"
    ADDITIONAL_INSURED = "ADDITIONAL_INSURED"
    CERTIFICATE_HOLDER_ONLY = "CERTIFICATE_HOLDER_ONLY"
    NAMED_INSURED = "NAMED_INSURED"
    INSURER_RATING = "INSURER_RATING"
    TERRITORY = "TERRITORY"
    CANCELLATION_NOTICE = "CANCELLATION_NOTICE"
    REMAINING_VALIDITY = "REMAINING_VALIDITY"
    SIGNATURE = "SIGNATURE"
    DATES = "DATES"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFacts:
    """What a certificate says of one policy. Money is in minor units; None is *not stated*.

    `territory` holds market codes, `EU` or `WORLDWIDE`. `dates_text` holds the raw text when a
    date on the certificate is ambiguous, else nothing. `products` are the categories or products
    covered, None for all. `file_kind` is None when no file was sent (typed in, imported).
    """

    number: str
    insurer: str
    rating: str = "A-"
    kind: str = "COMMERCIAL_GENERAL"
    basis: str = "OCCURRENCE"
    tail_years: int = 0
    each_occurrence_minor: int | None
    aggregate_minor: int | None
    products_completed_operations: bool = True
    bodily_injury: bool = True
    deductible_minor: int | None
    additional_insured: str
    certificate_holder_only: bool = False
    named_insured: str
    territory: frozenset[str]
    cancellation_notice_days: int | None = 30
    signed: bool = True
    complete: bool = True
    effective_on: date | None
    expires_on: date | None
    dates_text: str = ""
    products: frozenset[str] | None = None
    file_kind: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InsuredFacts:
    """The seller that the certificate must name, and the categories or products it lists."""

    legal_name: str
    trade_name: str = ""
    single_member_llc: bool = False
    products: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing wrong: what was found, what is needed, and what to write to the broker."""

    code: DefectCode
    found: str
    needed: str
    words_for_broker: str


@dataclass(frozen=True, slots=True)
class Submission:
    """What the checks look at: a certificate, the seller, the terms and the day it came in."""

    policy: PolicyFacts
    insured: InsuredFacts
    terms: RequirementTerms
    submitted_on: date

    def money(self, amount_minor: int | None) -> str:
        """An amount in the market's currency, or `not stated`."""
        if amount_minor is None:
            return "not stated"
        return format_amount(amount_minor, currency=self.terms.currency)


def territory_includes(territory: frozenset[str], *, market: str) -> bool:
    """Whether a policy's territory includes a market (rules §4, check 7)."""
    stated = {place.strip().upper() for place in territory}
    wanted = {market, "WORLDWIDE"}
    if MARKETS[market].region == "EU":
        wanted.add("EU")
    return not stated.isdisjoint(wanted)


def one_of(names: Iterable[str]) -> str:
    """Names as alternatives, in alphabetical order: `DOC, DOCX or PDF`."""
    *others, last = sorted(names)
    return f"{', '.join(others)} or {last}" if others else last
