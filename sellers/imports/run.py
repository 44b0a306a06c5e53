"""The loop of every import: read a row, check it, save a batch, tell what was left out.

Each batch is one transaction, so an import that is killed has imported whole batches, and is
repeated from the start: what is there already is recognised by its key. A batch that the database
refuses is halved until the row at fault stands alone; that row is reported and the rest saved.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Any, ClassVar

from django.db import DataError, IntegrityError, transaction

from sellers.imports.fields import Field, NotUnderstood
from sellers.imports.maps import ImportMap
from sellers.imports.report import Problem, Report
from sellers.imports.rows import FileNotUnderstood, Row, RowFile, check_columns
from sellers.imports.sources import Source

BATCH_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field of a row. `field` is empty when it is the row as a whole."""

    field: str
    value: str
    wrong: str
    expected: str


class RowRefused(Exception):
    """A row is not imported; every fault that was found is told at once."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(f"{fault.field}: {fault.wrong}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Numbered[R]:
    """A checked row and its number in the file."""

    number: int
    row: R


@dataclass(slots=True)
class Saved:
    """What became of a batch: counts, and the faults of the rows that were left out, by number."""

    imported: int = 0
    changed: int = 0
    already_there: int = 0
    refused: list[tuple[int, RowRefused]] = field(default_factory=list)

    def refuse(self, number: int, *faults: Fault) -> None:
        """Note that a row is left out."""
        self.refused.append((number, RowRefused(*faults)))

    def __add__(self, other: "Saved") -> "Saved":
        return Saved(
            self.imported + other.imported,
            self.changed + other.changed,
            self.already_there + other.already_there,
            self.refused + other.refused,
        )


class Importer[R](ABC):
    """What one kind of import knows: its fields, how a row is checked, how a batch is saved."""

    imports: ClassVar[str]
    fields: ClassVar[tuple[Field, ...]]
    batch_rows: ClassVar[int] = BATCH_ROWS
    # Gives what the file does not have, from what it has; most imports have none.
    fill: Callable[[Mapping[str, Any]], dict[str, Any]] | None = None

    @abstractmethod
    def check(self, values: dict[str, Any]) -> R:
        """The row as this import wants it; raises `RowRefused` where fields contradict."""

    @abstractmethod
    def save(self, rows: Sequence[Numbered[R]]) -> Saved:
        """Write a batch inside the caller's transaction and say what became of each row."""


def run_import[R](
    *,
    importer: Importer[R],
    import_map: ImportMap,
    rows: RowFile,
    report: Report,
    dry_run: bool = False,
    progress: Callable[[], None] = lambda: None,
) -> None:
    """Import every row of an open file, in batches, filling the report.

    A dry run does the same work in one transaction and takes it back: it sees exactly what the
    import would see, and holds locks on the rows it would change until it ends. Where the file
    cannot be read on, what was read before is imported and `report.stopped` says why.

    Raises `FileNotUnderstood` when the file lacks a column of the map.
    """
    check_columns(rows.header, import_map.columns)
    loop = _Loop(importer, import_map, report)
    if not dry_run:
        loop.run(rows, progress)
        return
    with transaction.atomic():
        loop.run(rows, progress)
        transaction.set_rollback(True)


@dataclass(frozen=True, slots=True)
class _Loop[R]:
    importer: Importer[R]
    map: ImportMap
    report: Report

    def run(self, rows: RowFile, progress: Callable[[], None]) -> None:
        for batch in batched(self._checked(rows), self.importer.batch_rows):
            self._count(self._saved([row for row in batch if row is not None]))
            progress()

    def _checked(self, rows: RowFile) -> Iterator[Numbered[R] | None]:
        """Every row in turn; None for one that was refused, so that bad rows fill batches too."""
        try:
            for row in rows.rows():
                self.report.tally.read += 1
                yield self._check(row)
        except FileNotUnderstood as error:
            self.report.stopped = str(error)

    def _check(self, row: Row) -> Numbered[R] | None:
        try:
            values = read_values(self.importer, self.map, row)
            return Numbered(row.number, self.importer.check(values))
        except RowRefused as refused:
            self._refuse(row.number, refused)
            return None

    def _saved(self, rows: Sequence[Numbered[R]]) -> Saved:
        try:
            with transaction.atomic():
                return self.importer.save(rows) if rows else Saved()
        except (DataError, IntegrityError) as error:
            half = len(rows) // 2
            if half:
                return self._saved(rows[:half]) + self._saved(rows[half:])
            saved = Saved()
            saved.refuse(rows[0].number, Fault("", "", _first_line(error), "a row that fits"))
            return saved

    def _count(self, saved: Saved) -> None:
        tally = self.report.tally
        tally.imported += saved.imported
        tally.changed += saved.changed
        tally.already_there += saved.already_there
        for number, refused in saved.refused:
            self._refuse(number, refused)

    def _refuse(self, number: int, refused: RowRefused) -> None:
        self.report.tally.left_out += 1
        for fault in refused.faults:
            source = self.map.sources.get(fault.field)
            column = " + ".join(source.columns) if source else ""
            label = column or self._labels().get(fault.field, fault.field) or "(the row)"
            self.report.add(Problem(number, label, fault.value, fault.wrong, fault.expected))

    def _labels(self) -> dict[str, str]:
        return {field.name: field.label for field in self.importer.fields}


def read_values[R](importer: Importer[R], import_map: ImportMap, row: Row) -> dict[str, Any]:
    """The fields of a row, read and completed; raises `RowRefused` with every fault of it."""
    if row.surplus or row.lacking:
        found = len(row.cells) + row.surplus
        raise RowRefused(
            Fault("", "", f"has {found} cells", f"{len(row.cells) + row.lacking}, as the header")
        )
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for wanted in importer.fields:
        source = import_map.sources.get(wanted.name)
        if source is not None:
            faults += _read_into(values, wanted, source, row.cells)
    if not faults and importer.fill:
        values |= importer.fill(values)
    faulty = {fault.field for fault in faults}
    faults += [
        _missing(wanted, import_map)
        for wanted in importer.fields
        if wanted.is_required and wanted.name not in values and wanted.name not in faulty
    ]
    if faults:
        raise RowRefused(*faults)
    return {wanted.name: wanted.when_missing for wanted in importer.fields} | values


def _read_into(
    values: dict[str, Any], wanted: Field, source: Source, cells: Mapping[str, str]
) -> list[Fault]:
    """Read one field into `values`, where the row has it; otherwise say what is wrong."""
    text = source.text(cells)
    if text is None:
        expected = ", ".join(sorted(source.values)) or "one of the map's words"
        return [Fault(wanted.name, source.original(cells), "is not in the map's table", expected)]
    if not text:
        return []
    try:
        values[wanted.name] = wanted.read(text, source, values)
    except NotUnderstood as error:
        value = source.original(cells) if source.columns else text
        return [Fault(wanted.name, value, error.wrong, error.expected)]
    return []


def _missing(wanted: Field, import_map: ImportMap) -> Fault:
    if wanted.name in import_map.sources:
        return Fault(wanted.name, "", "missing", f"the {wanted.label}")
    return Fault(wanted.name, "", "missing; the map names no column for it", f"the {wanted.label}")


def _first_line(error: Exception) -> str:
    return f"the database refused it: {str(error).splitlines()[0]}"
