"""What a layout finds on a certificate, before its sentences are searched and its dates judged."""

import re
from dataclasses import dataclass
from typing import Final

from insurance.reading.facts import PolicySuggestion
from insurance.reading.page import Line, Page

_CONTINUES_AFTER: Final = re.compile(r"(?:,|&|\b(?:and|of|und|et|its))$", re.IGNORECASE)
_CONTINUES_WITH: Final = re.compile(r"^(?:[a-zäöüéèà]|d/?b/?a\b|DBA\b|&)")
_TRADING_AS: Final = re.compile(
    r",?\s+(?:d/?b/?a|doing business as|trading as|t/a|firmierend als)\b.*$",
    re.IGNORECASE | re.DOTALL,
)
# What stands below every box: whose form it is.
FOOTER: Final = re.compile(r"^(?:ACORD \d|©|The ACORD)|All rights reserved", re.IGNORECASE)
# A signature's room below its label, in points.
_ROOM_TO_SIGN: Final = 34.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The boxes of a certificate as lines of text, and the policies that its table shows.

    `statements` are the texts in which sentences may state more of the policies.
    """

    policies: tuple[PolicySuggestion, ...]
    insured: tuple[str, ...] = ()
    producer: tuple[str, ...] = ()
    description: tuple[str, ...] = ()
    holder: tuple[str, ...] = ()
    statements: str = ""
    signed: bool | None = None


def name_in(lines: tuple[str, ...]) -> str | None:
    """The name that a box begins with, without its address: None for an empty box.

    A name goes on in the next line when this one ends, or that one begins, in the middle of it.
    A trade name behind `dba` is no part of the name of the person insured.
    """
    if not lines:
        return None
    parts = [lines[0]]
    for line in lines[1:]:
        if not (_CONTINUES_AFTER.search(parts[-1]) or _CONTINUES_WITH.match(line)):
            break
        parts.append(line)
    return _TRADING_AS.sub("", " ".join(parts)).strip().rstrip(",") or None


def is_signed_below(page: Page, label: Line, *, right: float) -> bool | None:
    """Whether something is written or drawn below a label for the signature.

    None when there is no text and no picture of the page to look at.
    """
    top, bottom = label.bottom + 0.5, label.bottom + _ROOM_TO_SIGN
    footers = (line.top for line in page.lines if line.top > top and FOOTER.search(line.text))
    bottom = min((bottom, *footers))
    written = page.box(left=label.x0 - 4, top=top, right=right, bottom=bottom)
    if any(any(letter.isalpha() for letter in line.text) for line in written):
        return True
    return None if page.has_ink is None else page.has_ink(label.x0, top, right, bottom)
