"""The table of policies on forms like ACORD 25: its columns, its blocks, and its tick boxes.

Columns are found by their headings, which fill the narrow columns; the wide ones take the room
between. A block of several lines is one policy and begins with a type of insurance.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from insurance.reading.page import Line, Page, Word

_TYPE: Final = re.compile(r"TYPE OF INSURANCE", re.IGNORECASE)
_HEADINGS: Final = {
    "letter": re.compile(r"\b(?:INSR LTR|INSR|LTR)\b"),
    "type": _TYPE,
    "additional": re.compile(r"\bADD[’']?L\b"),
    "subrogation": re.compile(r"\bSUBR\b"),
    "number": re.compile(r"\bPOLICY NUMBER\b", re.IGNORECASE),
    "effective": re.compile(r"\bPOLICY EFF\w*", re.IGNORECASE),
    "expires": re.compile(r"\bPOLICY EXP\w*", re.IGNORECASE),
    "limits": re.compile(r"\bLIMITS\b"),
}
_NEEDED: Final = frozenset({"type", "number", "limits"})
_WIDE: Final = frozenset({"type", "number", "limits"})
_EDGE: Final = 1.5
# The row for workers says “If yes, describe under DESCRIPTION OF OPERATIONS below”.
_END: Final = re.compile(r"^(?:DESCRIPTION OF OPERATIONS(?! below)|CERTIFICATE HOLDER)")
_KINDS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"GENERAL LIABILITY", "COMMERCIAL_GENERAL"),
        (r"(?:AUTOMOBILE|GARAGE) LIABILITY", "AUTOMOBILE"),
        (r"UMBRELLA LIAB|EXCESS LIAB", "UMBRELLA"),
        (r"WORKERS.{0,3} COMPENSATION", "WORKERS_COMPENSATION"),
        (r"PRODUCTS? LIAB", "PRODUCTS"),
        (
            r"(?<!EMPLOYERS )(?<!EMPLOYERS’ )(?<!EMPLOYERS' )\b(?:LIABILITY|INSURANCE|BOND)$",
            "OTHER",
        ),
    )
)
# The second heading of one block: `GENERAL LIABILITY`, then `COMMERCIAL GENERAL LIABILITY`.
_SAME_BLOCK: Final = 16.0
_ABOVE_HEADING: Final = 4.0
_TICK: Final = re.compile(r"^[\[(]?[XxYy✓✔✗✘☒☑■●][\])]?$")
_BRACKETS: Final = frozenset({"[", "]", "(", ")"})
_TICK_DISTANCE: Final = 25.0


@dataclass(frozen=True, slots=True)
class Block:
    """One row of the table: its kind by heading, and the lines in each of its columns."""

    kind: str
    cells: dict[str, tuple[Line, ...]]

    def text(self, column: str) -> str:
        """A column's lines as one text."""
        return " ".join(line.text for line in self.cells.get(column, ()))


@dataclass(frozen=True, slots=True)
class _Table:
    columns: dict[str, tuple[float, float]]
    top: float
    bottom: float


def blocks_of(page: Page) -> list[Block] | None:
    """The rows of a page's table of policies; None when the page has no such table."""
    table = _table(page)
    if table is None:
        return None
    starts = [*_starts(page, table), ("", table.bottom)]
    return [
        Block(kind, _cells(page, table, top=start, bottom=end))
        for (kind, start), (_, end) in pairwise(starts)
    ]


def ticked(lines: Iterable[Line], label: re.Pattern[str]) -> bool | None:
    """Whether the box left of a label is ticked; None when there is no such label."""
    found = None
    for line in lines:
        part = line.find(label)
        if part is not None:
            found = bool(found) or _has_tick(line, part.words[0])
    return found


def _has_tick(line: Line, label: Word) -> bool:
    before = [word for word in line.words if word.x0 < label.x0 and word.text not in _BRACKETS]
    if not before:
        return False
    last = before[-1]
    return bool(_TICK.match(last.text)) and label.x0 - last.x1 < _TICK_DISTANCE


def _table(page: Page) -> _Table | None:
    headed = next((line for line in page.lines if line.find(_TYPE)), None)
    if headed is None:
        return None
    band = _band(page, headed)
    headings = _headings(band)
    if not headings.keys() >= _NEEDED:
        return None
    top = max(line.bottom for line in band if _is_heading(line))
    ends = (line.top for line in page.lines if line.top > top and line.find(_END))
    return _Table(_columns(headings), top - 1, next(ends, page.height))


def _band(page: Page, headed: Line) -> list[Line]:
    """The line of headings and what stands close above and below it: headings are stacked."""
    height = headed.bottom - headed.top
    return page.box(
        left=float("-inf"),
        right=float("inf"),
        top=headed.top - height,
        bottom=headed.bottom + height,
    )


def _is_heading(line: Line) -> bool:
    stacked = re.compile(r"^(?:LTR|INSD|INSR|WVD|\(MM/DD/YYYY\)|DATE)\b")
    return any(line.find(pattern) for pattern in (*_HEADINGS.values(), stacked))


def _headings(band: list[Line]) -> dict[str, Line]:
    found: dict[str, Line] = {}
    for column, pattern in _HEADINGS.items():
        for line in band:
            part = line.find(pattern)
            if part is not None:
                found.setdefault(column, part)
    return found


def _columns(headings: dict[str, Line]) -> dict[str, tuple[float, float]]:
    """Each column from its left to its right edge; every point belongs to one of them."""
    ordered = sorted(headings.items(), key=lambda heading: heading[1].x0)
    edges = [_edge(left, right) for left, right in pairwise(ordered)]
    lefts, rights = [float("-inf"), *edges], [*edges, float("inf")]
    return {
        column: (left, right)
        for (column, _), left, right in zip(ordered, lefts, rights, strict=True)
    }


def _edge(left: tuple[str, Line], right: tuple[str, Line]) -> float:
    (left_name, before), (right_name, after) = left, right
    if left_name in _WIDE and right_name not in _WIDE:
        return after.x0 - _EDGE
    if right_name in _WIDE and left_name not in _WIDE:
        return before.x1 + _EDGE
    return (before.x1 + after.x0) / 2


def _starts(page: Page, table: _Table) -> Iterator[tuple[str, float]]:
    """Kind and upper edge of every block."""
    left, right = table.columns["type"]
    last_kind, last_top = "", float("-inf")
    for line in page.box(left=left, right=right, top=table.top, bottom=table.bottom):
        kind = _kind(line.text)
        if kind is None:
            continue
        goes_on = kind == last_kind and line.top - last_top < _SAME_BLOCK
        if not goes_on:
            yield kind, line.top - _ABOVE_HEADING
        last_kind, last_top = kind, line.top


def _kind(text: str) -> str | None:
    return next((kind for pattern, kind in _KINDS if pattern.search(text)), None)


def _cells(page: Page, table: _Table, *, top: float, bottom: float) -> dict[str, tuple[Line, ...]]:
    return {
        column: tuple(page.box(left=left, right=right, top=top, bottom=bottom))
        for column, (left, right) in table.columns.items()
    }
