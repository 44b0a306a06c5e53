"""The way out: one connection to the mail server a batch, and what its answers mean."""

import smtplib
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parseaddr
from enum import Enum
from hashlib import sha256
from ipaddress import ip_address
from typing import Any, Self

from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.mail import EmailMessage, mailers
from django.core.validators import validate_email

SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
# Backends that keep letters on this machine.
SINK_BACKENDS = frozenset(
    f"django.core.mail.backends.{name}.EmailBackend"
    for name in ("locmem", "filebased", "console", "dummy")
)

_HARD = range(500, 600)
_NEVER_IN_ONE_ADDRESS = frozenset(',;:"<>()[]\\')


class Fate(Enum):
    """What became of one attempt."""

    SENT = "sent"
    REFUSED = "refused"
    LATER = "later"
    NO_SERVER = "no server"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to hand a letter over: its fate, and the server's words."""

    fate: Fate
    answer: str = ""
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A letter ready to leave. `key` names its occasion and makes its Message-ID."""

    key: str
    to: str
    subject: str
    body: str


class Route:
    """A connection that is opened once, and once more when it broke; use it as a context.

    Raises:
        ImproperlyConfigured: in the demo, where letters could leave this machine.
    """

    def __init__(self) -> None:
        check_demo_sink()
        self._backend = mailers["default"]
        self._may_reopen = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def send(self, envelope: Envelope) -> Attempt:
        """Hand one letter over. What goes wrong on the way is an answer, not an exception."""
        if not is_one_address(envelope.to):
            return Attempt(Fate.REFUSED, f"“{envelope.to}” is not an address")
        attempt = self._send(envelope)
        if attempt.fate is Fate.NO_SERVER and self._may_reopen:
            self._may_reopen = False
            self._close()
            attempt = self._send(envelope)
        return attempt

    def _send(self, envelope: Envelope) -> Attempt:
        message = _message(envelope)
        try:
            self._backend.open()
            self._backend.send_messages([message])
        except (OSError, AnymailError) as error:
            return read_failure(error)
        status = getattr(message, "anymail_status", None)
        theirs = getattr(status, "message_id", None)
        return Attempt(Fate.SENT, "", theirs or message_id(envelope.key))

    def _close(self) -> None:
        # Every letter has its answer already; a farewell that fails changes none.
        with suppress(OSError):
            self._backend.close()


def read_failure(error: Exception) -> Attempt:
    """What a failure of the mail server means for a letter.

    A refusal of the recipient or of the letter with 5xx is final. Every other answer is trouble
    of the moment or of our own set-up: the letter goes again later.
    """
    answer = " ".join(str(error).split()) or type(error).__name__
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=recipients):
            return _by_code(*next(iter(recipients.values())))
        case smtplib.SMTPDataError(smtp_code=code, smtp_error=words):
            return _by_code(code, words)
        case smtplib.SMTPSenderRefused(smtp_code=code, smtp_error=words):
            return Attempt(Fate.LATER, _answer(code, words))
        case AnymailRecipientsRefused():
            return Attempt(Fate.REFUSED, answer)
        case AnymailError():
            return Attempt(Fate.LATER, answer)
    return Attempt(Fate.NO_SERVER, answer)


def is_one_address(text: str) -> bool:
    """Whether a text is exactly one plain address: a comma would make two recipients of one."""
    local = text.partition("@")[0]
    if not local.isascii() or _NEVER_IN_ONE_ADDRESS.intersection(text):
        return False
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def message_id(key: str) -> str:
    """The Message-ID of a letter: the same for every attempt, so a reader's server sees one."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def check_demo_sink() -> None:
    """Raise ImproperlyConfigured where a demo could send mail off this machine."""
    if settings.DEMO and not stays_here(settings.MAILERS["default"]):
        raise ImproperlyConfigured(
            "In the demo letters may go to a sink on this machine only: "
            "set EMAIL_HOST to 127.0.0.1 and leave EMAIL_BACKEND as it is."
        )


def stays_here(mailer: dict[str, Any]) -> bool:
    """Whether a mailer hands letters to this machine alone."""
    backend = mailer.get("BACKEND", SMTP_BACKEND)
    if backend in SINK_BACKENDS:
        return True
    return backend == SMTP_BACKEND and _is_loopback(mailer.get("OPTIONS", {}).get("host", ""))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _message(envelope: Envelope) -> EmailMessage:
    message = EmailMessage(
        envelope.subject,
        envelope.body,
        to=[envelope.to],
        headers={"Message-ID": message_id(envelope.key), "Auto-Submitted": "auto-generated"},
    )
    # Comes back with the bounce notifications of mail services.
    setattr(message, "metadata", {"notice": envelope.key})  # noqa: B010 - not Django's own
    return message


def _by_code(code: int, words: bytes | str) -> Attempt:
    return Attempt(Fate.REFUSED if code in _HARD else Fate.LATER, _answer(code, words))


def _answer(code: int, words: bytes | str) -> str:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"
