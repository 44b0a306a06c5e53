"""Answers that no sandbox gives: only what is clear counts, everything else is a doubt."""

from datetime import timedelta

import pytest

from claims.providers.base import (
    CannotCancel,
    Found,
    LookUpFailed,
    PaymentStatus,
    RefusalReason,
    Refused,
    Uncertain,
)
from claims.providers.sandbox import SandboxProvider, utc_now
from tests.claims.providers.parties import NOON, REFERENCE, canned, instruction


def said(status: str, body: str, kind: str = "application/json") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n{body}".encode()


@pytest.mark.parametrize(
    "answer",
    [
        said("202 Accepted", "{}"),
        said("204 No Content", ""),
        said("400 Bad", "<h1>Bad</h1>", "text/html"),
        said("400 Bad", '{"message": "no"}'),
        said("400 Bad", '{"error": "no"}'),
        said("404 Not Found", '{"error": {"message": "no"}}'),
        said("422 No", '{"error": {"reason": "PERHAPS", "message": "no"}}'),
        said("422 No", '{"error": {"reason": ["NEVER"], "message": "no"}}'),
        said("422 No", '{"error": {"reason": "NEVER"}}'),
        said("422 No", '{"error": {"reason": "NEVER", "message": "n", "our_reference": "X-1"}}'),
        said("408 Timeout", '{"error": {"reason": "NEVER", "message": "no"}}'),
        said("409 Conflict", '{"error": {"reason": "NEVER", "message": "no"}}'),
        said("503 Busy", '{"error": {"reason": "NEVER", "message": "no"}}'),
        said("999 Odd", '{"error": {"reason": "NEVER", "message": "no"}}'),
        b"HTTP/1.1 429 Slow\r\nContent-Length: 9\r\n\r\ncut",
        b"",
    ],
)
def test_an_answer_without_clear_meaning_is_a_doubt(answer: bytes) -> None:
    with canned(answer) as url:
        assert isinstance(SandboxProvider(url, "k", "s").send(instruction()), Uncertain)


def test_a_429_counts_whatever_its_body_says() -> None:
    with canned(said("429 Slow", "<h1>Slow down</h1>", "text/html")) as url:
        refused = SandboxProvider(url, "k", "s").send(instruction())
    assert isinstance(refused, Refused)
    assert (refused.reason_class, refused.retry_after_seconds) == (RefusalReason.LATER, None)


PAYMENT = (
    '{"our_reference": "RC-7K3M-92PX-1", "provider_reference": "P", "amount_minor": 1,'
    ' "currency": "USD", "status": "CONFIRMED", "status_at": "2026-03-01T13:00:00+01:00"}'
)


@pytest.mark.parametrize(
    "answer",
    [
        said("200 OK", "{}"),
        said("200 OK", '{"payments": []}'),
        said("200 OK", '{"payments": {}}'),
        said("200 OK", '{"payments": [1]}'),
        said("200 OK", f'{{"payments": [{PAYMENT}, {PAYMENT}]}}'),
        said("200 OK", f'{{"payments": [{PAYMENT.replace("92PX", "93PX")}]}}'),
        said("200 OK", f'{{"payments": [{PAYMENT}]}}', "text/plain"),
        said("201 OK", f'{{"payments": [{PAYMENT}]}}'),
        said("500 Broken", f'{{"payments": [{PAYMENT}]}}'),
        said("404 Not Found", "", "text/html"),
        said("404 Not Found", '{"error": {"code": "payment_not_found", "final": true}}'),
        said(
            "404 Not Found",
            '{"error": {"code": "payment_not_found", "our_reference": "RC-7K3M-92PX-1",'
            ' "final": 1}}',
        ),
        said(
            "410 Gone",
            '{"error": {"code": "payment_not_found", "our_reference": "RC-7K3M-92PX-1",'
            ' "final": true}}',
        ),
    ],
)
def test_a_look_up_without_clear_answer_teaches_nothing(answer: bytes) -> None:
    with canned(answer) as url:
        assert isinstance(SandboxProvider(url, "k", "s").look_up(REFERENCE), LookUpFailed)


def test_a_look_up_is_read_in_universal_time() -> None:
    with canned(said("200 OK", f'{{"payments": [{PAYMENT}]}}')) as url:
        assert SandboxProvider(url, "k", "s").look_up(REFERENCE) == Found(
            status=PaymentStatus.CONFIRMED,
            provider_reference="P",
            amount_minor=1,
            currency="USD",
            at=NOON,
        )


def test_a_cancellation_counts_only_when_the_payment_stands_cancelled() -> None:
    with canned(said("200 OK", PAYMENT)) as url:
        answer = SandboxProvider(url, "k", "s").cancel(REFERENCE)
    assert answer == CannotCancel(why="the payment is CONFIRMED")


def test_the_certificates_are_loaded_for_https_only() -> None:
    secure = SandboxProvider("https://127.0.0.1:9", "k", "s", total_seconds=0.5)
    assert isinstance(secure.send(instruction()), Uncertain)


def test_the_clock_is_universal_time() -> None:
    assert utc_now().utcoffset() == timedelta(0)
