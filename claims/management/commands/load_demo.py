"""`load_demo`: the project's own demo, once; `--watch` reports a claim to watch (docs/demo.md)."""

import os
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from claims.demo.load import NotTheDemo, load_demo
from claims.demo.outside import SandboxSilent
from claims.demo.watch import report_watched, write_watched


class Command(BaseCommand):
    """Loads made-up sellers, logins and claims; a second run loads only what is not there."""

    help = "Load the demo: made-up sellers, logins and claims. A second run does nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--watch",
            action="store_true",
            help="report a silent seller's claim whose deadline runs out about two minutes later",
        )

    def handle(self, **options: Any) -> None:
        try:
            self._load()
            if options["watch"]:
                self._watch()
        except (NotTheDemo, SandboxSilent) as error:
            raise CommandError(str(error)) from None

    def _load(self) -> None:
        begun = time.monotonic()
        loaded = load_demo(now=timezone.now(), tell=self._tell)
        if loaded.told == 0:
            self.stdout.write(f"The demo is loaded already: {loaded.stood} claims.")
            return
        seconds = time.monotonic() - begun
        self.stdout.write(f"The demo is loaded: {loaded.told} claims in {seconds:.1f} s.")

    def _tell(self, number: int, total: int) -> None:
        if number % 10 == 0 or number == total:
            self.stdout.write(f"{number} of {total} claims", ending="\n")

    def _watch(self) -> None:
        watched = report_watched(now=timezone.now())
        folder = os.environ.get("REDRESS_RUN_DIR")
        if folder:
            write_watched(watched, Path(folder))
        self.stdout.write(
            f"Claim {watched.claim.reference} is paid by itself at {watched.acts_at:%H:%M:%S} UTC, "
            "unless its seller answers before."
        )
