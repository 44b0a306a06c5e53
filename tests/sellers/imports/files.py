"""Files and maps for the import tests, and one call that runs an import over them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sellers.imports.maps import ImportMap, load_map
from sellers.imports.report import Problem, Report
from sellers.imports.rows import RowFile
from sellers.imports.run import Importer, run_import

MAPS = Path(__file__).resolve().parents[3] / "sellers" / "imports" / "maps"
AT = datetime(2026, 3, 4, 18, tzinfo=UTC)


def write_csv(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    """A file of these lines."""
    path.write_text("".join(f"{line}\n" for line in lines), encoding=encoding)
    return path


def shipped_map(importer: Importer[Any]) -> ImportMap:
    """The example map of an importer."""
    path = MAPS / f"{importer.imports}.toml"
    return load_map(path, imports=importer.imports, fields=importer.fields)


def import_file(
    importer: Importer[Any], path: Path, import_map: ImportMap | None = None, **options: Any
) -> tuple[Report, list[Problem]]:
    """The report of an import, and every problem in it."""
    problems: list[Problem] = []
    report = Report(sink=problems.append)
    import_map = import_map or shipped_map(importer)
    with RowFile(path, import_map.shape) as rows:
        run_import(importer=importer, import_map=import_map, rows=rows, report=report, **options)
    return report, problems


def counts(report: Report) -> Sequence[int]:
    """Read, imported, changed, already there, left out."""
    tally = report.tally
    return (tally.read, tally.imported, tally.changed, tally.already_there, tally.left_out)
