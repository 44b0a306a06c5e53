"""The sandbox as an outside party meets it: plain HTTP, the script and the page."""

import socket
from typing import Any

import httpx
import pytest

from claims.providers.sandbox_server import SandboxServer
from tests.claims.providers.parties import (
    REFERENCE,
    Clock,
)
from tests.claims.providers.wire import PAYMENT, VIEW, call, code, pay


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
