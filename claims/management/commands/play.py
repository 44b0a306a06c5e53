"""`play FILE…`: the rules as running scenarios, on a scratch database (docs/scenarios.md)."""

import logging
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from claims.counted import counted
from claims.scenarios.files import read_scenario
from claims.scenarios.player import Checked, Played, play, scratch_database
from claims.scenarios.scenario import Scenario
from claims.scenarios.values import FileNotUnderstood

log = logging.getLogger(__name__)


class Command(BaseCommand):
    """Plays scenarios through the operations of production."""

    help = "Play scenarios. Exit status: 0 all checks hold, 1 one does not, 2 a file is not read."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, help="scenario files, or folders")
        parser.add_argument("--timeline", action="store_true", help="print every step, its rule")

    def handle(self, *_: object, **options: Any) -> None:
        try:
            scenarios = [read_scenario(path) for path in _paths(options["files"])]
            with scratch_database():
                held = [self._play(s, with_timeline=options["timeline"]) for s in scenarios]
        except FileNotUnderstood as error:
            self.stderr.write(str(error))
            sys.exit(2)
        self.stdout.write(_sum_up(sum(held), len(held)))
        if not all(held):
            sys.exit(1)

    def _play(self, scenario: Scenario, *, with_timeline: bool) -> bool:
        try:
            played = play(scenario)
        except FileNotUnderstood as error:
            raise FileNotUnderstood(f"{scenario.path}: {error}") from None
        except Exception as error:  # whatever is wrong with one scenario must not stop the others
            log.exception("%s broke off.", scenario.path)
            return self._give_up(scenario, error)
        self.stdout.write(f"{scenario.path.name}: {scenario.name}")
        for checked in played.checked:
            self._show(checked)
        if with_timeline:
            self._show_timelines(played)
        return played.holds

    def _give_up(self, scenario: Scenario, error: Exception) -> bool:
        """Say that a scenario broke off: it does not hold."""
        words = " ".join(f"{type(error).__name__}: {error}".split())
        self.stdout.write(f"{scenario.path.name}: {scenario.name}")
        self.stdout.write(f"  FAILS  could not be played to its end: {words}")
        return False

    def _show(self, checked: Checked) -> None:
        check = checked.check
        about = f"{check.claim or check.seller} at {check.at:%Y-%m-%dT%H:%M:%SZ}"
        if not checked.differences:
            keys = ", ".join(check.expected)
            self.stdout.write(f"  holds  {about}: {keys}")
            return
        words = "; ".join(
            f"{key}: expected {expected!r}, found {found!r}"
            for key, expected, found in checked.differences
        )
        self.stdout.write(f"  FAILS  {about}: {words}")
        for line in checked.timeline:
            self.stdout.write(f"           {line}")

    def _show_timelines(self, played: Played) -> None:
        for name, lines in played.timelines.items():
            self.stdout.write(f"  {name}")
            for line in lines:
                self.stdout.write(f"    {line}")


def _sum_up(holding: int, played: int) -> str:
    verb = "holds" if played == 1 else "hold"
    return f"{holding} of {counted(played, 'scenario')} {verb}."


def _paths(given: list[Path]) -> list[Path]:
    found: list[Path] = []
    for path in given:
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(path.glob("*.json"))
        if not inside:
            raise FileNotUnderstood(f"{path}: no scenario files in this folder")
        found += inside
    return found
