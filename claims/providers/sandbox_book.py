"""The sandbox provider's own book: what an outside party knows, and Redress cannot touch.

Append-only lines of JSON, each flushed to the disk before its payment is answered for, and read
again at the start. A line cut off by a crash was never answered for, and is dropped.
"""

import fcntl
import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

MEMORY = ":memory:"
PAGE_ENTRIES = 500
_MOMENTS = ("accepted_at", "confirms_at", "returns_at", "cancelled_at")


class KeyReused(Exception):
    """The idempotency key was used before, for another payment."""


class BookUnreadable(Exception):
    """The book's file is damaged, or another sandbox holds it; the text says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A payment as the customer of the provider orders it."""

    our_reference: str
    amount_minor: int
    currency: str
    payee_name: str
    payee_account: str
    purpose_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One attempt in the book. Its status follows from the moments and the time of asking."""

    provider_reference: str
    key: str
    order: Order
    accepted_at: datetime
    confirms_at: datetime
    returns_at: datetime | None = None
    cancelled_at: datetime | None = None
    refusal: str | None = None

    def standing(self, at: datetime) -> tuple[str, datetime]:
        """Its status at a moment, and since when."""
        if self.refusal is not None:
            return "REFUSED", self.accepted_at
        if self.cancelled_at is not None:
            return "CANCELLED", self.cancelled_at
        if self.returns_at is not None and self.returns_at <= at:
            return "RETURNED", self.returns_at
        if self.confirms_at <= at:
            return "CONFIRMED", self.confirms_at
        return "ACCEPTED", self.accepted_at

    @property
    def is_payment(self) -> bool:
        """Whether its money moves or moved: neither refused nor cancelled."""
        return self.refusal is None and self.cancelled_at is None


class SandboxBook:
    """The book. Safe to use from many threads; one process at a time has it open.

    `path` is a file, or `MEMORY` for a book that ends with the process. Idempotency keys are
    remembered for `key_window`. `now` is the provider's clock.

    Raises:
        BookUnreadable: the file is damaged, or open elsewhere.
    """

    def __init__(
        self, path: str, *, now: Callable[[], datetime], key_window: timedelta = timedelta(days=1)
    ) -> None:
        self._now = now
        self._key_window = key_window
        self._lock = threading.Lock()
        self._entries: dict[str, Entry] = {}
        # The entry as it was first answered for, by key: a repetition gets the same answer.
        self._keys: dict[str, Entry] = {}
        self._announced: set[str] = set()
        self._at_work: dict[str, int] = {}
        self._closed = False
        self._file = None if path == MEMORY else _open_alone(Path(path))
        if self._file is not None:
            self._read_all(self._file)

    def close(self) -> None:
        """Take no more entries, and let go of the file."""
        with self._lock:
            if self._file is not None and not self._closed:
                os.close(self._file)
            self._closed = True

    def remembered(self, key: str, order: Order) -> Entry | None:
        """The entry first made with `key`, as it was then; None when the key is new or forgotten.

        Raises:
            KeyReused: it was made for another payment.
        """
        with self._lock:
            return self._remembered(key, order)

    def accept(
        self,
        key: str,
        order: Order,
        *,
        confirm_after: timedelta,
        return_after: timedelta | None = None,
        refusal: str | None = None,
    ) -> Entry:
        """Enter a payment once per key, on the disk before this returns.

        Raises:
            KeyReused: the key was used for another payment.
        """
        with self._lock:
            known = self._remembered(key, order)
            if known is not None:
                return known
            at = self._now()
            entry = Entry(
                provider_reference=f"SBX-{len(self._entries) + 1:06d}",
                key=key,
                order=order,
                accepted_at=at,
                confirms_at=at + confirm_after,
                returns_at=None if return_after is None else at + return_after,
                refusal=refusal,
            )
            self._write({"line": "entered", **_spell(entry)})
            return entry

    def cancel(self, provider_reference: str) -> Entry:
        """Cancel a payment if it is not confirmed yet; gives the entry as it now stands."""
        with self._lock:
            entry = self._entries[provider_reference]
            if entry.standing(self._now())[0] == "ACCEPTED":
                self._amend(provider_reference, "cancelled_at")
            return self._entries[provider_reference]

    def send_back(self, provider_reference: str) -> None:
        """Have the payee's bank return a payment at this moment."""
        with self._lock:
            self._amend(provider_reference, "returns_at")

    def forget_keys(self) -> None:
        """Forget every idempotency key, as if the window had ended."""
        with self._lock:
            self._write({"line": "keys_forgotten"})

    def mark_announced(self, event_id: str) -> None:
        """Remember that a notification was taken by its receiver."""
        with self._lock:
            self._write({"line": "announced", "event_id": event_id})

    def is_announced(self, event_id: str) -> bool:
        """Whether a notification was taken by its receiver."""
        return event_id in self._announced

    def entries(self, our_reference_prefix: str = "") -> list[Entry]:
        """All attempts, oldest first, whose reference starts with the prefix."""
        with self._lock:
            entries = list(self._entries.values())
        return [e for e in entries if e.order.our_reference.startswith(our_reference_prefix)]

    def page(self, after: str) -> list[Entry]:
        """The next attempts after so many (a number as text), oldest first; empty: no more."""
        start = int(after) if after.isdecimal() else 0
        with self._lock:
            return list(islice(self._entries.values(), start, start + PAGE_ENTRIES))

    def payments_for(self, our_reference_prefix: str) -> list[Entry]:
        """The attempts whose money moves or moved."""
        return [entry for entry in self.entries(our_reference_prefix) if entry.is_payment]

    def find(self, our_reference: str) -> list[Entry]:
        """All attempts with exactly this reference, oldest first."""
        return [e for e in self.entries(our_reference) if e.order.our_reference == our_reference]

    @contextmanager
    def working_on(self, our_reference: str) -> Iterator[None]:
        """While it lasts, "not found" is not final for this reference."""
        with self._lock:
            self._at_work[our_reference] = self._at_work.get(our_reference, 0) + 1
        try:
            yield
        finally:
            with self._lock:
                self._at_work[our_reference] -= 1

    def is_working_on(self, our_reference: str) -> bool:
        """Whether a request for this reference is being worked on."""
        return self._at_work.get(our_reference, 0) > 0

    def _remembered(self, key: str, order: Order) -> Entry | None:
        known = self._keys.get(key)
        if known is None or known.accepted_at + self._key_window <= self._now():
            return None
        if known.order != order:
            raise KeyReused("this idempotency key was used for another payment")
        return known

    def _amend(self, provider_reference: str, moment: str) -> None:
        amendment = {"provider_reference": provider_reference, moment: self._now().isoformat()}
        self._write({"line": "amended", **amendment})

    def _write(self, line: dict[str, Any]) -> None:
        if self._closed:
            raise OSError("the book is closed")
        if self._file is not None:
            _append(self._file, json.dumps(line).encode("ascii") + b"\n")
        self._take_in(line)

    def _take_in(self, line: dict[str, Any]) -> None:
        match line.pop("line"):
            case "entered":
                entry = _read(line)
                self._entries[entry.provider_reference] = entry
                self._keys[entry.key] = entry
            case "amended":
                reference = line.pop("provider_reference")
                self._entries[reference] = replace(self._entries[reference], **_moments(line))
            case "keys_forgotten":
                self._keys.clear()
            case "announced":
                self._announced.add(line["event_id"])
            case other:
                raise ValueError(f"{other!r} is no line of this book")

    def _read_all(self, file: int) -> None:
        written = os.pread(file, os.fstat(file).st_size, 0)
        whole = written[: written.rfind(b"\n") + 1]
        os.ftruncate(file, len(whole))
        for number, line in enumerate(whole.splitlines(), start=1):
            try:
                self._take_in(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                os.close(file)
                raise BookUnreadable(f"line {number} of the book is damaged") from error


def _open_alone(path: Path) -> int:
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(file)
        raise BookUnreadable(f"another sandbox provider has {path} open") from error
    return file


def _append(file: int, line: bytes) -> None:
    """Write a line and wait for the disk; after a failure the file is as it was before."""
    size = os.fstat(file).st_size
    try:
        while line:
            line = line[os.write(file, line) :]
        os.fsync(file)
    except OSError:
        os.ftruncate(file, size)
        raise


def _spell(entry: Entry) -> dict[str, Any]:
    fields = asdict(entry)
    moments = {name: fields[name] and fields[name].isoformat() for name in _MOMENTS}
    return fields | moments


def _read(fields: Mapping[str, Any]) -> Entry:
    plain = {name: value for name, value in fields.items() if name not in _MOMENTS}
    order = Order(**plain.pop("order"))
    return Entry(**plain, order=order, **_moments(fields))


def _moments(fields: Mapping[str, Any]) -> dict[str, Any]:
    spelt = {name: fields[name] for name in _MOMENTS if name in fields}
    return {name: value and datetime.fromisoformat(value) for name, value in spelt.items()}
