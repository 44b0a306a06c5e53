"""When anything can happen next: the earliest moment that stands in any row.

Every automatic act has such a moment in an indexed column; so *what is due* and *how late are
we* are questions to the database.
"""

from datetime import datetime

from django.db.models import Min, QuerySet

from claims.models import Deadline, Notice, NoticeState, Payout, PayoutState
from claims.operations.silence import MOST_FAILURES

ACTIVE_PAYOUTS = (
    PayoutState.QUEUED,
    PayoutState.SENDING,
    PayoutState.UNCERTAIN,
    PayoutState.SENT,
)


def open_deadlines() -> QuerySet[Deadline]:
    """The clocks that run."""
    return Deadline.objects.filter(
        met_at__isnull=True, lapsed_at__isnull=True, cancelled_at__isnull=True
    )


def next_moment(*, after: datetime) -> datetime | None:
    """The first moment after `after` at which a clock, reminder, payout or letter is due."""
    clocks = open_deadlines()
    acting = clocks.filter(failures__lt=MOST_FAILURES, acts_at__gt=after)
    payouts = Payout.objects.filter(state__in=ACTIVE_PAYOUTS, next_at__gt=after)
    letters = Notice.objects.filter(
        state__in=[NoticeState.QUEUED, NoticeState.SENDING], next_at__gt=after
    )
    moments = [
        _earliest(acting, "acts_at"),
        _earliest(clocks.filter(remind_at__gt=after), "remind_at"),
        _earliest(payouts, "next_at"),
        _earliest(letters, "next_at"),
    ]
    return min((m for m in moments if m is not None), default=None)


def _earliest(
    rows: "QuerySet[Deadline] | QuerySet[Payout] | QuerySet[Notice]", column: str
) -> datetime | None:
    found: datetime | None = rows.order_by().aggregate(first=Min(column))["first"]
    return found
