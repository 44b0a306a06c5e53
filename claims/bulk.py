"""Set-based writes: many rows in one statement, each column an array (docs/adr/0005).

PostgreSQL unnests one array per column; a column that is the same in every row goes as one
value. So a sweep writes a thousand claims with the same statements that write one.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Field, Model

type Row = Mapping[str, Any]
type Column = Field[Any, Any]

_LENGTH = re.compile(r"(?<=^varchar)\(\d+\)")
_encode = DjangoJSONEncoder().encode


@cache
def _writable_fields(model: type[Model]) -> tuple["Column", ...]:
    return tuple(f for f in model._meta.concrete_fields if not f.primary_key)  # noqa: SLF001


@cache
def _column_type(field: "Column") -> str:
    return _LENGTH.sub("", field.db_type(connection) or "text")


@cache
def _travels_as_json(field: "Column") -> bool:
    kind = _column_type(field)
    return kind == "jsonb" or kind.endswith("[]")


def _cast(field: "Column", source: str) -> str:
    kind = _column_type(field)
    if kind.endswith("[]"):
        return f"ARRAY(SELECT jsonb_array_elements_text({source}::jsonb))::{kind}"
    return f"{source}::{kind}"


def array_literal(values: Iterable[Any]) -> str:
    """Values as PostgreSQL writes an array: one text, many times faster than a list's adapter.

    Every value goes as its text, quoted, which the array's type then reads.
    """
    quoted = [
        "NULL" if value is None else f'"{str(value).replace("\\", "\\\\").replace('"', '\\"')}"'
        for value in values
    ]
    return f"{{{','.join(quoted)}}}"


class Columns:
    """The arrays of one statement: parameters, the unnest list, and an expression per column."""

    def __init__(self) -> None:
        self.parameters: list[str] = []
        self.names: list[str] = []
        self.arrays: list[str] = []

    def add_array(self, name: str, kind: str, values: Iterable[Any]) -> str:
        """A column that differs by row; returns its name in the unnested table."""
        self.names.append(f'"{name}"')
        self.arrays.append(f"%s::{kind}[]")
        self.parameters.append(array_literal(values))
        return f'u."{name}"'

    def add(self, field: "Column", values: Iterable[Any]) -> str:
        """A model field's column; returns the SQL expression of its value."""
        name = str(field.column)
        if _travels_as_json(field):
            return _cast(field, self.add_array(name, "text", map(_encode, values)))
        return _cast(field, self.add_array(name, _column_type(field), values))

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
        values = _values(field, rows)
        # The first column stays an array: it says how many rows there are.
        if field is not fields[0] and values.count(values[0]) == len(rows) > 1:
            expressions.append(_cast(field, "%s"))
            constants.append(_encode(values[0]) if _travels_as_json(field) else values[0])
        else:
            expressions.append(columns.add(field, values))
    names = ", ".join(f'"{field.column}"' for field in fields)
    sql = (
        f'INSERT INTO "{model._meta.db_table}" ({names}) '  # noqa: SLF001, S608
        f"SELECT {', '.join(expressions)} FROM {columns.table}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*constants, *columns.parameters])


def _values(field: "Column", rows: Sequence[Row]) -> list[Any]:
    name = field.attname
    given = [row[name] for row in rows if name in row]
    if len(given) == len(rows):
        return given
    if not given and not callable(field.default):
        return [field.get_default()] * len(rows)
    return [row[name] if name in row else field.get_default() for row in rows]


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
