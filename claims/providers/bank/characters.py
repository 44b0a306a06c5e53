"""The characters that every bank of SEPA takes, and how other texts are written with them.

Source: EPC217-08, SEPA requirements for an extended character set: the basic Latin set.
"""

import re
import unicodedata

_OTHER = re.compile(r"[^A-Za-z0-9/?:().,'+ -]")
# What has no accent to lose, beside how it is written.
_WRITTEN = (
    "ß:ss æ:ae Æ:AE œ:oe Œ:OE ø:o Ø:O ł:l Ł:L đ:d Đ:D þ:th Þ:TH ð:d ı:i &:+ _:- @:(at) ’:' –:- —:-"
)
_LETTERS = str.maketrans({pair[0]: pair[2:] for pair in _WRITTEN.split()})
NOT_PROVIDED = "NOTPROVIDED"
STRUCTURED = re.compile(r"[A-Za-z0-9][A-Za-z0-9?:().,'+ -]*(/[A-Za-z0-9?:().,'+ -]+)*", re.ASCII)
LONGEST_ID = 35


def in_sepa_characters(text: str, *, longest: int) -> str:
    """A text in the basic Latin set, cut to a length: accents go, what is unknown becomes a dot."""
    letters = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _OTHER.sub(".", " ".join(bare.split()))[:longest].strip() or NOT_PROVIDED


def is_structured_id(text: str) -> bool:
    """Whether a text may be an identifier in a file: 1 to 35 characters, slashes only within."""
    return len(text) <= LONGEST_ID and STRUCTURED.fullmatch(text) is not None
