"""The whole form of a certificate: what holds for all of it, and one section per policy.

Sections are named by the hidden inputs `section`: `p2` is the third policy that was read, `n1`
one that the seller added. What was typed is kept as it was typed, and read again when it is sent.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.forms import BoundField, Form
from django.http import QueryDict

from insurance.certificates.confirming import MOST_POLICIES, ConfirmedPolicy
from insurance.models import CertificateFile
from insurance.models.policy import PolicyKind
from insurance.portal.forms import PolicyForm, WholeForm
from insurance.terms import RequirementTerms

WHOLE = "whole"
_SECTION = re.compile(r"[pn][0-9]{1,2}")


class Section(NamedTuple):
    """One policy of the form: its name, what the heading says, and its fields."""

    name: str
    heading: str
    form: PolicyForm


class LeftOut(NamedTuple):
    """A policy that was read and is not in the form: its section's name, and what it is."""

    name: str
    label: str
    counts: bool


class FormError(NamedTuple):
    """One mistake: where it is, and what to do."""

    target: str
    message: str


class Entry:
    """What a seller says of one certificate: as suggested, or as typed."""

    def __init__(
        self, file: CertificateFile, terms: RequirementTerms, typed: QueryDict | None = None
    ) -> None:
        self.file = file
        self.terms = terms
        self.typed = typed
        self.errors: list[FormError] = []
        self._read: list[dict[str, Any]] = (file.suggested or {}).get("policies", [])
        names = _section_names(typed) if typed is not None else self._first_sections()
        self.whole = self._whole_form()
        self.sections = [
            Section(name, f"Policy {number}", self._policy_form(name))
            for number, name in enumerate(names, start=1)
        ]

    def _first_sections(self) -> list[str]:
        """The policies that can count; all, when none can; an empty one, when none was read."""
        counting = [f"p{place}" for place, one in enumerate(self._read) if one["counts"]]
        every = [f"p{place}" for place in range(len(self._read))]
        return (counting or every or ["n0"])[:MOST_POLICIES]

    def _read_of(self, name: str) -> dict[str, Any]:
        place = int(name[1:])
        return self._read[place] if name[0] == "p" and place < len(self._read) else {}

    def _whole_form(self) -> WholeForm:
        suggested = (self.file.suggested or {}).get("whole", {})
        form = WholeForm(prefix=WHOLE)
        form.initial = (
            form.initial_of(suggested) if self.typed is None else _as_typed(form, self.typed)
        )
        form.suggest(suggested)
        return form

    def _policy_form(self, name: str) -> PolicyForm:
        read = self._read_of(name)
        form = PolicyForm(prefix=name, terms=self.terms, read=read)
        form.initial = (
            form.initial_of(read.get("fields", {}))
            if self.typed is None
            else _as_typed(form, self.typed)
        )
        return form

    @property
    def forms(self) -> list[WholeForm | PolicyForm]:
        """Every form of it, from the top of the page down."""
        return [self.whole, *(section.form for section in self.sections)]

    @property
    def left_out(self) -> list[LeftOut]:
        """The policies that were read and are not in the form."""
        there = {section.name for section in self.sections}
        return [
            LeftOut(f"p{place}", _kind_words(one), one["counts"])
            for place, one in enumerate(self._read)
            if f"p{place}" not in there
        ]

    @property
    def may_grow(self) -> bool:
        """Whether another policy may be added."""
        return len(self.sections) < MOST_POLICIES

    def is_valid(self) -> bool:
        """Whether everything can be sent; otherwise `errors` has every mistake."""
        for form in self.forms:
            form.data, form.is_bound = self.typed or QueryDict(), True
            form.full_clean()
        self.errors = [error for form in self.forms for error in _errors_of(form)]
        self.errors += self._doubles()
        return not self.errors

    def _doubles(self) -> Iterator[FormError]:
        seen = set()
        for section in self.sections:
            typed = section.form.cleaned_data
            key = (typed.get("number"), typed.get("effective_on"))
            if key in seen:
                yield FormError(
                    f"id_{section.name}-number",
                    f"{section.heading}: this number and start stand in another policy above",
                )
            seen.add(key)

    def confirmed(self) -> list[ConfirmedPolicy]:
        """What the seller says of each policy; after `is_valid`."""
        whole = self.whole.cleaned_data
        return [
            ConfirmedPolicy(
                named_insured=whole["named_insured"],
                cancellation_notice_days=whole["cancellation_notice_days"],
                is_signed=whole["is_signed"] == "yes",
                **section.form.policy_values(),
            )
            for section in self.sections
        ]

    def rearranged(self, *, add: str = "", remove: str = "") -> "Entry":
        """The same form with a section more or less; what was typed stays."""
        typed = (self.typed or QueryDict()).copy()
        names = [section.name for section in self.sections if section.name != remove]
        if add and self.may_grow:
            names.append(add if _SECTION.fullmatch(add) and add not in names else _new_name(names))
        typed.setlist("section", names)
        for field, one in self._read_of(names[-1]).get("fields", {}).items() if add else ():
            typed.setlist(f"{names[-1]}-{field}", _listed(one["value"]))
        return Entry(self.file, self.terms, typed)


def draft_of(typed: QueryDict) -> dict[str, list[Any]]:
    """What was typed, to be kept until it is sent."""
    beside = {"csrfmiddlewaretoken", "add", "remove"}
    return {name: values for name, values in typed.lists() if name not in beside}


def typed_from(draft: Mapping[str, list[Any]]) -> QueryDict:
    """What was kept, as it was typed."""
    typed = QueryDict(mutable=True)
    for name, values in draft.items():
        typed.setlist(name, values)
    return typed


def _section_names(typed: QueryDict) -> list[str]:
    names = dict.fromkeys(n for n in typed.getlist("section") if _SECTION.fullmatch(str(n)))
    return list(names)[:MOST_POLICIES]


def _new_name(names: list[str]) -> str:
    taken = [int(name[1:]) for name in names if name[0] == "n"]
    return f"n{max(taken, default=-1) + 1}"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _as_typed(form: Form, typed: QueryDict) -> dict[str, Any]:
    return {
        name: field.widget.value_from_datadict(typed, {}, form.add_prefix(name))
        for name, field in form.fields.items()
    }


def _kind_words(read: Mapping[str, Any]) -> str:
    fields = read.get("fields", {})
    kind = read.get("kind", "")
    known = dict(PolicyKind.choices)
    number = fields.get("number", {}).get("value", "")
    words = str(known.get(kind, kind.replace("_", " ").capitalize()))
    return f"{words}, {number}" if number else words


def _errors_of(form: Form) -> Iterator[FormError]:
    for field in form:
        for message in field.errors:
            yield FormError(first_id(field), str(message))
    for message in form.non_field_errors():
        yield FormError("", str(message))


def first_id(field: BoundField) -> str:
    """The id of a field's first control, where a link to it leads."""
    return f"{field.auto_id}_0" if field.use_fieldset else str(field.auto_id)
