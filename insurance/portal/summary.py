"""What will be sent, as we understood it: every field in words, with the way back to change it."""

from dataclasses import asdict
from typing import Any, NamedTuple

from insurance.certificates.confirming import ConfirmedPolicy
from insurance.certificates.fields import LABELS, in_words, values_of
from insurance.portal.entry import Entry, first_id
from insurance.portal.forms import PolicyForm, WholeForm


class Line(NamedTuple):
    """One field: its label, its value in words, and the control that changes it."""

    label: str
    words: str
    target: str


class Part(NamedTuple):
    """The certificate as a whole, or one policy on it."""

    heading: str
    lines: list[Line]


def summary_of(entry: Entry) -> list[Part]:
    """Everything that an entry says; after `Entry.is_valid`."""
    confirmed = entry.confirmed()
    currency = entry.terms.currency
    parts = [Part("The certificate", _lines(entry.whole, confirmed[0], currency))]
    for section, policy in zip(entry.sections, confirmed, strict=True):
        parts.append(Part(section.heading, _lines(section.form, policy, currency)))
    return parts


def _lines(form: WholeForm | PolicyForm, policy: ConfirmedPolicy, currency: str) -> list[Line]:
    values = values_of(_as_facts(policy), currency=currency)
    return [
        Line(LABELS[name], _words(name, values[name], policy, currency), _target(form, name))
        for name in LABELS
        if name in form.fields
    ]


def _as_facts(policy: ConfirmedPolicy) -> dict[str, Any]:
    days = {
        name: day and day.isoformat()
        for name, day in (("effective_on", policy.effective_on), ("expires_on", policy.expires_on))
    }
    return asdict(policy) | days | {"signed": policy.is_signed}


def _words(name: str, value: Any, policy: ConfirmedPolicy, currency: str) -> str:
    if name in {"effective_on", "expires_on"} and not value and policy.dates_text:
        return f"Cannot be told from “{policy.dates_text}”"
    return in_words(name, value, currency=currency)


def _target(form: WholeForm | PolicyForm, name: str) -> str:
    choice = f"{name}_choice"
    return first_id(form[choice if choice in form.fields else name])
