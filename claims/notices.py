"""Delivery: letters that wait in the database reach the mail server, each once.

A letter is taken with a lease and its attempt is committed before the mail server hears of it;
what the server answered is committed right after. So no letter is lost, and two workers never
send the same one. The honest limit: when this process or the connection dies between the
server's taking the letter and our writing it down, the letter goes once more. It then carries
the same words and the same Message-ID, by which the reader's mail server can tell that it is one.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from claims.letter_text import READS, is_made_up, render
from claims.mail_route import Attempt, Envelope, Fate, Route, message_id
from claims.models import Notice, NoticeState

__all__ = ["Delivered", "deliver_due", "record_bounce", "render", "wait_after"]

log = logging.getLogger(__name__)

# Longer than a task may live (config/settings.py): a letter under a lease has one sender.
LEASE = timedelta(minutes=10)
# A batch at a slow server ends here, and the rest of it goes with the next tick. Seconds.
BATCH_LASTS = 120.0
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
# As mail servers do among themselves (RFC 5321, 4.5.4.1).
GIVE_UP_AFTER = timedelta(days=5)
MADE_UP_STAYS = "made-up data: no letter leaves"

_WAITING = (NoticeState.QUEUED, NoticeState.SENDING)
_PREPARED = (
    "state",
    "attempts",
    "next_at",
    "lease_until",
    "message_id",
    "subject",
    "body",
    "last_answer",
)


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many letters left, were refused for good, and wait for another attempt."""

    sent: int = 0
    bounced: int = 0
    retried: int = 0


def deliver_due(
    *, at: datetime, limit: int = 100, clock: Callable[[], float] = time.monotonic
) -> Delivered:
    """Send the letters that are due, oldest first, over one connection.

    `clock` measures how long the batch takes, in seconds. Call it outside any transaction.

    Raises:
        ImproperlyConfigured: in the demo, where letters could leave this machine.
    """
    with Route() as route:
        taken = _take(at=at, limit=limit)
        leaving = [notice for notice in taken if notice.state == NoticeState.SENDING]
        _send_all(route, leaving, at=at, clock=clock)
    return _count(taken)


def record_bounce(*, at: datetime, why: str, key: str = "", message_id: str = "") -> bool:
    """Write down that a letter which had left came back; False when there is none to write.

    The letter is found by its key, or by the Message-ID under which it left.
    """
    found = Q(key=key) if key else Q(message_id=message_id)
    if not key and not message_id:
        return False
    return bool(
        Notice.objects.filter(found)
        .exclude(state=NoticeState.BOUNCED)
        .update(**_bounced(f"{at:%Y-%m-%d %H:%M} UTC: {why}"))
    )


def wait_after(key: str, attempts: int) -> timedelta:
    """How long a letter waits after its n-th attempt: 1, 2, 4 … minutes, at most 6 hours.

    Up to a fifth more is added, the same for the same letter and attempt, so that letters which
    failed together do not all come back together.
    """
    doublings = min(max(attempts, 1) - 1, 16)
    wait = min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)
    spread = sha256(f"{key}#{attempts}".encode()).digest()[0] / 255
    return wait + wait * spread / 5


def _take(*, at: datetime, limit: int) -> list[Notice]:
    """Due letters under a lease of ours; those that cannot leave are put aside at once."""
    with transaction.atomic(durable=True):
        due = (
            Notice.objects.filter(state__in=_WAITING, next_at__lte=at)
            .select_related(*READS)
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("next_at", "id")[:limit]
        )
        taken = list(due)
        for notice in taken:
            _prepare(notice, at=at)
        Notice.objects.bulk_update(taken, _PREPARED)
    return taken


def _prepare(notice: Notice, *, at: datetime) -> None:
    notice.attempts += 1
    if is_made_up(notice.claim) and not settings.DEMO:
        _assign(notice, _bounced(MADE_UP_STAYS))
        return
    try:
        subject, notice.body = render(notice)
    except Exception as error:
        # A letter without words must not hold up the others; it is seen in the admin.
        log.exception("Letter %s cannot be written", notice.key)
        _assign(notice, _later(notice, f"cannot be written: {error}", at=at))
        return
    notice.subject = subject[:200]
    notice.message_id = message_id(notice.key)
    # `next_at` is the one column that says when to look at a letter again.
    notice.state, notice.lease_until, notice.next_at = NoticeState.SENDING, at + LEASE, at + LEASE


def _send_all(
    route: Route, leaving: Sequence[Notice], *, at: datetime, clock: Callable[[], float]
) -> None:
    ends = clock() + BATCH_LASTS
    for position, notice in enumerate(leaving):
        if clock() >= ends:
            _give_back(leaving[position:], at=at, answer="")
            return
        attempt = route.send(Envelope(notice.key, notice.to, notice.subject, notice.body))
        _record(notice, _result(notice, attempt, at=at))
        if attempt.fate is Fate.NO_SERVER:
            # The others would only wait for the same silence.
            _give_back(leaving[position + 1 :], at=at + FIRST_WAIT, answer=attempt.answer)
            return


def _result(notice: Notice, attempt: Attempt, *, at: datetime) -> dict[str, Any]:
    """The columns of a letter after an attempt."""
    match attempt.fate:
        case Fate.SENT:
            return _ended(NoticeState.SENT, "") | {"sent_at": at, "message_id": attempt.message_id}
        case Fate.REFUSED:
            return _bounced(attempt.answer)
        case Fate.LATER if at - notice.written_at >= GIVE_UP_AFTER:
            return _bounced(f"gave up after {GIVE_UP_AFTER.days} days: {attempt.answer}")
    return _later(notice, attempt.answer, at=at)


def _record(notice: Notice, values: dict[str, Any]) -> None:
    """Write a result, unless the lease ran out and another attempt has begun, or it bounced."""
    Notice.objects.filter(pk=notice.pk, state=NoticeState.SENDING, attempts=notice.attempts).update(
        **values
    )
    _assign(notice, values)


def _give_back(notices: Sequence[Notice], *, at: datetime, answer: str) -> None:
    """Letters that were taken and not tried: the attempt does not count."""
    for notice in notices:
        back = _later(notice, answer, at=at) | {"next_at": at, "attempts": notice.attempts - 1}
        _record(notice, back)


def _later(notice: Notice, answer: str, *, at: datetime) -> dict[str, Any]:
    again = at + wait_after(notice.key, notice.attempts)
    return _ended(NoticeState.QUEUED, answer) | {"next_at": again}


def _bounced(answer: str) -> dict[str, Any]:
    return _ended(NoticeState.BOUNCED, answer)


def _ended(state: NoticeState, answer: str) -> dict[str, Any]:
    return {"state": state.value, "next_at": None, "lease_until": None, "last_answer": answer}


def _assign(notice: Notice, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(notice, name, value)


def _count(taken: Sequence[Notice]) -> Delivered:
    states = [notice.state for notice in taken]
    return Delivered(
        sent=states.count(NoticeState.SENT),
        bounced=states.count(NoticeState.BOUNCED),
        retried=states.count(NoticeState.QUEUED),
    )
