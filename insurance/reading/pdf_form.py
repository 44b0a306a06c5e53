"""What was typed and ticked in a PDF's form fields, as words where they stand.

The text layer of a page does not hold them: each field draws itself over the page.
"""

from collections.abc import Callable, Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from insurance.reading.page import Word, printable

_LETTER_WIDTH = 4.5
_LINE_HEIGHT = 10.0
_INSET = 2.0
_MOST_FIELDS = 2_000
_MOST_LINES = 60
_DEEPEST = 8
_TICK = "X"
_RECTANGLE = 4

type Box = tuple[float, float, float, float]
type Field = tuple[str, Box]
type Upright = Callable[[float, float, float, float], Box]


def filled_fields(reader: PdfReader) -> dict[int, list[Field]]:
    """Text and box of every field that was filled in, by page; a ticked box says `X`."""
    found: dict[int, list[Field]] = {}
    catalogue = reader.trailer["/Root"]
    if not isinstance(catalogue, DictionaryObject) or "/AcroForm" not in catalogue:
        return found
    left = _MOST_FIELDS
    for number, page in enumerate(reader.pages):
        for widget in _widgets(page):
            left -= 1
            if left < 0:
                return found
            text, box = _value(widget), _box(widget)
            if text and box is not None:
                found.setdefault(number, []).append((text, box))
    return found


def is_signed_digitally(reader: PdfReader) -> bool:
    """Whether a signature field holds a signature; whose it is, and its worth, nobody asked."""
    return any(
        _inherited(widget, "/FT") == "/Sig" and _inherited(widget, "/V") is not None
        for page in reader.pages
        for widget in _widgets(page)
    )


def words_of(field: Field, *, upright: Upright) -> Iterator[Word]:
    """A field's text as words in its box: lines from the top, letters of usual width."""
    text, corners = field
    left, top, right, bottom = upright(*corners)
    lines = text.splitlines()[:_MOST_LINES]
    height = min(_LINE_HEIGHT, (bottom - top) / len(lines))
    # One line stands in the middle of its box, several begin at its top.
    level = (top + bottom - height) / 2 if len(lines) == 1 else top
    for line in lines:
        widest = (right - left - _INSET) / max(1, len(line))
        yield from _row(line, left + _INSET, level, height, min(_LETTER_WIDTH, widest))
        level += height


def _row(line: str, x: float, top: float, height: float, width: float) -> Iterator[Word]:
    for text in line.split(" "):
        if text:
            yield Word(text, x, top, x + width * len(text), top + height)
        x += width * (len(text) + 1)


def _widgets(page: DictionaryObject) -> Iterator[DictionaryObject]:
    annotations = page.get("/Annots")
    annotations = None if annotations is None else annotations.get_object()
    for item in annotations if isinstance(annotations, list) else ():
        widget = item.get_object()
        if isinstance(widget, DictionaryObject) and widget.get("/Subtype") == "/Widget":
            yield widget


def _value(widget: DictionaryObject) -> str:
    kind = _inherited(widget, "/FT")
    if kind == "/Btn":
        return _TICK if widget.get("/AS", "/Off") != "/Off" else ""
    value = _inherited(widget, "/V") if kind in {"/Tx", "/Ch"} else None
    if not isinstance(value, str):
        return ""
    return printable(value.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _box(widget: DictionaryObject) -> Box | None:
    corners = widget.get("/Rect")
    if not isinstance(corners, list) or len(corners) != _RECTANGLE:
        return None
    x0, y0, x1, y1 = (float(corner.get_object()) for corner in corners)
    box = min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
    return box if box[2] > box[0] and box[3] > box[1] else None


def _inherited(widget: DictionaryObject, key: str) -> Any:
    """A field's entry, which may stand on the field above it (ISO 32000-2, 12.7.4)."""
    node: Any = widget
    for _ in range(_DEEPEST):
        if not isinstance(node, DictionaryObject):
            return None
        if key in node:
            return node[key]
        node = node.get("/Parent")
        node = None if node is None else node.get_object()
    return None
