"""Keeping evidence where the disk does not play along."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django.fixtures import Settings

from claims.models import Evidence
from claims.operations.evidence import keep_evidence
from claims.outcome import CLAIMANT
from tests.claims.providers.parties import full_disk
from tests.factories import NOON, report

pytestmark = pytest.mark.django_db


def test_a_disk_that_fills_up_keeps_no_half_of_a_file(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "files")
    claim = report()
    picture = SimpleUploadedFile("photo.jpg", b"\xff\xd8\xff\xe0" + b"j" * 50_000)
    empty = tmp_path / "empty"
    empty.touch()
    with full_disk(empty, spare_bytes=1_000), pytest.raises(OSError, match="File too large"):
        keep_evidence(claim=claim, file=picture, at=NOON, by=CLAIMANT)

    assert not Evidence.objects.exists()
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []
    kept = keep_evidence(claim=claim, file=picture, at=NOON, by=CLAIMANT)
    assert Path(kept.file.path).read_bytes() == picture.open().read()
