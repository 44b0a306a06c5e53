"""Texts that are alike are found with the index, whatever PostgreSQL thinks of its cost."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from claims.models import SanctionsName
from claims.screening.queries import screenings_to_clear
from claims.screening.sanctions import _CANDIDATES
from claims.screening.trigrams import offered_from
from tests.claims.screening.list_rows import import_small_list

pytestmark = pytest.mark.django_db
SETTINGS = ("pg_trgm.similarity_threshold", "enable_seqscan")


def settings_now() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s), current_setting(%s)", SETTINGS)
        return list(cursor.fetchone())


@pytest.mark.parametrize("key", ["ali", "alexander malkevich", "word " * 40])
def test_the_index_finds_them_however_long_the_text(tmp_path: Path, key: str) -> None:
    version = import_small_list(tmp_path)
    asked: dict[str, Any] = {"key": key, "list": version.pk, "parties": [], "most": 1}
    with offered_from(0.25), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {_CANDIDATES}", asked)
        assert "sanctions_name_trigrams" in str(cursor.fetchall())


def test_the_figure_is_that_of_the_search(tmp_path: Path) -> None:
    import_small_list(tmp_path)
    alike = SanctionsName.objects.filter(name_key__trigram_similar="alexander")
    found = []
    for similarity in (0.9, 0.25):
        with offered_from(similarity):
            found.append([listed.name for listed in alike.all()])

    assert found == [[], ["MALKEVICH, Alexander Aleksandrovich"]]


def test_the_settings_end_with_the_block_and_the_transaction() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT '' % ''")  # the extension is loaded, and its setting known
    before = settings_now()
    with transaction.atomic():
        with offered_from(0.7):
            assert settings_now() == ["0.7", "off"]
        assert settings_now() == ["0.7", "on"]
        transaction.set_rollback(True)

    assert settings_now() == before


def test_what_waits_for_a_person_has_an_index_of_its_own() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        assert "screening_to_clear" in screenings_to_clear().select_related(None).explain()
