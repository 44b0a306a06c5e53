"""Letters that came back: bounces that a mail service reports later, by its notifications."""

from datetime import datetime
from typing import Any

from anymail.signals import EventType, tracking
from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from sellers.post.letter import Letter, LetterState

# Final for a letter; a deferred one is still on its way.
FINAL = frozenset({EventType.BOUNCED, EventType.REJECTED, EventType.FAILED})


def record_bounce(*, at: datetime, why: str, key: str = "", message_id: str = "") -> bool:
    """Write down that a letter which had left came back; False when there is none to write.

    The letter is found among those of every room, by its key or by the Message-ID under which it
    left.
    """
    if not key and not message_id:
        return False
    found = Q(key=key) if key else Q(message_id=message_id)
    written = [
        letters._default_manager.filter(found)  # noqa: SLF001 - as of any model
        .exclude(state=LetterState.BOUNCED)
        .update(**bounced(f"{at:%Y-%m-%d %H:%M} UTC: {why}"))
        for letters in _kinds_of_letters()
    ]
    return any(written)


def bounced(answer: str) -> dict[str, Any]:
    """The columns of a letter that was refused for good, or came back."""
    return ended(LetterState.BOUNCED, answer)


def ended(state: LetterState, answer: str) -> dict[str, Any]:
    """The columns of a letter that nobody holds any more."""
    return {"state": state.value, "next_at": None, "lease_until": None, "last_answer": answer}


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
    tracking.connect(receive_tracking, dispatch_uid="sellers.post.bounces")


def _kinds_of_letters() -> list[type[Letter]]:
    return [model for model in apps.get_models() if issubclass(model, Letter)]
