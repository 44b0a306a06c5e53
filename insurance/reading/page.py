"""Words on a page and how they stand to each other: lines, runs of words, boxes.

Distances are in points from the page's upper left corner, as a person sees it. Every format is
brought to this form, so that one set of rules reads them all.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

# Words of one run stand closer than this, in heights of a letter; a space takes about a quarter.
_GAP_IN_RUN = 0.55
# Words whose middles differ by less than this, in heights of a letter, stand on one line.
_SAME_LINE = 0.45


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or a check mark, and the box it stands in."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def middle(self) -> float:
        """Half way across."""
        return (self.x0 + self.x1) / 2

    @property
    def level(self) -> float:
        """Half way down."""
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Line:
    """Words at one height, from left to right."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """Its words with single spaces."""
        return " ".join(word.text for word in self.words)

    @property
    def top(self) -> float:
        """Where its highest word begins."""
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        """Where its lowest word ends."""
        return max(word.bottom for word in self.words)

    @property
    def level(self) -> float:
        """Half way down."""
        return (self.top + self.bottom) / 2

    @property
    def x0(self) -> float:
        """Where its first word begins."""
        return self.words[0].x0

    @property
    def x1(self) -> float:
        """Where its last word ends."""
        return self.words[-1].x1

    def runs(self) -> list["Line"]:
        """Its words in groups that belong together: cells of a table stand further apart."""
        groups: list[list[Word]] = []
        for word in self.words:
            if groups and word.x0 - groups[-1][-1].x1 <= _GAP_IN_RUN * word.height:
                groups[-1].append(word)
            else:
                groups.append([word])
        return [Line(tuple(group)) for group in groups]

    def between(self, left: float, right: float) -> "Line | None":
        """The part whose words have their middle between two edges; None when there is none."""
        words = tuple(word for word in self.words if left <= word.middle < right)
        return Line(words) if words else None

    def find(self, pattern: re.Pattern[str]) -> "Line | None":
        """The words that a pattern matches first in this line's text; None when it does not."""
        match = pattern.search(self.text)
        return None if match is None else self._part(match.start(), match.end())

    def after(self, part: "Line") -> "Line | None":
        """The words to the right of a part of this line; None when it is the end."""
        words = tuple(word for word in self.words if word.x0 > part.words[-1].x0)
        return Line(words) if words else None

    def _part(self, start: int, end: int) -> "Line | None":
        words, position = [], 0
        for word in self.words:
            if position < end and position + len(word.text) > start:
                words.append(word)
            position += len(word.text) + 1
        return Line(tuple(words)) if words else None


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its lines from top to bottom, and whether a box on it holds ink.

    `has_ink` takes left, top, right and bottom; it is None where no picture was drawn.
    """

    width: float
    height: float
    lines: tuple[Line, ...]
    has_ink: Callable[[float, float, float, float], bool] | None = field(
        default=None, compare=False
    )

    @property
    def text(self) -> str:
        """Its lines, one below the other."""
        return "\n".join(line.text for line in self.lines)

    def box(self, *, left: float, top: float, right: float, bottom: float) -> list[Line]:
        """The lines within a box, each with the words that stand in it."""
        inside = (line for line in self.lines if top <= line.level < bottom)
        cut = (line.between(left, right) for line in inside)
        return [line for line in cut if line is not None]


def printable(text: str) -> str:
    """A text without what cannot be seen: control characters, and those that turn text round."""
    seen = (letter if letter.isprintable() or letter == "\n" else " " for letter in text)
    return "".join(seen)


def lines_of(words: Iterable[Word]) -> tuple[Line, ...]:
    """Words put into lines, whatever order the file has them in."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.level, word.x0)):
        if lines and _on_line(word, lines[-1]):
            lines[-1].append(word)
        else:
            lines.append([word])
    return tuple(Line(tuple(sorted(line, key=lambda word: word.x0))) for line in lines)


def _on_line(word: Word, line: list[Word]) -> bool:
    """Whether a word stands on the line that is being put together, by the line's first word."""
    height = min(word.height, line[0].height)
    return abs(word.level - line[0].level) <= _SAME_LINE * height
