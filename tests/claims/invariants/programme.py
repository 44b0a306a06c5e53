"""The programme of these tests, what is verified of it, and how a test breaks it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pgtrigger
from django.db.models import QuerySet

from claims.invariants import Violation, verify
from claims.models import Claim
from claims.providers.base import ProviderBook
from claims.providers.sandbox_server import SandboxServer
from tests.factories import NOON


@dataclass(frozen=True)
class Programme:
    """Claims that stand in different places, and the outside party's own book."""

    paid: Claim
    waiting: Claim
    rejected: Claim
    approved: Claim
    book: ProviderBook
    server: SandboxServer
    root: Path


def verified(programme: Programme, *, at: datetime = NOON, **more: Any) -> list[Violation]:
    """Every violation, as of noon."""
    return verify(at=at, book=programme.book, **more)


def forge(rows: QuerySet[Any], **values: Any) -> None:
    """Change rows as only the owner of the database could: past every append-only trigger."""
    with pgtrigger.ignore():
        assert rows.update(**values) > 0


def erase(rows: QuerySet[Any]) -> None:
    """Delete rows as only the owner of the database could."""
    with pgtrigger.ignore():
        assert rows._raw_delete(rows.db) > 0
