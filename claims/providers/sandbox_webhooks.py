"""The sandbox provider's notifications: signed, sent again a few times, each with its own id."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from claims.providers.sandbox_book import Entry, SandboxBook
from claims.providers.sandbox_desk import view
from claims.providers.signing import SIGNATURE_HEADER, sign

_ATTEMPTS = 5
_TICK_SECONDS = 0.1
_ANSWER_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to one payment. The id is the same in every repetition."""

    event_id: str
    payment: dict[str, Any]


def due_events(book: SandboxBook, at: datetime) -> Iterator[Event]:
    """What has happened by `at` and was not yet taken by the receiver, payment by payment."""
    for entry in book.payments_for(""):
        for moment in _turning_points(entry, at):
            payment = view(entry, moment)
            event_id = f"{entry.provider_reference}-{payment['status']}"
            if not book.is_announced(event_id):
                yield Event(event_id, payment)


def _turning_points(entry: Entry, at: datetime) -> list[datetime]:
    moments = [entry.confirms_at, entry.returns_at]
    return [moment for moment in moments if moment is not None and moment <= at]


class Notifier(threading.Thread):
    """Posts what happens to `url` until it is taken with a 2xx, five times at most.

    The wait before a repetition doubles, from `first_wait_seconds` on.

    What was not taken then is sent again after the provider's next start.
    """

    def __init__(
        self,
        book: SandboxBook,
        *,
        url: str,
        secret: str,
        now: Callable[[], datetime],
        stopping: threading.Event,
        first_wait_seconds: float = 0.5,
    ) -> None:
        super().__init__(name="sandbox-notifier", daemon=True)
        self._book = book
        self._url = url
        self._secret = secret
        self._now = now
        self._stopping = stopping
        self._first_wait_seconds = first_wait_seconds
        self._failures: dict[str, int] = {}
        self._not_before: dict[str, float] = {}

    def run(self) -> None:
        """Look for news until told to stop."""
        while not self._stopping.wait(_TICK_SECONDS):
            for event in due_events(self._book, self._now()):
                if self._stopping.is_set():
                    return
                if self._may_try(event):
                    self._try(event)

    def _may_try(self, event: Event) -> bool:
        if self._failures.get(event.event_id, 0) >= _ATTEMPTS:
            return False
        return time.monotonic() >= self._not_before.get(event.event_id, 0)

    def _try(self, event: Event) -> None:
        if self._post(event):
            self._book.mark_announced(event.event_id)
            return
        failures = self._failures.get(event.event_id, 0) + 1
        self._failures[event.event_id] = failures
        wait = self._first_wait_seconds * 2 ** (failures - 1)
        self._not_before[event.event_id] = time.monotonic() + wait

    def _post(self, event: Event) -> bool:
        body = json.dumps({"event_id": event.event_id, "payment": event.payment}).encode("ascii")
        signature = sign(body, secret=self._secret, at=self._now())
        headers = {"Content-Type": "application/json", SIGNATURE_HEADER: signature}
        try:
            taken = httpx.post(
                self._url, content=body, headers=headers, timeout=_ANSWER_SECONDS, trust_env=False
            )
        except httpx.HTTPError:
            return False
        return taken.is_success
