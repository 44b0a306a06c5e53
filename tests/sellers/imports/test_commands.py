"""The import commands as they are typed: arguments, summary, report file, exit status."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from sellers.imports import command
from sellers.models import MonthlySales, Order, Seller
from tests.sellers.imports.files import MAPS, write_csv

SALES = "seller_id,month,gross,crossed_on"
pytestmark = pytest.mark.django_db
MAP_WITHOUT_MARKET = """
imports = "sales"
name = "Sales of one market"
source = "them"
[fields]
seller = { column = "seller_id" }
month = { column = "month" }
gross = { column = "gross" }
"""


def run(name: str, *arguments: Any, **options: Any) -> list[str]:
    out = StringIO()
    call_command(name, *map(str, arguments), stdout=out, **options)
    return out.getvalue().splitlines()


def summary(imported: int, already_there: int = 0, left_out: int = 0) -> list[str]:
    return [
        f"{imported + already_there + left_out} rows read",
        f"{imported} imported",
        "0 changed",
        f"{already_there} already there",
        f"{left_out} left out",
    ]


def test_sellers_then_sales_then_orders(tmp_path: Path) -> None:
    sellers = write_csv(
        tmp_path / "sellers.csv",
        "seller_id,legal_name,trade_name,country,email,time_zone,entity",
        "S1,Acme LLC,,US,a@acme.example,,LLC",
    )
    sales = write_csv(
        tmp_path / "sales.csv", "market,seller_id,month,gross,crossed_on", "US,S1,2026-01,5,"
    )
    orders = write_csv(
        tmp_path / "orders.csv",
        "market,order_id,seller_id,sku,title,brand,category,kind,price,currency,delivered_on,"
        "shipped_by",
        "US,O1,S1,K-1,Kettle,,,physical,29.90,USD,,marketplace",
    )
    for name, path in (("sellers", sellers), ("sales", sales), ("orders", orders)):
        arguments = (f"import_{name}", path, "--map", MAPS / f"{name}.toml")
        assert run(*arguments) == summary(1)
        assert run(*arguments) == summary(0, already_there=1)
    assert (Seller.objects.count(), MonthlySales.objects.count(), Order.objects.count()) == (
        1,
        1,
        1,
    )
    assert Seller.objects.get().timezone == "America/Los_Angeles"


def test_market_of_the_command_line_and_a_report(
    tmp_path: Path, sellers: dict[str, Seller]
) -> None:
    path = write_csv(tmp_path / "s.csv", SALES, "S1,2026-01,5,", "S1,2026-02,x,")
    map_path, report = tmp_path / "map.toml", tmp_path / "report.json"
    map_path.write_text(MAP_WITHOUT_MARKET)
    arguments = ("import_sales", path, "--map", map_path, "--market", "us", "--report", report)
    told = "  1 × gross: is not an amount in USD; expected an amount like 1234.50 (row 3, “x”)"
    assert run(*arguments) == [*summary(1, left_out=1), told]
    assert [problem["row"] for problem in json.loads(report.read_text())] == [3]
    assert MonthlySales.objects.get().marketplace_id == "US"


def test_without_a_market_every_row_says_so(tmp_path: Path, sellers: dict[str, Seller]) -> None:
    path, map_path = write_csv(tmp_path / "s.csv", SALES, "S1,2026-01,5,"), tmp_path / "m.toml"
    map_path.write_text(MAP_WITHOUT_MARKET)
    told = "marketplace: missing; the map names no column for it; expected the marketplace (row 2)"
    assert run("import_sales", path, "--map", map_path) == [
        *summary(0, left_out=1),
        f"  1 × {told}",
    ]


def test_dry_run_keeps_nothing(tmp_path: Path, sellers: dict[str, Seller]) -> None:
    path = write_csv(
        tmp_path / "s.csv", "market,seller_id,month,gross,crossed_on", "US,S1,2026-01,5,"
    )
    lines = run("import_sales", path, "--map", MAPS / "sales.toml", "--dry-run")
    assert lines[1] == "1 would be imported"
    assert not MonthlySales.objects.exists()


@pytest.mark.parametrize(
    ("lines", "options", "told"),
    [
        (["seller_id,month"], [], "exactly once: market, gross, crossed_on"),
        (["market,seller_id,month,gross,crossed_on"], ["--market", "US"], "names the market"),
        ([], [], "the file is empty"),
    ],
)
def test_a_file_or_map_that_does_not_fit(
    tmp_path: Path, lines: list[str], options: list[str], told: str
) -> None:
    path = write_csv(tmp_path / "s.csv", *lines)
    with pytest.raises(CommandError, match=told):
        run("import_sales", path, "--map", MAPS / "sales.toml", *options)


def test_other_mistakes_are_told_in_words(tmp_path: Path) -> None:
    path, map_path = write_csv(tmp_path / "s.csv", SALES), tmp_path / "m.toml"
    map_path.write_text(MAP_WITHOUT_MARKET)
    for arguments, told in (
        (("--map", tmp_path / "no.toml"), "cannot be read"),
        (("--map", MAPS / "orders.toml"), "This map is not for sales"),
        (("--map", map_path, "--market", "XX"), "is not a marketplace"),
        (("--map", map_path, "--report", tmp_path / "no" / "r.csv"), "No such file"),
    ):
        with pytest.raises(CommandError, match=told):
            run("import_sales", path, *arguments)


def test_a_file_that_breaks_off_ends_with_an_error(
    tmp_path: Path, sellers: dict[str, Seller]
) -> None:
    header = "market,seller_id,month,gross,crossed_on"
    path = write_csv(tmp_path / "s.csv", header, "US,S1,2026-01,5,", '"US,S1')
    out = StringIO()
    with pytest.raises(CommandError, match="not read to its end"):
        call_command("import_sales", str(path), map=MAPS / "sales.toml", stdout=out)
    assert "stopped: Row 3 and what follows cannot be read" in out.getvalue()
    assert MonthlySales.objects.count() == 1


def test_the_bar_is_off_where_nobody_watches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_csv(tmp_path / "s.csv", "market,seller_id,month,gross,crossed_on", "XX,,,,")
    run("import_sales", path, "--map", MAPS / "sales.toml")
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(command, "_bar_off", lambda: False)
    run("import_sales", path, "--map", MAPS / "sales.toml")
    assert "100%" in capsys.readouterr().err
