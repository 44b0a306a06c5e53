"""How many rows a second the importers take, and how much memory: `python benchmarks/imports.py`.

Makes its own files and its own database beside the one in DATABASE_URL, and removes both. Each
import runs twice (all new, then all there already) in a process of its own, so that the highest
memory is that import's; it is measured with a tenth of the rows too, to show that it does not
grow with the file.
"""

import argparse
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import django

ROOT = Path(__file__).resolve().parent.parent
MAPS = ROOT / "sellers" / "imports" / "maps"
SELLERS = 2_000
HEADERS = {
    "sellers": "seller_id,legal_name,trade_name,country,email,time_zone,entity",
    "sales": "market,seller_id,month,gross,crossed_on",
    "orders": "market,order_id,seller_id,sku,title,brand,category,kind,price,currency,"
    "delivered_on,shipped_by",
}


def sellers_lines(count: int) -> Iterator[str]:
    """Sellers S0, S1 and so on."""
    for n in range(count):
        yield f"S{n},Seller {n} LLC,,US,s{n}@shop.example,America/New_York,LLC"


def sales_lines(count: int) -> Iterator[str]:
    """Months of the sellers, oldest first."""
    for n in range(count):
        year, month = divmod(n // SELLERS, 12)
        yield f"US,S{n % SELLERS},{2000 + year}-{month + 1:02},{random.randint(0, 99_999)}.50,"


def orders_lines(count: int) -> Iterator[str]:
    """Orders of twenty products a seller."""
    for n in range(count):
        seller = random.randrange(SELLERS)
        sku = random.randrange(20)
        yield (
            f"US,O{n},S{seller},K{sku},Kettle {sku},Boil,Kitchen,physical,29.90,USD,2026-01-05,"
            "marketplace"
        )


LINES = {"sellers": sellers_lines, "sales": sales_lines, "orders": orders_lines}


def write_file(folder: Path, kind: str, count: int) -> Path:
    """A file of so many rows."""
    path = folder / f"{kind}-{count}.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADERS[kind] + "\n")
        file.writelines(f"{line}\n" for line in LINES[kind](count))
    return path


def measure(kind: str, path: Path) -> None:
    """Import a file in this process; print rows per second and the highest memory."""
    from django.core.management import call_command

    started = time.perf_counter()
    with Path(os.devnull).open("w") as nowhere:
        call_command(f"import_{kind}", str(path), map=MAPS / f"{kind}.toml", stdout=nowhere)
    seconds = time.perf_counter() - started
    with path.open("rb") as file:
        rows = sum(1 for _ in file) - 1
    print(f"{kind:8} {rows:>10,} rows {rows / seconds:>9,.0f} rows/s {_most_memory():>6,} MB")


def _most_memory() -> int:
    """The most memory this process had, in MB; `ru_maxrss` would count the parent's too."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    kilobytes = next(line.split()[1] for line in lines if line.startswith("VmHWM:"))
    return int(kilobytes) // 1024


def run_all(rows: int) -> None:
    """Measure every import against a database of its own."""
    from django.db import connection

    before = connection.settings_dict["NAME"]
    # A name of its own: the tests' database is never touched.
    connection.settings_dict.setdefault("TEST", {})["NAME"] = f"{before}_bench_{os.getpid()}"
    connection.creation.create_test_db(verbosity=0, serialize=False)
    try:
        with TemporaryDirectory() as folder:
            for kind, count in _plan(rows):
                path = write_file(Path(folder), kind, count)
                for _ in ("new", "there already"):
                    _in_its_own_process(kind, path, str(connection.settings_dict["NAME"]))
    finally:
        connection.creation.destroy_test_db(str(before), verbosity=0)


def _plan(rows: int) -> list[tuple[str, int]]:
    return [
        ("sellers", SELLERS),
        ("sales", rows // 10),
        ("sales", rows),
        ("orders", rows // 10),
        ("orders", rows),
    ]


def _in_its_own_process(kind: str, path: Path, database: str) -> None:
    command = [sys.executable, __file__, "--one", kind, str(path), database]
    subprocess.run(command, check=True)  # noqa: S603 - this file itself


def main() -> None:
    """Parse the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--one", nargs=3, metavar=("KIND", "FILE", "DATABASE"))
    arguments = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    if arguments.one:
        from django.conf import settings

        kind, path, database = arguments.one
        settings.DATABASES["default"]["NAME"] = database
        measure(kind, Path(path))
    else:
        run_all(arguments.rows)


if __name__ == "__main__":
    main()
