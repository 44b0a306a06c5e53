"""Screening against the published list: mangled names are found, everyday names rarely."""

import random
from datetime import date

import pytest
from django.contrib.postgres.search import TrigramSimilarity
from django.db import transaction

from claims.models import SanctionsList, SanctionsName, ScreenedRole
from claims.screening.list_import import ListPaths, import_list
from claims.screening.names import name_key, words_of
from claims.screening.sanctions import _CANDIDATE_SIMILARITY, _PARTIES, _candidates, screen_party
from tests.claims.screening.list_rows import IMPORTED
from tests.claims.screening.published import ALT, SDN, needs_published_files
from tests.factories import NOON, report

pytestmark = [pytest.mark.django_db, needs_published_files]

FIRST = """James Mary Robert Jennifer Linda David Sarah Emma Lukas Hiroshi Yuki Sofia"""
LAST = """Smith Johnson Williams Brown Davis Wilson Anderson Taylor Tanaka Svensson Rossi"""


def mangled(name: str, *, dice: random.Random) -> str:
    """A name as a form may give it: another order, and one slip in its longest word."""
    words = list(words_of(name))
    longest = max(range(len(words)), key=lambda n: len(words[n]))
    at = dice.randrange(1, len(words[longest]))
    words[longest] = words[longest][:at] + words[longest][at + 1 :]
    dice.shuffle(words)
    return " ".join(words)[:200]


def test_mangled_names_are_found_and_everyday_names_rarely() -> None:
    version = import_list(
        paths=ListPaths(SDN, ALT), list_date=date(2019, 1, 1), source="OFAC SDN", at=IMPORTED
    )
    dice, claim = random.Random(20260302), report()

    def is_hit(name: str) -> bool:
        record = screen_party(claim=claim, name=name, role=ScreenedRole.PAYEE, at=NOON)
        return record.waits_for_a_person

    people = SanctionsName.objects.filter(sanctions_list=version, party_type="INDIVIDUAL")
    listed = [name for name in people.values_list("name", flat=True) if len(words_of(name)) > 1]
    sample = [mangled(name, dice=dice) for name in dice.sample(listed, 40)]
    missed = [name for name in sample if not is_hit(name)]
    assert missed == []
    everyday = [f"{dice.choice(FIRST.split())} {dice.choice(LAST.split())}" for _ in range(30)]
    assert sum(is_hit(name) for name in everyday) <= 2
    for name in (*sample[:4], "Mohammed Ali", "Al Li", "Linda Smith"):
        with transaction.atomic():
            assert _candidates(version, name) == by_comparing_all(version, name)


def by_comparing_all(version: SanctionsList, name: str) -> list[tuple[int, str, str, str]]:
    """The candidates without the index: every name of the list compared with this one."""
    alike = SanctionsName.objects.filter(sanctions_list=version, party_type__in=_PARTIES).annotate(
        likeness=TrigramSimilarity("name_key", name_key(name))
    )
    near = alike.filter(likeness__gte=_CANDIDATE_SIMILARITY).order_by("-likeness", "id")[:100]
    return list(near.values_list("entity_number", "name", "kind", "programme"))
