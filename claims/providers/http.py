"""One HTTP exchange with limits that hold: on the whole time, and on the size of the answer.

httpx limits every single read, so a peer that sends one byte a second could hold a worker for
hours, already in the headers. Here every read, write and connect gets only what is left of one
time budget. (Name resolution is outside it; the resolver has limits of its own.)
"""

import json
import re
import ssl
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpcore
import httpx

MAX_ANSWER_BYTES = 64 * 1024
_MAX_RETRY_AFTER_SECONDS = 86_400
_SECONDS = re.compile(r"[0-9]{1,9}", re.ASCII)


class NoAnswer(Exception):
    """No complete and readable answer came. The request may still have been acted upon."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete HTTP answer, its body as it came over the wire."""

    status: int
    headers: httpx.Headers
    body: bytes


def exchange(
    *,
    method: str,
    url: str,
    headers: Mapping[str, str],
    content: bytes | None = None,
    total_seconds: float,
    tls: ssl.SSLContext | None = None,
    most_bytes: int = MAX_ANSWER_BYTES,
) -> Reply:
    """Send one request on a connection of its own and read the whole answer.

    No redirect is followed (it would carry the payment elsewhere), no proxy is taken from the
    environment, nothing is decompressed, nothing is retried.

    Raises:
        NoAnswer: the time ran out, the connection failed, or the answer was cut, too long or
            not HTTP.
    """
    transport = _BudgetTransport(_Budget(total_seconds), tls)
    client = httpx.Client(transport=transport, trust_env=False, timeout=total_seconds)
    request_headers = {"Accept-Encoding": "identity", **headers}
    try:
        with (
            client,
            client.stream(method, url, headers=request_headers, content=content) as answer,
        ):
            body = _read(answer.iter_raw(), most_bytes)
            return Reply(answer.status_code, answer.headers, body)
    except (httpcore.TimeoutException, httpx.TimeoutException) as error:
        raise NoAnswer(f"no complete answer within {total_seconds:g} seconds") from error
    except _FAILURES as error:
        raise NoAnswer(f"the connection failed: {error or type(error).__name__}") from error


def json_object(reply: Reply) -> dict[str, Any]:
    """The JSON object in a reply's body.

    Raises:
        NoAnswer: another content type, a compressed body, not UTF-8, not JSON, a key given twice,
            or not an object.
    """
    if reply.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise NoAnswer("the answer is not application/json")
    if reply.headers.get("content-encoding", "identity") != "identity":
        raise NoAnswer("the answer is compressed, which was not asked for")
    return parse_object(reply.body)


def parse_object(body: bytes) -> dict[str, Any]:
    """The JSON object that `body` spells.

    Raises:
        NoAnswer: not UTF-8, not JSON, nested beyond reason, a key given twice, or not an object.
    """
    try:
        found = json.loads(body.decode("utf-8"), object_pairs_hook=_unique_keys)
    except (ValueError, RecursionError) as error:
        raise NoAnswer("the answer is not readable JSON") from error
    if not isinstance(found, dict):
        raise NoAnswer("the answer is not a JSON object")
    return found


def retry_after_seconds(headers: Mapping[str, str], *, at: datetime) -> int | None:
    """The wait that a Retry-After header asks for, at most a day; None when it says nothing.

    Source: RFC 9110, section 10.2.3 (seconds, or an HTTP date).
    """
    value = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(value):
        return min(int(value), _MAX_RETRY_AFTER_SECONDS)
    try:
        wait = (parsedate_to_datetime(value) - at).total_seconds()
    except (ValueError, TypeError):
        return None
    return min(max(int(wait), 0), _MAX_RETRY_AFTER_SECONDS)


def _read(chunks: Iterable[bytes], most_bytes: int) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > most_bytes:
            raise NoAnswer(f"the answer is longer than {most_bytes} bytes")
    return bytes(body)


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is given twice")
    return found


_FAILURES = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
    OSError,
)


class _Budget:
    """What is left of the time that one exchange may take."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    def left(self) -> float:
        remaining = self._ends - time.monotonic()
        if remaining <= 0:
            raise httpcore.ReadTimeout("the time for this exchange is used up")
        return remaining


class _BudgetStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, budget: _Budget) -> None:
        self._stream = stream
        self._budget = budget

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._stream.read(max_bytes, self._budget.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._stream.write(buffer, self._budget.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._budget.left())
        return _BudgetStream(secured, self._budget)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _BudgetBackend(httpcore.NetworkBackend):
    def __init__(self, budget: _Budget) -> None:
        self._sockets = httpcore.SyncBackend()
        self._budget = budget

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        left = self._budget.left()
        stream = self._sockets.connect_tcp(host, port, left, local_address, socket_options)
        return _BudgetStream(stream, self._budget)


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


class _BudgetTransport(httpx.BaseTransport):
    """httpx's transport cannot be given a network of one's own; httpcore, below it, can."""

    def __init__(self, budget: _Budget, tls: ssl.SSLContext | None) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls, max_keepalive_connections=0, network_backend=_BudgetBackend(budget)
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        answer = self._pool.handle_request(
            httpcore.Request(
                request.method,
                url,
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))

    def close(self) -> None:
        self._pool.close()
