"""Lays out the text of a Word document as words on one long page, so that it reads like any other.

Word files say what stands in which cell, not where: cells are set side by side, lines below
each other, in a grid of our own.
"""

import re
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element

from insurance.reading.facts import ProblemCode
from insurance.reading.page import Page, Word, lines_of, printable
from insurance.reading.refusal import FileNotRead

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LETTER: Final = 5.0
_LINE: Final = 12.0
_HEIGHT: Final = 10.0
_BETWEEN_CELLS: Final = 20.0
_MARGIN: Final = 20.0
_WIDEST_GRID: Final = 200
_MOST_WORDS: Final = 60_000
_TAB: Final = "\t"
_PICTURE: Final = "(picture)"
# Fields that fetch or run something when Word opens the file.
_ACTING_FIELD: Final = re.compile(r"^\s*(?:DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE)\b")

type Cell = tuple[int, list[str]]


def page_of(document: Element) -> Page:
    """A Word document's text as one page.

    Raises:
        FileNotRead: ACTIVE_CONTENT for fields that act, TOO_BIG_TO_READ for too much text.
    """
    _check_fields(document)
    words: list[Word] = []
    top = _MARGIN
    body = document.find(f"{_W}body")
    for block in _blocks(document if body is None else body):
        if block.tag == f"{_W}tbl":
            top = _set_table(block, top, words)
        else:
            top = _set_lines(_lines(block), _MARGIN, top, words) or top + _LINE
        if len(words) > _MOST_WORDS:
            raise FileNotRead(ProblemCode.TOO_BIG_TO_READ)
    width = max((word.x1 for word in words), default=0.0) + _MARGIN
    return Page(width, top + _MARGIN, lines_of(words), _has_no_ink)


def _has_no_ink(_left: float, _top: float, _right: float, _bottom: float) -> bool:
    """A picture in a Word file is a word here, so there is no other ink."""
    return False


def _check_fields(document: Element) -> None:
    for tag, instruction in (("instrText", None), ("fldSimple", f"{_W}instr")):
        for field in document.iter(f"{_W}{tag}"):
            text = field.text if instruction is None else field.get(instruction)
            if text and _ACTING_FIELD.match(text.upper()):
                raise FileNotRead(ProblemCode.ACTIVE_CONTENT)


def _blocks(parent: Element) -> Iterator[Element]:
    """Paragraphs and tables in order, those in content controls too."""
    for child in parent:
        if child.tag in {f"{_W}p", f"{_W}tbl"}:
            yield child
        elif child.tag in {f"{_W}sdt", f"{_W}sdtContent"}:
            yield from _blocks(child)


def _lines(block: Element) -> list[str]:
    """A paragraph's text, or a cell's paragraphs, as lines; deleted text is not there."""
    lines = [""]
    for part in block.iter():
        if part.tag == f"{_W}t":
            lines[-1] += printable(part.text or "").replace("\n", " ")
        elif part.tag == f"{_W}tab":
            lines[-1] += _TAB
        elif part.tag in (f"{_W}drawing", f"{_W}pict"):
            lines[-1] += _PICTURE
        elif part.tag == f"{_W}checkBox":
            lines[-1] += _tick(part)
        elif part.tag == f"{_W}br" or (part.tag == f"{_W}p" and lines[-1]):
            lines.append("")
    return [line for line in lines if line.strip()]


def _tick(box: Element) -> str:
    """An old form's tick box (`w:checkBox`), written as the others are."""
    checked = box.find(f"{_W}checked")
    if checked is None:
        checked = box.find(f"{_W}default")
    is_ticked = checked is not None and checked.get(f"{_W}val", "1") not in {"0", "false"}
    return "☒ " if is_ticked else "☐ "


def _set_lines(lines: list[str], left: float, top: float, words: list[Word]) -> float:
    """Set lines below each other; where the next one begins."""
    for line in lines:
        x = left
        for piece in re.split(r"(\t| )", line):
            if piece == _TAB:
                x += _BETWEEN_CELLS
            elif piece == " ":
                x += _LETTER
            elif piece:
                end = x + _LETTER * len(piece)
                words.append(Word(piece, x, top, end, top + _HEIGHT))
                x = end
        top += _LINE
    return top if lines else 0.0


def _set_table(table: Element, top: float, words: list[Word]) -> float:
    """Set a table's rows; every column is as wide as its longest line."""
    rows = [list(_cells(row)) for row in table.iter(f"{_W}tr")]
    lefts = _lefts(rows)
    for row in rows:
        ends = [top + _LINE]
        for column, lines in row:
            ends.append(_set_lines(lines, lefts[column], top, words))
        top = max(ends)
    return top


def _cells(row: Element) -> Iterator[Cell]:
    """The cells of a row: at which column of the grid each begins, and its lines."""
    column = 0
    for cell in row.findall(f"{_W}tc"):
        yield min(column, _WIDEST_GRID), _lines(cell)
        span = cell.find(f"{_W}tcPr/{_W}gridSpan")
        width = "1" if span is None else span.get(f"{_W}val", "1")
        column += int(width) if width.isdecimal() and len(width) < 4 else 1  # noqa: PLR2004


def _lefts(rows: list[list[Cell]]) -> list[float]:
    """Where each column of the grid begins; a cell over several columns ends with the last."""
    count = max((column for row in rows for column, _ in row), default=0) + 2
    lefts = [_MARGIN] * count
    for column in range(1, count):
        needed = [lefts[column - 1]]
        for row in rows:
            starts = [start for start, _ in row]
            for (start, lines), after in zip(row, [*starts[1:], count - 1], strict=True):
                if after == column:
                    longest = max((len(line) for line in lines), default=0)
                    needed.append(lefts[start] + _LETTER * longest + _BETWEEN_CELLS)
        lefts[column] = max(needed)
    return lefts
