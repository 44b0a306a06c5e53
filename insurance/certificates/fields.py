"""What a certificate states, field by field: its name, and a value in words for a person.

Values are as forms carry them: figures without separators, dates in words, yes or no.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from insurance.certificates.suggesting import HOLDER, INSURED, NO, NOWHERE, YES, figure
from insurance.dates import date_text
from insurance.models.policy import PolicyBasis, PolicyKind
from sellers.markets import MARKETS
from sellers.money import AmountNotUnderstood, display_amount, parse_amount

LABELS: Mapping[str, str] = MappingProxyType(
    {
        "named_insured": "Named insured",
        "insurer": "Insurer",
        "number": "Policy number",
        "rating": "Insurer’s rating",
        "kind": "Kind of policy",
        "basis": "Basis",
        "tail_years": "Years of tail",
        "effective_on": "Policy begins",
        "expires_on": "Policy ends",
        "each_occurrence": "Each-occurrence limit",
        "aggregate": "Aggregate limit",
        "deductible": "Deductible",
        "products_completed_operations": "Products and completed operations",
        "bodily_injury": "Bodily injury",
        "naming": "The marketplace is",
        "additional_insured": "Additional insured, word by word",
        "territory": "Territory",
        "products": "Products covered",
        "cancellation_notice_days": "Days’ notice of cancellation",
        "is_signed": "Signed",
    }
)
AMOUNTS = ("each_occurrence", "aggregate", "deductible")
DATES = ("effective_on", "expires_on")
NAMING_WORDS: Mapping[str, str] = MappingProxyType(
    {
        INSURED: "additional insured",
        HOLDER: "certificate holder only",
        NOWHERE: "not named",
    }
)
NOT_STATED = "Not stated"
_YES_NO = MappingProxyType({YES: "Yes", NO: "No"})
_CODES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "kind": dict(PolicyKind.choices),
        "basis": dict(PolicyBasis.choices),
        "naming": NAMING_WORDS,
        "products_completed_operations": _YES_NO,
        "bodily_injury": _YES_NO,
        "is_signed": _YES_NO,
    }
)


def place_words(code: str) -> str:
    """A territory in words: a marketplace, the European Union, or the world."""
    if code in MARKETS:
        return MARKETS[code].name
    return {"EU": "European Union", "WORLDWIDE": "Worldwide"}.get(code, code)


def in_words(name: str, value: Any, *, currency: str) -> str:
    """A field's value for a person; `Not stated` where there is none."""
    if name == "products":
        return str(value).replace("\n", ", ") or "All"
    if value in (None, "", []):
        return NOT_STATED
    if name == "territory":
        return ", ".join(place_words(code) for code in value)
    if name in AMOUNTS:
        return _amount(str(value), currency)
    return _CODES.get(name, {}).get(str(value), str(value))


def _amount(typed: str, currency: str) -> str:
    try:
        return display_amount(parse_amount(typed, currency=currency), currency=currency)
    except AmountNotUnderstood:
        return typed


def values_of(facts: Mapping[str, Any], *, currency: str) -> dict[str, Any]:
    """What was checked (`Certificate.checked_facts`), as forms carry it."""
    values = {name: facts.get(name) for name in LABELS if name in facts}
    values |= {name: _figure(facts.get(f"{name}_minor"), currency) for name in AMOUNTS}
    values |= {name: _day(facts.get(name)) for name in DATES}
    values["is_signed"] = facts.get("signed")
    values["naming"] = _naming(facts)
    values["tail_years"] = facts.get("tail_years") or ""
    values["products"] = "\n".join(facts.get("products") or ())
    return {name: _plain(values.get(name)) for name in LABELS}


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return YES if value else NO
    if value is None or isinstance(value, list):
        return value or ""
    return str(value)


def _figure(minor: int | None, currency: str) -> str:
    return "" if minor is None else figure(minor, currency)


def _day(iso: str | None) -> str:
    return date_text(date.fromisoformat(iso)) if iso else ""


def _naming(facts: Mapping[str, Any]) -> str:
    if facts.get("certificate_holder_only"):
        return HOLDER
    return INSURED if facts.get("additional_insured") else NOWHERE
