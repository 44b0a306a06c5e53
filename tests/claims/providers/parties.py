"""Outside parties and instructions for the provider tests."""

import resource
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from claims.providers.base import Found, NotFound, PaymentInstruction, PaymentStatus, Sent
from claims.providers.sandbox import SandboxProvider
from claims.providers.sandbox_server import SandboxServer

REFERENCE = "RC-7K3M-92PX-1"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
# What becomes of the first instruction to a fresh sandbox at noon.
SENT = Sent(provider_reference="SBX-000001", status=PaymentStatus.CONFIRMED, at=NOON)
FOUND = Found(
    status=PaymentStatus.CONFIRMED,
    provider_reference="SBX-000001",
    amount_minor=40_000,
    currency="USD",
    at=NOON,
)
NOTHING = NotFound(final=True)
REFUSED_FOUND = Found(
    status=PaymentStatus.REFUSED,
    provider_reference="SBX-000001",
    amount_minor=40_000,
    currency="USD",
    at=NOON,
)


def instruction(**changes: Any) -> PaymentInstruction:
    fields: dict[str, Any] = {
        "our_reference": REFERENCE,
        "key": "key-1",
        "amount_minor": 40_000,
        "currency": "USD",
        "payee_name": "Dana Reyes",
        "payee_account": "GB00SAND0001",
        "purpose_text": "Claim RC-7K3M-92PX",
    }
    return PaymentInstruction(**fields | changes)


def provider_of(server: SandboxServer, *, total_seconds: float = 5) -> SandboxProvider:
    return SandboxProvider(server.url, server.key, server.webhook_secret, total_seconds)


class Clock:
    """A provider's clock that a test moves."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, **step: float) -> None:
        self.at += timedelta(**step)


@contextmanager
def full_disk(path: Path, *, spare_bytes: int) -> Iterator[None]:
    """The disk takes `spare_bytes` more of the file, then no more, from any of this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + spare_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def canned(
    *pieces: bytes, every_seconds: float = 0, tls: ssl.SSLContext | None = None
) -> Iterator[str]:
    """A server that says the same to everybody, piece by piece; gives its address."""
    stop = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.02)

    def serve() -> None:
        while not stop.is_set():
            try:
                caller, _ = listener.accept()
            except TimeoutError:
                continue
            with caller:
                speak(caller)

    def speak(caller: socket.socket) -> None:
        caller.settimeout(5)
        try:
            if tls is not None:
                caller = tls.wrap_socket(caller, server_side=True)
            with caller:
                talk(caller)
        except OSError:
            return

    def talk(caller: socket.socket) -> None:
        caller.recv(65_536)
        for piece in pieces:
            caller.sendall(piece)
            if stop.wait(every_seconds):
                return

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        scheme = "http" if tls is None else "https"
        yield f"{scheme}://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stop.set()
        thread.join()
        listener.close()
