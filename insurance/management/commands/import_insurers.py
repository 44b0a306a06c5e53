"""`import_insurers`: insurers and NAIC codes from a CSV file, through a map (docs/imports.md)."""

from datetime import date
from pathlib import Path
from typing import Any, Final, override

from django.core.management.base import CommandParser

from insurance.imports.insurers import InsurerImporter
from sellers.imports.command import ImportCommand
from sellers.imports.maps import ImportMap

_MAP: Final = Path(__file__).parents[2] / "imports" / "maps" / "insurers_naic.toml"


class Command(ImportCommand):
    help = "Import insurers and NAIC codes from a CSV file; they are suggestions for vetting."

    importer_type = InsurerImporter

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(map=_MAP)
        for action in parser._actions:  # noqa: SLF001 - argparse has no other way
            if action.dest == "map":
                action.required = False
        parser.add_argument("--source", required=True, help="which table it is, shown beside it")
        parser.add_argument(
            "--listed-on",
            type=date.fromisoformat,
            required=True,
            help="the date of the table, like 2026-11-22",
        )

    @override
    def build_importer(self, import_map: ImportMap, options: dict[str, Any]) -> InsurerImporter:
        return InsurerImporter(source=options["source"], listed_on=options["listed_on"])
