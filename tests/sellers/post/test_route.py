"""The way out of a letter: what a server's answers mean, and which servers are on this machine."""

import smtplib
from datetime import timedelta
from typing import Any

import pytest
from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from pytest_django.fixtures import Settings

from sellers.post.delivery import wait_after
from sellers.post.route import (
    Attempt,
    Fate,
    is_one_address,
    message_id,
    read_failure,
    stays_here,
)

MINUTE = timedelta(minutes=1)
# Without types in anymail.
REFUSED_BY_SERVICE: type[Exception] = AnymailRecipientsRefused
FAILED_AT_SERVICE: type[Exception] = AnymailAPIError
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.mark.parametrize(
    ("mailer", "stays"),
    [
        ({"OPTIONS": {"host": "localhost"}}, True),
        ({"BACKEND": SMTP, "OPTIONS": {"host": "127.0.0.1"}}, True),
        ({"BACKEND": SMTP, "OPTIONS": {"host": "::1"}}, True),
        ({"BACKEND": SMTP, "OPTIONS": {"host": "10.0.0.1"}}, False),
        ({"BACKEND": SMTP, "OPTIONS": {"host": "localhost.mail.example"}}, False),
        ({"BACKEND": SMTP}, False),
        ({"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}, True),
        ({"BACKEND": "anymail.backends.postmark.EmailBackend"}, False),
    ],
)
def test_which_mailers_keep_letters_on_this_machine(mailer: dict[str, Any], *, stays: bool) -> None:
    assert stays_here(mailer) is stays


@pytest.mark.parametrize(
    ("error", "attempt"),
    [
        (
            smtplib.SMTPRecipientsRefused({"a": (552, b"Over\nquota")}),
            Attempt(Fate.REFUSED, "552 Over quota"),
        ),
        (smtplib.SMTPRecipientsRefused({"a": (450, b"Grey")}), Attempt(Fate.LATER, "450 Grey")),
        # Our own sender address is our trouble, never the recipient's.
        (smtplib.SMTPSenderRefused(550, b"Who?", "us"), Attempt(Fate.LATER, "550 Who?")),
        (smtplib.SMTPDataError(421, "Bye"), Attempt(Fate.LATER, "421 Bye")),
        (smtplib.SMTPServerDisconnected("gone"), Attempt(Fate.NO_SERVER, "gone")),
        (TimeoutError(), Attempt(Fate.NO_SERVER, "TimeoutError")),
        (REFUSED_BY_SERVICE("gone"), Attempt(Fate.REFUSED, "gone")),
        (FAILED_AT_SERVICE("busy"), Attempt(Fate.LATER, "busy")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_a_failure_means(error: Exception, attempt: Attempt) -> None:
    assert read_failure(error) == attempt


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("jo.private@home.example", True),
        ("o'brien@x.example", True),
        ("jo+tag@bücher.example", True),
        ("jö@x.example", False),
        ("a@x.example\nBcc: b@x.example", False),
        ('"a,b"@x.example', False),
        ("a@x.example ", False),
    ],
)
def test_one_address_is_one_address(text: str, *, is_one: bool) -> None:
    assert is_one_address(text) is is_one


def test_the_message_id_is_stable_and_says_nothing(settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "Redress <claims@redress.example>"
    key = "RC-7K3M-92PW/CLAIM_NOTICE/2"
    assert message_id(key) == message_id(key)
    assert message_id(key) != message_id(f"{key}2")
    assert message_id(key).endswith("@redress.example>")
    assert "RC-7K3M" not in message_id(key)


def test_waits_double_up_to_six_hours_with_a_steady_spread() -> None:
    for attempts, base in ((1, MINUTE), (2, 2 * MINUTE), (5, 16 * MINUTE), (99, 360 * MINUTE)):
        waits = {wait_after(f"RC/{n}", attempts) for n in range(50)}
        assert base <= min(waits) < max(waits) <= base * 1.2
        assert wait_after("RC/1", attempts) == wait_after("RC/1", attempts)
