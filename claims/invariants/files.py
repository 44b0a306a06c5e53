"""I10: files and rows match: each row's file is there with its bytes, each file has a row."""

import hashlib
from collections.abc import Iterator
from itertools import batched, chain
from time import time
from typing import Any, NamedTuple

from django.apps import apps
from django.core.files.storage import default_storage
from django.db.models import FileField, Model

from claims.invariants.inspection import Inspection, Violation

BATCH = 1000


class Kept(NamedTuple):
    """A table whose rows each keep a file, with its size and SHA-256."""

    model: type[Model]
    column: str
    folder: str


def match(inspection: Inspection) -> Iterator[Violation]:
    """I10: sizes and digests of every table that keeps files, and no file without a row."""
    tables = list(tables_with_files())
    folders = sorted({table.folder for table in tables})
    return chain(
        chain.from_iterable(_rows(table, inspection) for table in tables),
        chain.from_iterable(_orphans(folder, tables, inspection) for folder in folders),
    )


def tables_with_files() -> Iterator[Kept]:
    """Every table with a file column, a size and a SHA-256."""
    for model in apps.get_models():
        fields = {field.name: field for field in model._meta.concrete_fields}  # noqa: SLF001
        for name, field in fields.items():
            if isinstance(field, FileField) and {"size", "sha256"} <= set(fields):
                yield Kept(model, name, str(field.upload_to).partition("/")[0])


def _rows(table: Kept, inspection: Inspection) -> Iterator[Violation]:
    columns = ("pk", table.column, "size", "sha256")
    rows = table.model._default_manager.order_by("pk").values_list(*columns)  # noqa: SLF001
    for pk, name, size, digest in rows.iterator(chunk_size=BATCH):
        part, parts = inspection.digest_share
        words = _wrong(name, size, digest if pk % parts == part % parts else None)
        if words:
            yield Violation("I10", name or f"{table.model.__name__} {pk}", words)


def _wrong(name: str, size: int, digest: str | None) -> str:
    """What is wrong with a file, in words; its bytes are read only when `digest` is given."""
    if not name or not default_storage.exists(name):
        return "its row is there, and the file is not"
    if (found := default_storage.size(name)) != size:
        return f"it has {found} bytes, and its row says {size}"
    if digest is not None and _sha256(name) != digest:
        return "its bytes are not those that were given"
    return ""


def _sha256(name: str) -> str:
    with default_storage.open(name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _orphans(folder: str, tables: list[Kept], inspection: Inspection) -> Iterator[Violation]:
    for batch in batched(_names(folder), BATCH):
        known: set[Any] = set()
        for table in tables:
            rows = table.model._default_manager.filter(**{f"{table.column}__in": batch})  # noqa: SLF001
            known.update(rows.values_list(table.column, flat=True))
        for name in sorted(set(batch) - known):
            # A file is written before its row: give an upload the time to end.
            if time() - default_storage.get_modified_time(name).timestamp() >= inspection.young:
                yield Violation("I10", name, "the file is there, and no row knows it")


def _names(folder: str) -> Iterator[str]:
    if not folder or not default_storage.exists(folder):
        return
    folders, files = default_storage.listdir(folder)
    yield from (f"{folder}/{name}" for name in files)
    for inner in folders:
        yield from _names(f"{folder}/{inner}")
