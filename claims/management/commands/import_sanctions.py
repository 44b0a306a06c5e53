"""`import_sanctions`: a sanctions list from OFAC's files, current as soon as it is complete."""

from datetime import date
from pathlib import Path
from typing import Any, override

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from claims.screening.list_files import ListNotUnderstood
from claims.screening.list_import import ListPaths, import_list


class Command(BaseCommand):
    help = "Import a sanctions list (OFAC's CSV files) and make it the current one."

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sdn", type=Path, required=True, help="the parties")
        parser.add_argument("--alt", type=Path, required=True, help="their aliases")
        parser.add_argument("--add", type=Path, help="their addresses")
        parser.add_argument(
            "--list-date",
            type=date.fromisoformat,
            required=True,
            help="the date its publisher gives the list, like 2026-11-20",
        )
        parser.add_argument("--source", default="OFAC SDN", help="whose list it is")
        parser.add_argument(
            "--accept-fewer",
            action="store_true",
            help="take a list with less than half of the current one's entries",
        )

    @override
    def handle(self, **options: Any) -> None:
        try:
            version = import_list(
                paths=ListPaths(options["sdn"], options["alt"], options["add"]),
                list_date=options["list_date"],
                source=options["source"],
                at=timezone.now(),
                accept_fewer=options["accept_fewer"],
            )
        except (ListNotUnderstood, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{version}: {version.entries:,} entries, {version.names:,} names. "
            "It is the current list now."
        )
