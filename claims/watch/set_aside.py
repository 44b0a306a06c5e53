"""Clocks set aside after failing too often: which they are, and trying one again."""

import logging
from datetime import datetime

from django.db.models import QuerySet

from claims.agenda import open_deadlines
from claims.lifecycle import ActorKind, Refused
from claims.models import Deadline
from claims.operations.silence import MOST_FAILURES
from claims.outcome import Actor

log = logging.getLogger(__name__)


class NotSetAside(Refused):
    """The clock runs, or has ended, or it is nobody of operations who asks."""


def set_aside_clocks(*, at: datetime) -> QuerySet[Deadline]:
    """The open clocks whose automatic step failed until it was given up; the oldest first."""
    failed = open_deadlines().filter(acts_at__lte=at, failures__gte=MOST_FAILURES)
    return failed.select_related("claim__marketplace").order_by("acts_at", "id")


def try_clock_again(*, deadline: Deadline, at: datetime, by: Actor) -> None:
    """Give a clock back to the sweep, which takes its step at the next tick.

    Raises:
        NotSetAside: see there; nothing was changed.
    """
    if by.kind != ActorKind.STAFF or by.user_id is None:
        raise NotSetAside("Only a person of operations can set a clock going again.")
    tried = {"failures": 0, "retried_at": at, "retried_by_id": by.user_id}
    if not set_aside_clocks(at=at).filter(pk=deadline.pk).update(**tried):
        raise NotSetAside("This clock is not set aside any more.")
    log.info(
        "A clock goes again: deadline %s, user %s, its error was: %s",
        deadline.pk,
        by.user_id,
        deadline.last_error,
    )
