"""A new version of the list replaces the current one whole, or nothing changes."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from claims.models import SanctionsAddress, SanctionsList, SanctionsName
from claims.screening.list_files import ListNotUnderstood
from claims.screening.list_import import ListPaths, import_list
from claims.screening.sanctions import (
    current_list,
    is_screening_possible,
    lay_down_empty_list,
)
from tests.claims.core.world import snapshot
from tests.claims.screening.list_rows import (
    ALIASES,
    IMPORTED,
    LIST_DATE,
    PARTIES,
    import_small_list,
    write_list,
)
from tests.claims.screening.published import ADD, ALT, SDN, needs_published_files

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_a_list_becomes_names_aliases_and_addresses(tmp_path: Path) -> None:
    version = import_small_list(tmp_path)
    assert current_list() == version
    assert (version.entries, version.names, version.list_date) == (4, 6, LIST_DATE)
    assert len(version.sha256) == 64
    assert list(
        SanctionsName.objects.values_list("entity_number", "kind", "party_type", "name_key")
    ) == [
        (36, "PRIMARY", "ENTITY", "aerocaribbean airlines"),
        (36, "ALIAS", "ENTITY", "aero caribbean"),
        (587, "PRIMARY", "INDIVIDUAL", "cruz de juan la m"),
        (587, "ALIAS", "INDIVIDUAL", "cruz de johannes la"),
        (9011, "PRIMARY", "VESSEL", "lopez maria"),
        (26235, "PRIMARY", "INDIVIDUAL", "aleksandrovich alexander malkevich"),
    ]
    assert [str(address) for address in SanctionsAddress.objects.all()] == ["Havana, Cuba"]


def test_a_new_version_replaces_the_current_one_and_keeps_the_names_of_two(tmp_path: Path) -> None:
    versions = [import_small_list(tmp_path, list_date=LIST_DATE + n * DAY) for n in range(3)]
    assert list(SanctionsList.objects.values_list("list_date", "is_current")) == [
        (LIST_DATE + 2 * DAY, True),
        (LIST_DATE + DAY, False),
        (LIST_DATE, False),
    ]
    assert set(SanctionsName.objects.values_list("sanctions_list", flat=True)) == {
        versions[1].pk,
        versions[2].pk,
    }


@pytest.mark.parametrize(
    ("parties", "aliases", "words"),
    [
        (PARTIES, '99,1,"aka","NOBODY",-0-\n', "The alias “NOBODY” is of party 99, which is not"),
        (PARTIES.splitlines()[0] * 1 + "\n" + PARTIES, ALIASES, "Party 36 is listed twice."),
        ("", "", "This list has no entries."),
        (PARTIES.splitlines()[1] + "\n", "", "This list has 1 entries, the current one 4"),
        (PARTIES + "rubbish\n", ALIASES, "sdn.csv, line 5"),
    ],
)
def test_a_list_that_cannot_be_right_changes_nothing(
    tmp_path: Path, parties: str, aliases: str, words: str
) -> None:
    import_small_list(tmp_path)
    before = snapshot()
    paths = write_list(tmp_path, parties=parties, aliases=aliases)
    with pytest.raises(ListNotUnderstood, match=words):
        import_list(paths=paths, list_date=LIST_DATE + DAY, source="OFAC SDN", at=IMPORTED)
    assert snapshot() == before


def test_an_older_list_is_refused(tmp_path: Path) -> None:
    import_small_list(tmp_path)
    before = snapshot()
    with pytest.raises(ListNotUnderstood, match="older than the current one of 2026-02-27"):
        import_small_list(tmp_path, list_date=LIST_DATE - DAY)
    assert snapshot() == before


def test_a_short_list_is_taken_when_it_is_accepted_expressly(tmp_path: Path) -> None:
    import_small_list(tmp_path)
    paths = write_list(tmp_path, parties=PARTIES.splitlines()[1], aliases="")
    version = import_list(
        paths=ListPaths(paths.parties, paths.aliases),
        list_date=LIST_DATE,
        source="OFAC SDN",
        at=IMPORTED,
        accept_fewer=True,
    )
    assert (version.entries, version.names) == (1, 1)
    assert current_list() == version


def test_an_empty_list_is_laid_down_only_where_there_is_none(tmp_path: Path) -> None:
    assert not is_screening_possible()
    empty = lay_down_empty_list(at=IMPORTED, source="Nobody: a demo")
    assert (empty.list_date, empty.entries, str(empty)) == (
        IMPORTED.date(),
        0,
        "Nobody: a demo of 2026-03-01",
    )
    assert is_screening_possible()
    assert lay_down_empty_list(at=IMPORTED + DAY, source="another") == empty


def test_the_command_says_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_list(tmp_path)
    call_command(
        "import_sanctions",
        f"--sdn={tmp_path / 'sdn.csv'}",
        f"--alt={tmp_path / 'alt.csv'}",
        "--list-date=2026-02-27",
    )
    assert capsys.readouterr().out == (
        "OFAC SDN of 2026-02-27: 4 entries, 6 names. It is the current list now.\n"
    )
    with pytest.raises(CommandError, match="No such file"):
        call_command(
            "import_sanctions",
            f"--sdn={tmp_path / 'nowhere.csv'}",
            f"--alt={tmp_path / 'alt.csv'}",
            "--list-date=2026-02-27",
        )


@needs_published_files
def test_the_published_list_is_read_whole() -> None:
    version = import_list(
        paths=ListPaths(SDN, ALT, ADD), list_date=LIST_DATE, source="OFAC SDN", at=IMPORTED
    )
    assert (version.entries, version.names) == (7_379, 17_061)
    assert SanctionsName.objects.count() == 17_061
    assert SanctionsAddress.objects.filter(country="Cuba").exists()
