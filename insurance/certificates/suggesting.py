"""What was read from a file, as the suggestions that its seller is shown: plain values to keep.

A suggestion is `{"value": …, "text": …}`: what the form's field is filled with, and the words of
the certificate it came from. What is unclear has an empty value, and its words beside it. Pure.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from insurance.dates import date_text
from insurance.models.policy import PolicyKind
from insurance.reading.facts import (
    Amount,
    DateField,
    DateRead,
    Found,
    PolicySuggestion,
    Question,
    Reading,
)
from insurance.terms import RequirementTerms
from sellers.money import to_decimal_string

type Suggestion = dict[str, Any]

# How the marketplace may stand on a certificate: check 4 tells these two apart.
INSURED, HOLDER, NOWHERE = "INSURED", "HOLDER", "NOWHERE"
YES, NO = "yes", "no"
_LONGEST_WORDS: Final = 300
_LONGEST_CONTEXT: Final = 3_000
_DATES: Final = {DateField.EFFECTIVE: "effective_on", DateField.EXPIRES: "expires_on"}


def suggestions_of(reading: Reading, *, terms: RequirementTerms) -> dict[str, Any]:
    """What a file says, as suggestions for the form of one marketplace."""
    policies = [
        _policy(one, reading, position, terms=terms)
        for position, one in enumerate(reading.policies)
    ]
    return {
        "is_scan": reading.is_scan,
        "page_count": reading.page_count,
        "whole": _filled(
            named_insured=_found(reading.named_insured),
            cancellation_notice_days=_found(_first_notice(reading.policies)),
            is_signed=_yes_or_no(reading.signed),
        ),
        "context": {
            name: _clean(text, most=_LONGEST_CONTEXT)
            for name, text in (
                ("description", reading.description),
                ("certificate_holder", reading.certificate_holder),
                ("producer", reading.producer),
            )
            if text
        },
        "policies": policies,
    }


def _policy(
    one: PolicySuggestion, reading: Reading, position: int, *, terms: RequirementTerms
) -> dict[str, Any]:
    kind = one.kind.value if one.kind else None
    return {
        "letter": one.insurer_letter or "",
        "kind": kind or "",
        "counts": kind is None or kind in terms.accepted_kinds,
        "fields": _filled(
            insurer=_found(one.insurer),
            number=_found(one.number),
            rating=_found(one.rating),
            kind=_kind(one.kind),
            basis=_found(one.basis),
            tail_years=_found(one.tail_years),
            each_occurrence=_amounts([one.each_occurrence], terms.currency),
            aggregate=_amounts([one.aggregate, one.products_aggregate], terms.currency),
            deductible=_amounts([one.deductible], terms.currency),
            products_completed_operations=_found(one.products_included),
            bodily_injury=_found(one.bodily_injury),
            naming=_naming(one, reading, terms),
            additional_insured=_found(one.additional_insured),
            effective_on=_date(one.effective),
            expires_on=_date(one.expires),
            territory=_territory(one.territory),
            products=_products(one.products),
        ),
        "questions": _questions(reading.questions, position),
    }


def _filled(**suggestions: Suggestion | None) -> dict[str, Suggestion]:
    return {name: one for name, one in suggestions.items() if one is not None}


def _found(found: Found[Any] | None) -> Suggestion | None:
    if found is None:
        return None
    if isinstance(found.value, bool):
        return _suggestion(YES if found.value else NO, found.text)
    return _suggestion(_clean(str(found.value)), found.text)


def _yes_or_no(signed: bool | None) -> Suggestion | None:  # noqa: FBT001 - a value, not a switch
    if signed is None:
        return None
    return _suggestion(YES if signed else NO, "signature found" if signed else "no signature found")


def _kind(found: Found[str] | None) -> Suggestion | None:
    if found is None:
        return None
    known = found.value if found.value in PolicyKind.values else PolicyKind.OTHER.value
    return _suggestion(known, found.text)


def _amounts(amounts: Iterable[Amount | None], currency: str) -> Suggestion | None:
    """The lowest of the limits of one sort: all of them must be high enough."""
    there = [amount for amount in amounts if amount is not None]
    if not there:
        return None
    minors = [amount.minor(currency=currency) for amount in there]
    text = "; ".join(dict.fromkeys(amount.text for amount in there))
    if None in minors:
        return _suggestion("", text)
    lowest = min(minor for minor in minors if minor is not None)
    return _suggestion(figure(lowest, currency), text)


def figure(minor: int, currency: str) -> str:
    """An amount as a person types it: no separators, and no cents where there are none."""
    whole, _, cents = to_decimal_string(minor, currency=currency).partition(".")
    return f"{whole}.{cents}" if cents.strip("0") else whole


def _naming(one: PolicySuggestion, reading: Reading, terms: RequirementTerms) -> Suggestion | None:
    """How the marketplace stands there: being certificate holder only is no additional insured."""
    marked = one.additional_insured_marked
    if one.additional_insured or (marked and marked.value):
        return _suggestion(INSURED, (one.additional_insured or marked or Found("", "")).text)
    holder = reading.certificate_holder or ""
    if _plain(terms.additional_insured_wording).split(" and its ")[0] in _plain(holder):
        return _suggestion(HOLDER, "named in the box of the certificate holder")
    return _suggestion(NOWHERE, marked.text) if marked else None


def _date(read: DateRead | None) -> Suggestion | None:
    if read is None:
        return None
    return _suggestion(date_text(read.on) if read.on else "", read.text)


def _territory(found: Found[frozenset[str]] | None) -> Suggestion | None:
    return None if found is None else _suggestion(sorted(found.value), found.text)


def _products(found: Found[tuple[str, ...]] | None) -> Suggestion | None:
    if found is None:
        return None
    return _suggestion("\n".join(_clean(name) for name in found.value), found.text)


def _first_notice(policies: Iterable[PolicySuggestion]) -> Found[int] | None:
    found = (one.cancellation_notice_days for one in policies)
    return next((days for days in found if days is not None), None)


def _questions(questions: Iterable[Question], position: int) -> Mapping[str, Suggestion]:
    return {
        _DATES[one.field]: {
            "text": _clean(one.text),
            "candidates": [_iso(day) for day in one.candidates],
            "note": _clean(one.note),
        }
        for one in questions
        if one.policy == position
    }


def _iso(day: date) -> str:
    return day.isoformat()


def _suggestion(value: str | list[str], text: str) -> Suggestion:
    return {"value": value, "text": _clean(text)}


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _clean(text: str, *, most: int = _LONGEST_WORDS) -> str:
    """Words of a stranger's file as a database keeps them: no NUL, no halves of characters."""
    whole = text.replace("\x00", "").encode("utf-8", "replace").decode()
    return whole if len(whole) <= most else f"{whole[: most - 1]}…"
