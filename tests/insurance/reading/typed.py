"""Pages for the tests, as if typed on a typewriter: where a letter stands is where it is read."""

import re

from insurance.reading.page import Page, Word, lines_of

LETTER, LINE, HEIGHT = 5.0, 14.0, 10.0


def page_of(text: str) -> Page:
    """A page of the text's lines; a blank is as wide as a letter, so two of them part cells."""
    words = [
        Word(
            match[0],
            match.start() * LETTER,
            number * LINE,
            match.end() * LETTER,
            number * LINE + HEIGHT,
        )
        for number, line in enumerate(text.strip("\n").splitlines())
        for match in re.finditer(r"\S+", line)
    ]
    width = max((word.x1 for word in words), default=0.0) + LETTER
    height = len(text.splitlines()) * LINE
    return Page(width, height, lines_of(words), lambda *_: False)
