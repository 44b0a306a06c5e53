"""Whether something is written or drawn in a box of a page, seen on its picture.

A signature is a drawing more often than text; a form's own rules are not ink.
"""

from collections.abc import Callable

from PIL import Image

# Darker than this, of 255, is ink.
_DARK = 140
# A row or column this full is a ruled line of the form.
_RULE = 0.7
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
    rows = [
        [value < _DARK for value in row]
        for row in (part.crop((0, y, part.width, y + 1)).tobytes() for y in range(part.height))
    ]
    drawn = [row for row in rows if sum(row) < _RULE * len(row)]
    columns = [column for column in zip(*drawn, strict=True) if sum(column) < _RULE * len(column)]
    return sum(sum(column) for column in columns)
