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

from sellers.post.bounces import bounced, ended
from sellers.post.letter import Letter, LetterState
from sellers.post.route import Attempt, Envelope, Fate, Route, message_id

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

_WAITING = (LetterState.QUEUED, LetterState.SENDING)
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
class Post[L: Letter]:
    """The letters of one room: their rows, their words, and which of them are about made-up data.

    `reads` are the relations that the words need, so that no letter asks for its own. `render`
    gives subject and body, those that were kept when a letter left before, and raises where a
    letter has no words.
    """

    letters: type[L]
    reads: tuple[str, ...]
    render: Callable[[L], tuple[str, str]]
    is_made_up: Callable[[L], bool]


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many letters left, were refused for good, and wait for another attempt."""

    sent: int = 0
    bounced: int = 0
    retried: int = 0


def deliver_due[L: Letter](
    post: Post[L],
    *,
    at: datetime,
    limit: int = 100,
    clock: Callable[[], float] = time.monotonic,
) -> Delivered:
    """Send the letters that are due, oldest first, over one connection.

    `clock` measures how long the batch takes, in seconds. Call it outside any transaction.

    Raises:
        ImproperlyConfigured: in the demo, where letters could leave this machine.
    """
    with Route() as route:
        taken = _take(post, at=at, limit=limit)
        leaving = [letter for letter in taken if letter.state == LetterState.SENDING]
        _send_all(route, leaving, at=at, clock=clock)
    return _count(taken)


def wait_after(key: str, attempts: int) -> timedelta:
    """How long a letter waits after its n-th attempt: 1, 2, 4 … minutes, at most 6 hours.

    Up to a fifth more is added, the same for the same letter and attempt, so that letters which
    failed together do not all come back together.
    """
    doublings = min(max(attempts, 1) - 1, 16)
    wait = min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)
    spread = sha256(f"{key}#{attempts}".encode()).digest()[0] / 255
    return wait + wait * spread / 5


def _take[L: Letter](post: Post[L], *, at: datetime, limit: int) -> list[L]:
    """Due letters under a lease of ours; those that cannot leave are put aside at once."""
    rows = post.letters._default_manager  # noqa: SLF001 - `objects` of a type that is a variable
    with transaction.atomic(durable=True):
        due = (
            rows.filter(state__in=_WAITING, next_at__lte=at)
            .select_related(*post.reads)
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("next_at", "id")[:limit]
        )
        taken = list(due)
        for letter in taken:
            _prepare(post, letter, at=at)
        rows.bulk_update(taken, _PREPARED)
    return taken


def _prepare[L: Letter](post: Post[L], letter: L, *, at: datetime) -> None:
    letter.attempts += 1
    if post.is_made_up(letter) and not settings.DEMO:
        _assign(letter, bounced(MADE_UP_STAYS))
        return
    try:
        subject, letter.body = post.render(letter)
    except Exception as error:
        # A letter without words must not hold up the others; it is seen in the admin.
        log.exception("Letter %s cannot be written", letter.key)
        _assign(letter, _later(letter, f"cannot be written: {error}", at=at))
        return
    letter.subject = subject[:200]
    letter.message_id = message_id(letter.key)
    letter.state, letter.lease_until, letter.next_at = LetterState.SENDING, at + LEASE, at + LEASE


def _send_all(
    route: Route, leaving: Sequence[Letter], *, at: datetime, clock: Callable[[], float]
) -> None:
    ends = clock() + BATCH_LASTS
    for position, letter in enumerate(leaving):
        if clock() >= ends:
            _give_back(leaving[position:], at=at, answer="")
            return
        attempt = route.send(Envelope(letter.key, letter.to, letter.subject, letter.body))
        _record(letter, _result(letter, attempt, at=at))
        if attempt.fate is Fate.NO_SERVER:
            # The others would only wait for the same silence.
            _give_back(leaving[position + 1 :], at=at + FIRST_WAIT, answer=attempt.answer)
            return


def _result(letter: Letter, attempt: Attempt, *, at: datetime) -> dict[str, Any]:
    """The columns of a letter after an attempt."""
    match attempt.fate:
        case Fate.SENT:
            sent = {"sent_at": at, "message_id": attempt.message_id}
            return ended(LetterState.SENT, "") | sent | {"body": letter.body_to_keep}
        case Fate.REFUSED:
            return bounced(attempt.answer)
        case Fate.LATER if at - letter.written_at >= GIVE_UP_AFTER:
            return bounced(f"gave up after {GIVE_UP_AFTER.days} days: {attempt.answer}")
    return _later(letter, attempt.answer, at=at)


def _record(letter: Letter, values: dict[str, Any]) -> None:
    """Write a result, unless the lease ran out and another attempt has begun, or it bounced."""
    rows = type(letter)._default_manager  # noqa: SLF001 - as above
    held = rows.filter(pk=letter.pk, state=LetterState.SENDING, attempts=letter.attempts)
    held.update(**values)
    _assign(letter, values)


def _give_back(letters: Sequence[Letter], *, at: datetime, answer: str) -> None:
    """Letters that were taken and not tried: the attempt does not count."""
    for letter in letters:
        back = _later(letter, answer, at=at) | {"next_at": at, "attempts": letter.attempts - 1}
        _record(letter, back)


def _later(letter: Letter, answer: str, *, at: datetime) -> dict[str, Any]:
    again = at + wait_after(letter.key, letter.attempts)
    return ended(LetterState.QUEUED, answer) | {"next_at": again}


def _assign(letter: Letter, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(letter, name, value)


def _count(taken: Sequence[Letter]) -> Delivered:
    states = [letter.state for letter in taken]
    return Delivered(
        sent=states.count(LetterState.SENT),
        bounced=states.count(LetterState.BOUNCED),
        retried=states.count(LetterState.QUEUED),
    )
