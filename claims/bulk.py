"""Set-based writes: many rows in one statement, each column an array (docs/adr/0005).

PostgreSQL unnests one array per column; a column that is the same in every row goes as one
value. So a sweep writes a thousand claims with the same statements that write one.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Field, Model

Row = Mapping[str, Any]

_LENGTH = re.compile(r"(?<=^varchar)\(\d+\)")


@cache
def _writable_fields(model: type[Model]) -> tuple["Field[Any, Any]", ...]:
    return tuple(f for f in model._meta.concrete_fields if not f.primary_key)  # noqa: SLF001


@cache
def _column_type(field: "Field[Any, Any]") -> str:
    return _LENGTH.sub("", field.db_type(connection) or "text")


def _travels_as_text(field: "Field[Any, Any]") -> bool:
    kind = _column_type(field)
    return kind == "jsonb" or kind.endswith("[]")


def _prepared(field: "Field[Any, Any]", value: Any) -> Any:
    if _travels_as_text(field):
        return json.dumps(value, cls=DjangoJSONEncoder)
    return value


def _cast(field: "Field[Any, Any]", source: str) -> str:
    kind = _column_type(field)
    if kind.endswith("[]"):
        return f"ARRAY(SELECT jsonb_array_elements_text({source}::jsonb))::{kind}"
    return f"{source}::{kind}"


class Columns:
    """The arrays of one statement: parameters, the unnest list, and an expression per column."""

    def __init__(self) -> None:
        self.parameters: list[Any] = []
        self.constants: list[Any] = []
        self.names: list[str] = []
        self.arrays: list[str] = []

    def add_array(self, name: str, kind: str, values: list[Any]) -> str:
        """A column that differs by row; returns its name in the unnested table."""
        self.names.append(f'"{name}"')
        self.arrays.append(f"%s::{kind}[]")
        self.parameters.append(values)
        return f'u."{name}"'

    def add(self, field: "Field[Any, Any]", values: list[Any]) -> str:
        """A model field's column; returns the SQL expression of its value."""
        kind = "text" if _travels_as_text(field) else _column_type(field)
        prepared = [_prepared(field, value) for value in values]
        return _cast(field, self.add_array(str(field.column), kind, prepared))

    @property
    def table(self) -> str:
        """The unnested arrays as a table `u`."""
        return f"unnest({', '.join(self.arrays)}) AS u({', '.join(self.names)})"


def insert_rows(model: type[Model], rows: Sequence[Row]) -> None:
    """Insert rows given as field attname → value; what is missing takes the model's default."""
    if not rows:
        return
    columns = Columns()
    fields = _writable_fields(model)
    expressions = []
    constants: list[Any] = []
    for field in fields:
        values = [r[field.attname] if field.attname in r else field.get_default() for r in rows]
        if field is not fields[0] and len(rows) > 1 and _all_same(values):
            expressions.append(_cast(field, "%s"))
            constants.append(_prepared(field, values[0]))
        else:
            expressions.append(columns.add(field, values))
    names = ", ".join(f'"{field.column}"' for field in fields)
    sql = (
        f'INSERT INTO "{model._meta.db_table}" ({names}) '  # noqa: SLF001, S608
        f"SELECT {', '.join(expressions)} FROM {columns.table}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*constants, *columns.parameters])


def _all_same(values: list[Any]) -> bool:
    first = values[0]
    return all(value == first for value in values)


def update_claims(
    model: type[Model], *, keys: list[tuple[int, int]], values: Mapping[str, list[Any]]
) -> set[int]:
    """Compare-and-set: change the rows whose (id, version) match; returns the ids that did.

    `values` holds one list per field attname. The version goes up by one.
    """
    columns = Columns()
    columns.add_array("key_id", "bigint", [key for key, _ in keys])
    columns.add_array("key_version", "integer", [version for _, version in keys])
    sets = ['"version" = t."version" + 1']
    for name, column_values in values.items():
        field = model._meta.get_field(name)  # noqa: SLF001
        sets.append(f'"{field.column}" = {columns.add(field, column_values)}')  # type: ignore[union-attr, arg-type]
    sql = (
        f'UPDATE "{model._meta.db_table}" AS t SET {", ".join(sets)} FROM {columns.table} '  # noqa: SLF001, S608
        'WHERE t."id" = u.key_id AND t."version" = u.key_version RETURNING t."id"'
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, columns.parameters)
        return {row[0] for row in cursor.fetchall()}
