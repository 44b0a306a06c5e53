"""`import_claims`: claims from a CSV file, through a map (docs/imports.md)."""

from typing import Any, override

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from claims.imports.claims import ClaimImporter
from sellers.imports.command import ImportCommand
from sellers.imports.maps import ImportMap


class Command(ImportCommand):
    help = "Import reported claims from a CSV file, through a map."
    importer_type = ClaimImporter

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--demo",
            action="store_true",
            help="make up what the file does not have, and mark it; only where REDRESS_DEMO is set",
        )

    @override
    def build_importer(self, import_map: ImportMap, options: dict[str, Any]) -> ClaimImporter:
        if options["demo"] and not settings.DEMO:
            raise CommandError("This is no demo: nothing is made up here. Leave --demo out.")
        return ClaimImporter(source=import_map.source, at=timezone.now(), demo=options["demo"])
