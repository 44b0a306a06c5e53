"""The proxy itself: each fault does to bytes what it says, and counts that it did."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.links import connect, listen
from tests.faults.proxy import (
    CutAfter,
    CutBefore,
    Delay,
    Drip,
    Hold,
    Proxy,
    Swallow,
    Truncate,
    Way,
    await_true,
)


def echo(listener: socket.socket) -> None:
    """Give back every byte of every connection until the listener is closed."""
    while True:
        try:
            peer, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=answer, args=(peer,), daemon=True).start()


def answer(peer: socket.socket) -> None:
    with peer, suppress(ConnectionError):
        while chunk := receive(peer):
            peer.sendall(chunk)


def receive(peer: socket.socket) -> bytes:
    """What came; nothing where the connection ended, however."""
    try:
        return peer.recv(65_536)
    except ConnectionError:
        return b""


def receive_all(peer: socket.socket) -> bytes:
    parts = []
    while part := receive(peer):
        parts.append(part)
    return b"".join(parts)


@pytest.fixture(params=["port", "socket"])
def door(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Proxy]:
    """A proxy before an echo, over TCP and over Unix sockets."""
    by_port = request.param == "port"
    listener = listen(None if by_port else tmp_path / "echo")
    threading.Thread(target=echo, args=(listener,), daemon=True).start()
    target = ("127.0.0.1", listener.getsockname()[1]) if by_port else tmp_path / "echo"
    with Proxy(target, at=None if by_port else tmp_path / "door") as proxy:
        yield proxy
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


@pytest.fixture
def client(door: Proxy) -> Iterator[socket.socket]:
    with through(door) as peer:
        yield peer


def through(door: Proxy) -> socket.socket:
    name = door._listener.getsockname()
    peer = connect(("127.0.0.1", door.port) if isinstance(name, tuple) else Path(name))
    peer.settimeout(5)
    return peer


def said(peer: socket.socket, words: bytes) -> bytes:
    peer.sendall(words)
    return receive(peer)


def test_without_a_fault_bytes_pass(client: socket.socket) -> None:
    assert said(client, b"hello") == b"hello"


def test_a_cut_ends_what_is_open_and_lets_newcomers_in(door: Proxy, client: socket.socket) -> None:
    assert said(client, b"hello") == b"hello"
    assert door.cut_all() == 1
    assert receive(client) == b""
    with through(door) as again:
        assert said(again, b"back") == b"back"


def test_refusing_turns_newcomers_away_and_counts_them(door: Proxy) -> None:
    door.refuses = True
    with through(door) as turned_away:
        assert receive(turned_away) == b""
    assert door.refused == 1
    door.heal()
    with through(door) as welcome:
        assert said(welcome, b"hello") == b"hello"


def test_a_cut_before_the_match_lets_nothing_of_it_pass(door: Proxy, client: socket.socket) -> None:
    fault = door.add(CutBefore(Way.TO_SERVER, match=b"COMMIT", times=1))
    assert said(client, b"BEGIN") == b"BEGIN"
    assert said(client, b"COMMIT") == b""
    assert fault.struck == 1
    with through(door) as again:
        assert said(again, b"COMMIT") == b"COMMIT"


def test_a_match_split_over_two_chunks_is_found(door: Proxy, client: socket.socket) -> None:
    fault = door.add(CutBefore(Way.TO_SERVER, match=b"COMMIT", times=1))
    assert said(client, b"COM") == b"COM"
    assert said(client, b"MIT") == b""
    assert fault.struck == 1


def test_the_first_matches_can_be_let_pass(door: Proxy, client: socket.socket) -> None:
    fault = door.add(CutBefore(Way.TO_CLIENT, match=b"x", times=1, skip=2))
    assert [said(client, b"x") for _ in range(3)] == [b"x", b"x", b""]
    assert fault.struck == 1


def test_a_cut_after_the_match_lets_it_pass_first(door: Proxy, client: socket.socket) -> None:
    fault = door.add(CutAfter(Way.TO_CLIENT, match=b"done", times=1))
    client.sendall(b"done")
    assert receive_all(client) in {b"done", b""}  # a reset may overtake what passed
    assert fault.struck == 1


def test_a_black_hole_swallows_one_direction(door: Proxy, client: socket.socket) -> None:
    fault = door.add(Swallow(Way.TO_CLIENT))
    client.sendall(b"lost")
    client.settimeout(0.2)
    with pytest.raises(TimeoutError):
        client.recv(1)
    assert fault.struck == 1
    door.heal()
    client.settimeout(5)
    assert said(client, b"kept") == b"kept"


def test_what_is_held_passes_when_healed(door: Proxy, client: socket.socket) -> None:
    fault = door.add(Hold(Way.TO_SERVER, match=b"wait"))
    client.sendall(b"wait")
    await_true(lambda: fault.struck == 1, seconds=5, what="it is held")
    client.settimeout(0.1)
    with pytest.raises(TimeoutError):
        client.recv(1)
    door.heal()
    client.settimeout(5)
    assert receive(client) == b"wait"


def test_a_delay_makes_everything_late(door: Proxy, client: socket.socket) -> None:
    door.add(Delay(Way.TO_SERVER, seconds=0.2))
    began = time.monotonic()
    assert said(client, b"late") == b"late"
    assert time.monotonic() - began >= 0.2


def test_a_cut_short_answer_keeps_its_first_bytes(door: Proxy, client: socket.socket) -> None:
    fault = door.add(Truncate(Way.TO_SERVER, match=b"whole", keep=2, times=1))
    client.sendall(b"whole")
    assert receive_all(client) in {b"wh", b""}  # a reset may overtake what passed
    assert fault.struck == 1


def test_a_drip_gives_one_byte_at_a_time(door: Proxy, client: socket.socket) -> None:
    door.add(Drip(Way.TO_CLIENT, seconds=0.05, times=1))
    began = time.monotonic()
    client.sendall(b"abcd")
    assert [client.recv(9) for _ in range(4)] == [b"a", b"b", b"c", b"d"]
    assert time.monotonic() - began >= 0.2


def test_waiting_in_vain_says_for_what() -> None:
    with pytest.raises(AssertionError, match="After 0 s still not: pigs fly"):
        await_true(lambda: False, seconds=0, what="pigs fly")
