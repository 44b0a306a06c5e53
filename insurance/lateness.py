"""What of insurance should have been done by now: unread files, reviews, quotes past their moment.

Both faces ask here: the gauges for an alarm, and the page of clocks for a person.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Min, QuerySet

from insurance.accelerator.scorecard import late_answers
from insurance.certificates.queries import waiting_for_review
from insurance.models import CertificateFile, FileState, Quote, QuoteApplication, QuoteInvitation

_UNREAD: Final = (FileState.UPLOADED, FileState.READING)
# By name: what waits, in words. Gauges bear the names.
WORDS: Final = {
    "unread_certificate": "Certificate files that no worker has read yet",
    "unreviewed_certificate": "Certificates that nobody has reviewed yet",
    "overdue_quote": "Links, quotes and applications whose moment has passed",
    "late_provider_answer": "Providers that did not answer within the days they promise",
}


@dataclass(frozen=True, slots=True)
class Late:
    """Rows of one kind that wait: how many, and since when the oldest does (None: none waits)."""

    name: str
    count: int
    since: datetime | None

    @property
    def words(self) -> str:
        """What waits."""
        return WORDS[self.name]


def late_of_insurance(*, at: datetime) -> list[Late]:
    """Everything that waits at a moment, in the order of `WORDS`; a query a table."""
    return [_late(name, list(_waiting(name, at))) for name in WORDS]


def measure(*, at: datetime) -> dict[str, float]:
    """Gauges by name: how many wait, and the age of the oldest in seconds (0: none waits)."""
    gauges = {}
    for late in late_of_insurance(at=at):
        age = 0.0 if late.since is None else max((at - late.since).total_seconds(), 0.0)
        gauges[f"redress_oldest_{late.name}_seconds"] = age
        gauges[f"redress_{late.name}s"] = float(late.count)
    return gauges


def _waiting(name: str, at: datetime) -> Iterator[tuple[QuerySet[Any], str]]:
    """The rows of a kind, and the column of the moment since which each waits."""
    if name == "unread_certificate":
        yield CertificateFile.objects.filter(state__in=_UNREAD), "uploaded_at"
    elif name == "unreviewed_certificate":
        yield waiting_for_review(), "submitted_at"
    elif name == "late_provider_answer":
        yield late_answers(at=at), "promised_at"
    else:
        for model in (QuoteInvitation, Quote, QuoteApplication):
            yield model._default_manager.filter(next_at__lte=at), "next_at"  # noqa: SLF001


def _late(name: str, waiting: Sequence[tuple[QuerySet[Any], str]]) -> Late:
    found = [
        rows.order_by().aggregate(count=Count("pk"), since=Min(column)) for rows, column in waiting
    ]
    moments = [one["since"] for one in found if one["since"] is not None]
    return Late(name, sum(one["count"] for one in found), min(moments, default=None))
