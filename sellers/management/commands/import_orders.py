"""`import_orders`: orders from a CSV file, through a map (docs/imports.md)."""

from typing import Any, override

from sellers.imports.command import ImportCommand
from sellers.imports.maps import ImportMap
from sellers.imports.orders import OrderImporter


class Command(ImportCommand):
    help = "Import orders from a CSV file, through a map."

    importer_type = OrderImporter

    @override
    def build_importer(self, import_map: ImportMap, options: dict[str, Any]) -> OrderImporter:
        return OrderImporter()
