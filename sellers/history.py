"""The kept versions of a record, as what changed from one to the next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Model


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field with its value before and after."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Version:
    """One kept version: when, by whom, and what it changed; the first changed nothing."""

    at: datetime
    by: str
    label: str
    changes: tuple[FieldChange, ...]


def versions_of(record: Any) -> list[Version]:
    """The versions of a tracked record, the latest first. Two queries.

    A model's `STATED_WITH` names, for a field, those without which it is never shown.
    """
    rows = list(record.events.select_related("pgh_context").order_by("pgh_id"))
    people = _people(rows)
    beside = getattr(record, "STATED_WITH", {})
    first = [_version(row, (), people) for row in rows[:1]]
    later = [_version(row, _changes(old, row, beside), people) for old, row in pairwise(rows)]
    return [*first, *later][::-1]


def _version(row: Any, changes: tuple[FieldChange, ...], people: dict[int, str]) -> Version:
    by = people.get(_user_of(row), "the programme")
    return Version(at=row.pgh_created_at, by=by, label=row.pgh_label, changes=changes)


def _user_of(row: Any) -> int:
    metadata = row.pgh_context.metadata if row.pgh_context else {}
    return int(metadata.get("user") or 0)


def _people(rows: list[Any]) -> dict[int, str]:
    users = get_user_model().objects.filter(pk__in={_user_of(row) for row in rows})
    return {user.pk: user.get_full_name() or user.get_username() for user in users}


def _changes(
    old: Model, new: Model, beside: Mapping[str, tuple[str, ...]]
) -> tuple[FieldChange, ...]:
    fields = [f for f in new._meta.concrete_fields if not f.name.startswith("pgh_")]  # noqa: SLF001
    return tuple(
        FieldChange(
            str(f.verbose_name).capitalize(),
            _said(old, f.attname, beside.get(f.name, ())),
            _said(new, f.attname, beside.get(f.name, ())),
        )
        for f in fields
        if f.value_from_object(old) != f.value_from_object(new)
    )


def _said(row: Model, name: str, beside: tuple[str, ...]) -> str:
    """A field's value, with those beside which alone it may be shown."""
    value = str(getattr(row, name))
    stated = ", ".join(str(getattr(row, other)) for other in beside if getattr(row, other))
    return f"{value} ({stated})" if stated and value else value
