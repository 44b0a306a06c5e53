"""Noticing that the database is an older one: the provider knows payments that it does not.

A restore that nobody told us of shows in two ways: the heartbeats are old, and the provider
speaks of references that we never wrote.
"""

from datetime import datetime, timedelta

from claims.invariants.inspection import Inspection
from claims.invariants.payments import unknown_to_us
from claims.models import Heartbeat, PauseCause, Payout
from claims.operations.pausing import trip_breaker
from claims.providers.base import ProviderBook

# A sender that was silent for longer may have woken in another database.
SILENT = timedelta(minutes=15)


def slept(name: str, *, at: datetime) -> bool:
    """Whether a sender has run before, and not for a while."""
    beat = Heartbeat.objects.filter(pk=name).first()
    return beat is not None and at - beat.beaten_at > SILENT


def look_for_a_restore(book: ProviderBook | None, *, at: datetime) -> bool:
    """Pause payouts when the provider's book has references that we do not know.

    Raises:
        BookNotRead: the provider did not show its whole book.
    """
    if book is None:
        return False
    found = unknown_to_us(Inspection(at=at, book=book))
    if found:
        _pause(f"The provider has {found[0].subject}, which the database does not know.", at)
    return bool(found)


def notice_of_unknown(our_reference: str, *, at: datetime) -> bool:
    """Pause payouts when a trusted notification names a reference that we never wrote.

    Every reference is committed before the provider hears of it, so this database is an older
    one. Returns whether it was unknown.
    """
    if Payout.objects.filter(our_reference=our_reference).exists():
        return False
    _pause(f"The provider spoke of {our_reference}, which the database does not know.", at)
    return True


def _pause(reason: str, at: datetime) -> None:
    trip_breaker(cause=PauseCause.BOOK_DIFFERS, reason=reason, at=at)
