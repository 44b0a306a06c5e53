"""Reads a scenario file strictly: an unknown or missing key is named, never passed over."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sellers.markets import MARKETS


class FileNotUnderstood(Exception):
    """The file is not a scenario; the message names the key that is wrong."""


REQUIRED = object()
# Scenario README: a check without a moment looks 60 days after the last event.
DEFAULT_LATER = timedelta(days=60)
PEOPLE = ("adjuster", "adjuster2", "senior", "senior2")

TOP = {
    "name": REQUIRED,
    "market": "US",
    "sellers": (),
    "monthly_sales": (),
    "policies": (),
    "orders": (),
    "events": REQUIRED,
    "checks": REQUIRED,
}
SELLER = {
    "id": REQUIRED,
    "legal_name": REQUIRED,
    "country": "US",
    "single_member_llc": False,
    "trade_name": "",
}
SALES = {"seller": REQUIRED, "month": REQUIRED, "gross": REQUIRED}
POLICY = {
    "seller": REQUIRED,
    "number": REQUIRED,
    "insurer": REQUIRED,
    "rating": "A-",
    "kind": "commercial_general",
    "basis": "occurrence",
    "each_occurrence": None,
    "aggregate": None,
    "products_completed_operations": True,
    "deductible": None,
    "additional_insured": "",
    "certificate_holder_only": False,
    "named_insured": "",
    "territory": None,
    "cancellation_notice_days": 30,
    "signed": True,
    "effective_on": None,
    "expires_on": None,
    "submitted_at": None,
}
ORDER = {
    "id": REQUIRED,
    "seller": REQUIRED,
    "title": REQUIRED,
    "price": REQUIRED,
    "delivered_on": None,
    "fulfilment": "marketplace",
    "physical": True,
}
CLAIMANT = {
    "name": REQUIRED,
    "email": REQUIRED,
    "born_on": None,
    "represented": False,
    "medicare": "no",
}

# Any event may name who did it and why, also where that changes nothing.
COMMON = {"claim": None, "seller": None, "by": None, "reason": ""}
# What each event may say beside `at` and `do`; the claim is required but where it is left out.
CLAIM = {"claim": REQUIRED}
BY = {"by": "adjuster"}
EVENTS: dict[str, dict[str, Any]] = {
    "report_claim": CLAIM
    | {
        "order": REQUIRED,
        "incident_on": REQUIRED,
        "harm": REQUIRED,
        "severity": "none",
        "lines": REQUIRED,
        "claimant": REQUIRED,
        "payee": True,
        "narrative": "",
    },
    "pass_screening": CLAIM | BY | {"reason": ""},
    "screen_out": CLAIM | BY | {"reason": ""},
    "ask_claimant": CLAIM | BY | {"question": ""},
    "claimant_answers": CLAIM | {"question": "", "answer": "", "by": None},
    "assess": CLAIM | BY | {"lines": REQUIRED, "reason": ""},
    "respond": CLAIM | {"seller": None, "answer": REQUIRED, "reason": ""},
    "report_settlement": CLAIM | {"amount": REQUIRED, "seller": None, "reason": ""},
    "insurer_answers": CLAIM | {"pays": REQUIRED, "amount": None, "reason": ""},
    "step_in": CLAIM | BY | {"amount": None, "reason": ""},
    "uphold": CLAIM | BY | {"reason": "", "amount": None},
    "approve": CLAIM | BY | {"reason": ""},
    "refuse_approval": CLAIM | BY | {"reason": ""},
    "submit_policy": {"policy": REQUIRED, "claim": None},
    "appeal": CLAIM | {"party": REQUIRED, "new_facts": "", "seller": None},
    "decide_appeal": CLAIM | BY | {"outcome": REQUIRED, "reason": "", "party": None},
    "hold": CLAIM | BY | {"kind": REQUIRED, "reason": ""},
    "release": CLAIM | BY | {"kind": REQUIRED, "reason": ""},
    "withdraw": CLAIM | {"reason": "", "by": None},
    "extend": CLAIM | BY | {"days": REQUIRED, "reason": ""},
    "change_payee": CLAIM | {"by": None},
    "pause_payouts": {"claim": None, "by": "adjuster", "reason": ""},
    "resume_payouts": {"claim": None, "by": "adjuster", "reason": ""},
    "mail": {"claim": None, "to": REQUIRED, "next": REQUIRED},
    "provider": {"claim": None, "next": REQUIRED},
    "collect": CLAIM | {"from": REQUIRED, "amount": REQUIRED, "by": "adjuster"},
    "write_off": CLAIM | BY | {"reason": ""},
}
CHECKS = (
    "status",
    "paid",
    "payments",
    "borne_by",
    "recovery",
    "bars",
    "due_at",
    "reason",
    "refused",
    "notices",
    "appeal",
    "compliance",
    "defects",
)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happens; `values` has every key, defaults filled in."""

    at: datetime
    do: str
    values: Mapping[str, Any]
    number: int

    @property
    def claim(self) -> str | None:
        """The file's own id of the claim, or None."""
        return self.values.get("claim")


@dataclass(frozen=True, slots=True)
class Check:
    """What must be true of a claim, or of a seller, at a moment."""

    at: datetime
    claim: str | None
    seller: str | None
    expected: Mapping[str, Any]
    number: int


@dataclass(frozen=True, slots=True)
class Scenario:
    """One file, understood."""

    path: Path
    name: str
    market: str
    sellers: tuple[Mapping[str, Any], ...]
    monthly_sales: tuple[Mapping[str, Any], ...]
    policies: tuple[Mapping[str, Any], ...]
    orders: tuple[Mapping[str, Any], ...]
    events: tuple[Event, ...]
    checks: tuple[Check, ...]


def read_scenario(path: Path) -> Scenario:
    """The scenario in a file.

    Raises:
        FileNotUnderstood: it cannot be read; the message names the key.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise FileNotUnderstood(f"{path}: {error}") from None
    except json.JSONDecodeError as error:
        raise FileNotUnderstood(f"{path}: not JSON: {error}") from None
    try:
        return _scenario(path, content)
    except FileNotUnderstood as error:
        raise FileNotUnderstood(f"{path}: {error}") from None


def _scenario(path: Path, content: object) -> Scenario:
    top = _keys(content, TOP, "the file")
    if top["market"] not in MARKETS:
        raise FileNotUnderstood(f"market: “{top['market']}” is not one of {', '.join(MARKETS)}")
    policies = _list(top, "policies", POLICY)
    events = sorted(_events(top["events"]), key=lambda e: (e.at, e.number))
    last = max((e.at for e in events), default=None)
    return Scenario(
        path=path,
        name=str(top["name"]),
        market=top["market"],
        sellers=_list(top, "sellers", SELLER),
        monthly_sales=_list(top, "monthly_sales", SALES),
        policies=policies,
        orders=_list(top, "orders", ORDER),
        events=tuple(events),
        checks=tuple(_checks(top["checks"], last)),
    )


def _keys(content: object, allowed: Mapping[str, Any], where: str) -> dict[str, Any]:
    if not isinstance(content, dict):
        raise FileNotUnderstood(f"{where}: must be an object")
    for key in content:
        if key not in allowed:
            known = ", ".join(allowed)
            raise FileNotUnderstood(f"{where}: key “{key}” is not known (known: {known})")
    for key, default in allowed.items():
        if default is REQUIRED and key not in content:
            raise FileNotUnderstood(f"{where}: key “{key}” is missing")
    return {
        key: content.get(key, None if default is REQUIRED else default)
        for key, default in allowed.items()
    }


def _list(
    top: Mapping[str, Any], name: str, allowed: Mapping[str, Any]
) -> tuple[Mapping[str, Any], ...]:
    items = top[name]
    if not isinstance(items, list | tuple):
        raise FileNotUnderstood(f"{name}: must be a list")
    return tuple(_keys(item, allowed, f"{name}[{n}]") for n, item in enumerate(items))


def _events(items: object) -> list[Event]:
    if not isinstance(items, list):
        raise FileNotUnderstood("events: must be a list")
    return [_event(item, n) for n, item in enumerate(items)]


def _event(item: object, number: int) -> Event:
    where = f"events[{number}]"
    if not isinstance(item, dict) or "do" not in item or "at" not in item:
        raise FileNotUnderstood(f"{where}: needs the keys “at” and “do”")
    do = item["do"]
    if do not in EVENTS:
        raise FileNotUnderstood(f"{where}.do: “{do}” is not one of {', '.join(EVENTS)}")
    values = _keys(item, {"at": REQUIRED, "do": REQUIRED} | COMMON | EVENTS[do], where)
    by = values.get("by")
    if by is not None and by not in PEOPLE:
        raise FileNotUnderstood(f"{where}.by: “{by}” is not one of {', '.join(PEOPLE)}")
    if do == "report_claim":
        values["claimant"] = _keys(values["claimant"], CLAIMANT, f"{where}.claimant")
        values["lines"] = _lines(values["lines"], "claimed", where)
    if do == "assess":
        values["lines"] = _lines(values["lines"], "assessed", where)
    if do == "submit_policy":
        values["policy"] = _keys(values["policy"], POLICY, f"{where}.policy")
    return Event(read_moment(values["at"], f"{where}.at"), do, values, number)


def _lines(items: object, amount: str, where: str) -> list[dict[str, Any]]:
    if not isinstance(items, list):
        raise FileNotUnderstood(f"{where}.lines: must be a list")
    allowed = {"head": REQUIRED, amount: REQUIRED}
    return [_keys(item, allowed, f"{where}.lines[{n}]") for n, item in enumerate(items)]


def _checks(items: object, last: datetime | None) -> list[Check]:
    if not isinstance(items, list):
        raise FileNotUnderstood("checks: must be a list")
    return [_check(item, number, last) for number, item in enumerate(items)]


def _check(item: object, number: int, last: datetime | None) -> Check:
    where = f"checks[{number}]"
    allowed: dict[str, Any] = dict.fromkeys(("at", "claim", "seller", *CHECKS))
    values = _keys(item, allowed, where)
    if values["at"] is not None:
        at = read_moment(values["at"], f"{where}.at")
    elif last is not None:
        at = last + DEFAULT_LATER
    else:
        raise FileNotUnderstood(f"{where}.at: is missing, and there are no events")
    if (values["claim"] is None) == (values["seller"] is None):
        raise FileNotUnderstood(f"{where}: names either a claim or a seller")
    given = item if isinstance(item, dict) else {}
    expected = {key: given[key] for key in CHECKS if key in given}
    return Check(at, values["claim"], values["seller"], expected, number)


def read_moment(text: object, where: str) -> datetime:
    """An ISO moment with its zone, in UTC.

    Raises:
        FileNotUnderstood: it is not one.
    """
    moment = _iso(datetime.fromisoformat, text, where)
    if moment.tzinfo is None:
        raise FileNotUnderstood(f"{where}: “{text}” has no time zone")
    return moment.astimezone(UTC)


def read_day(text: object, where: str) -> date:
    """An ISO date.

    Raises:
        FileNotUnderstood: it is not one.
    """
    return _iso(date.fromisoformat, text, where)


def _iso[T](read: Callable[[str], T], text: object, where: str) -> T:
    try:
        return read(str(text))
    except ValueError:
        raise FileNotUnderstood(f"{where}: “{text}” is not an ISO date or moment") from None
