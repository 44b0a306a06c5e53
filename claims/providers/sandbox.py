"""The adapter to the sandbox provider (`sandbox_server`), over HTTP.

Every answer is read strictly: what is not exactly as expected counts as no answer.
"""

import json
import ssl
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

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
from claims.providers.signing import SIGNATURE_HEADER, SignatureRefused, verify

_ACCEPTED_CODES = (200, 201)
_TOO_MANY_REQUESTS = 429
# 408: the request timed out on its way in; 409: a payment with this key or reference is there, or
# is being made. Neither says that no payment was taken.
_DOUBTFUL_CODES = (408, 409)
_MAX_TEXT = 500
_OPEN = (PaymentStatus.ACCEPTED, PaymentStatus.CONFIRMED)
# What the sandbox calls a status, and what it means to us.
_STATUSES = {status.value: status for status in PaymentStatus} | {
    "CANCELLED": PaymentStatus.REFUSED
}


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
        self._tls: ssl.SSLContext | None = httpx.create_ssl_context() if secure else None

    def send(self, instruction: PaymentInstruction) -> Sent | Refused | Uncertain:
        """Ask for one payment.

        Sent: the provider's answer names our reference, amount and currency. Refused: a 429, or
        another 4xx with the provider's own typed reason. Uncertain: everything else.
        """
        fields = asdict(instruction)
        key = fields.pop("key")
        try:
            reply = self._call("POST", "/payments", json=fields, idempotency_key=key)
            if reply.status in _ACCEPTED_CODES:
                return _sent(json_object(reply), instruction)
            return _refused(reply, instruction.our_reference, at=self._now())
        except NoAnswer as error:
            return Uncertain(why=str(error))

    def look_up(self, our_reference: str) -> Found | NotFound | LookUpFailed:
        """Ask what became of the payment with our reference.

        When the book holds several attempts, the one whose money moves counts; should there be
        two of those, LookUpFailed says so, and a person must look.
        """
        try:
            reply = self._call("GET", f"/payments/{quote(our_reference, safe='')}")
            if reply.status == httpx.codes.NOT_FOUND:
                return NotFound(final=_not_found_is_final(reply, our_reference))
            if reply.status != httpx.codes.OK:
                raise NoAnswer(f"the provider answered {reply.status}")
            return _found(json_object(reply), our_reference)
        except NoAnswer as error:
            return LookUpFailed(why=str(error))

    def cancel(self, our_reference: str) -> Cancelled | CannotCancel:
        """Ask for a payment that is not yet confirmed not to be made."""
        try:
            reply = self._call("POST", f"/payments/{quote(our_reference, safe='')}/cancel")
            if reply.status != httpx.codes.OK:
                raise NoAnswer(_message(reply))
            payment = _payment(json_object(reply), our_reference)
            if payment.status is not PaymentStatus.REFUSED:
                raise NoAnswer(f"the payment is {payment.status}")
        except NoAnswer as error:
            return CannotCancel(why=str(error))
        return Cancelled(provider_reference=payment.provider_reference)

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
            fields = parse_object(body)
            payment = _payment(fields.get("payment"), None)
            return Notification(event_id=_text(fields, "event_id"), **asdict(payment))
        except (SignatureRefused, NoAnswer) as error:
            raise NotificationNotTrusted(str(error)) from error

    def _call(
        self,
        method: str,
        path: str,
        *,
        json: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
    ) -> Reply:
        headers = {"Authorization": f"Bearer {self._key}", "Accept": "application/json"}
        if idempotency_key is not None:
            headers |= {"Idempotency-Key": idempotency_key, "Content-Type": "application/json"}
        return exchange(
            method=method,
            url=self._base_url + path,
            headers=headers,
            content=None if json is None else _encode(json),
            total_seconds=self._total_seconds,
            tls=self._tls,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Payment:
    """A payment as the provider describes it, each field checked."""

    our_reference: str
    provider_reference: str
    status: PaymentStatus
    amount_minor: int
    currency: str
    at: datetime


def _encode(fields: Mapping[str, Any]) -> bytes:
    return json.dumps(fields).encode("ascii")


def _sent(answer: Mapping[str, Any], instruction: PaymentInstruction) -> Sent:
    payment = _payment(answer, instruction.our_reference)
    asked = (instruction.amount_minor, instruction.currency)
    if (payment.amount_minor, payment.currency) != asked:
        raise NoAnswer("the provider answered with another amount")
    if payment.status not in _OPEN:
        raise NoAnswer(f"the provider answered that the payment is {payment.status}")
    return Sent(provider_reference=payment.provider_reference, status=payment.status, at=payment.at)


def _refused(reply: Reply, our_reference: str, *, at: datetime) -> Refused:
    wait = retry_after_seconds(reply.headers, at=at)
    if reply.status == _TOO_MANY_REQUESTS:
        return Refused(
            reason_class=RefusalReason.LATER,
            message="The provider has too many requests at the moment.",
            retry_after_seconds=wait,
        )
    if reply.status in _DOUBTFUL_CODES or not httpx.codes.is_client_error(reply.status):
        raise NoAnswer(f"the provider answered {reply.status}")
    error = _error(reply)
    # None: the provider turned the request away unread. Another reference: not our answer.
    if error.get("our_reference") not in (None, our_reference):
        raise NoAnswer("the refusal is of another payment")
    reason = _text(error, "reason")
    if reason not in RefusalReason:
        raise NoAnswer(f"the refusal has no reason that we know, {reason!r}")
    return Refused(
        reason_class=RefusalReason(reason),
        message=_text(error, "message"),
        retry_after_seconds=wait,
    )


def _found(answer: Mapping[str, Any], our_reference: str) -> Found:
    listed = answer.get("payments")
    if not isinstance(listed, list) or not listed:
        raise NoAnswer("the provider's answer lists no payments")
    payments = [_payment(item, our_reference) for item in listed]
    moving = [payment for payment in payments if payment.status is not PaymentStatus.REFUSED]
    if len(moving) > 1:
        raise NoAnswer(f"the provider holds {len(moving)} payments with this reference")
    payment = (moving or payments)[-1]
    return Found(
        status=payment.status,
        provider_reference=payment.provider_reference,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        at=payment.at,
    )


def _not_found_is_final(reply: Reply, our_reference: str) -> bool:
    # A 404 of a wrong address or of a proxy says nothing about payments.
    error = _error(reply)
    final = error.get("final")
    named = (error.get("code"), error.get("our_reference"))
    if named != ("payment_not_found", our_reference) or not isinstance(final, bool):
        raise NoAnswer("the 404 is not about this payment")
    return final


def _error(reply: Reply) -> Mapping[str, Any]:
    error = json_object(reply).get("error")
    if not isinstance(error, dict):
        raise NoAnswer(f"the provider answered {reply.status} without saying why")
    return error


def _message(reply: Reply) -> str:
    return _text(_error(reply), "message")


def _payment(fields: object, our_reference: str | None) -> _Payment:
    """The payment in `fields`; `our_reference` None accepts whichever it names."""
    if not isinstance(fields, dict):
        raise NoAnswer("the provider's answer describes no payment")
    if our_reference is not None and fields.get("our_reference") != our_reference:
        raise NoAnswer("the provider answered about another payment")
    status = _STATUSES.get(_text(fields, "status"))
    if status is None:
        raise NoAnswer("the provider's answer has a status that we do not know")
    return _Payment(
        our_reference=_text(fields, "our_reference"),
        provider_reference=_text(fields, "provider_reference"),
        status=status,
        amount_minor=_amount(fields),
        currency=_text(fields, "currency"),
        at=_moment(fields),
    )


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= _MAX_TEXT:
        raise NoAnswer(f"the provider's answer has no usable {name}")
    return value


def _amount(fields: Mapping[str, Any]) -> int:
    value = fields.get("amount_minor")
    if type(value) is not int or value <= 0:
        raise NoAnswer("the provider's answer has no usable amount_minor")
    return value


def _moment(fields: Mapping[str, Any]) -> datetime:
    try:
        moment = datetime.fromisoformat(_text(fields, "status_at"))
    except ValueError as error:
        raise NoAnswer("the provider's answer has no usable status_at") from error
    if moment.tzinfo is None:
        raise NoAnswer("the provider's status_at has no time zone")
    return moment.astimezone(UTC)
