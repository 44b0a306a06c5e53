"""Notifications: signed, sent until taken, and read with suspicion."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from claims.providers.base import Notification, NotificationNotTrusted, PaymentStatus
from claims.providers.sandbox import SandboxProvider
from claims.providers.sandbox_book import Order, SandboxBook
from claims.providers.sandbox_server import SandboxServer
from claims.providers.sandbox_webhooks import Notifier
from claims.providers.signing import SIGNATURE_HEADER, sign
from tests.claims.providers.parties import NOON, REFERENCE, Clock, instruction, provider_of

SECRET = "s3cret"
FIELDS: dict[str, Any] = {
    "event_id": "SBX-000001-CONFIRMED",
    "payment": {
        "our_reference": REFERENCE,
        "provider_reference": "SBX-000001",
        "amount_minor": 40_000,
        "currency": "USD",
        "status": "CONFIRMED",
        "status_at": NOON.isoformat(),
    },
}
CONFIRMED = Notification(
    event_id="SBX-000001-CONFIRMED",
    status=PaymentStatus.CONFIRMED,
    our_reference=REFERENCE,
    provider_reference="SBX-000001",
    amount_minor=40_000,
    currency="USD",
    at=NOON,
)


class Receiver:
    """Redress's end: keeps what is posted; `answers` are its status codes, then 200."""

    def __init__(self) -> None:
        self.posts: list[tuple[bytes, dict[str, str]]] = []
        self.answers: list[int] = []
        self.on_post: Callable[[], None] = lambda: None
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.posts.append((body, dict(self.headers.items())))
                receiver.on_post()
                self.send_response(receiver.answers.pop(0) if receiver.answers else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}/hook"

    def wait_for(self, count: int, seconds: float = 8) -> None:
        until = time.monotonic() + seconds
        while len(self.posts) < count and time.monotonic() < until:
            time.sleep(0.02)
        assert len(self.posts) == count


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    thread = threading.Thread(target=made.http.serve_forever, args=(0.02,))
    thread.start()
    yield made
    made.http.shutdown()
    thread.join()
    made.http.server_close()


def announcing(receiver: Receiver, clock: Clock, book: str = ":memory:") -> SandboxServer:
    return SandboxServer(
        now=clock,
        book=book,
        confirm_after=timedelta(seconds=2),
        webhook_url=receiver.url,
        webhook_secret=SECRET,
    )


def reader(clock: Clock) -> SandboxProvider:
    return SandboxProvider("http://127.0.0.1:9", "k", SECRET, now=clock)


def test_confirmation_and_return_are_each_announced_once(receiver: Receiver, clock: Clock) -> None:
    with announcing(receiver, clock) as server:
        server.script_next("return", seconds=86_400)
        provider_of(server).send(instruction())
        time.sleep(0.3)
        assert receiver.posts == []
        clock.move(seconds=2)
        receiver.wait_for(1)
        confirmed = reader(clock).parse_notification(*receiver.posts[0])
        clock.move(days=1)
        receiver.wait_for(2)
        returned = reader(clock).parse_notification(*receiver.posts[1])
        time.sleep(0.3)
        assert len(receiver.posts) == 2
    told = [(n.event_id, n.status, n.at) for n in (confirmed, returned)]
    assert told == [
        ("SBX-000001-CONFIRMED", PaymentStatus.CONFIRMED, NOON + timedelta(seconds=2)),
        ("SBX-000001-RETURNED", PaymentStatus.RETURNED, NOON + timedelta(days=1)),
    ]


def test_what_is_not_taken_is_sent_again_with_the_same_id(receiver: Receiver, clock: Clock) -> None:
    receiver.answers = [500, 302]
    with announcing(receiver, clock) as server:
        provider_of(server).send(instruction())
        clock.move(seconds=2)
        receiver.wait_for(3)
        time.sleep(0.3)
    assert {json.loads(body)["event_id"] for body, _ in receiver.posts} == {"SBX-000001-CONFIRMED"}
    assert len(receiver.posts) == 3


def test_a_restart_announces_what_was_not_taken_and_nothing_else(
    receiver: Receiver, clock: Clock, tmp_path: Path
) -> None:
    book = str(tmp_path / "book.jsonl")
    with announcing(receiver, clock, book) as server:
        provider_of(server).send(instruction())
        clock.move(seconds=2)
        receiver.wait_for(1)
        until = time.monotonic() + 5
        while not server.book.is_announced("SBX-000001-CONFIRMED") and time.monotonic() < until:
            time.sleep(0.02)
    with SandboxServer(now=clock, book=book) as silent:
        provider_of(silent).send(instruction(our_reference="RC-OTHER-1", key="key-2"))
    with announcing(receiver, clock, book):
        receiver.wait_for(2)
        time.sleep(0.3)
    assert [json.loads(body)["event_id"] for body, _ in receiver.posts] == [
        "SBX-000001-CONFIRMED",
        "SBX-000002-CONFIRMED",
    ]


def test_refused_and_cancelled_payments_are_not_announced(receiver: Receiver, clock: Clock) -> None:
    with announcing(receiver, clock) as server:
        provider = provider_of(server)
        server.script_next("refuse")
        provider.send(instruction())
        provider.send(instruction(our_reference="RC-OTHER-1", key="key-2"))
        provider.cancel("RC-OTHER-1")
        clock.move(days=1)
        time.sleep(0.4)
    assert receiver.posts == []


def test_a_receiver_that_is_away_is_tried_again(receiver: Receiver, clock: Clock) -> None:
    receiver.url = "http://127.0.0.1:9/nobody"
    with announcing(receiver, clock) as server:
        provider_of(server).send(instruction())
        clock.move(seconds=2)
        time.sleep(0.9)
        assert not server.book.is_announced("SBX-000001-CONFIRMED")
    assert receiver.posts == []


def notifier(
    receiver: Receiver, book: SandboxBook, clock: Clock, stopping: threading.Event
) -> Notifier:
    return Notifier(
        book,
        url=receiver.url,
        secret=SECRET,
        now=clock,
        stopping=stopping,
        first_wait_seconds=0.01,
    )


def book_of_two(clock: Clock) -> SandboxBook:
    book = SandboxBook(":memory:", now=clock)
    for number in (1, 2):
        fields = asdict(instruction(our_reference=f"RC-7K3M-92PX-{number}"))
        key = f"{fields.pop('key')}-{number}"
        book.accept(key, Order(**fields), confirm_after=timedelta(0))
    return book


def test_after_five_refusals_a_notification_is_given_up(receiver: Receiver, clock: Clock) -> None:
    receiver.answers = [503] * 20
    stopping = threading.Event()
    thread = notifier(receiver, book_of_two(clock), clock, stopping)
    thread.start()
    receiver.wait_for(10)
    time.sleep(0.4)
    stopping.set()
    thread.join()
    ids = sorted(json.loads(body)["event_id"] for body, _ in receiver.posts)
    assert ids == ["SBX-000001-CONFIRMED"] * 5 + ["SBX-000002-CONFIRMED"] * 5


def test_stopping_ends_the_round(receiver: Receiver, clock: Clock) -> None:
    stopping = threading.Event()
    receiver.on_post = stopping.set
    book = book_of_two(clock)
    thread = notifier(receiver, book, clock, stopping)
    thread.start()
    thread.join()
    assert len(receiver.posts) == 1
    told = [book.is_announced(f"SBX-00000{number}-CONFIRMED") for number in (1, 2)]
    assert told == [True, False]


def signed(body: bytes, *, secret: str = SECRET, header: str = SIGNATURE_HEADER) -> dict[str, str]:
    return {header: sign(body, secret=secret, at=NOON)}


def test_header_names_have_no_case(clock: Clock) -> None:
    body = json.dumps(FIELDS).encode()
    for header in ("Redress-Signature", "redress-signature", "REDRESS-SIGNATURE"):
        assert reader(clock).parse_notification(body, signed(body, header=header)) == CONFIRMED


@pytest.mark.parametrize("minutes", [-6, 6])
def test_early_and_late_ones_are_not_trusted(clock: Clock, minutes: int) -> None:
    body = json.dumps(FIELDS).encode()
    clock.move(minutes=minutes)
    with pytest.raises(NotificationNotTrusted, match="more than 5 minutes"):
        reader(clock).parse_notification(body, signed(body))


def test_forged_and_unsigned_ones_are_not_trusted(clock: Clock) -> None:
    body = json.dumps(FIELDS).encode()
    for headers in (signed(body, secret="guess"), signed(b"other"), {}):
        with pytest.raises(NotificationNotTrusted):
            reader(clock).parse_notification(body, headers)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        json.dumps(FIELDS | {"event_id": ""}).encode(),
        json.dumps(FIELDS | {"event_id": "x" * 501}).encode(),
        json.dumps(FIELDS | {"payment": None}).encode(),
        json.dumps(FIELDS | {"payment": FIELDS["payment"] | {"status": "PAID"}}).encode(),
        json.dumps(FIELDS | {"payment": FIELDS["payment"] | {"amount_minor": 10**16}}).encode(),
        json.dumps(FIELDS | {"payment": FIELDS["payment"] | {"our_reference": 7}}).encode(),
    ],
)
def test_signed_nonsense_is_not_trusted_either(clock: Clock, body: bytes) -> None:
    with pytest.raises(NotificationNotTrusted):
        reader(clock).parse_notification(body, signed(body))
