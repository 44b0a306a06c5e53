"""Plays scenarios: events and checks in order of time, everything due in between acts."""

import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import connection
from django.test.utils import override_settings

from claims.lifecycle import Refused
from claims.models import ClaimEvent
from claims.providers.sandbox_server import SandboxServer
from claims.scenarios.checking import find_differences
from claims.scenarios.files import Check, Event, Scenario
from claims.scenarios.happen import happen
from claims.scenarios.world import World, clear

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
    original = connection.settings_dict["NAME"]
    # Its own name: two players, or a player and the tests, never meet on one server.
    connection.settings_dict["TEST"]["NAME"] = f"{original[:40]}_play_{os.getpid()}"
    creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
        with override_settings(MAILERS=MAIL, DEMO=False, CELERY_BROKER_URL=""):
            yield
    finally:
        creation.destroy_test_db(original, verbosity=0)


def play(scenario: Scenario) -> Played:
    """Play one scenario in the scratch database.

    Raises:
        FileNotUnderstood: a value of the file cannot be read.
    """
    clear()
    moment = [datetime(2021, 9, 1, tzinfo=UTC)]
    with SandboxServer(now=lambda: moment[0]) as server:
        world = World(scenario, server)
        world.lay_out()
        return _play(world, moment)


def _play(world: World, moment: list[datetime]) -> Played:
    played = Played(world.scenario)
    refused: dict[datetime, list[Event]] = defaultdict(list)
    for at, _, _, item in _in_order(world):
        world.run_until(at)
        moment[0] = at
        if isinstance(item, Check):
            played.checked.append(_check(world, item, refused[at]))
        elif isinstance(item, Event):
            _happen(world, item, refused)
        else:
            world.submit(item[0], item[1], at)
        world.settle()
    played.timelines = {name: timeline(claim.pk) for name, claim in world.claims.items()}
    return played


def _in_order(world: World) -> list[tuple[datetime, int, int, object]]:
    """Submissions of listed policies, events, checks: by moment, in this order."""
    items: list[tuple[datetime, int, int, object]] = []
    for n, policy in enumerate(world.scenario.policies):
        where = f"policies[{n}]"
        items.append((world.submission_moment(policy, where), 0, n, (policy, where)))
    items += [(e.at, 1, n, e) for n, e in enumerate(world.scenario.events)]
    items += [(c.at, 2, n, c) for n, c in enumerate(world.scenario.checks)]
    return sorted(items, key=lambda item: item[:3])


def _happen(world: World, event: Event, refused: dict[datetime, list[Event]]) -> None:
    try:
        happen(world, event)
    except Refused:
        refused[event.at].append(event)


def _check(world: World, check: Check, refused: list[Event]) -> Checked:
    names = [e.do for e in refused if e.claim is None or e.claim == check.claim]
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
