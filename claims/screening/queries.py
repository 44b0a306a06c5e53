"""What screening found, for the people who look: newest or nearest first."""

from django.db.models import Q, QuerySet

from claims.models import Claim, FraudSignal, ScreeningRecord


def open_signals(claim: Claim) -> QuerySet[FraudSignal]:
    """The signals that nobody has looked at yet, found at this claim or beside it."""
    about = FraudSignal.objects.filter(Q(claim=claim) | Q(other=claim), looked_at__isnull=True)
    return about.select_related("claim", "other")


def signals_of(claim: Claim) -> QuerySet[FraudSignal]:
    """All signals found at this claim or beside it, oldest first."""
    about = FraudSignal.objects.filter(Q(claim=claim) | Q(other=claim))
    return about.select_related("claim", "other", "looked_by")


def screenings_of(claim: Claim) -> QuerySet[ScreeningRecord]:
    """Every screening of this claim's names, newest first, with its list."""
    return ScreeningRecord.objects.filter(claim=claim).select_related(
        "sanctions_list", "cleared_by"
    )


def screenings_to_clear() -> QuerySet[ScreeningRecord]:
    """The screenings that wait for a person, oldest first."""
    waiting = ScreeningRecord.objects.exclude(outcome="CLEAR").filter(cleared_at__isnull=True)
    return waiting.select_related("claim", "sanctions_list").order_by("screened_at", "id")


def signals_to_look_at() -> QuerySet[FraudSignal]:
    """The signals that nobody has looked at yet, of every claim, oldest first."""
    waiting = FraudSignal.objects.filter(looked_at__isnull=True)
    return waiting.select_related("claim", "other")
