"""The sandbox as an outside party meets it: plain HTTP, limits, the script and the page."""

import json
import socket
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from claims.providers.base import Uncertain
from claims.providers.sandbox_book import SandboxBook
from claims.providers.sandbox_server import SandboxServer
from tests.claims.providers.parties import (
    NOON,
    REFERENCE,
    Clock,
    full_disk,
    instruction,
    provider_of,
)

PAYMENT = {
    "our_reference": REFERENCE,
    "amount_minor": 40_000,
    "currency": "USD",
    "payee_name": "Dana <b>Reyes</b>",
    "payee_account": "GB00SAND0001",
    "purpose_text": "Claim RC-7K3M-92PX",
}
VIEW = PAYMENT | {
    "provider_reference": "SBX-000001",
    "key": "key-1",
    "status": "CONFIRMED",
    "status_at": NOON.isoformat(),
    "accepted_at": NOON.isoformat(),
}


def call(
    server: SandboxServer, method: str, path: str, *, content: Any = None, **headers: str | bytes
) -> httpx.Response:
    body = content if isinstance(content, bytes | None) else json.dumps(content).encode()
    sent: dict[str, str | bytes] = {"Authorization": f"Bearer {server.key}"}
    sent |= {"Idempotency-Key": "key-1"} | headers
    kept = [(name.encode(), _bytes(value)) for name, value in sent.items() if value]
    return httpx.request(method, server.url + path, content=body, headers=kept, trust_env=False)


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode()


def pay(server: SandboxServer, **changes: Any) -> httpx.Response:
    return call(server, "POST", "/payments", content=PAYMENT | changes)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_the_answers_as_they_go_over_the_wire(server: SandboxServer) -> None:
    answer = pay(server)
    assert (answer.status_code, answer.json()) == (201, VIEW)
    found = call(server, "GET", f"/payments/{REFERENCE}")
    assert (found.status_code, found.json()) == (200, {"payments": [VIEW]})
    assert call(server, "GET", "/book").json() == {"entries": [VIEW]}
    assert call(server, "GET", "/payments?claim=RC-7K3M-92PX").json() == {"payments": [VIEW]}
    assert call(server, "GET", "/payments?claim=RC-8").json() == {"payments": []}


def test_the_book_shows_refused_attempts_and_the_payments_do_not(server: SandboxServer) -> None:
    server.script_next("refuse")
    assert code(pay(server)) == (422, "refused_fix_details")
    assert [e["status"] for e in call(server, "GET", "/book").json()["entries"]] == ["REFUSED"]
    assert call(server, "GET", "/payments").json() == {"payments": []}


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer wrong", "sandbox-key", "Bearer é"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/book"),
        ("GET", "/payments"),
        ("GET", f"/payments/{REFERENCE}"),
        ("POST", "/payments"),
        ("POST", f"/payments/{REFERENCE}/cancel"),
        ("POST", "/faults"),
    ],
)
def test_without_the_key_nothing_is_told_and_nothing_done(
    server: SandboxServer, method: str, path: str, authorization: str
) -> None:
    pay(server)
    before = server.book.entries()
    refused = call(server, method, path, content={"do": "refuse"}, Authorization=authorization)
    assert code(refused) == (401, "unauthorised")
    assert server.book.entries() == before
    assert pay(server).status_code == 201


@pytest.mark.parametrize(
    "changes",
    [
        {"amount_minor": 0},
        {"amount_minor": "40000"},
        {"amount_minor": 1.0},
        {"amount_minor": True},
        {"amount_minor": 10**13},
        {"currency": "usd"},
        {"currency": 7},
        {"our_reference": ""},
        {"our_reference": None},
        {"payee_name": "x" * 501},
        {"surprise": 1},
    ],
)
def test_a_malformed_payment_is_never_taken(server: SandboxServer, changes: dict[str, Any]) -> None:
    answer = pay(server, **changes)
    assert code(answer) == (400, "malformed")
    assert answer.json()["error"]["reason"] == "NEVER"
    assert server.book.entries() == []


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 10_000])
def test_what_is_not_json_is_never_taken(server: SandboxServer, body: bytes) -> None:
    assert code(call(server, "POST", "/payments", content=body)) == (400, "not_json")


@pytest.mark.parametrize("body", [b"[]", b"null", b"{}"])
def test_json_that_is_no_payment_is_never_taken(server: SandboxServer, body: bytes) -> None:
    assert code(call(server, "POST", "/payments", content=body)) == (400, "malformed")


def test_a_body_that_is_too_long_is_turned_away_with_an_answer(server: SandboxServer) -> None:
    answer = call(server, "POST", "/payments", content=b" " * 200_000)
    assert code(answer) == (413, "too_long")
    assert server.book.entries() == []


@pytest.mark.parametrize("key", ["", "two words", "x" * 256])
def test_a_payment_needs_a_usable_key(server: SandboxServer, key: str) -> None:
    answer = call(server, "POST", "/payments", content=PAYMENT, **{"Idempotency-Key": key})
    assert code(answer) == (400, "no_key")
    assert server.book.entries() == []


@pytest.mark.parametrize("length", ["abc", "-1", "1e3", "99999999999"])
def test_a_length_that_is_none(server: SandboxServer, length: str) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as caller:
        caller.sendall(f"POST /payments HTTP/1.1\r\nContent-Length: {length}\r\n\r\n".encode())
        assert caller.recv(65_536).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/elsewhere"),
        ("GET", f"/payments/{REFERENCE}/cancel"),
        ("POST", "/elsewhere"),
        ("POST", "/book"),
        ("POST", f"/payments/{REFERENCE}"),
    ],
)
def test_there_is_nothing_at_other_addresses(server: SandboxServer, method: str, path: str) -> None:
    assert code(call(server, method, path)) == (404, "no_such_address")


def test_faults_are_scripted_over_http_in_order(server: SandboxServer) -> None:
    script = [
        {"do": "refuse", "reason": "LATER", "times": 2},
        {"do": "429"},
        {"do": "garbage", "garbage": "null"},
    ]
    answer = call(server, "POST", "/faults", content=script)
    assert (answer.status_code, answer.json()) == (200, {"scripted": 4})
    assert [pay(server).status_code for _ in range(3)] == [422, 422, 429]
    assert pay(server).text == "null"
    assert (pay(server).json(), len(server.book.entries())) == (VIEW, 1)


def test_an_empty_script_takes_all_faults_back(server: SandboxServer) -> None:
    call(server, "POST", "/faults", content={"do": "error_500", "times": 5})
    assert call(server, "POST", "/faults", content=[]).json() == {"scripted": 0}
    assert pay(server).status_code == 201


@pytest.mark.parametrize(
    "script",
    [
        b"",
        b"[" * 10_000,
        7,
        [7],
        {},
        {"do": "explode"},
        [{"do": "429"}, {"do": "refuse", "reason": "PERHAPS"}],
        {"do": "garbage", "garbage": "pretty"},
        {"do": "garbage", "garbage": ["html"]},
        {"do": "slow", "seconds": -1},
        {"do": "slow", "seconds": "soon"},
        {"do": "return", "seconds": 1e12},
        {"do": "429", "times": "many"},
        {"do": "429", "colour": "red"},
    ],
)
def test_a_script_with_a_slip_is_refused_whole(server: SandboxServer, script: Any) -> None:
    assert code(call(server, "POST", "/faults", content=script)) == (400, "invalid_fault")
    assert pay(server).status_code == 201


def test_a_script_in_code_refuses_slips_too(server: SandboxServer) -> None:
    with pytest.raises(ValueError, match="a fault is not spelt"):
        server.script_next("explode")


def test_a_payment_can_be_sent_back_at_any_time(server: SandboxServer, clock: Clock) -> None:
    assert code(call(server, "POST", f"/payments/{REFERENCE}/return")) == (404, "payment_not_found")
    pay(server)
    clock.move(days=5)
    (returned,) = call(server, "POST", f"/payments/{REFERENCE}/return").json()["payments"]
    assert (returned["status"], returned["status_at"]) == ("RETURNED", clock().isoformat())


def test_the_page_shows_the_book_to_anybody_and_runs_nothing(server: SandboxServer) -> None:
    pay(server)
    page = httpx.get(server.url + "/", trust_env=False)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "It holds 1 payment. No real money moves." in page.text
    assert "<td>SBX-000001<td>RC-7K3M-92PX-1<td>Dana &lt;b&gt;Reyes&lt;/b&gt;" in page.text
    assert '<td class="amount">40,000<td>USD<td>CONFIRMED<td>2026-03-01 12:00:00' in page.text
    assert "GB00SAND0001" not in page.text


def test_the_page_of_an_empty_book(server: SandboxServer) -> None:
    assert "It holds 0 payments." in httpx.get(server.url + "/", trust_env=False).text


def test_a_book_that_cannot_be_written_is_a_500_and_no_payment(
    clock: Clock, tmp_path: Path
) -> None:
    path = tmp_path / "book.jsonl"
    with SandboxServer(now=clock, book=str(path)) as server:
        with full_disk(path, spare_bytes=50):
            assert code(pay(server)) == (500, "internal")
        assert (server.book.entries(), path.read_bytes()) == ([], b"")
        assert pay(server).status_code == 201


def test_a_port_in_use_leaves_the_book_free(
    server: SandboxServer, clock: Clock, tmp_path: Path
) -> None:
    path = str(tmp_path / "book.jsonl")
    with pytest.raises(OSError, match="in use"):
        SandboxServer(now=clock, book=path, port=server.port)
    SandboxBook(path, now=clock).close()


def test_a_caller_that_leaves_a_dripping_answer_is_not_reported(
    server: SandboxServer, capfd: pytest.CaptureFixture[str]
) -> None:
    server.script_next("slow", seconds=0.01)
    assert isinstance(provider_of(server, total_seconds=0.1).send(instruction()), Uncertain)
    time.sleep(0.2)
    assert capfd.readouterr().err == ""


def test_a_crowd_with_one_key_is_paid_once(server: SandboxServer) -> None:
    answers: list[object] = []
    provider = provider_of(server)
    crowd = [
        threading.Thread(target=lambda: answers.append(provider.send(instruction())))
        for _ in range(30)
    ]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert answers == [answers[0]] * 30
    assert len(server.payments_for(REFERENCE)) == 1


def test_more_callers_than_it_can_bear_are_turned_away_and_it_recovers(clock: Clock) -> None:
    with SandboxServer(now=clock) as server:
        idle = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(64)]
        with socket.create_connection(("127.0.0.1", server.port)) as one_too_many:
            assert one_too_many.recv(1) == b""
        for caller in idle:
            caller.close()
        # The threads end a moment after their callers have left.
        for _ in range(100):
            try:
                assert pay(server).status_code == 201
            except httpx.HTTPError:
                continue
            break
        assert len(server.book.entries()) == 1


def test_a_caller_that_leaves_half_way_harms_nobody(server: SandboxServer) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as caller:
        caller.sendall(b"POST /payments HTTP/1.1\r\nContent-Length: 500\r\n\r\n{")
    assert pay(server).status_code == 201


def test_a_fault_of_our_own_is_told(
    server: SandboxServer, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as caller:
        # An address that cannot be split is nobody's idea of a request.
        caller.sendall(b"GET http://[ HTTP/1.1\r\n\r\n")
        assert caller.recv(1) == b""
    assert "ValueError" in capsys.readouterr().err
    assert pay(server).status_code == 201


def test_stopping_ends_a_dripping_answer(clock: Clock) -> None:
    with SandboxServer(now=clock) as server:
        server.script_next("slow", seconds=30)
        caller = socket.create_connection(("127.0.0.1", server.port))
        body = json.dumps(PAYMENT).encode()
        head = f"Authorization: Bearer {server.key}\r\nIdempotency-Key: k\r\n"
        length = f"Content-Length: {len(body)}\r\n\r\n"
        caller.sendall(f"POST /payments HTTP/1.1\r\n{head}{length}".encode() + body)
        while not server.payments_for(REFERENCE):
            pass
    with caller:
        assert caller.recv(10) == b""
