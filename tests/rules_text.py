"""The programme's rules, cut into the pieces that the map covers: sentences, rows, list items."""

import re
from hashlib import sha256

_LIST_ITEM = re.compile(r"(?:- |\d+\. )")
_SENTENCE_END = re.compile(r"(?<=[.])\s+(?=[*“\"A-Z])")


def pieces(text: str) -> list[tuple[str, str]]:
    """(section, piece) of everything that the rules say, in order; headings say nothing."""
    found: list[tuple[str, str]] = []
    section = "0"
    for line in text.splitlines():
        if line.startswith("#"):
            number = re.match(r"#+ (\d+)\.", line)
            section = number[1] if number else section
            continue
        found += [(section, piece) for piece in _pieces_of(line.strip())]
    # A table's first row names its columns, and says nothing by itself either.
    return [(section, piece) for section, piece in found if not _is_header(piece)]


def _pieces_of(line: str) -> list[str]:
    if not line or set(line) <= set("|-: "):
        return []
    if line.startswith("|") or _LIST_ITEM.match(line):
        return [line]
    return [piece for piece in _SENTENCE_END.split(line) if piece]


def _is_header(piece: str) -> bool:
    return piece.startswith(("| Term |", "| Market |", "| Duty |"))


def mark(piece: str) -> str:
    """A short hash of a piece, in which spaces and emphasis do not count."""
    plain = " ".join(piece.replace("*", "").replace("`", "").split())
    return sha256(plain.encode()).hexdigest()[:8]
