"""The figures of screening, fraud looks and safety cases that are in force at a moment."""

from datetime import UTC, datetime

from claims.models import ScreeningFigures


def figures_at(at: datetime) -> ScreeningFigures:
    """The latest figures not after that day (UTC); where there are none, our defaults."""
    day = at.astimezone(UTC).date()
    found = ScreeningFigures.objects.filter(effective_on__lte=day).order_by("-effective_on")
    return found.first() or ScreeningFigures(effective_on=day)
