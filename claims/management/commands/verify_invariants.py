"""`verify_invariants`: what must always hold, asked of the rows and of the provider's book."""

import re
import time
from argparse import ArgumentParser
from collections import Counter
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from claims.invariants import Checked, Inspection, check_all, read_acknowledgements
from claims.providers import get_provider
from claims.providers.base import BookNotRead, ProviderBook
from claims.watch.nightly import keep_report


class Command(BaseCommand):
    help = "Check what must always hold: payments, clocks, ledger, answers, letters, files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add(
            "--without-book", action="store_true", help="leave out what needs the provider (I1, I2)"
        )
        add("--acknowledged", type=Path, help="answers that clients saw acknowledged, JSON lines")
        add("--mail", type=Path, help="folder of a mail sink: each letter must be there once")
        add("--keep", action="store_true", help="keep the report; a broken ledger pauses payouts")
        add("--late-minutes", type=float, default=5, help="how long something due may wait (5)")

    def handle(self, **options: Any) -> None:
        inspection = Inspection(
            at=timezone.now(),
            book=None if options["without_book"] else _book(),
            acknowledged=_acknowledged(options["acknowledged"]),
            delivered=_delivered(options["mail"]),
            late=timedelta(minutes=options["late_minutes"]),
        )
        began = time.monotonic()
        try:
            checked = list(check_all(inspection))
        except BookNotRead as error:
            raise CommandError(str(error)) from error
        violated = sum(self._print(one) for one in checked)
        if options["keep"]:
            seconds = time.monotonic() - began
            keep_report(checked, at=inspection.at, asked_by="verify_invariants", seconds=seconds)
        if violated:
            raise CommandError(f"{violated} invariants are violated.")

    def _print(self, one: Checked) -> bool:
        self.stdout.write(f"{one.code:<4}{one.title}: {one.words}")
        for violation in one.violations or ():
            self.stdout.write(f"      {violation.subject}: {violation.what}")
        return bool(one.violations)


def _book() -> ProviderBook | None:
    try:
        return get_provider().book()
    except ImproperlyConfigured as error:
        raise CommandError(f"{error} Or leave out what needs it: --without-book.") from error


def _acknowledged(path: Path | None) -> list[Any]:
    try:
        return read_acknowledgements(path.read_text()) if path else []
    except (OSError, ValueError) as error:
        raise CommandError(str(error)) from error


def _delivered(folder: Path | None) -> Counter[str] | None:
    """How often a sink (config/mailsink.py) took each Message-ID."""
    if folder is None:
        return None
    letters = (path for path in folder.glob("*.eml") if re.fullmatch(r"[0-9]+", path.stem))
    return Counter(
        str(message_from_bytes(path.read_bytes())["Message-ID"]).strip() for path in letters
    )
