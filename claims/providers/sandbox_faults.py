"""The sandbox provider's faults: what it can be told to do to the next payments."""

import json
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from claims.providers.base import RefusalReason

# Ten years: longer waits are slips of the pen.
_MAX_SECONDS = 315_360_000


class FaultKind(StrEnum):
    """One way for a payment to go wrong. "Accepted" means: it is in the provider's book."""

    REFUSE = "refuse"
    """Refused, with `reason`. The key is spent, unless the reason is LATER."""
    TIMEOUT_BEFORE_ACCEPT = "timeout_before_accept"
    """Not accepted, and no answer."""
    TIMEOUT_AFTER_ACCEPT = "timeout_after_accept"
    """Accepted, and no answer."""
    RESET = "reset"
    """Accepted, and the connection is reset."""
    ERROR_500 = "error_500"
    """Not accepted; status 500."""
    ERROR_500_AFTER = "error_500_after"
    """Accepted; status 500."""
    GARBAGE = "garbage"
    """An answer that makes no sense, of kind `garbage`; accepted unless `accepted` is false."""
    SLOW = "slow"
    """Accepted; the answer comes one byte every `seconds` (1)."""
    LATE_ACCEPT = "late_accept"
    """Accepted only after `seconds` (1); until then it is being worked on."""
    TOO_MANY_REQUESTS = "429"
    """Not accepted; status 429, Retry-After `seconds` (1)."""
    FORGET_KEYS = "forget_keys"
    """All idempotency keys are forgotten, then the payment is taken as usual."""
    RETURN = "return"
    """Accepted and paid; it comes back `seconds` later (a day)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One scripted fault. What `reason`, `seconds`, `garbage`, `accepted` mean: see its kind."""

    do: FaultKind
    reason: RefusalReason = RefusalReason.FIX_DETAILS
    seconds: float | None = None
    garbage: str = "html"
    accepted: bool = True

    @classmethod
    def read(cls, fields: Mapping[str, Any]) -> "Fault":
        """The fault that a script spells.

        Raises:
            ValueError: no such fault, reason, kind of garbage or option.
        """
        options = dict(fields)
        try:
            if options.get("seconds") is not None:
                options["seconds"] = float(options["seconds"])
            do = FaultKind(options.pop("do"))
            reason = RefusalReason(options.pop("reason", RefusalReason.FIX_DETAILS))
            fault = cls(do=do, reason=reason, **options)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"a fault is not spelt {dict(fields)!r}") from error
        if str(fault.garbage) not in GARBAGE:
            raise ValueError(f"no garbage of kind {fault.garbage!r}; there is {', '.join(GARBAGE)}")
        if not 0 <= fault.wait(0) <= _MAX_SECONDS:
            raise ValueError(f"seconds must be 0 to {_MAX_SECONDS}")
        return fault

    def wait(self, default: float) -> float:
        """Its `seconds`, or the default of its kind."""
        return default if self.seconds is None else self.seconds


class FaultScript:
    """The faults to come, one per payment request, in order."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: deque[Fault] = deque()

    def add(self, fault: Fault, times: int = 1) -> None:
        """Script a fault for the next `times` requests after those already scripted."""
        with self._lock:
            self._faults.extend([fault] * times)

    def take(self) -> Fault | None:
        """The fault of the request that has just come; None for a good day."""
        with self._lock:
            return self._faults.popleft() if self._faults else None

    def clear(self) -> None:
        """No more faults."""
        with self._lock:
            self._faults.clear()


def http_answer(
    body: bytes,
    *,
    status: str = "201 Created",
    content_type: str = "application/json",
    length: int | None = None,
    extra: str = "",
) -> bytes:
    """The bytes of an HTTP answer; `length` is what it claims to hold, when that is a lie."""
    claimed = len(body) if length is None else length
    head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {claimed}\r\n"
    return f"{head}{extra}Connection: close\r\n\r\n".encode("ascii") + body


def _altered(**changes: Any) -> Callable[[bytes], bytes]:
    return lambda good: http_answer(json.dumps(json.loads(good) | changes).encode("ascii"))


# Each makes the bytes of an answer from the body of the good one.
GARBAGE: Mapping[str, Callable[[bytes], bytes]] = {
    "html": lambda _: http_answer(b"<!doctype html><p>It works!", content_type="text/html"),
    "empty": lambda _: http_answer(b""),
    "wrong_content_type": lambda good: http_answer(good, content_type="text/plain"),
    "truncated": lambda good: http_answer(good[: len(good) // 2], length=len(good)),
    "cut_json": lambda good: http_answer(good[: len(good) // 2]),
    "list": lambda good: http_answer(b"[" + good + b"]"),
    "null": lambda _: http_answer(b"null"),
    "not_utf8": lambda good: http_answer(good.replace(b"USD", b"\xff\xfe\xfd")[:-1] + b"\xff}"),
    "duplicate_key": lambda good: http_answer(good[:-1] + b', "status": "REFUSED"}'),
    "deeply_nested": lambda _: http_answer(b"[" * 60_000),
    "too_long": lambda good: http_answer(b" " * 1_000_000 + good),
    "compressed": lambda good: http_answer(good, extra="Content-Encoding: gzip\r\n"),
    "not_http": lambda good: b"\x15\x03\x01\x00\x02\x02\x46" + good,
    "endless_headers": lambda good: http_answer(good, extra="X-Filler: 0\r\n" * 20_000),
    "redirect": lambda good: http_answer(
        good, status="307 Temporary Redirect", extra="Location: /payments/elsewhere\r\n"
    ),
    "informational_only": lambda _: b"HTTP/1.1 103 Early Hints\r\n\r\n",
    "other_reference": _altered(our_reference="SOMEBODY-ELSES"),
    "other_amount": _altered(amount_minor=1),
    "other_currency": _altered(currency="XXX"),
    "amount_as_text": _altered(amount_minor="40000"),
    "amount_as_truth": _altered(amount_minor=True),
    "unknown_status": _altered(status="PERHAPS"),
    "already_refused": _altered(status="REFUSED"),
    "no_provider_reference": _altered(provider_reference=None),
    "unstorable_text": _altered(provider_reference="SBX\x00"),
    "no_time_zone": _altered(status_at="2026-03-01T12:00:00"),
    "no_moment": _altered(status_at="yesterday"),
    "beyond_time": _altered(status_at="0001-01-01T00:00:00+14:00"),
}
