"""When anything can happen next: the earliest moment that stands in any row.

Every automatic act has such a moment in an indexed column; so *what is due* and *how late are
we* are questions to the database.
"""

from datetime import datetime
from typing import Any

from django.db.models import Exists, QuerySet, Subquery

from claims.models import Deadline, Notice, NoticeState, Payout, PayoutState, PayoutSwitch
from claims.operations.silence import MOST_FAILURES

FOLLOWED_PAYOUTS = (PayoutState.SENDING, PayoutState.UNCERTAIN, PayoutState.SENT)


def open_deadlines() -> QuerySet[Deadline]:
    """The clocks that run."""
    return Deadline.objects.filter(
        met_at__isnull=True, lapsed_at__isnull=True, cancelled_at__isnull=True
    )


def next_moment(*, after: datetime) -> datetime | None:
    """The first moment after `after` at which a clock, reminder, payout or letter is due."""
    first = {
        name: Subquery(rows.filter(**{f"{at}__gt": after}).order_by(at).values(at)[:1])
        for name, (rows, at) in _waiting().items()
    }
    # One row that is always there carries all the questions in one query.
    moments = PayoutSwitch.objects.values_list(*first.values())[0]
    return min((moment for moment in moments if moment is not None), default=None)


def due_at(moment: datetime) -> list[str]:
    """What is due then: clocks, reminders, payouts, payments on their way, letters."""
    waiting = _waiting()
    due = (Exists(rows.filter(**{f"{at}__lte": moment})) for rows, at in waiting.values())
    answers = PayoutSwitch.objects.values_list(*due)[0]
    return [name for name, is_due in zip(waiting, answers, strict=True) if is_due]


def _waiting() -> dict[str, tuple[QuerySet[Any], str]]:
    """The rows that wait for a moment, and the column in which it stands."""
    clocks = open_deadlines()
    return {
        "clocks": (clocks.filter(failures__lt=MOST_FAILURES), "acts_at"),
        "reminders": (clocks, "remind_at"),
        "payouts": (Payout.objects.filter(state=PayoutState.QUEUED), "next_at"),
        "payments": (Payout.objects.filter(state__in=FOLLOWED_PAYOUTS), "next_at"),
        "letters": (
            Notice.objects.filter(state__in=[NoticeState.QUEUED, NoticeState.SENDING]),
            "next_at",
        ),
    }
