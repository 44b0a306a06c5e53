"""The sandbox provider's answers, read strictly: from HTTP to the types of `base`.

Every function raises `NoAnswer` for an answer that is not exactly as expected.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from claims.providers.base import (
    BookEntry,
    Cancelled,
    Found,
    NotFound,
    Notification,
    PaymentInstruction,
    PaymentStatus,
    RefusalReason,
    Refused,
    Sent,
)
from claims.providers.http import NoAnswer, Reply, json_object, parse_object, retry_after_seconds

_TOO_MANY_REQUESTS = 429
# 408: the request timed out on its way in; 409: a payment with this key or reference is there, or
# is being made. Neither says that no payment was taken.
_DOUBTFUL_CODES = (408, 409)
_MAX_TEXT = 500
_MAX_AMOUNT_MINOR = 10**15
_OPEN = (PaymentStatus.ACCEPTED, PaymentStatus.CONFIRMED)
# What the sandbox calls a status, and what it means to us.
_STATUSES = {status.value: status for status in PaymentStatus} | {
    "CANCELLED": PaymentStatus.REFUSED
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A payment as the sandbox describes it, each field checked; `at` is when it got its status."""

    our_reference: str
    provider_reference: str
    status: PaymentStatus
    amount_minor: int
    currency: str
    at: datetime


def read_sent(answer: Mapping[str, Any], instruction: PaymentInstruction) -> Sent:
    """The answer to a payment: it counts only for this reference, amount and currency."""
    payment = read_payment(answer, instruction.our_reference)
    asked = (instruction.amount_minor, instruction.currency)
    if (payment.amount_minor, payment.currency) != asked:
        raise NoAnswer("the provider answered with another amount")
    if payment.status not in _OPEN:
        raise NoAnswer(f"the provider answered that the payment is {payment.status}")
    return Sent(provider_reference=payment.provider_reference, status=payment.status, at=payment.at)


def read_refused(reply: Reply, our_reference: str, *, at: datetime) -> Refused:
    """A refusal that we understand: a 429, or another 4xx with a typed reason."""
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
    reason = read_text(error, "reason")
    if reason not in RefusalReason:
        raise NoAnswer(f"the refusal has no reason that we know, {reason!r}")
    return Refused(
        reason_class=RefusalReason(reason),
        message=read_text(error, "message"),
        retry_after_seconds=wait,
    )


def read_found(answer: Mapping[str, Any], our_reference: str) -> Found:
    """The one payment that counts among those the book holds under our reference."""
    listed = answer.get("payments")
    if not isinstance(listed, list) or not listed:
        raise NoAnswer("the provider's answer lists no payments")
    payments = [read_payment(item, our_reference) for item in listed]
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


def read_not_found(reply: Reply, our_reference: str) -> NotFound:
    """The provider's word that it has no such payment."""
    if reply.status != httpx.codes.NOT_FOUND:
        raise NoAnswer(f"the provider answered {reply.status}")
    # A 404 of a wrong address or of a proxy says nothing about payments.
    error = _error(reply)
    final = error.get("final")
    named = (error.get("code"), error.get("our_reference"))
    if named != ("payment_not_found", our_reference) or not isinstance(final, bool):
        raise NoAnswer("the 404 is not about this payment")
    return NotFound(final=final)


def _error(reply: Reply) -> Mapping[str, Any]:
    error = json_object(reply).get("error")
    if not isinstance(error, dict):
        raise NoAnswer(f"the provider answered {reply.status} without saying why")
    return error


def read_cancelled(reply: Reply, our_reference: str) -> Cancelled:
    """The answer to a cancellation."""
    if reply.status != httpx.codes.OK:
        raise NoAnswer(read_text(_error(reply), "message"))
    payment = read_payment(json_object(reply), our_reference)
    if payment.status is not PaymentStatus.REFUSED:
        raise NoAnswer(f"the payment is {payment.status}")
    return Cancelled(provider_reference=payment.provider_reference)


def read_notification(body: bytes) -> Notification:
    """A notification whose signature holds."""
    fields = parse_object(body)
    payment = read_payment(fields.get("payment"), None)
    return Notification(event_id=read_text(fields, "event_id"), **asdict(payment))


def read_page(reply: Reply) -> list[BookEntry]:
    """A page of the book."""
    if reply.status != httpx.codes.OK:
        raise NoAnswer(f"the provider answered {reply.status}")
    listed = json_object(reply).get("entries")
    if not isinstance(listed, list):
        raise NoAnswer("the provider's answer lists no entries")
    return [_read_entry(fields) for fields in listed]


def _read_entry(fields: object) -> BookEntry:
    payment = read_payment(fields, None)
    named = fields if isinstance(fields, dict) else {}
    return BookEntry(
        **asdict(payment),
        payee_name=read_text(named, "payee_name"),
        payee_account=read_text(named, "payee_account"),
    )


def read_payment(fields: object, our_reference: str | None) -> Payment:
    """The payment in `fields`; `our_reference` None accepts whichever it names."""
    if not isinstance(fields, dict):
        raise NoAnswer("the provider's answer describes no payment")
    if our_reference is not None and fields.get("our_reference") != our_reference:
        raise NoAnswer("the provider answered about another payment")
    status = _STATUSES.get(read_text(fields, "status"))
    if status is None:
        raise NoAnswer("the provider's answer has a status that we do not know")
    return Payment(
        our_reference=read_text(fields, "our_reference"),
        provider_reference=read_text(fields, "provider_reference"),
        status=status,
        amount_minor=_amount(fields),
        currency=read_text(fields, "currency"),
        at=_moment(fields),
    )


def read_text(fields: Mapping[str, Any], name: str) -> str:
    """A text of 1 to 500 printable characters: others could not be stored or shown."""
    value = fields.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= _MAX_TEXT or not value.isprintable():
        raise NoAnswer(f"the provider's answer has no usable {name}")
    return value


def _amount(fields: Mapping[str, Any]) -> int:
    value = fields.get("amount_minor")
    if type(value) is not int or not 0 < value <= _MAX_AMOUNT_MINOR:
        raise NoAnswer("the provider's answer has no usable amount_minor")
    return value


def _moment(fields: Mapping[str, Any]) -> datetime:
    try:
        moment = datetime.fromisoformat(read_text(fields, "status_at"))
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise NoAnswer("the provider's answer has no usable status_at") from error
    raise NoAnswer("the provider's status_at has no time zone")
