"""The pause of payouts, as a person sets and ends it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone

from claims.operations.pausing import pause_payouts, resume_payouts
from tests.claims.core.world import senior


@contextmanager
def paused() -> Iterator[None]:
    """Payouts are paused for the block."""
    pause_payouts(reason="A fault is being tried.", at=timezone.now(), by=senior())
    yield
    resume_payouts(reason="The fault is over.", at=timezone.now(), by=senior())
