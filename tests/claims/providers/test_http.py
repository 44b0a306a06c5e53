"""The limits of one exchange hold against the worst of peers."""

import ipaddress
import json
import socket
import ssl
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from claims.providers.http import (
    MAX_ANSWER_BYTES,
    NoAnswer,
    Reply,
    exchange,
    json_object,
    parse_object,
    retry_after_seconds,
)
from tests.claims.providers.parties import NOON, canned

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def ask(url: str, *, total_seconds: float = 5) -> Reply:
    return exchange(method="GET", url=url, headers={}, total_seconds=total_seconds)


def refused_after(url: str, *, total_seconds: float) -> float:
    started = time.monotonic()
    with pytest.raises(NoAnswer, match="no complete answer within"):
        ask(url, total_seconds=total_seconds)
    return time.monotonic() - started


def test_a_whole_answer_is_given_as_it_came() -> None:
    with canned(OK + b"X-Note: hi\r\nContent-Length: 2\r\n\r\n{}") as url:
        reply = ask(url)
    assert (reply.status, reply.body, reply.headers["x-note"]) == (200, b"{}", "hi")


def test_a_body_without_a_length_ends_with_the_connection() -> None:
    with canned(OK + b"\r\n", b'{"a"', b": 1}") as url:
        assert ask(url).body == b'{"a": 1}'


@pytest.mark.parametrize(
    "pieces",
    [
        [bytes([byte]) for byte in OK + b"Content-Length: 2\r\n\r\n{}"],
        [OK, *[b"X-Filler: 0\r\n"] * 200],
        [OK + b"Content-Length: 500\r\n\r\n", *[b" "] * 500],
        [OK + b"Transfer-Encoding: chunked\r\n\r\n", *[b"1\r\n \r\n"] * 200],
        [b"HTTP/1.1 100 Continue\r\n\r\n"] * 200,
    ],
    ids=["status line", "headers", "body", "chunks", "informational"],
)
def test_one_piece_at_a_time_does_not_hold_a_worker(pieces: list[bytes]) -> None:
    # Each piece comes well within any limit on a single read.
    with canned(*pieces, every_seconds=0.05) as url:
        assert 0.25 <= refused_after(url, total_seconds=0.3) < 2


def test_silence_ends_with_the_time() -> None:
    with canned(b"", every_seconds=5) as url:
        assert 0.25 <= refused_after(url, total_seconds=0.3) < 2


def test_no_time_at_all_is_no_answer() -> None:
    with canned(OK + b"Content-Length: 2\r\n\r\n{}") as url:
        assert refused_after(url, total_seconds=0) < 0.5


def test_an_answer_may_fill_the_limit_and_no_more() -> None:
    head = OK + b"\r\n"
    with canned(head + b"x" * MAX_ANSWER_BYTES) as url:
        assert len(ask(url).body) == MAX_ANSWER_BYTES
    with (
        canned(head + b"x" * (MAX_ANSWER_BYTES + 1)) as url,
        pytest.raises(NoAnswer, match="longer than 65536 bytes"),
    ):
        ask(url)


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(NoAnswer, match=r"the connection failed: .*refused"):
        ask(f"http://127.0.0.1:{port}")


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "127.0.0.1", "http://[::1", "https://"])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(NoAnswer, match="the connection failed"):
        ask(url)


def test_a_server_that_speaks_no_tls_is_no_answer_over_https() -> None:
    with canned(OK + b"Content-Length: 2\r\n\r\n{}") as url, pytest.raises(NoAnswer):
        ask(url.replace("http:", "https:"))


def certified(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's and a client's side of TLS with a certificate made for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sandbox")])
    now = datetime.now(UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(Encoding.PEM)
    own = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "pem").write_bytes(own + pem)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "pem")
    return server, ssl.create_default_context(cadata=pem.decode())


def test_over_tls_an_answer_is_read_and_the_limits_hold(tmp_path: Path) -> None:
    server, client = certified(tmp_path)
    whole = OK + b"Content-Length: 2\r\n\r\n{}"
    with canned(whole, tls=server) as url:
        reply = exchange(method="GET", url=url, headers={}, total_seconds=5, tls=client)
    assert (reply.status, reply.body) == (200, b"{}")
    pieces = [bytes([byte]) for byte in whole]
    with (
        canned(*pieces, every_seconds=0.05, tls=server) as url,
        pytest.raises(NoAnswer, match="no complete answer within"),
    ):
        exchange(method="GET", url=url, headers={}, total_seconds=0.3, tls=client)


def test_a_stranger_over_tls_is_not_spoken_to(tmp_path: Path) -> None:
    server, _ = certified(tmp_path)
    with (
        canned(OK + b"\r\n", tls=server) as url,
        pytest.raises(NoAnswer, match="certificate verify failed"),
    ):
        ask(url)


def test_a_redirect_is_not_followed() -> None:
    with canned(b"HTTP/1.1 307 Go\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n") as url:
        assert ask(url).status == 307


def test_no_proxy_is_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with canned(OK + b"Content-Length: 2\r\n\r\n{}") as url:
        assert ask(url).status == 200


def reply_of(body: bytes, **headers: str) -> Reply:
    return Reply(200, httpx.Headers(headers), body)


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8"])
def test_a_json_object_is_read(kind: str) -> None:
    assert json_object(reply_of('{"a": "é"}'.encode(), **{"content-type": kind})) == {"a": "é"}


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({}, "not application/json"),
        ({"content-type": "text/html"}, "not application/json"),
        ({"content-type": "application/jsonp"}, "not application/json"),
        ({"content-type": "application/json", "content-encoding": "gzip"}, "compressed"),
    ],
)
def test_other_content_is_not_read(headers: dict[str, str], why: str) -> None:
    with pytest.raises(NoAnswer, match=why):
        json_object(reply_of(b"{}", **headers))


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b'{"a": 1', b"\xff{}", b'{"a": 1, "a": 2}', b"[" * 60_000, b"9" * 5_000, b"{}{}"],
    ids=["empty", "open", "cut", "not utf-8", "twice", "deep", "long number", "two objects"],
)
def test_what_is_not_json_is_not_read(body: bytes) -> None:
    with pytest.raises(NoAnswer, match="not readable JSON"):
        parse_object(body)


@pytest.mark.parametrize("value", [None, [], "x", 1, True])
def test_json_that_is_no_object_is_not_read(value: object) -> None:
    with pytest.raises(NoAnswer, match="not a JSON object"):
        parse_object(json.dumps(value).encode())


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("30", 30),
        (" 0 ", 0),
        ("999999999", 86_400),
        ("Sun, 01 Mar 2026 12:01:30 GMT", 90),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0),
        ("Sun, 01 Mar 2099 11:00:00 GMT", 86_400),
        ("Sun, 01 Mar 2026 12:01:30 -0000", None),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("３０", None),
        ("soon", None),
        ("9" * 30, None),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_a_day_at_most(
    value: str, seconds: int | None
) -> None:
    assert retry_after_seconds(httpx.Headers({b"Retry-After": value.encode()}), at=NOON) == seconds


def test_no_retry_after_is_none() -> None:
    assert retry_after_seconds(httpx.Headers(), at=NOON) is None
