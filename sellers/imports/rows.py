"""Rows of a CSV file, one at a time: a file of any length takes the memory of one row."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Self

from sellers.imports.maps import FileShape

# A header is looked for in the first lines only: an unfit file is refused, not read to its end.
_LINES_BEFORE_HEADER = 100
_LONGEST_LINE = 1_000_000
_SHOWN_HEADER = 1_000


class FileNotUnderstood(ValueError):
    """The file as a whole, or from a row on, is not what the map describes."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a spreadsheet counts (the first line is 1), and its cells by column.

    `surplus` and `lacking` count the cells beyond and below the header's.
    """

    number: int
    cells: dict[str, str]
    surplus: int = 0
    lacking: int = 0


class RowFile:
    """An open CSV file, past its preamble and header; use it in a `with` statement.

    Bytes that the encoding does not know are kept as lone surrogates, so that one broken cell is
    one row's fault (`fields.text` refuses it) and not the end of the file.
    """

    def __init__(self, path: Path, shape: FileShape) -> None:
        self._path = path
        self._shape = shape
        self._number = 0
        self.header: tuple[str, ...] = ()
        self.size = 0

    def __enter__(self) -> Self:
        try:
            self._binary = self._path.open("rb")
        except OSError as error:
            raise FileNotUnderstood(f"{self._path} cannot be opened: {error.strerror}.") from error
        self.size = self._path.stat().st_size
        try:
            self._open_text()
        except BaseException:
            self._binary.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._binary.close()

    @property
    def position(self) -> int:
        """Bytes read so far, out of `size`."""
        return self._binary.tell()

    def rows(self) -> Iterator[Row]:
        """Every row below the header that is not blank.

        Raises `FileNotUnderstood` where the file stops being CSV (a quote that never closes).
        """
        while (cells := self._next()) is not None:
            if any(cells):
                yield self._row(cells)

    def _open_text(self) -> None:
        try:
            self._text = TextIOWrapper(
                self._binary,
                encoding=self._shape.encoding,
                errors="surrogateescape",
                newline="",
            )
            first = self._header_line()
        except UnicodeError as error:
            raise FileNotUnderstood(f"{self._path} is not {self._shape.encoding}.") from error
        self._reader = csv.reader(
            chain([first], self._text), delimiter=self._shape.delimiter, strict=True
        )
        self.header = tuple(cell.strip() for cell in self._next() or ())

    def _header_line(self) -> str:
        for _ in range(self._shape.skip_lines):
            self._line()
        line = self._line()
        wanted = self._shape.header_contains
        while wanted and wanted not in self._cells_of(line):
            if not line or self._number == _LINES_BEFORE_HEADER:
                raise FileNotUnderstood(
                    f"{self._path} has no header: none of its first {self._number} lines "
                    f"has a column “{wanted}”."
                )
            line = self._line()
        if not line:
            raise FileNotUnderstood(f"{self._path} has no header: the file is empty.")
        return line

    def _line(self) -> str:
        self._number += 1
        return self._text.readline(_LONGEST_LINE)

    def _cells_of(self, line: str) -> list[str]:
        cells = next(csv.reader([line], delimiter=self._shape.delimiter), [])
        return [cell.strip() for cell in cells]

    def _next(self) -> list[str] | None:
        # The header's line is counted when it is found; each row after it adds one.
        self._number += 1 if self.header else 0
        try:
            return next(self._reader, None)
        except (csv.Error, UnicodeError) as error:
            raise FileNotUnderstood(
                f"Row {self._number} and what follows cannot be read: {error}."
            ) from error

    def _row(self, cells: list[str]) -> Row:
        width, found = len(self.header), len(cells)
        named = dict(zip(self.header, cells, strict=False))
        return Row(self._number, named, max(found - width, 0), max(width - found, 0))


def check_columns(header: Sequence[str], columns: Iterable[str]) -> None:
    """Refuse a file that lacks a column of the map, or has it twice.

    Raises `FileNotUnderstood`, naming every such column.
    """
    missing = [column for column in columns if header.count(column) != 1]
    if missing:
        found = ", ".join(header)[:_SHOWN_HEADER]
        raise FileNotUnderstood(
            f"The map names columns that the file does not have exactly once: "
            f"{', '.join(missing)}. The file has: {found}."
        )
