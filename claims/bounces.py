"""Bounces that a mail service reports later, through its notifications (anymail)."""

from typing import Any

from anymail.signals import EventType, tracking
from django.utils import timezone

from claims.notices import record_bounce

# Final for a letter; a deferred one is still on its way.
FINAL = frozenset({EventType.BOUNCED, EventType.REJECTED, EventType.FAILED})


def receive_tracking(sender: object, event: Any, esp_name: str, **_: object) -> None:
    """Write a final failure down with the letter that it is about; other events pass."""
    del sender
    if event.event_type not in FINAL:
        return
    why = event.mta_response or event.description or event.reject_reason or event.event_type
    record_bounce(
        at=event.timestamp or timezone.now(),
        why=f"{esp_name}: {why}",
        key=(event.metadata or {}).get("notice", ""),
        message_id=event.message_id or "",
    )


def listen() -> None:
    """Connect to the notifications; called once when the app is ready."""
    tracking.connect(receive_tracking, dispatch_uid="claims.bounces")
