"""Rows by the ten thousand: COPY with a model's own defaults, and ids taken beforehand."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, models


def take_ids(model: type[models.Model], number: int) -> list[int]:
    """Ids that nobody else will get."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [table, number],
        )
        return [row[0] for row in cursor.fetchall()]


def copy_rows(model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows by column name; what all of them leave out is the model's default.

    Every row names the same columns. Triggers rest meanwhile: neither histories are kept nor
    foreign keys looked up, which takes most of the time and is not what such rows are for.
    """
    listed = list(rows)
    if not listed:
        return
    given = list(listed[0])
    defaults = {
        field.column: field.get_db_prep_save(field.get_default(), connection)
        for field in model._meta.concrete_fields
        if field.column not in given and not field.primary_key
    }
    columns = ", ".join(f'"{name}"' for name in (*given, *defaults))
    constant = tuple(defaults.values())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        statement = f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN'
        with cursor.copy(statement) as copy:
            for row in listed:
                copy.write_row((*(row[name] for name in given), *constant))
        cursor.execute("SET LOCAL session_replication_role = origin")
