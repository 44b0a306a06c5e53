"""Whether something is written or drawn in a box of a page, seen on its picture.

A signature is a drawing more often than text; a form's own rules are not ink.
"""

from collections.abc import Callable, Sequence
from itertools import groupby

from PIL import Image

# Darker than this, of 255, is ink.
_DARK = 140
# A straight stroke this long, in dots, is a ruled line or the edge of a field.
_RULE = 24
# Dots that scanners and resampling leave behind.
_SPECKS = 12

type Probe = Callable[[float, float, float, float], bool]


def ink_probe(picture: Image.Image, *, width: float, height: float) -> Probe:
    """A probe for boxes (left, top, right, bottom) in points of a page of that size."""
    grey = picture.convert("L")
    across, down = grey.width / width, grey.height / height

    def has_ink(left: float, top: float, right: float, bottom: float) -> bool:
        box = (
            max(0, round(left * across)),
            max(0, round(top * down)),
            min(grey.width, round(right * across)),
            min(grey.height, round(bottom * down)),
        )
        if box[0] >= box[2] or box[1] >= box[3]:
            return False
        return _specks(grey.crop(box)) > _SPECKS

    return has_ink


def _specks(part: Image.Image) -> int:
    """Dark dots that belong to no ruled line."""
    dark = [value < _DARK for value in part.tobytes()]
    rows = [dark[start : start + part.width] for start in range(0, len(dark), part.width)]
    across = [_in_rules(row) for row in rows]
    down = list(zip(*(_in_rules(column) for column in zip(*rows, strict=True)), strict=True))
    return sum(
        is_dark and not in_row and not in_column
        for row, marks, columns in zip(rows, across, down, strict=True)
        for is_dark, in_row, in_column in zip(row, marks, columns, strict=True)
    )


def _in_rules(dots: Sequence[bool]) -> list[bool]:
    """Which dots of a row or column are part of a stroke too straight and long for a hand."""
    marks: list[bool] = []
    for is_dark, run in groupby(dots):
        length = len(list(run))
        marks += [is_dark and length >= _RULE] * length
    return marks
