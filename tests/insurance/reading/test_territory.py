"""Where a policy holds, from its words (rules §4, check 7)."""

import pytest

from insurance.reading.territory import read_territory
from sellers.markets import MARKETS

EU = {market.code for market in MARKETS.values() if market.region == "EU"}


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("Worldwide", {"WORLDWIDE"}),
        ("Anywhere in the world", {"WORLDWIDE"}),
        ("United States of America, its territories and possessions, and Canada", {"US", "CA"}),
        ("USA", {"US"}),
        ("U.S.A. and Puerto Rico", {"US"}),
        ("North America", {"US", "CA", "MX"}),
        ("United Kingdom", {"UK"}),
        ("European Union and UK", {"EU", "UK"}),
        ("Europe", {"EU", "UK"}),
        ("EU/EWR", {"EU"}),
        ("Deutschland", {"DE"}),
        ("France, Belgique, Pays-Bas", {"FR", "BE", "NL"}),
        ("Japan", {"JP"}),
        ("New Mexico, USA", {"US"}),
        ("Brazil", set()),
        ("wherever we trade with us", set()),  # a pronoun is no country
        ("Worldwide excluding USA and Canada", set(MARKETS) - {"US", "CA"}),
        ("weltweit ohne USA/Kanada", set(MARKETS) - {"US", "CA"}),
        ("monde entier hors États-Unis et Canada", set(MARKETS) - {"US", "CA"}),
        ("Worldwide except Brazil", {"WORLDWIDE"}),
        ("European Union except Germany", EU - {"DE"}),
    ],
)
def test_places_are_read(words: str, places: set[str]) -> None:
    found = read_territory(words)

    assert (found.value, found.text) == (frozenset(places), words)
