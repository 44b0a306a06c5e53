"""The reference of a claim, such as RC-7K3M-92PW: easy to say, hard to mistype.

Seven random symbols and a check symbol. The alphabet leaves out 0 and O, 1, I and L, S (it looks
like 5) and U (it looks like V, and it would let words be spelt that nobody wants to receive). The
29 symbols left are a prime number of them, and so one weighted sum finds every single wrong
symbol and every two symbols swapped, wherever they stand; the tests try them all.
Source: our own choice [D].
"""

import re
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRTVWXYZ"
PREFIX = "RC"

_LENGTH = 8
_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}
# Different for each place and none a multiple of 29: that is all the proof needs.
_WEIGHTS = range(_LENGTH, 0, -1)
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212]+")
# Only look-alikes that can mean one symbol; O, 0, I, 1 and L stand for nothing.
_LOOK_ALIKES = str.maketrans({"S": "5", "U": "V"})
_NEVER_USED = frozenset("01OIL")
_QUOTED_CHARACTERS = 40


class ReferenceNotUnderstood(ValueError):
    """A text is no claim reference; the message says why, in words for the person who typed it."""


def new_reference() -> str:
    """Draw a reference at random, from some 17 thousand million that cannot be guessed in turn.

    Two draws may agree: whoever stores it relies on the unique column and draws again.
    """
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH - 1))
    return _written(drawn + _check_symbol(drawn))


def parse_reference(text: str) -> str:
    """Return the reference that a person typed, in its one written form.

    Lower case, spaces, missing or typographic dashes and a missing prefix are all right, and S
    and U are read as the 5 and V they look like. Raises `ReferenceNotUnderstood` for anything
    else, a wrong check symbol included, so a slip never finds another claim.
    """
    symbols = _SEPARATORS.sub("", text)
    if not symbols.isascii():
        raise _refusal(text, "it has characters other than letters and figures")
    symbols = symbols.upper()
    if len(symbols) > _LENGTH:
        symbols = symbols.removeprefix(PREFIX)
    symbols = symbols.translate(_LOOK_ALIKES)
    if len(symbols) != _LENGTH:
        raise _refusal(text, f"it has {len(symbols)} letters and figures after RC, not {_LENGTH}")
    if _NEVER_USED.intersection(symbols):
        raise _refusal(text, "references never use 0, 1, I, L or O")
    if not _VALUE.keys() >= set(symbols):
        raise _refusal(text, "it has characters other than letters and figures")
    if _weighted_sum(symbols) != 0:
        raise _refusal(text, "a letter or figure is wrong, or two are swapped")
    return _written(symbols)


def _weighted_sum(symbols: str) -> int:
    places = zip(_WEIGHTS, symbols, strict=False)
    return sum(weight * _VALUE[symbol] for weight, symbol in places) % len(ALPHABET)


def _check_symbol(drawn: str) -> str:
    # The last place weighs 1, so its value is what the sum lacks.
    return ALPHABET[-_weighted_sum(drawn) % len(ALPHABET)]


def _written(symbols: str) -> str:
    return f"{PREFIX}-{symbols[:4]}-{symbols[4:]}"


def _refusal(text: str, reason: str) -> ReferenceNotUnderstood:
    quoted = text if len(text) <= _QUOTED_CHARACTERS else f"{text[:_QUOTED_CHARACTERS]}…"
    return ReferenceNotUnderstood(
        f"“{quoted}” is not a claim reference: {reason}. A reference looks like RC-7K3M-92PW."
    )
