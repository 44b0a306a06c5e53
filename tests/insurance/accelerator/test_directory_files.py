"""The directory as CSV: out and in again unchanged, safe in a spreadsheet, all rows or none."""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import tablib  # type: ignore[import-untyped]
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse

from claims.roles import AUDITOR, INSURANCE
from insurance.accelerator.resources import (
    AppetiteResource,
    ProviderResource,
    guarded,
    unguarded,
)
from insurance.models import Appetite, KnownInsurer, Provider
from tests.factories import make_user
from tests.insurance.accelerator.rows import make_provider

pytestmark = pytest.mark.django_db
TABLE = Path("/work/shared/data/providers/insurers_naic.csv")


@pytest.fixture(autouse=True)
def _only_ours() -> None:
    Appetite.objects.all().delete()
    Provider.objects.all().delete()


def rows() -> list[Any]:
    return [
        list(Provider.objects.order_by("legal_name").values()),
        list(Appetite.objects.order_by("pk").values()),
    ]


def exported(resource: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(resource.export().csv)))


def imported(resource: Any, *lines: dict[str, str]) -> Any:
    table = tablib.Dataset(headers=list(lines[0]))
    for line in lines:
        table.append(list(line.values()))
    return resource.import_data(table, rollback_on_validation_errors=True)


def test_what_goes_out_comes_in_unchanged() -> None:
    make_provider(categories_refused=["=Toys", "Knives"], source="+49 call")
    make_provider("Yamato", market="JP", appetite={"minimum_premium_minor": 30_000})
    before = rows()

    providers, appetites = exported(ProviderResource()), exported(AppetiteResource())
    results = [
        imported(ProviderResource(), *providers),
        imported(AppetiteResource(), *appetites),
    ]

    assert [(r.has_errors(), r.totals["skip"]) for r in results] == [(False, 2), (False, 2)]
    assert rows() == before
    assert [row["minimum_premium_minor"] for row in appetites] == ["300.00", "30000"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_no_cell_runs_as_a_formula(text: str) -> None:
    make_provider(source=text, categories_accepted=[text])

    (row,) = exported(ProviderResource())

    assert (row["source"], row["categories_accepted"][:1]) == (f"'{text}", "'")
    assert unguarded(guarded(text)) == text


def test_plain_cells_stay_as_they_are() -> None:
    assert [guarded(value) for value in ("A-", "", "O'Hara", 5, None)] == [
        *("A-", "", "O'Hara", 5, None)
    ]
    assert unguarded("'quoted'") == "'quoted'"


def test_a_new_provider_is_a_candidate_whatever_the_file_says() -> None:
    result = imported(
        ProviderResource(),
        {"legal_name": "New Ltd", "kind": "BROKER", "status": "VETTED", "is_made_up": "1"},
    )

    new = Provider.objects.get()
    assert (result.has_errors(), new.status, new.vetted_on, new.is_made_up) == (
        False,
        "CANDIDATE",
        None,
        False,
    )


def test_what_a_row_changes_is_shown_without_styles_which_the_policy_blocks() -> None:
    make_provider("Harbour Mutual", source="a call")
    line = {"legal_name": "Harbour Mutual", "source": 'a <del style="x"> letter'}
    (row,) = imported(ProviderResource(), line).rows
    assert [cell for cell in row.diff if "<ins>" in cell] == [
        '<span>a </span><del>call</del><ins>&lt;del style="x"&gt; letter</ins>'
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "BANK"},
        {"rating": "A"},
        {"countries": "US"},
        {"lines": "LIFE"},
        {"quote_contact": "nobody"},
        {"rated_on": "02/03/2026"},
        {"quote_within_days": "soon"},
    ],
)
def test_one_wrong_row_stops_all_rows(wrong: dict[str, str]) -> None:
    make_provider()
    before = rows()
    sound = {"legal_name": "First Ltd", "kind": "BROKER"} | dict.fromkeys(wrong, "")

    result = imported(
        ProviderResource(),
        sound | ({"kind": "BROKER"} if "kind" in wrong else {}),
        {"legal_name": "Second Ltd", "kind": "BROKER"} | wrong,
    )

    assert result.has_errors() or result.has_validation_errors()
    assert rows() == before


def test_amounts_of_an_appetite_are_strict_and_in_the_markets_currency() -> None:
    provider = make_provider()
    before = rows()
    line = {"provider": str(provider), "marketplace": "US", "each_occurrence_to_minor": ""}

    for text in ("1e6", "1,000", "１００", "1.005"):
        result = imported(AppetiteResource(), line | {"each_occurrence_to_minor": text})
        assert result.has_errors() or result.has_validation_errors()
    for market in ("XX", ""):
        result = imported(
            AppetiteResource(), line | {"marketplace": market, "each_occurrence_to_minor": "1"}
        )
        assert result.has_errors() or result.has_validation_errors()
    assert rows() == before

    imported(AppetiteResource(), line | {"each_occurrence_to_minor": "1234.5"})
    assert provider.appetites.get().each_occurrence_to_minor == 123_450


def test_the_pages_take_a_file_and_give_one() -> None:
    client = Client()
    client.force_login(make_user(role=INSURANCE))
    make_provider()
    wrong = b"legal_name,kind\nFirst Ltd,BROKER\nSecond Ltd,BANK\n"

    page = client.post(
        reverse("admin:insurance_provider_import"),
        {"import_file": io.BytesIO(wrong), "format": "0", "resource": "0"},
    ).content.decode()
    assert "BANK" in page
    assert "Confirm import" not in page
    assert Provider.objects.count() == 1

    auditor = Client()
    auditor.force_login(make_user(role=AUDITOR))
    file = auditor.post(
        reverse("admin:insurance_provider_export"),
        {"format": "0", "resource": "0"}
        | {f"providerresource_{name}": "on" for name in ProviderResource().fields},
    )
    (row,) = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))
    # Rating and licences leave with their dates and sources.
    assert (row["rating"], row["rating_agency"], row["rated_on"], row["rating_source"]) == (
        *("A", "AM Best", "2026-05-04", "AM Best, press release"),
    )
    assert (row["licences_on"], row["licences_source"]) == (
        "2026-10-01",
        "California Department of Insurance, look-up",
    )


def import_insurers(path: Path, *, day: str = "2026-11-22") -> None:
    call_command("import_insurers", path, source="A table of codes", listed_on=day)


def test_insurers_are_imported_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "insurers.csv"
    table.write_text("naic_code,legal_name\n12345,Harbour Mutual\n1234,Too Short\n54321,Oak\n")

    import_insurers(table)
    import_insurers(table)

    assert list(KnownInsurer.objects.values_list("naic_code", "legal_name", "listed_on")) == [
        ("12345", "Harbour Mutual", date(2026, 11, 22)),
        ("54321", "Oak", date(2026, 11, 22)),
    ]
    table.write_text("naic_code,legal_name\n54321,Old Oak\n")
    import_insurers(table, day="2026-12-01")
    changed = KnownInsurer.objects.get(naic_code="54321")
    assert (changed.legal_name, changed.listed_on) == ("Old Oak", date(2026, 12, 1))


def test_a_file_of_another_shape_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "insurers.csv"
    table.write_text("code,name\n12345,Harbour\n")

    with pytest.raises(CommandError):
        import_insurers(table)
    assert KnownInsurer.objects.count() == 0


@pytest.mark.skipif(not TABLE.exists(), reason="the shared table is not there")
def test_the_shared_table_is_read_whole() -> None:
    import_insurers(TABLE)

    assert KnownInsurer.objects.count() == 149
    assert (
        KnownInsurer.objects.get(naic_code="22667").legal_name == "ACE American Insurance Company"
    )
