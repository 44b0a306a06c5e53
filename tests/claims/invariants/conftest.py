"""A programme in which everything holds, for the tests that break it."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from claims.lifecycle import Status
from claims.operations.evidence import keep_evidence
from claims.providers.sandbox import SandboxProvider
from claims.providers.sandbox_server import SandboxServer
from tests.claims.core.conftest import clock, provider, server
from tests.claims.core.stories import claim_in, paid
from tests.claims.core.world import letters_leave, seller
from tests.claims.invariants.programme import Programme, verified
from tests.factories import NOON

__all__ = ["clock", "provider", "server"]
PICTURE = b"\x89PNG\r\n\x1a\n" + b"burnt worktop"


@pytest.fixture
def programme(
    provider: SandboxProvider, server: SandboxServer, settings: Any, tmp_path: Path
) -> Programme:
    """Claims paid, awaiting their seller, rejected and approved; a file; all holds."""
    settings.MEDIA_ROOT = str(tmp_path)
    made = Programme(
        paid=paid(provider),
        waiting=claim_in(Status.AWAITING_SELLER, provider),
        rejected=claim_in(Status.IN_ADJUDICATION, provider),
        approved=claim_in(Status.APPROVED, provider),
        book=provider.book(),
        server=server,
        root=tmp_path,
    )
    picture = SimpleUploadedFile("worktop.png", PICTURE)
    keep_evidence(claim=made.waiting, file=picture, at=NOON, by=seller())
    letters_leave(NOON)
    assert verified(made) == []
    return made
