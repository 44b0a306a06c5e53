"""Whom the sentences of a certificate name as additional insured, in exactly their words."""

import re
from collections.abc import Iterable
from typing import Final

from insurance.reading.facts import Found

_TERM: Final = (
    r"(?:additional(?:ly)? insureds?|zusatzversicherte[rn]?|mitversicherte?[rn]?|mitversichert"
    r"|assurée?s? (?:additionnel(?:le)?s?|supplémentaires?))"
)
_NAMED_AFTER: Final = re.compile(
    rf"\b{_TERM}\b\s*(?:\([^)]*\)\s*)?(?::|–|is\b|are\b|ist\b|sind\b|est\b|sont\b)"
    r"\s*(?P<name>\S.*)",
    re.IGNORECASE,
)
_NAMED_BEFORE: Final = re.compile(
    r"^(?P<name>.+?)\s+(?:is|are|shall be|has been|have been|ist|sind|est|sont)\s+"
    r"(?:hereby\s+|also\s+)*(?:(?:included|named|added|listed|covered|recognized)\s+)?"
    rf"(?:as\s+|als\s+|comme\s+)?(?:an?\s+)?{_TERM}\b",
    re.IGNORECASE,
)
_DENIED: Final = re.compile(
    rf"\b(?:not|no|nicht|kein|non)\b(?:\s+\w+){{0,4}}\s+{_TERM}|{_TERM}\W+(?:none|nil|n/a|keine)\b",
    re.IGNORECASE,
)
_LEAD_IN: Final = re.compile(
    r"^(?:(?:as|where|if|when) required[^,]*,\s*|it is agreed that\s+|please note that\s+"
    r"|this is to certify that\s+|we (?:hereby )?(?:certify|confirm) that\s+"
    r"|the following[^:]*:\s*)",
    re.IGNORECASE,
)
# “If the certificate holder is an additional insured, …” names nobody.
_CONDITIONAL: Final = re.compile(
    r"^(?:if|where|when|whether|should|unless|sofern|falls|si)\b", re.IGNORECASE
)
# Where the name ends and the conditions begin.
_TRAIL: Final = re.compile(
    r",?\s+(?:with respects?|with regards?|as respects|as required|where required|if required"
    r"|when required|per (?:form|endorsement|written)|under (?:form|endorsement|the)|by endorsement"
    r"|on a primary|solely|but only|in respect|for claims|subject to|gemäß|conformément)\b.*$",
    re.IGNORECASE,
)
_HOLDER: Final = re.compile(r"^(?:the\s+)?(?:above\s+|below\s+)?certificate holder$", re.IGNORECASE)


def find_additional_insured(
    sentences: Iterable[str], *, holder_name: str | None
) -> Found[str] | None:
    """The first name said to be additional insured.

    A sentence that makes the certificate holder one means the holder's name.
    """
    for sentence in sentences:
        if _DENIED.search(sentence) or _CONDITIONAL.match(_LEAD_IN.sub("", sentence)):
            continue
        match = _NAMED_BEFORE.search(sentence) or _NAMED_AFTER.search(sentence)
        name = "" if match is None else _bare(match["name"])
        if _HOLDER.match(name):
            name = holder_name or ""
        if name:
            return Found(name, sentence)
    return None


def _bare(words: str) -> str:
    """A name without what leads to it, what restricts it, and quotation marks."""
    name = _TRAIL.sub("", _LEAD_IN.sub("", words.strip()))
    return name.strip(" \"“”„'’,;:").removesuffix(".").strip(" \"“”„'’")
