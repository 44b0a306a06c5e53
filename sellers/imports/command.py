"""What the import commands share: their arguments, the progress bar, and the summary."""

import sys
from abc import abstractmethod
from contextlib import nullcontext
from pathlib import Path
from typing import Any, ClassVar, override

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from sellers.calendars import MarketNotKnown, market_named
from sellers.imports.maps import ImportMap, MapNotUnderstood, load_map
from sellers.imports.report import Report, ReportFile
from sellers.imports.rows import FileNotUnderstood, RowFile
from sellers.imports.run import Importer, run_import


class ImportCommand(BaseCommand):
    """`import_… FILE --map MAP.toml [--dry-run] [--report FILE] [--market US]`.

    Exit status 0 when the file was read to its end, rows left out or not; 1 when the file, the map
    or an argument is not understood.
    """

    importer_type: ClassVar[type[Importer[Any]]]

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the CSV file")
        parser.add_argument("--map", type=Path, required=True, help="which column is which field")
        parser.add_argument("--market", help="the marketplace, where the map does not name one")
        parser.add_argument("--dry-run", action="store_true", help="check all, keep nothing")
        parser.add_argument("--report", type=Path, help="where problems go: a .csv or .json file")

    @override
    def handle(self, **options: Any) -> None:
        try:
            report = self._run(options)
        except (FileNotUnderstood, MapNotUnderstood, MarketNotKnown, OSError) as error:
            raise CommandError(str(error)) from error
        for line in report.summary(dry_run=options["dry_run"]):
            self.stdout.write(line)
        if report.stopped:
            raise CommandError("The file was not read to its end.")

    @abstractmethod
    def build_importer(self, import_map: ImportMap, options: dict[str, Any]) -> Importer[Any]:
        """The importer of this command, told what the map and the arguments say."""

    def _run(self, options: dict[str, Any]) -> Report:
        import_map = _map_for(self.importer_type, options["map"], options["market"])
        importer = self.build_importer(import_map, options)
        report = Report()
        path = options["report"]
        with (
            RowFile(options["file"], import_map.shape) as rows,
            ReportFile(path) if path else nullcontext() as kept,
            # None: no bar where nobody watches.
            tqdm(total=rows.size, unit="B", unit_scale=True, disable=_bar_off()) as bar,
        ):
            report.sink = kept.write if kept else None
            run_import(
                importer=importer,
                import_map=import_map,
                rows=rows,
                report=report,
                dry_run=options["dry_run"],
                progress=lambda: _advance(bar, rows),
            )
        return report


def _map_for(importer: type[Importer[Any]], path: Path, market: str | None) -> ImportMap:
    import_map = load_map(path, imports=importer.imports, fields=importer.fields)
    if market is None:
        return import_map
    if "market" in import_map.sources:
        raise MapNotUnderstood("The map names the market already: leave --market out.")
    return import_map.with_constant("market", market_named(market.upper()).code)


def _advance(bar: "tqdm[Any]", rows: RowFile) -> None:
    bar.update(rows.position - bar.n)


def _bar_off() -> bool:
    return not sys.stderr.isatty()
