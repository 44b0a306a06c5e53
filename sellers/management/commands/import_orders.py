"""`import_orders`: orders from a CSV file, through a map (docs/imports.md)."""

from typing import Any, override

from sellers.imports.command import ImportCommand
from sellers.imports.orders import OrderImporter


class Command(ImportCommand):
    help = "Import orders from a CSV file, through a map."

    @override
    def build_importer(self, options: dict[str, Any]) -> OrderImporter:
        return OrderImporter()
