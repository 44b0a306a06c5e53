"""`import_sellers`: sellers from a CSV file, through a map (docs/imports.md)."""

from typing import Any, override

from django.utils import timezone

from sellers.imports.command import ImportCommand
from sellers.imports.maps import ImportMap
from sellers.imports.sellers import SellerImporter


class Command(ImportCommand):
    help = "Import sellers from a CSV file, through a map."

    importer_type = SellerImporter

    @override
    def build_importer(self, import_map: ImportMap, options: dict[str, Any]) -> SellerImporter:
        return SellerImporter(at=timezone.now())
