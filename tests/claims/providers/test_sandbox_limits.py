"""The sandbox under crowds, full disks and rude callers."""

import json
import socket
import threading
import time
from pathlib import Path

import httpx
import pytest

from claims.providers.base import Uncertain
from claims.providers.sandbox_book import SandboxBook
from claims.providers.sandbox_server import SandboxServer
from tests.claims.providers.parties import (
    REFERENCE,
    Clock,
    full_disk,
    instruction,
    provider_of,
)
from tests.claims.providers.wire import PAYMENT, code, pay


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
