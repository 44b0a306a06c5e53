"""Letters in words: a template of plain text, dates for people, the reader's own clock."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template import Context, Engine

MADE_UP_LINE = "DEMO – made-up data"

_SUBJECT = "Subject: "
_BLANK_LINES = re.compile(r"\n{3,}")


def render_letter(
    template: str, words: Mapping[str, Any], *, is_made_up: bool = False
) -> tuple[str, str]:
    """Subject (one line) and body of a letter, from a template whose first line is the subject.

    A letter about made-up data says so before anything else.
    """
    context = Context(dict(words), autoescape=False)
    first, _, rest = _engine().get_template(template).render(context).partition("\n")
    body = _BLANK_LINES.sub("\n\n", rest).strip() + "\n"
    if is_made_up:
        body = f"{MADE_UP_LINE}\n\n{body}"
    return one_line(first.removeprefix(_SUBJECT)), body


def long_date(day: date) -> str:
    """A date for people: 3 March 2026."""
    return f"{day.day} {day:%B %Y}"


def local_moment(moment: datetime, zone: ZoneInfo) -> str:
    """A deadline on the reader's clock: Monday 23 November 2026, 00:00 PST (Los Angeles time).

    Midnight is said twice, since people read it as either day.
    """
    local = moment.astimezone(zone)
    text = f"{_day(local)}, {local:%H:%M} {_zone_name(local, zone)}"
    if (local.hour, local.minute) == (0, 0):
        return f"{text}, which is the end of {_day(local - timedelta(days=1))}"
    return text


def one_line(text: str) -> str:
    """Text without line breaks and runs of spaces."""
    return " ".join(text.split())


@cache
def _engine() -> Engine:
    # Plain text: an engine of its own, because the site's escapes for HTML.
    return Engine(dirs=[str(settings.BASE_DIR / "templates")], autoescape=False)


def _day(local: datetime) -> str:
    return f"{local:%A} {long_date(local.date())}"


def _zone_name(local: datetime, zone: ZoneInfo) -> str:
    name = local.tzname() or ""
    # Zones without letters of their own are called by their distance, such as "-03".
    short = f"UTC{name}" if name.startswith(("+", "-")) else name
    city = zone.key.rpartition("/")[2].replace("_", " ")
    return short if city in {"UTC", short} else f"{short} ({city} time)"
