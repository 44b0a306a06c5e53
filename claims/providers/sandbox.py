"""The adapter to the sandbox provider (`sandbox_server`), over HTTP.

Every answer is read strictly: what is not exactly as expected counts as no answer.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from urllib.parse import quote

import httpx

from claims.providers.base import (
    BookEntry,
    BookNotRead,
    Cancelled,
    CannotCancel,
    Found,
    LookUpFailed,
    NotFound,
    Notification,
    NotificationNotTrusted,
    PaymentInstruction,
    Refused,
    Sent,
    Uncertain,
)
from claims.providers.http import MAX_ANSWER_BYTES, NoAnswer, Reply, exchange, json_object
from claims.providers.sandbox_answers import (
    read_cancelled,
    read_found,
    read_not_found,
    read_notification,
    read_page,
    read_refused,
    read_sent,
)
from claims.providers.signing import SIGNATURE_HEADER, SignatureRefused, verify

_ACCEPTED_CODES = (200, 201)
_BOOK_PAGE_BYTES = 4 * 1024 * 1024


def utc_now() -> datetime:
    """The system's clock: an adapter stands at the edge."""
    return datetime.now(UTC)


class SandboxProvider:
    """A `PaymentProvider` that speaks to the sandbox at `base_url`.

    `total_seconds` bounds each call as a whole. `now` is the clock against which the age of a
    notification and a Retry-After date are measured.
    """

    def __init__(
        self,
        base_url: str,
        key: str,
        webhook_secret: str,
        total_seconds: float = 10,
        *,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._key = key
        self._webhook_secret = webhook_secret
        self._total_seconds = total_seconds
        self._now = now
        # Loading the trusted certificates is slow: once per adapter, not per call.
        secure = self._base_url.startswith("https:")
        self._tls = httpx.create_ssl_context() if secure else None

    def send(self, instruction: PaymentInstruction) -> Sent | Refused | Uncertain:
        """Ask for one payment.

        Sent: the provider's answer names our reference, amount and currency. Refused: a 429, or
        another 4xx with the provider's own typed reason. Uncertain: everything else.
        """
        fields = asdict(instruction)
        key = fields.pop("key")
        try:
            reply = self._call("POST", "/payments", content=fields, idempotency_key=key)
            if reply.status in _ACCEPTED_CODES:
                return read_sent(json_object(reply), instruction)
            return read_refused(reply, instruction.our_reference, at=self._now())
        except NoAnswer as error:
            return Uncertain(why=str(error))

    def look_up(self, our_reference: str) -> Found | NotFound | LookUpFailed:
        """Ask what became of the payment with our reference.

        When the book holds several attempts, the one whose money moves counts; should there be
        two of those, LookUpFailed says so, and a person must look.
        """
        try:
            reply = self._call("GET", _path(our_reference))
            if reply.status == httpx.codes.OK:
                return read_found(json_object(reply), our_reference)
            return read_not_found(reply, our_reference)
        except NoAnswer as error:
            return LookUpFailed(why=str(error))

    def cancel(self, our_reference: str) -> Cancelled | CannotCancel:
        """Ask for a payment that is not yet confirmed not to be made."""
        try:
            return read_cancelled(
                self._call("POST", _path(our_reference) + "/cancel"), our_reference
            )
        except NoAnswer as error:
            return CannotCancel(why=str(error))

    def parse_notification(self, body: bytes, headers: Mapping[str, str]) -> Notification:
        """Read a notification, once its signature is found to be the provider's.

        Raises:
            NotificationNotTrusted: unsigned, signed with another secret, signed more than five
                minutes from now, or not a notification.
        """
        wanted = SIGNATURE_HEADER.lower()
        signature = next((value for name, value in headers.items() if name.lower() == wanted), "")
        try:
            verify(body, signature=signature, secret=self._webhook_secret, at=self._now())
            return read_notification(body)
        except (SignatureRefused, NoAnswer) as error:
            raise NotificationNotTrusted(str(error)) from error

    def book(self) -> "SandboxProvider":
        """The sandbox shows its whole book."""
        return self

    def entries(self) -> Iterator[BookEntry]:
        """Every attempt in the sandbox's book, oldest first, page by page.

        Raises:
            BookNotRead: the sandbox did not answer, or not as expected.
        """
        read = 0
        while page := self._page(read):
            yield from page
            read += len(page)

    def _page(self, after: int) -> list[BookEntry]:
        try:
            reply = self._call("GET", f"/book?after={after}", most_bytes=_BOOK_PAGE_BYTES)
            return read_page(reply)
        except NoAnswer as error:
            raise BookNotRead(f"The provider's book was not read: {error}.") from error

    def _call(
        self,
        method: str,
        path: str,
        *,
        content: Mapping[str, str | int] | None = None,
        idempotency_key: str | None = None,
        most_bytes: int = MAX_ANSWER_BYTES,
    ) -> Reply:
        headers = {"Authorization": f"Bearer {self._key}", "Accept": "application/json"}
        if idempotency_key is not None:
            headers |= {"Idempotency-Key": idempotency_key, "Content-Type": "application/json"}
        return exchange(
            method=method,
            url=self._base_url + path,
            headers=headers,
            content=None if content is None else json.dumps(content).encode("ascii"),
            total_seconds=self._total_seconds,
            tls=self._tls,
            most_bytes=most_bytes,
        )


def _path(our_reference: str) -> str:
    return f"/payments/{quote(our_reference, safe='')}"
