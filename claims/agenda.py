"""When anything can happen next: the earliest moment that stands in any row.

Every automatic act has such a moment in an indexed column; so *what is due* and *how late are
we* are questions to the database.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from claims.models import Deadline, NoticeState, PayoutState
from claims.operations.silence import MOST_FAILURES

FOLLOWED_PAYOUTS = (PayoutState.SENDING, PayoutState.UNCERTAIN, PayoutState.SENT)


def open_deadlines() -> QuerySet[Deadline]:
    """The clocks that run."""
    return Deadline.objects.filter(
        met_at__isnull=True, lapsed_at__isnull=True, cancelled_at__isnull=True
    )


def next_moment(*, after: datetime) -> datetime | None:
    """The first moment after `after` at which a clock, reminder, payout or letter is due."""
    moments = _ask("(SELECT min({at}) FROM {rows} AND {at} > %s)", after)
    return min((moment for moment in moments if moment is not None), default=None)


def due_at(moment: datetime) -> list[str]:
    """What is due then: clocks, reminders, payouts, payments on their way, letters."""
    answers = _ask("EXISTS (SELECT 1 FROM {rows} AND {at} <= %s)", moment)
    return [name for name, is_due in zip(_WAITING, answers, strict=True) if is_due]


_RUNNING = "met_at IS NULL AND lapsed_at IS NULL AND cancelled_at IS NULL"


def _in(states: Iterable[str]) -> str:
    return "(" + ", ".join(f"'{state}'" for state in states) + ")"


# The rows that wait for a moment, and the column in which it stands. Asked at every step of a
# scenario: written out, because building these queries took longer than answering them.
_WAITING: dict[str, tuple[str, str]] = {
    "clocks": (
        f"claims_deadline WHERE {_RUNNING} AND failures < {MOST_FAILURES}",
        "greatest(acts_at, next_try_at)",
    ),
    "reminders": (f"claims_deadline WHERE {_RUNNING}", "remind_at"),
    "payouts": (f"claims_payout WHERE state IN {_in([PayoutState.QUEUED])}", "next_at"),
    "payments": (f"claims_payout WHERE state IN {_in(FOLLOWED_PAYOUTS)}", "next_at"),
    "letters": (
        f"claims_notice WHERE state IN {_in((NoticeState.QUEUED, NoticeState.SENDING))}",
        "next_at",
    ),
}


def _ask(question: str, moment: datetime) -> tuple[Any, ...]:
    """One question to each kind of waiting rows, all in one query."""
    asked = ", ".join(question.format(rows=rows, at=at) for rows, at in _WAITING.values())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}", [moment] * len(_WAITING))
        answers: tuple[Any, ...] = cursor.fetchone()
    return answers
