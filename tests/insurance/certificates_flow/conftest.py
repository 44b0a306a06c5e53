"""Files of these tests lie in a directory of their own."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from sellers.models import Seller
from tests.insurance.certificates_flow.world import a_seller


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "files")


@pytest.fixture
def seller() -> Seller:
    return a_seller()
