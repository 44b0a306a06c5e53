"""A programme in which everything holds, told once and broken by each test for itself alone."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import override_settings

from claims.lifecycle import Status
from claims.operations.evidence import keep_evidence
from claims.providers.sandbox_server import SandboxServer
from claims.screening.sanctions import lay_down_empty_list
from tests.claims.core.conftest import clock, provider, server
from tests.claims.core.stories import claim_in, paid
from tests.claims.core.world import lay_down_market, letters_leave, seller
from tests.claims.invariants.programme import Programme, verified
from tests.claims.providers.parties import Clock, provider_of
from tests.factories import NOON

__all__ = ["clock", "provider", "server"]
PICTURE = b"\x89PNG\r\n\x1a\n" + b"burnt worktop"


@pytest.fixture(scope="module")
def told(
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Programme]:
    """The programme, in a transaction that ends with the module; tests stand in savepoints."""
    folder = tmp_path_factory.mktemp("files")
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=str(folder)),
        SandboxServer(now=Clock(NOON)) as running,
        transaction.atomic(),
    ):
        made = tell(running, folder)
        yield made
        transaction.set_rollback(True)


def tell(running: SandboxServer, folder: Path) -> Programme:
    """Claims paid, awaiting their seller, rejected and approved; a file; all holds."""
    lay_down_market()
    lay_down_empty_list(at=NOON - timedelta(days=1), source="tests")
    party = provider_of(running)
    made = Programme(
        paid=paid(party),
        waiting=claim_in(Status.AWAITING_SELLER, party),
        rejected=claim_in(Status.IN_ADJUDICATION, party),
        approved=claim_in(Status.APPROVED, party),
        book=party.book(),
        server=running,
        root=folder,
    )
    picture = SimpleUploadedFile("worktop.png", PICTURE)
    keep_evidence(claim=made.waiting, file=picture, at=NOON, by=seller())
    letters_leave(NOON)
    assert verified(made) == []
    return made


@pytest.fixture
def programme(
    told: Programme, db: None, settings: Any, tmp_path: Path, server: SandboxServer
) -> Programme:
    """The programme with a book and a folder of the test's own."""
    server.book._entries.update(told.server.book._entries)
    shutil.copytree(told.root, tmp_path, dirs_exist_ok=True)
    settings.MEDIA_ROOT = str(tmp_path)
    return replace(told, server=server, book=provider_of(server).book(), root=tmp_path)
