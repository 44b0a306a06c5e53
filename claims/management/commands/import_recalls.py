"""`import_recalls`: published recalls, from a JSON or a CSV file."""

from pathlib import Path
from typing import Any, override

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from claims.safety.recall_files import RecallsNotUnderstood
from claims.safety.recalls import import_recalls


class Command(BaseCommand):
    help = "Import recalls (JSON or CSV) and match the safety cases that live."

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the JSON or CSV file")
        parser.add_argument("--source", default="CPSC", help="which authority published them")

    @override
    def handle(self, **options: Any) -> None:
        path: Path = options["file"]
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                done = import_recalls(file=file, source=options["source"], at=timezone.now())
        except (RecallsNotUnderstood, OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path}: {error}") from error
        self.stdout.write(f"{done.new} recalls are new, {done.known} were known.")
