"""Plays scenarios: events and checks in order of time, everything due in between acts."""

import logging
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.test.utils import override_settings

from claims.lifecycle import Refused
from claims.models import ClaimEvent
from claims.scenarios.checking import find_differences
from claims.scenarios.happen import happen
from claims.scenarios.scenario import Check, Event, Scenario, Values
from claims.scenarios.world import World, clear

log = logging.getLogger(__name__)

MAIL = {"default": {"BACKEND": "claims.scenarios.mail.ScenarioMail"}}


@dataclass(frozen=True, slots=True)
class Checked:
    """A check that was made: what differs (key, expected, found), and the claim's timeline."""

    check: Check
    differences: list[tuple[str, object, object]]
    timeline: tuple[str, ...]


@dataclass(slots=True)
class Played:
    """A scenario that was played."""

    scenario: Scenario
    checked: list[Checked] = field(default_factory=list)
    timelines: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether every check held."""
        return not any(checked.differences for checked in self.checked)


@contextmanager
def scratch_database() -> Iterator[None]:
    """A database of its own, made and dropped; the connection points at it meanwhile."""
    creation = connection.creation
    original, test = connection.settings_dict["NAME"], connection.settings_dict["TEST"]
    name = test["NAME"]
    # Its own name: two players, or a player and the tests, never meet on one server.
    test["NAME"] = f"{original[:40]}_play_{os.getpid()}"
    try:
        creation.create_test_db(verbosity=0, autoclobber=True)
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
        with override_settings(MAILERS=MAIL, DEMO=False, CELERY_BROKER_URL=""):
            yield
    finally:
        test["NAME"] = name
        # Also a database that could not be finished goes, but never the one that was there.
        if connection.settings_dict["NAME"] != original:
            creation.destroy_test_db(original, verbosity=0)


def play(scenario: Scenario) -> Played:
    """Play one scenario in the scratch database."""
    clear()
    world = World(scenario)
    with world.server:
        world.lay_out()
        return _play(world)


def _play(world: World) -> Played:
    played = Played(world.scenario)
    refused: dict[datetime, list[Event]] = defaultdict(list)
    for at, item in _in_order(world):
        world.run_until(at)
        if isinstance(item, Check):
            played.checked.append(_check(world, item, refused[at]))
        elif isinstance(item, Event):
            _happen(world, item, refused)
        else:
            world.submit(item, at)
        world.settle()
    played.timelines = {name: timeline(claim.pk) for name, claim in world.claims.items()}
    return played


def _in_order(world: World) -> Iterator[tuple[datetime, Values | Event | Check]]:
    """Submissions of listed policies, events, checks: by moment, in this order."""
    submissions = ((p["submitted_at"] or world.now, p) for p in world.scenario.policies)
    events = ((e.at, e) for e in world.scenario.events)
    checks = ((c.at, c) for c in world.scenario.checks)
    kinds: tuple[Iterable[tuple[datetime, Any]], ...] = (submissions, events, checks)
    items = [
        (at, kind, number, item)
        for kind, pairs in enumerate(kinds)
        for number, (at, item) in enumerate(pairs)
    ]
    for at, _, _, item in sorted(items, key=lambda found: found[:3]):
        yield at, item


def _happen(world: World, event: Event, refused: dict[datetime, list[Event]]) -> None:
    try:
        happen(world, event)
    except Refused as why:
        log.debug("%s at %s was refused: %s", event.do, event.at, why)
        refused[event.at].append(event)


def _check(world: World, check: Check, refused: list[Event]) -> Checked:
    names = [e.do for e in refused if check.claim is None or e.claim in {None, check.claim}]
    differences = find_differences(world, check, names)
    claim = world.claims.get(check.claim or "")
    lines = timeline(claim.pk) if differences and claim is not None else ()
    return Checked(check, differences, lines)


def timeline(claim_id: int) -> tuple[str, ...]:
    """Every step of a claim, a line each: moment, step, statuses, who, reason, rule."""
    return tuple(
        _line(event) for event in ClaimEvent.objects.filter(claim_id=claim_id).order_by("version")
    )


def _line(event: ClaimEvent) -> str:
    moved = (
        f"{event.from_status} → {event.to_status}"
        if event.from_status != event.to_status
        else event.to_status
    )
    parts = [f"{event.at:%Y-%m-%dT%H:%M:%SZ}", event.step, moved, f"by {event.actor_kind}"]
    parts += [event.reason] if event.reason else []
    parts += [f"[{event.rule}]"] if event.rule else []
    return " · ".join(parts)
