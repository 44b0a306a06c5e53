"""`import_sales`: monthly sales from a CSV file, through a map (docs/imports.md)."""

from typing import Any, override

from sellers.imports.command import ImportCommand
from sellers.imports.maps import ImportMap
from sellers.imports.sales import SalesImporter


class Command(ImportCommand):
    help = "Import monthly sales from a CSV file, through a map."

    importer_type = SalesImporter

    @override
    def build_importer(self, import_map: ImportMap, options: dict[str, Any]) -> SalesImporter:
        return SalesImporter()
