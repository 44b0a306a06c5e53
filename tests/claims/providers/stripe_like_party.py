"""A provider on Stripe's conventions, in this process: keys, forms, a list, errors by script."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

CREATED = 1_772_366_400  # 2026-03-01 12:00 UTC


class Party(ThreadingHTTPServer):
    """The provider's book, by its own numbers and by key; `script` holds the next answers."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.payouts: dict[str, dict[str, Any]] = {}
        self.keys: dict[str, str] = {}
        self.script: list[tuple[int, Any, dict[str, str]]] = []
        self.seen: list[tuple[str, str, dict[str, str]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def pay(self, form: dict[str, str], key: str) -> dict[str, Any]:
        if key not in self.keys:
            number = f"po_{len(self.payouts) + 1}"
            self.keys[key] = number
            self.payouts[number] = {
                "id": number,
                "amount": int(form["amount"]),
                "currency": form["currency"],
                "status": "pending",
                "created": CREATED,
                "metadata": {"our_reference": form["metadata[our_reference]"]},
            }
        return self.payouts[self.keys[key]]


class _Handler(BaseHTTPRequestHandler):
    server: Party

    def do_GET(self) -> None:
        asked = dict(parse_qsl(urlsplit(self.path).query))["our_reference"]
        rows = self.server.payouts.values()
        found = [row for row in rows if row["metadata"]["our_reference"] == asked]
        self._answer(200, {"object": "list", "data": found})

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        form = dict(parse_qsl(self.rfile.read(length).decode()))
        self.server.seen.append((self.path, self.headers.get("Idempotency-Key", ""), form))
        if self.path.endswith("/cancel"):
            row = self.server.payouts[self.path.split("/")[3]]
            row["status"] = "canceled" if row["status"] == "pending" else row["status"]
            self._answer(200, row)
        else:
            self._answer(200, self.server.pay(form, self.headers["Idempotency-Key"]))

    def _answer(self, status: int, content: Any) -> None:
        extra: dict[str, str] = {}
        if self.server.script:
            status, content, extra = self.server.script.pop(0)
        body = json.dumps(content).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **extra}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Write nothing."""


@contextmanager
def stripe_like() -> Iterator[Party]:
    """The provider, running."""
    party = Party()
    thread = threading.Thread(target=party.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield party
    finally:
        party.shutdown()
        party.server_close()
        thread.join()
