"""The base of adapters over HTTP: subclass it for your provider (docs/payment-providers.md).

What every adapter must get right is done here: one time budget a call, an idempotency key with
every payment, an answer that counts only when it names our reference, amount and currency, and
doubt about everything else. A subclass says where things are and what the words mean.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from claims.providers.base import (
    Cancelled,
    CannotCancel,
    Found,
    LookUpFailed,
    NotFound,
    Notification,
    NotificationNotTrusted,
    PaymentInstruction,
    PaymentStatus,
    ProviderBook,
    RefusalReason,
    Refused,
    Sent,
    Uncertain,
)
from claims.providers.http import (
    NoAnswer,
    Reply,
    exchange,
    json_object,
    parse_object,
    retry_after_seconds,
)
from claims.providers.sandbox import utc_now
from claims.providers.signing import SignatureRefused, verify

_LIVING = (PaymentStatus.ACCEPTED, PaymentStatus.CONFIRMED)
_TOO_MANY_REQUESTS = 429


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: method, path below the base address, headers and body."""

    method: str
    path: str
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TheirPayment:
    """A payment as the provider describes it, in our words; amount in minor units."""

    our_reference: str
    provider_reference: str
    status: PaymentStatus
    amount_minor: int
    currency: str
    at: datetime


class HttpProvider(ABC):
    """A `PaymentProvider` over HTTP; a subclass fills in the provider's own ways.

    `signature_header` carries `t=…,v1=…` (HMAC-SHA256 over `t.body`) of each notification.
    """

    signature_header = "Signature"

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
        secure = self._base_url.startswith("https:")
        self._tls = httpx.create_ssl_context() if secure else None

    # ── what a subclass says ───────────────────────────────────────────────
    @abstractmethod
    def ask_for(self, instruction: PaymentInstruction) -> Ask:
        """The request that makes a payment, without its key."""

    @abstractmethod
    def ask_about(self, our_reference: str) -> Ask:
        """The request that finds payments by our reference."""

    @abstractmethod
    def ask_to_cancel(self, found: Found) -> Ask:
        """The request that cancels a payment which was looked up."""

    @abstractmethod
    def read_payment(self, fields: Any) -> TheirPayment:
        """A payment in an answer; raise `NoAnswer` for one that is not as expected."""

    @abstractmethod
    def read_payments(self, answer: Mapping[str, Any]) -> Iterable[Any]:
        """The payments in the answer to `ask_about`; empty: the provider has none."""

    @abstractmethod
    def read_refusal(self, reply: Reply) -> tuple[RefusalReason, str] | None:
        """Why it was refused for certain, with the provider's words; None: it is not certain."""

    @abstractmethod
    def read_event(self, fields: Mapping[str, Any]) -> tuple[str, Any]:
        """The id of a notification, and the payment in it."""

    # ── what every adapter does alike ──────────────────────────────────────
    def send(self, instruction: PaymentInstruction) -> Sent | Refused | Uncertain:
        """Ask for one payment, with its key: the same payment however often."""
        try:
            reply = self._call(self.ask_for(instruction), key=instruction.key)
            if httpx.codes.is_success(reply.status):
                return _sent(self.read_payment(json_object(reply)), instruction)
            return self._refused(reply)
        except NoAnswer as error:
            return Uncertain(why=str(error))

    def look_up(self, our_reference: str) -> Found | NotFound | LookUpFailed:
        """Ask what became of the payment with our reference."""
        try:
            reply = self._call(self.ask_about(our_reference))
            listed = [self.read_payment(one) for one in self.read_payments(_good(reply))]
        except NoAnswer as error:
            return LookUpFailed(why=str(error))
        return _found([one for one in listed if one.our_reference == our_reference])

    def cancel(self, our_reference: str) -> Cancelled | CannotCancel:
        """Ask for a payment that is not yet confirmed not to be made."""
        found = self.look_up(our_reference)
        if not isinstance(found, Found):
            return CannotCancel(why="The payment was not found.")
        try:
            payment = self.read_payment(_good(self._call(self.ask_to_cancel(found))))
        except NoAnswer as error:
            return CannotCancel(why=str(error))
        if payment.our_reference != our_reference or payment.status is not PaymentStatus.REFUSED:
            return CannotCancel(why=f"The payment is {payment.status}.")
        return Cancelled(provider_reference=payment.provider_reference)

    def parse_notification(self, body: bytes, headers: Mapping[str, str]) -> Notification:
        """Read a notification, once its signature is found to be the provider's.

        Raises:
            NotificationNotTrusted: unsigned, too old, or not a notification.
        """
        wanted = self.signature_header.lower()
        signature = next((value for name, value in headers.items() if name.lower() == wanted), "")
        try:
            verify(body, signature=signature, secret=self._webhook_secret, at=self._now())
            event_id, fields = self.read_event(parse_object(body))
            payment = self.read_payment(fields)
        except (SignatureRefused, NoAnswer) as error:
            raise NotificationNotTrusted(str(error)) from error
        return Notification(
            event_id=event_id,
            status=payment.status,
            our_reference=payment.our_reference,
            provider_reference=payment.provider_reference,
            amount_minor=payment.amount_minor,
            currency=payment.currency,
            at=payment.at,
        )

    def book(self) -> ProviderBook | None:
        """The provider's own list, where a subclass can read it; here there is none."""
        return None

    def _refused(self, reply: Reply) -> Refused:
        wait = retry_after_seconds(reply.headers, at=self._now())
        if reply.status == _TOO_MANY_REQUESTS:
            text = "The provider has too many requests at the moment."
            return Refused(reason_class=RefusalReason.LATER, message=text, retry_after_seconds=wait)
        refusal = self.read_refusal(reply) if httpx.codes.is_client_error(reply.status) else None
        if refusal is None:
            raise NoAnswer(f"the provider answered {reply.status}")
        return Refused(reason_class=refusal[0], message=refusal[1], retry_after_seconds=wait)

    def _call(self, ask: Ask, *, key: str = "") -> Reply:
        headers = {"Authorization": f"Bearer {self._key}", "Accept": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        return exchange(
            method=ask.method,
            url=self._base_url + ask.path,
            headers=headers | dict(ask.headers),
            content=ask.content,
            total_seconds=self._total_seconds,
            tls=self._tls,
        )


def _good(reply: Reply) -> dict[str, Any]:
    if reply.status != httpx.codes.OK:
        raise NoAnswer(f"the provider answered {reply.status}")
    return json_object(reply)


def _sent(payment: TheirPayment, asked: PaymentInstruction) -> Sent:
    named = (payment.our_reference, payment.amount_minor, payment.currency)
    if named != (asked.our_reference, asked.amount_minor, asked.currency):
        raise NoAnswer("the provider answered about another payment")
    if payment.status not in _LIVING:
        raise NoAnswer(f"the provider answered that the payment is {payment.status}")
    return Sent(provider_reference=payment.provider_reference, status=payment.status, at=payment.at)


def _found(payments: list[TheirPayment]) -> Found | NotFound | LookUpFailed:
    if not payments:
        # The provider's list may lag behind its own decisions: never taken for the last word.
        return NotFound(final=False)
    moving = [one for one in payments if one.status is not PaymentStatus.REFUSED]
    if len(moving) > 1:
        return LookUpFailed(why=f"The provider has {len(moving)} payments with this reference.")
    payment = (moving or payments)[-1]
    return Found(
        status=payment.status,
        provider_reference=payment.provider_reference,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        at=payment.at,
    )
