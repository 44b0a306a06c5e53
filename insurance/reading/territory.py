"""Where a policy holds, from the words of a certificate in English, German or French."""

import re
from typing import Final

from insurance.reading.facts import Found
from sellers.markets import MARKETS

_WORLD: Final = re.compile(
    r"world-?\s?wide|anywhere in the world|\bthe world\b|weltweit|monde entier|mondiale?\b",
    re.IGNORECASE,
)
_BUT: Final = re.compile(
    r"\bexcluding\b|\bexcept(?:ing)?\b|\bexcl\.|\bother than\b|\bohne\b|\bausgenommen\b|\baußer\b"
    r"|\bhors\b|\bsauf\b|à l['’]exception",
    re.IGNORECASE,
)
_EU: Final = frozenset({"EU"})
# Two-letter names are words of other meanings too, unless in capitals.
_PLACES: Final = tuple(
    (re.compile(pattern, 0 if places_in_capitals else re.IGNORECASE), codes)
    for pattern, places_in_capitals, codes in (
        (r"\bUSA?\b|\bU\.S\.(?:A\.)?", True, frozenset({"US"})),
        (r"\bUK\b|\bGB\b|\bU\.K\.", True, frozenset({"UK"})),
        (r"\bE[UEW][AR]?\b|\bEEE\b", True, _EU),
        (r"united states|vereinigte staaten|états[- ]unis", False, frozenset({"US"})),
        (r"\b[ck]anada\b", False, frozenset({"CA"})),
        (
            (
                r"united kingdom|great britain|vereinigtes königreich|gro(?:ß|ss)britannien"
                r"|royaume-uni"
            ),
            False,
            frozenset({"UK"}),
        ),
        (
            r"european union|european economic area|europäische[rn]? union|union européenne",
            False,
            _EU,
        ),
        (r"\beuropa?\b|\beurope\b", False, _EU | {"UK"}),
        (r"north america|nordamerika|amérique du nord", False, frozenset({"US", "CA", "MX"})),
        (r"germany|deutschland|allemagne", False, frozenset({"DE"})),
        (r"\bfrance\b|frankreich", False, frozenset({"FR"})),
        (r"\bitaly\b|italien|italie\b", False, frozenset({"IT"})),
        (r"\bspain\b|spanien|espagne", False, frozenset({"ES"})),
        (r"netherlands|niederlande|pays-bas", False, frozenset({"NL"})),
        (r"belgium|belgien|belgique", False, frozenset({"BE"})),
        (r"sweden|schweden|suède", False, frozenset({"SE"})),
        (r"\bpoland\b|\bpolen\b|pologne", False, frozenset({"PL"})),
        (r"(?<!new )\bmexi[ck]o\b|mexiko|mexique", False, frozenset({"MX"})),
        (r"\bjap[ao]n\b", False, frozenset({"JP"})),
    )
)


def read_territory(words: str) -> Found[frozenset[str]]:
    """Markets named, `EU` or `WORLDWIDE`; nothing of ours is an empty set.

    The world without some places is every other market by name.
    """
    named, _, excepted = _parted(words)
    places = _places(named)
    if _WORLD.search(named):
        left_out = _members(_places(excepted))
        places = frozenset({"WORLDWIDE"}) if not left_out else frozenset(MARKETS) - left_out
    elif excepted:
        places = _members(places) - _members(_places(excepted))
    return Found(places, words.strip())


def _parted(words: str) -> tuple[str, str, str]:
    """What is named, the word that excepts, and what is excepted."""
    match = _BUT.search(words)
    if match is None:
        return words, "", ""
    return words[: match.start()], match[0], words[match.end() :]


def _places(words: str) -> frozenset[str]:
    found = (codes for pattern, codes in _PLACES if pattern.search(words))
    return frozenset[str]().union(*found)


def _members(places: frozenset[str]) -> frozenset[str]:
    """Places with the union's members by name."""
    if not places & _EU:
        return places
    members = {market.code for market in MARKETS.values() if market.region == "EU"}
    return (places - _EU) | members
