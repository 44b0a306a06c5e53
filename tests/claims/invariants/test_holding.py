"""Everything that the programme itself does leaves every invariant standing."""

from pathlib import Path
from typing import Any

import pytest

from claims.invariants import INVARIANTS, Inspection, check_all, verify
from claims.providers.sandbox import SandboxProvider
from tests.claims.core.stories import STORIES, TOLD
from tests.claims.core.world import letters_leave, run_until
from tests.factories import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def test_every_status_holds(provider: SandboxProvider) -> None:
    for story in STORIES.values():
        story(provider)
        letters_leave()

    assert verify(at=NOON, book=provider.book()) == []
    run_until(TOLD, provider=provider)
    assert verify(at=TOLD, book=provider.book()) == []


def test_each_is_asked_in_its_order(provider: SandboxProvider) -> None:
    asked = list(check_all(Inspection(at=NOON, book=provider.book())))
    assert [(one.code, one.words) for one in asked] == [(code, "held") for code in INVARIANTS]


def test_without_a_book_two_are_not_asked() -> None:
    asked = list(check_all(Inspection(at=NOON)))
    silent = "not asked: the provider shows no book"
    assert [one.words for one in asked] == [silent, silent] + ["held"] * 8
    assert verify(at=NOON, book=None) == []
