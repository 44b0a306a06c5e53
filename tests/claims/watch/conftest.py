"""A provider and a folder of its own for every test that compares books."""

from pathlib import Path
from typing import Any

import pytest

from tests.claims.core.conftest import clock, provider, server

__all__ = ["clock", "provider", "server"]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
