"""Where a claim stands, told from its events alone (docs: decide, then record).

Pure: events in, fields out. Each event carries the fields that its step changed, so folding
them in order gives the claim's row; whoever checks the books compares the two.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from django.utils.dateparse import parse_datetime

from claims.lifecycle import STEPS, Status

MOMENTS = frozenset({"approved_at", "denied_at"})
AT_REPORT: Mapping[str, Any] = {
    "reason": "",
    "bars": [],
    "assessed_minor": None,
    "approved_minor": None,
    "paid_minor": 0,
    "is_within_ceiling": None,
    "crossed_ceiling_later": False,
    "approved_at": None,
    "denied_at": None,
}
# Told with the report, and answered again later: an event says so, and replay leaves it alone.
REPORTED = frozenset({"medicare"})
REPLAYED = frozenset(AT_REPORT) | {"status", "version", "status_since"}


class Event(Protocol):
    """What replay reads of an event of the file."""

    version: int
    at: datetime
    step: str
    from_status: str
    to_status: str
    reason: str
    changes: dict[str, Any]


class FileBroken(Exception):
    """The events do not follow from one another; the message says where."""


def replay(events: Iterable[Event]) -> dict[str, Any]:
    """The fields of a claim, by name, after its events, which come in order of version.

    Raises:
        FileBroken: an event is missing, does not start where the last one ended, takes a step
            that the life-cycle does not have there, or changes a field nobody replays.
    """
    state: dict[str, Any] = {}
    for event in events:
        if not state:
            state = _opened(event)
            continue
        _check_follows(state, event)
        state |= {"version": event.version} | _changed(event)
        if event.from_status != event.to_status:
            state |= {
                "status": event.to_status,
                "status_since": event.at,
                "reason": event.reason,
            }
    if not state:
        raise FileBroken("The file has no events.")
    return state


def _opened(event: Event) -> dict[str, Any]:
    if event.version != 1 or event.step != "report" or event.to_status != Status.REPORTED:
        raise FileBroken(f"The file opens with {event.step} {event.version}, not with its report.")
    return {
        **AT_REPORT,
        "status": event.to_status,
        "status_since": event.at,
        "version": 1,
        **_changed(event),
    }


def _check_follows(state: Mapping[str, Any], event: Event) -> None:
    where = f"Event {event.version} ({event.step})"
    if event.version != state["version"] + 1:
        raise FileBroken(f"{where} follows event {state['version']}.")
    if event.from_status != state["status"]:
        raise FileBroken(f"{where} starts from {event.from_status}, not {state['status']}.")
    step = STEPS.get(event.step)
    if step is None or event.from_status not in step.source:
        raise FileBroken(f"{where} is no step from {event.from_status}.")
    if event.to_status not in (step.to or {event.from_status}):
        raise FileBroken(f"{where} does not lead to {event.to_status}.")


def _changed(event: Event) -> dict[str, Any]:
    unknown = sorted(set(event.changes) - set(AT_REPORT) - REPORTED)
    if unknown:
        raise FileBroken(f"Event {event.version} changes {', '.join(unknown)}.")
    told = {name: value for name, value in event.changes.items() if name in AT_REPORT}
    return {name: _read(name, value) for name, value in told.items()}


def _read(name: str, value: Any) -> Any:
    return parse_datetime(value) if name in MOMENTS and isinstance(value, str) else value
