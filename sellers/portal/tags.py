"""Template filters of the portal: money and moments."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template

from sellers.money import display_amount
from sellers.portal.clock import short_moment, time_left
from sellers.post.text import local_moment

register = template.Library()


@register.filter
def money(minor: int | None, currency: str) -> str:
    """Minor units the way a person reads them; a dash where there is no amount yet."""
    return "–" if minor is None else display_amount(minor, currency=currency)


@register.filter
def in_zone(moment: datetime, zone: ZoneInfo) -> str:
    """A deadline as the letters say it: weekday, zone, and midnight as the end of a day."""
    return local_moment(moment, zone)


@register.filter
def short(moment: datetime, zone: ZoneInfo) -> str:
    """A moment of the past with its zone."""
    return short_moment(moment, zone=zone)


@register.filter
def left(due_at: datetime, now: datetime) -> str:
    """How long until a deadline, seen from the moment the request arrived."""
    return time_left(due_at, at=now)
