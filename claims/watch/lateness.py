"""How late we are: the oldest thing due, unsent, in doubt; in seconds, from indexed columns."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Min, QuerySet

from claims.agenda import open_deadlines
from claims.models import AuthorityOrder, Notice, NoticeState, Payout, PayoutState, PayoutSwitch
from claims.operations.silence import MOST_FAILURES
from insurance import lateness as insurance_lateness
from insurance.models import InsuranceLetter


def measure(*, at: datetime) -> dict[str, float]:
    """Gauges by name: ages in seconds (0 when nothing waits) and counts."""
    acting = open_deadlines().filter(acts_at__lte=at)
    due = acting.filter(failures__lt=MOST_FAILURES)
    queued = Payout.objects.filter(state=PayoutState.QUEUED, next_at__lte=at, held_by=[])
    doubt = Payout.objects.filter(state=PayoutState.UNCERTAIN)
    waiting: dict[str, Any] = {
        "state__in": [NoticeState.QUEUED, NoticeState.SENDING],
        "next_at__lte": at,
    }
    letters = (Notice.objects.filter(**waiting), InsuranceLetter.objects.filter(**waiting))
    orders = AuthorityOrder.objects.filter(acted_at__isnull=True, due_at__lte=at)
    paused = PayoutSwitch.objects.filter(is_paused=True).exists()
    return {
        "redress_oldest_due_seconds": _age(due, "acts_at", at),
        "redress_set_aside_clocks": float(acting.filter(failures__gte=MOST_FAILURES).count()),
        "redress_oldest_unsent_payout_seconds": _age(queued, "next_at", at),
        "redress_oldest_uncertain_payout_seconds": _age(doubt, "first_sent_at", at),
        "redress_uncertain_payouts": float(doubt.count()),
        "redress_oldest_unsent_letter_seconds": max(
            _age(rows, "written_at", at) for rows in letters
        ),
        "redress_payouts_paused": float(paused),
        "redress_oldest_authority_order_seconds": _age(orders, "due_at", at),
        **insurance_lateness.measure(at=at),
        **_payouts_by_state(),
    }


def _age(rows: QuerySet[Any], column: str, at: datetime) -> float:
    oldest: datetime | None = rows.order_by().aggregate(oldest=Min(column))["oldest"]
    return 0.0 if oldest is None else max((at - oldest).total_seconds(), 0.0)


def _payouts_by_state() -> dict[str, float]:
    counts = dict(
        Payout.objects.order_by()
        .values_list("state")
        .annotate(n=Count("id"))
        .values_list("state", "n")
    )
    return {
        f'redress_payouts{{state="{state.lower()}"}}': float(counts.get(state, 0))
        for state in PayoutState.values
    }


def as_metrics(gauges: dict[str, float]) -> str:
    """The gauges in Prometheus' text format."""
    return "".join(f"{name} {value:g}\n" for name, value in gauges.items())
