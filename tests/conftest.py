"""What every test stands on: a database of its own, processes, the switch of the long rows."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db.models.signals import post_migrate
from pytest_django import DjangoDbBlocker
from xdist.scheduler import Scheduling

from tests.launch_rows import LaunchRows
from tests.spreading import GroupsFirst

SLOW = pytest.mark.skip(reason="a long row of the fault table: run with --faults")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --faults and --pictures."""
    parser.addoption(
        "--faults", action="store_true", help="run the long rows of the fault table too"
    )
    parser.addoption(
        "--pictures", action="store_true", help="keep pictures of every page in var/screenshots"
    )


def pytest_configure() -> None:
    """Make tests quick where quickness changes nothing that they look at."""
    # WhiteNoise warns of a folder that is not there, and a fresh clone has none.
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Names of static files stay as they are: no collectstatic before a test of a page.
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }


@pytest.hookimpl(optionalhook=True)  # a run on one process has no pytest-xdist
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling | None:
    """Spread by `tests/spreading.py`, unless somebody asks for another way."""
    return GroupsFirst(config, log) if config.getvalue("dist") == "loadgroup" else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip tests marked `faults(slow=True)` unless --faults was given."""
    if config.getoption("--faults"):
        return
    for item in items:
        if any(mark.kwargs.get("slow") for mark in item.iter_markers("faults")):
            item.add_marker(SLOW)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let what the migrations lay down be there again whenever a test has emptied the database."""
    with django_db_blocker.unblock():
        launch = LaunchRows()
    post_migrate.connect(launch.lay_down_again)  # a flush ends with this signal
    yield
    post_migrate.disconnect(launch.lay_down_again)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Let several developers share one server: TEST_DB_SUFFIX is added to the database's name."""
    suffix = os.environ.get("TEST_DB_SUFFIX", "")
    if suffix:
        database = settings.DATABASES["default"]
        test = database.setdefault("TEST", {})
        test["NAME"] = (test.get("NAME") or f"test_{database['NAME']}") + suffix
