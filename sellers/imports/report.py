"""The report of an import: every row that was left out, why, and a summary for a person.

Problems go to the report file as they are found; only counts and a few examples are kept.
"""

import csv
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

COLUMNS = ("row", "column", "value", "wrong", "expected")
_QUOTED = 200
_SHOWN_KINDS = 20
# How a spreadsheet tells a formula from a text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row was left out: which value of which column is wrong, and what was expected."""

    row: int
    column: str
    value: str
    wrong: str
    expected: str


@dataclass(slots=True)
class Tally:
    """Rows by what became of them; their sum is `read`, always."""

    read: int = 0
    imported: int = 0
    changed: int = 0
    already_there: int = 0
    left_out: int = 0


@dataclass(slots=True)
class Report:
    """Counts, kinds of problems with an example each, and the file they are written to.

    `stopped` says why the file could not be read to its end, and is empty when it could.
    """

    tally: Tally = field(default_factory=Tally)
    kinds: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str, str], Problem] = field(default_factory=dict)
    stopped: str = ""
    sink: Callable[[Problem], None] | None = None

    def add(self, problem: Problem) -> None:
        """Note one problem; a row may have several."""
        kind = (problem.column, problem.wrong, problem.expected)
        if kind in self.kinds or len(self.kinds) < _SHOWN_KINDS:
            self.kinds[kind] += 1
            self.examples.setdefault(kind, problem)
        else:
            self.kinds["", "other problems: see the report", ""] += 1
        if self.sink:
            self.sink(problem)

    def summary(self, *, dry_run: bool) -> list[str]:
        """The lines that a person reads at the end."""
        would = "would be " if dry_run else ""
        tally = self.tally
        lines = [
            f"{tally.read:,} rows read",
            f"{tally.imported:,} {would}imported",
            f"{tally.changed:,} {would}changed",
            f"{tally.already_there:,} already there",
            f"{tally.left_out:,} left out",
        ]
        if self.stopped:
            lines.append(f"stopped: {self.stopped}")
        return lines + [self._line(kind, count) for kind, count in self.kinds.most_common()]

    def _line(self, kind: tuple[str, str, str], count: int) -> str:
        column, wrong, expected = kind
        told = f"  {count:,} × {column}: {wrong}".replace(" × : ", " × ")
        example = self.examples.get(kind)
        if example is None:
            return told
        value = f", “{_shortened(example.value, 40)}”" if example.value else ""
        return f"{told}; expected {expected} (row {example.row}{value})"


class ReportFile:
    """Writes problems to a file, as CSV or, when its name ends in .json, as a JSON list."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._is_json = path.suffix.lower() == ".json"
        self._written = 0

    def __enter__(self) -> Self:
        # Text of any script, and bytes that were not text, all find a written form.
        self._file: TextIO = self._path.open(
            "w", encoding="utf-8", errors="backslashreplace", newline=""
        )
        self._csv = csv.writer(self._file)
        if self._is_json:
            self._file.write("[")
        else:
            self._csv.writerow(COLUMNS)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._is_json:
            self._file.write("\n]\n")
        self._file.close()

    def write(self, problem: Problem) -> None:
        """Append one problem."""
        value = _shortened(problem.value, _QUOTED)
        if self._is_json:
            comma = ",\n" if self._written else "\n"
            entry = asdict(problem) | {"value": value}
            self._file.write(comma + json.dumps(entry, ensure_ascii=False))
        else:
            texts = (problem.column, value, problem.wrong, problem.expected)
            self._csv.writerow([problem.row, *map(_harmless, texts)])
        self._written += 1


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}…"


def _harmless(text: str) -> str:
    """A text that a spreadsheet will not run as a formula: it gets an apostrophe in front."""
    return f"'{text}" if text.startswith(_FORMULA) else text
