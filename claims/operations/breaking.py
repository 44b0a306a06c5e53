"""The breakers of payouts: what leaves within an hour and a minute, and what is in doubt.

They are asked in the sending transaction, which holds the switch's lock: so two workers cannot
both send the last payment that the limits allow.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from django.db.models import Count, Q, Sum

from claims.models import PauseCause, Payout, PayoutLimits, PayoutState, PayoutSwitch
from sellers.money import format_amount

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def limits_at(at: datetime) -> PayoutLimits:
    """The latest limits not after a moment; where there are none, our defaults."""
    found = PayoutLimits.objects.filter(effective_at__lte=at).order_by("-effective_at")
    return found.first() or PayoutLimits(effective_at=at)


@dataclass(slots=True)
class Lately:
    """What was sent for the first time: within an hour, by currency, and within a minute."""

    count: int = 0
    a_minute: int = 0
    sums: Counter[str] = field(default_factory=Counter)

    @classmethod
    def since_an_hour(cls, switch: PayoutSwitch, *, at: datetime) -> Self:
        """What counts at a moment; a person who excused a cause made the count begin anew."""
        begins = max(at - HOUR, switch.counts_from or at - HOUR)
        lately = cls()
        rows = (
            Payout.objects.filter(first_sent_at__gt=begins)
            .order_by()
            .values_list("currency")
            .annotate(n=Count("pk"), s=Sum("amount_minor"), m=_within_a_minute(at))
        )
        for currency, count, total, minute in rows:
            lately.count += count
            lately.a_minute += minute
            lately.sums[currency] += total
        return lately

    def is_full(self, limits: PayoutLimits) -> bool:
        """Whether not even the smallest payment more may leave."""
        return self.count >= limits.hourly_count or any(
            total >= _sum_limit(limits, currency) for currency, total in self.sums.items()
        )

    def add(self, payout: Payout) -> None:
        """Count a payout that leaves now."""
        self.count += 1
        self.a_minute += 1
        self.sums[payout.currency] += payout.amount_minor


def _within_a_minute(at: datetime) -> Count:
    return Count("pk", filter=Q(first_sent_at__gt=at - MINUTE))


def _sum_limit(limits: PayoutLimits, currency: str) -> int:
    # A currency that nobody set a limit for is one nobody meant to pay in.
    return int(limits.hourly_sums.get(currency, 0))


@dataclass(frozen=True, slots=True)
class Tripped:
    """Why payouts must be paused now."""

    cause: PauseCause
    reason: str


class Breakers:
    """The breakers of one sending transaction; each payout that leaves is counted."""

    def __init__(self, switch: PayoutSwitch, *, at: datetime) -> None:
        self._limits = limits_at(at)
        self._lately = Lately.since_an_hour(switch, at=at)

    def look_at(self, payout: Payout) -> Tripped | None:
        """Whether sending this payout would pass a limit; a repetition counts as nothing new."""
        limits, lately = self._limits, self._lately
        if payout.first_sent_at is not None:
            return None
        if lately.count + 1 > limits.hourly_count:
            reason = f"{lately.count} payments left within an hour, and no more may."
            return Tripped(PauseCause.HOURLY_COUNT, reason)
        limit = _sum_limit(limits, payout.currency)
        if lately.sums[payout.currency] + payout.amount_minor > limit:
            words = format_amount(limit, currency=payout.currency)
            reason = f"{payout.our_reference} would take an hour's payments above {words}."
            return Tripped(PauseCause.HOURLY_SUM, reason)
        return None

    def has_budget(self, payout: Payout) -> bool:
        """Whether the provider may be called once more within this minute."""
        return payout.first_sent_at is not None or self._lately.a_minute < self._limits.a_minute

    def count(self, payout: Payout) -> None:
        """Take note of a payout that leaves for the first time."""
        if payout.first_sent_at is None:
            self._lately.add(payout)


def too_uncertain(switch: PayoutSwitch, *, at: datetime) -> str:
    """In words, that more payments are in doubt than allowed; empty when they are not."""
    count = Payout.objects.filter(state=PayoutState.UNCERTAIN).count()
    allowed = max(limits_at(at).uncertain, switch.uncertain_excused)
    return f"{count} payments are in doubt." if count > allowed else ""
