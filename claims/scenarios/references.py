"""Whether the ids of a scenario file fit together, before anything is played."""

from collections.abc import Iterable, Mapping
from typing import Any

from claims.scenarios.scenario import Check, Event, Scenario
from claims.scenarios.values import FileNotUnderstood
from claims.scenarios.vocabulary import OF_CLAIMS, OF_SELLERS


def check_references(scenario: Scenario) -> None:
    """Raise FileNotUnderstood for an id that stands twice, or that nothing in the file has."""
    sellers = _ids(scenario.sellers, "sellers")
    orders = _ids(scenario.orders, "orders")
    for name in ("monthly_sales", "policies", "orders"):
        for n, item in enumerate(getattr(scenario, name)):
            _known(item["seller"], sellers, f"{name}[{n}].seller", "seller")
    _check_months(scenario.monthly_sales)
    reports = [event for event in scenario.events if event.do == "report_claim"]
    claims = {event.claim for event in reports if event.claim is not None}
    for event in scenario.events:
        _check_event(event, sellers, orders, claims)
    if len(claims) < len(reports):
        twice = _twice([str(event.claim) for event in reports])
        raise FileNotUnderstood(f"events: claim “{twice}” is reported twice")
    for check in scenario.checks:
        _check_check(check, sellers, claims)


def _ids(items: Iterable[Mapping[str, Any]], name: str) -> set[str]:
    found = [item["id"] for item in items]
    if len(set(found)) < len(found):
        raise FileNotUnderstood(f"{name}: the id “{_twice(found)}” stands twice")
    return set(found)


def _twice(names: list[str]) -> str:
    return next(name for n, name in enumerate(names) if name in names[:n])


def _check_months(sales: Iterable[Mapping[str, Any]]) -> None:
    found = set()
    for n, item in enumerate(sales):
        key = item["seller"], item["month"]
        if key in found:
            raise FileNotUnderstood(f"monthly_sales[{n}].month: this month stands twice")
        found.add(key)


def _known(name: str | None, names: set[str], where: str, what: str) -> None:
    if name not in names:
        raise FileNotUnderstood(f"{where}: no {what} has the id “{name}”")


def _check_event(event: Event, sellers: set[str], orders: set[str], claims: set[str]) -> None:
    where = event.where
    values = event.values
    if event.claim is not None:
        _known(event.claim, claims, f"{where}.claim", "claim")
    if values["seller"] is not None:
        _known(values["seller"], sellers, f"{where}.seller", "seller")
    if event.do == "report_claim":
        _known(values["order"], orders, f"{where}.order", "order")
    if event.do == "submit_policy":
        _known(values["policy"]["seller"], sellers, f"{where}.policy.seller", "seller")
    if event.do == "mail":
        _known(values["to"], sellers | {"claimant"}, f"{where}.to", "seller")


def _check_check(check: Check, sellers: set[str], claims: set[str]) -> None:
    where = check.where
    if check.claim is not None:
        _known(check.claim, claims, f"{where}.claim", "claim")
    if check.seller is not None:
        _known(check.seller, sellers, f"{where}.seller", "seller")
    for keys, about, what in (
        (OF_CLAIMS, check.claim, "claim"),
        (OF_SELLERS, check.seller, "seller"),
    ):
        asked = [key for key in keys if key in check.expected]
        if asked and about is None:
            raise FileNotUnderstood(f"{where}.{asked[0]}: key “{what}” is missing")
    if check.claim is None and check.seller is None and "refused" not in check.expected:
        raise FileNotUnderstood(f"{where}: names neither a claim nor a seller")
