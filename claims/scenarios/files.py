"""Reads a scenario file strictly: an unknown, missing or wrong key is named, never passed over."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from claims.scenarios.references import check_references
from claims.scenarios.scenario import Check, Event, Scenario, Values
from claims.scenarios.values import FileNotUnderstood, as_moment
from claims.scenarios.vocabulary import (
    ASSESSED,
    CHECK_VALUES,
    CLAIMANT,
    CLAIMED,
    COMMON,
    EVENTS,
    MARKET,
    OPTIONAL_TEXT,
    ORDER,
    POLICY,
    REQUIRED,
    SALES,
    SELLER,
    TEXT,
    Keys,
)
from sellers.markets import MARKETS, Market

# Scenario README: a check without a moment looks 60 days after the last event.
DEFAULT_LATER = timedelta(days=60)
LISTS: Mapping[str, Keys] = {
    "sellers": SELLER,
    "monthly_sales": SALES,
    "policies": POLICY,
    "orders": ORDER,
}
TOP = ("name", "market", *LISTS, "events", "checks")


def read_scenario(path: Path) -> Scenario:
    """The scenario in a file.

    Raises:
        FileNotUnderstood: it cannot be read; the message names the key.
    """
    try:
        # Some editors begin a file with the mark that "-sig" passes over.
        content = json.loads(
            path.read_text(encoding="utf-8-sig"), object_pairs_hook=_without_doubles
        )
        return _scenario(path, content)
    except OSError as error:
        raise FileNotUnderstood(f"{path}: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise FileNotUnderstood(f"{path}: not a text in UTF-8: {error.reason}") from None
    except (json.JSONDecodeError, RecursionError) as error:
        raise FileNotUnderstood(f"{path}: not JSON: {error}") from None
    except FileNotUnderstood as error:
        raise FileNotUnderstood(f"{path}: {error}") from None


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise FileNotUnderstood(f"key “{key}” stands twice in one object")
        found[key] = value
    return found


def _scenario(path: Path, content: object) -> Scenario:
    top = _object(content, TOP, "the file")
    for key in ("events", "checks"):
        if key not in top:
            raise FileNotUnderstood(f"the file: key “{key}” is missing")
    named = _read(top, {"name": TEXT, "market": MARKET}, "the file", MARKETS["US"])
    market = MARKETS[named["market"]]
    lists = {
        name: tuple(
            _strict(item, keys, where, market) for where, item in _items(_list_of(top, name), name)
        )
        for name, keys in LISTS.items()
    }
    events = [_event(item, where, market) for where, item in _items(top["events"], "events")]
    last = max((e.at for e in events), default=None)
    found = Scenario(
        path=path,
        name=named["name"],
        market=market.code,
        # Of one moment, in the order of the file: the sort keeps it.
        events=tuple(sorted(events, key=lambda event: event.at)),
        checks=tuple(
            _check(item, where, last, market) for where, item in _items(top["checks"], "checks")
        ),
        **lists,
    )
    check_references(found)
    return found


def _object(content: object, known: Iterable[str], where: str) -> Values:
    if not isinstance(content, dict):
        raise FileNotUnderstood(f"{where}: must be an object")
    for key in content:
        if key not in known:
            words = f"key “{key}” is not known (known: {', '.join(known)})"
            raise FileNotUnderstood(f"{where}: {words}")
    return content


def _list_of(top: Values, name: str) -> object:
    """A list that may be left out, or null."""
    given = top.get(name)
    return [] if given is None else given


def _items(content: object, name: str) -> list[tuple[str, Any]]:
    if not isinstance(content, list):
        raise FileNotUnderstood(f"{name}: must be a list")
    return [(f"{name}[{n}]", item) for n, item in enumerate(content)]


def _read(content: Any, keys: Keys, where: str, market: Market) -> dict[str, Any]:
    """Every key of an object, read; an explicit null is as good as leaving a key out."""
    values = {}
    for name, key in keys.items():
        given = content.get(name)
        if given is None and key.default is REQUIRED:
            raise FileNotUnderstood(f"{where}: key “{name}” is missing")
        place = f"{where}.{name}"
        values[name] = key.default if given is None else key.read(given, place, market)
    return values


def _strict(content: object, keys: Keys, where: str, market: Market) -> dict[str, Any]:
    return _read(_object(content, keys, where), keys, where, market)


def _event(item: object, where: str, market: Market) -> Event:
    do = _object(item, item if isinstance(item, dict) else (), where).get("do")
    if do is None:
        raise FileNotUnderstood(f"{where}: key “do” is missing")
    if not isinstance(do, str) or do not in EVENTS:
        raise FileNotUnderstood(f"{where}.do: “{do}” is not one of {', '.join(EVENTS)}")
    values = _strict(item, {**COMMON, **EVENTS[do]}, where, market)
    if do == "report_claim":
        values["claimant"] = _strict(values["claimant"], CLAIMANT, f"{where}.claimant", market)
    if "lines" in values:
        keys = CLAIMED if do == "report_claim" else ASSESSED
        lines = _items(values["lines"], f"{where}.lines")
        values["lines"] = [_strict(line, keys, place, market) for place, line in lines]
    if do == "submit_policy":
        values["policy"] = _strict(values["policy"], POLICY, f"{where}.policy", market)
    return Event(values["at"], do, values, where)


def _check(item: object, where: str, last: datetime | None, market: Market) -> Check:
    given = _object(item, ("at", "claim", "seller", *CHECK_VALUES), where)
    if given.get("at") is not None:
        at = as_moment(given["at"], f"{where}.at", market)
    elif last is not None:
        at = last + DEFAULT_LATER
    else:
        raise FileNotUnderstood(f"{where}.at: is missing, and there are no events")
    expected = {
        name: None if given[name] is None else key.read(given[name], f"{where}.{name}", market)
        for name, key in CHECK_VALUES.items()
        if name in given
    }
    about = _read(given, {"claim": OPTIONAL_TEXT, "seller": OPTIONAL_TEXT}, where, market)
    return Check(at, about["claim"], about["seller"], expected, where)
