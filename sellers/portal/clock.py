"""Moments and time left, in words, in the zone of the person who reads them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))


def short_moment(moment: datetime, *, zone: ZoneInfo) -> str:
    """Write a moment of the past or of a list like "12 March 2026, 00:00 PDT"."""
    local = moment.astimezone(zone)
    return f"{local.day} {local:%B %Y, %H:%M %Z}"


def time_left(due_at: datetime, *, at: datetime) -> str:
    """Write how long until a deadline: "6 days 4 hours left", or "2 hours late"."""
    if at >= due_at:
        return f"{_span(at - due_at)} late"
    return f"{_span(due_at - at)} left"


def _span(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    parts: list[str] = []
    for name, size in _UNITS:
        count, seconds = divmod(seconds, size)
        # Two neighbouring units are enough: "6 days", never "6 days 12 minutes".
        if parts:
            parts += [_counted(count, name)] if count else []
            break
        if count:
            parts.append(_counted(count, name))
    return " ".join(parts) or "less than a minute"


def _counted(count: int, name: str) -> str:
    return f"{count} {name}{'' if count == 1 else 's'}"
