"""When sellers' days to prove cover for a claim end: told by a room that insurance cannot know."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

type Key = tuple[int, str]

# Each is called with (seller id, market) pairs and gives when the first of their clocks ends;
# `claims` joins here.
clock_sources: list[Callable[[Iterable[Key]], Mapping[Key, datetime]]] = []


def first_clocks(keys: Iterable[Key]) -> dict[Key, datetime]:
    """When the first running clock of each seller and market ends; those without are absent."""
    wanted = list(keys)
    ends: dict[Key, datetime] = {}
    for source in clock_sources:
        for key, at in source(wanted).items():
            ends[key] = min(at, ends.get(key, at))
    return ends
