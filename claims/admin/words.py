"""Codes, moments and amounts in words for the people of operations."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from claims.authority import BAR_WORDS, HOLD_WORDS
from sellers.money import display_amount

NOTHING = "–"
# What concerns every marketplace at once is told in the zone of the programme's own clock.
UTC = ZoneInfo("UTC")
SOON = timedelta(days=1)
# From so many days on, hours are noise.
ROUGH_DAYS = 14

# Coded reasons of denials and other steps, as operations read them (scenarios, reasons).
REASON_WORDS = {
    "FILED_LATE": "Filed after the filing window had closed",
    "BEFORE_PROGRAMME_START": "The incident was before the programme started",
    "NOT_PHYSICAL": "Not a physical product",
    "OVER_MAXIMUM": "Above the maximum per claim",
    "DUPLICATE": "The same order and incident were claimed before",
    "SCREENED_OUT": "Screened out",
    "NOT_PROVEN": "The loss was not proven",
    "SELLER_DEFENCE_UPHELD": "The seller's defence was upheld",
}


def amount(minor: int | None, currency: str) -> str:
    """An amount for people; a dash where none is known yet."""
    return NOTHING if minor is None else display_amount(minor, currency=currency)


def moment(at: datetime | None, zone: ZoneInfo) -> str:
    """A moment in a zone, with the zone's name: Sun 22 Nov 2026, 14:05 PST."""
    if at is None:
        return NOTHING
    local = at.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M} {local.tzname()}"


def code_words(code: str) -> str:
    """A coded reason, bar or hold in words; a code that nobody described is spelt out."""
    known = REASON_WORDS.get(code) or BAR_WORDS.get(code) or HOLD_WORDS.get(code)
    return known or code.replace("_", " ").capitalize()


def short_words(code: str) -> str:
    """A code as a short label: ABOVE_AUTOMATIC_LIMIT is "Above automatic limit"."""
    return code.replace("_", " ").capitalize()


def time_left(due_at: datetime, *, now: datetime) -> str:
    """The time to a due moment, or since it: "4 d 3 h left", "12 min overdue"."""
    late = due_at <= now
    return f"{_span(now - due_at if late else due_at - now)} {'overdue' if late else 'left'}"


def urgency(due_at: datetime, *, now: datetime) -> str:
    """How loudly a clock is shown: overdue, soon (within a day), or calm."""
    if due_at <= now:
        return "overdue"
    return "soon" if due_at - now <= SOON else "calm"


def _span(length: timedelta) -> str:
    days, rest = divmod(length, timedelta(days=1))
    hours, rest = divmod(rest, timedelta(hours=1))
    minutes = rest // timedelta(minutes=1)
    if days:
        return f"{days} d {hours} h" if days < ROUGH_DAYS and hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min" if minutes else "under a minute"
