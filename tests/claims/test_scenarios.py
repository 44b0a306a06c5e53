"""Every scenario of ours, and of the shared folder where it is there, holds.

They are played as `play` plays them: through the operations of production, on a database of
their own in which every step is committed.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django.plugin import DjangoDbBlocker

from claims.scenarios.files import read_scenario
from claims.scenarios.player import play, scratch_database

ROOT = Path(settings.BASE_DIR)
OURS = sorted((ROOT / "tests/scenarios").glob("*.json"))
SHARED = sorted((ROOT.parent / "shared/scenarios").glob("*.json"))
NOT_THERE = pytest.mark.skipif(not SHARED, reason="the shared folder is not beside the repository")


@pytest.fixture(scope="module")
def scratch(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """One database for all scenarios of this module; the player empties it between two."""
    with django_db_blocker.unblock(), scratch_database():
        yield


def assert_holds(path: Path) -> None:
    """Play a file; every check holds, and what does not is shown with the claim's timeline."""
    played = play(read_scenario(path))
    failed = [
        (checked.check.where, *difference, checked.timeline)
        for checked in played.checked
        for difference in checked.differences
    ]
    assert not failed
    assert played.checked, "a scenario without a check shows nothing"


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_our_scenarios_hold(scratch: None, path: Path) -> None:
    assert_holds(path)


@NOT_THERE
@pytest.mark.parametrize("path", SHARED, ids=lambda path: path.stem)
def test_the_shared_scenarios_hold(scratch: None, path: Path) -> None:
    assert_holds(path)


def test_there_are_enough_of_them() -> None:
    assert len(OURS) >= 70
