"""The sandbox payment provider: an outside party, reached over HTTP only.

It runs as a process of its own (`manage.py run_sandbox_provider`), or in a thread of a test or a
scenario (`SandboxServer`); both are the same server, with a book of its own.

Routes (all but `/` want `Authorization: Bearer KEY`):
`POST /payments` (with `Idempotency-Key`), `GET /payments/REF`, `GET /payments?claim=PREFIX`,
`POST /payments/REF/cancel`, `POST /payments/REF/return`, `GET /book?after=N`, `POST /faults`, and
`GET /`, the book as a page. What the answers mean: `sandbox_desk`.
"""

import hmac
import re
import socket
import socketserver
import struct
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from claims.providers.base import RefusalReason
from claims.providers.sandbox import utc_now
from claims.providers.sandbox_book import MEMORY, Entry, SandboxBook
from claims.providers.sandbox_desk import Answer, Desk, Manner, problem
from claims.providers.sandbox_faults import Fault, FaultScript
from claims.providers.sandbox_page import book_page
from claims.providers.sandbox_webhooks import Notifier

# Not secret: they open a book in which no real money moves.
DEMO_KEY = "sandbox-key"
DEMO_WEBHOOK_SECRET = "sandbox-webhook-secret"  # noqa: S105
_MAX_BODY_BYTES = 16 * 1024
_MAX_DRAINED_BYTES = 1024 * 1024
_MAX_THREADS = 64
_READ_SECONDS = 10
_TICK_SECONDS = 0.02
_PAYMENT = re.compile(r"/payments/([^/]+)(/cancel|/return|)")
_KEY = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)


class SandboxServer:
    """A running sandbox provider, from `with` to the end of its block.

    `book` is a file or `MEMORY`. `now` is the provider's clock, which may be a scenario's.
    `confirm_after` is how long after acceptance payments are confirmed. A fault that withholds an
    answer holds the connection for `hold_seconds` at most (0: it is closed at once, which the
    client can only take as "uncertain" too). `webhook_url` None: no notifications.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        book: str = MEMORY,
        key: str = DEMO_KEY,
        now: Callable[[], datetime] = utc_now,
        confirm_after: timedelta = timedelta(0),
        key_window: timedelta = timedelta(days=1),
        hold_seconds: float = 0,
        webhook_url: str | None = None,
        webhook_secret: str = DEMO_WEBHOOK_SECRET,
    ) -> None:
        self._host = host
        self.key = key
        self.webhook_secret = webhook_secret
        self.book = SandboxBook(book, now=now, key_window=key_window)
        self._faults = FaultScript()
        self._stopping = threading.Event()
        desk = Desk(
            self.book, self._faults, now=now, confirm_after=confirm_after, stopping=self._stopping
        )
        try:
            self._http = _Http((host, port), desk, self, now=now, hold_seconds=hold_seconds)
        except OSError:
            self.book.close()
            raise
        self._threads = [threading.Thread(target=self._serve, name="sandbox-http", daemon=True)]
        if webhook_url:
            self._threads.append(
                Notifier(
                    self.book,
                    url=webhook_url,
                    secret=webhook_secret,
                    now=now,
                    stopping=self._stopping,
                )
            )

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._http.server_address[1])

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://{self._host}:{self.port}"

    def script_next(self, do: str, *, times: int = 1, **options: Any) -> None:
        """Script a fault for the next payments; names and options as in `sandbox_faults`.

        Raises:
            ValueError: there is no such fault or option.
        """
        self._faults.add(Fault.read({"do": do, **options}), times)

    def payments_for(self, our_reference_prefix: str) -> list[Entry]:
        """The payments in the book whose money moves or moved, by reference or its beginning."""
        return self.book.payments_for(our_reference_prefix)

    @property
    def is_stopping(self) -> bool:
        """Whether its block has ended."""
        return self._stopping.is_set()

    def pause(self, seconds: float) -> bool:
        """Wait, unless the server stops first; True when it does."""
        return self._stopping.wait(seconds)

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stopping.set()
        self._http.shutdown()
        self._http.server_close()
        for thread in self._threads:
            thread.join()
        self.book.close()

    def _serve(self) -> None:
        self._http.serve_forever(poll_interval=_TICK_SECONDS)


class _Http(socketserver.ThreadingTCPServer):
    """The listening socket, with no more threads than it can bear."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self,
        address: tuple[str, int],
        desk: Desk,
        owner: SandboxServer,
        *,
        now: Callable[[], datetime],
        hold_seconds: float,
    ) -> None:
        self.desk = desk
        self.owner = owner
        self.now = now
        self.hold_seconds = hold_seconds
        self._slots = threading.BoundedSemaphore(_MAX_THREADS)
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        if self._slots.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.close_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._slots.release()

    def shutdown_request(self, request: Any) -> None:
        # Only a close without a shutdown before it can reset a connection.
        self.close_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Tell of a fault of our own; a client that left is none."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Http
    timeout = _READ_SECONDS

    def do_GET(self) -> None:
        self._deliver(self._answer("GET", b""))

    def do_POST(self) -> None:
        body = self._body()
        self._deliver(body if isinstance(body, Answer) else self._answer("POST", body))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
        """Write nothing: the book is the record."""

    def _answer(self, method: str, body: bytes) -> Answer:
        address = urlsplit(self.path)
        if (method, address.path) == ("GET", "/"):
            entries = self.server.owner.book.entries()
            return Answer(content=book_page(entries, self.server.now()))
        if not self._has_key():
            text = "The key is missing or wrong."
            return problem(401, "unauthorised", text, reason=RefusalReason.LATER)
        try:
            if method == "GET":
                return self._look(address.path, address.query)
            return self._act(address.path, body)
        except OSError:
            return problem(500, "internal", "The book cannot be written.")

    def _look(self, path: str, query: str) -> Answer:
        desk = self.server.desk
        if path == "/book":
            return desk.entries(parse_qs(query).get("after", ["0"])[0])
        if path == "/payments":
            return desk.payments(parse_qs(query).get("claim", [""])[0])
        match = _PAYMENT.fullmatch(path)
        if match and not match[2]:
            return desk.look_up(unquote(match[1]))
        return problem(404, "no_such_address", "There is nothing at this address.")

    def _act(self, path: str, body: bytes) -> Answer:
        desk = self.server.desk
        if path == "/payments":
            return self._pay(body)
        if path == "/faults":
            return desk.script(body)
        match = _PAYMENT.fullmatch(path)
        if match and match[2] == "/cancel":
            return desk.cancel(unquote(match[1]))
        if match and match[2] == "/return":
            return desk.send_back(unquote(match[1]))
        return problem(404, "no_such_address", "There is nothing at this address.")

    def _pay(self, body: bytes) -> Answer:
        key = self.headers.get("Idempotency-Key", "")
        if not _KEY.fullmatch(key):
            text = "A payment needs an Idempotency-Key of 1 to 255 characters."
            return problem(400, "no_key", text, reason=RefusalReason.NEVER)
        return self.server.desk.pay(body, key)

    def _has_key(self) -> bool:
        given = self.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        return hmac.compare_digest(given, f"Bearer {self.server.owner.key}".encode())

    def _body(self) -> bytes | Answer:
        """The request's body; what is too long is read away, so that the answer can be heard."""
        length = self.headers.get("Content-Length", "0")
        if not re.fullmatch(r"[0-9]{1,9}", length, re.ASCII):
            return problem(400, "no_length", "Say how long it is.", reason=RefusalReason.NEVER)
        if int(length) > _MAX_BODY_BYTES:
            self.rfile.read(min(int(length), _MAX_DRAINED_BYTES))
            return problem(413, "too_long", "It is too long.", reason=RefusalReason.NEVER)
        return self.rfile.read(int(length))

    def _deliver(self, answer: Answer) -> None:
        match answer.manner:
            case Manner.AT_ONCE:
                self.connection.sendall(answer.content)
            case Manner.NEVER:
                self._hold()
            case Manner.RESET:
                linger = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            case _:
                self._drip(answer)

    def _drip(self, answer: Answer) -> None:
        for at in range(len(answer.content)):
            if self.server.owner.pause(answer.every_seconds):
                return
            self.connection.sendall(answer.content[at : at + 1])

    def _hold(self) -> None:
        """Keep silent until the client leaves, the time is up or the server stops."""
        self.connection.settimeout(_TICK_SECONDS)
        ends = time.monotonic() + self.server.hold_seconds
        while time.monotonic() < ends and not self.server.owner.is_stopping:
            try:
                self.connection.recv(1)
            except TimeoutError:
                continue
            return
