"""A small proxy of our own between two processes, which cuts, delays, swallows, cuts short, drips.

It listens on a free port of loopback or on a Unix socket, and speaks no protocol: faults are of
bytes. Every fault counts how often it really struck, so that a test can tell that it happened.
"""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Self

from tests.faults.links import Address, Link, connect, introduced, listen

CHUNK = 65_536


class Way(Enum):
    """A direction through the proxy."""

    TO_SERVER = "to server"
    TO_CLIENT = "to client"


class Cut(Exception):
    """This connection ends here."""


@dataclass(eq=False)
class Fault:
    """One fault in one direction; it strikes `times` times (None: until it is healed).

    It strikes where `match` passes by, or at every chunk when `match` is empty. `skip` lets the
    first matches pass.
    """

    way: Way
    match: bytes = b""
    times: int | None = None
    skip: int = 0
    struck: int = 0
    healed: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def strikes(self, way: Way, seen: bytes) -> bool:
        """Whether it strikes now; counts it."""
        with self.lock:
            if way is not self.way or self.match not in seen or self.healed.is_set():
                return False
            if self.skip:
                self.skip -= 1
                return False
            if self.times is not None and self.struck >= self.times:
                return False
            self.struck += 1
            return True

    def act(self, _chunk: bytes, _send: Callable[[bytes], None]) -> bytes:
        """What is left of the chunk; raises Cut to end the connection."""
        raise NotImplementedError


class CutBefore(Fault):
    """The connection ends before what matched passes."""

    def act(self, _chunk: bytes, _send: Callable[[bytes], None]) -> bytes:
        raise Cut


class CutAfter(Fault):
    """What matched passes, then the connection ends."""

    def act(self, chunk: bytes, send: Callable[[bytes], None]) -> bytes:
        send(chunk)
        raise Cut


class Swallow(Fault):
    """A black hole: nothing passes, and nobody is told."""

    def act(self, _chunk: bytes, _send: Callable[[bytes], None]) -> bytes:
        return b""


class Count(Fault):
    """No fault: it counts what passes."""

    def act(self, chunk: bytes, _send: Callable[[bytes], None]) -> bytes:
        return chunk


class Hold(Fault):
    """What matched waits until the fault is healed, then passes."""

    def act(self, chunk: bytes, _send: Callable[[bytes], None]) -> bytes:
        self.healed.wait()
        return chunk


@dataclass(eq=False)
class Delay(Fault):
    """Everything comes `seconds` later."""

    seconds: float = 0.1

    def act(self, chunk: bytes, _send: Callable[[bytes], None]) -> bytes:
        self.healed.wait(self.seconds)
        return chunk


@dataclass(eq=False)
class Truncate(Fault):
    """Only the first `keep` bytes of what matched pass, then the connection ends."""

    keep: int = 1

    def act(self, chunk: bytes, send: Callable[[bytes], None]) -> bytes:
        send(chunk[: self.keep])
        raise Cut


@dataclass(eq=False)
class Drip(Fault):
    """One byte every `seconds`."""

    seconds: float = 1.0

    def act(self, chunk: bytes, send: Callable[[bytes], None]) -> bytes:
        for at in range(len(chunk)):
            if self.healed.wait(self.seconds):
                return chunk[at:]
            send(chunk[at : at + 1])
        return b""


class Proxy:
    """A door between processes, from `with` to the end of its block.

    `target` may change while it runs. `refuses` turns newcomers away, as if nobody listened.
    """

    def __init__(self, target: Address | None = None, *, at: Path | None = None) -> None:
        self.target = target
        self.refuses = False
        self.refused = 0
        self._listener = listen(at)
        self._links: set[Link] = set()
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed = True
        self.heal()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut_all()
        self._thread.join(timeout=5)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._listener.getsockname()[1])

    @property
    def client_ports(self) -> list[int]:
        """The ports of the clients that are connected now."""
        with self._lock:
            return [link.client_port for link in self._links]

    def add[F: Fault](self, fault: F) -> F:
        """Let a fault strike from now on."""
        with self._lock:
            self._faults.append(fault)
        return fault

    def heal(self) -> None:
        """No more faults; what is held goes on."""
        with self._lock:
            gone, self._faults = self._faults, []
        self.refuses = False
        for fault in gone:
            fault.healed.set()

    def cut_all(self) -> int:
        """End every connection; returns how many."""
        with self._lock:
            links = list(self._links)
        for link in links:
            self._end(link)
        return len(links)

    def _accept(self) -> None:
        while not self._closed:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._welcome(client)

    def _welcome(self, client: socket.socket) -> None:
        try:
            if self.refuses or self.target is None:
                raise ConnectionRefusedError
            link = introduced(client, connect(self.target))
        except OSError:
            self.refused += 1
            client.close()
            return
        with self._lock:
            self._links.add(link)
        for way in Way:
            threading.Thread(target=self._pump, args=(link, way), daemon=True).start()

    def _pump(self, link: Link, way: Way) -> None:
        to_server = way is Way.TO_SERVER
        source, sink = (link.client, link.server) if to_server else (link.server, link.client)
        tail = b""
        try:
            source.settimeout(None)
            while chunk := source.recv(CHUNK):
                seen = tail + chunk
                tail = seen[-64:] if self._needs_tail else b""
                if left := self._suffer(chunk, seen, way, sink.sendall):
                    sink.sendall(left)
        except (OSError, Cut):
            pass
        self._end(link)

    @property
    def _needs_tail(self) -> bool:
        # A match that was split over two chunks is found; one that has struck is not found twice.
        return any(fault.match and not fault.struck for fault in self._faults)

    def _suffer(self, chunk: bytes, seen: bytes, way: Way, send: Callable[[bytes], None]) -> bytes:
        for fault in list(self._faults):
            if chunk and fault.strikes(way, seen):
                chunk = fault.act(chunk, send)
        return chunk

    def _end(self, link: Link) -> None:
        with self._lock:
            self._links.discard(link)
        link.cut()


def await_true(
    holds: Callable[[], bool], *, seconds: float, what: str, every: float = 0.02
) -> None:
    """Wait for something to become true.

    Raises:
        AssertionError: it does not in time.
    """
    ends = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > ends:
            raise AssertionError(f"After {seconds:g} s still not: {what}")
        time.sleep(every)
