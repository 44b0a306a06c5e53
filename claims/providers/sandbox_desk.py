"""What the sandbox provider does with a request, before and after HTTP.

Its answers, for anybody who writes a client:

====== ============================================================================
201    accepted: the payment as it stood when it was first answered for
400    not a payment at all; 401 a wrong key; 413 too long: nothing was taken
404    no such payment; `final` says that none is being worked on either
409    the idempotency key was used for another payment
422    refused: `reason` is FIX_DETAILS, NEVER or LATER (only LATER leaves the key usable)
429    too many requests: nothing was taken
500    anything may have happened: look it up
====== ============================================================================
"""

import json
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from claims.providers.base import RefusalReason
from claims.providers.sandbox_book import Entry, KeyReused, Order, SandboxBook
from claims.providers.sandbox_faults import GARBAGE, Fault, FaultKind, FaultScript, http_answer

_MAX_TEXT = 500
_MAX_AMOUNT_MINOR = 10**12
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_ORDER_FIELDS = {field.name for field in fields(Order)}
_REASON_PHRASES = {200: "OK", 201: "Created"}
_DAY_SECONDS = 86_400
_MAX_TIMES = 10_000


class Manner(Enum):
    """How an answer goes out."""

    AT_ONCE = "at once"
    NEVER = "never: the connection is held, then closed"
    RESET = "never: the connection is reset"
    DRIPPING = "one byte at a time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The bytes of an HTTP answer, and how they go out."""

    content: bytes
    manner: Manner = Manner.AT_ONCE
    every_seconds: float = 0


def answer(status: int, content: Mapping[str, Any], *, extra: str = "") -> Answer:
    """A JSON answer."""
    line = f"{status} {_REASON_PHRASES.get(status, 'Not done')}"
    body = json.dumps(content).encode("ascii")
    return Answer(content=http_answer(body, status=line, extra=extra))


def problem(
    status: int,
    code: str,
    message: str,
    *,
    our_reference: str | None = None,
    reason: RefusalReason | None = None,
    extra: str = "",
    **more: Any,
) -> Answer:
    """A JSON answer that says what was not done, and why."""
    error = {"code": code, "message": message, "our_reference": our_reference, "reason": reason}
    return answer(status, {"error": error | more}, extra=extra)


class Desk:
    """The provider's decisions, over its book and its script of faults.

    `confirm_after` is how long after acceptance a payment is confirmed. `stopping` ends waits.
    """

    def __init__(
        self,
        book: SandboxBook,
        faults: FaultScript,
        *,
        now: Callable[[], datetime],
        confirm_after: timedelta,
        stopping: threading.Event,
    ) -> None:
        self._book = book
        self._faults = faults
        self._now = now
        self._confirm_after = confirm_after
        self._stopping = stopping

    def pay(self, body: bytes, key: str) -> Answer:
        """Take a payment, or what the script says instead."""
        order = _read_order(body)
        if isinstance(order, Answer):
            return order
        fault = self._faults.take()
        with self._book.working_on(order.our_reference):
            if fault is None:
                return self._enter(order, key, None)
            return _before_acceptance(order, fault) or self._enter_with_fault(order, key, fault)

    def look_up(self, our_reference: str) -> Answer:
        """Every attempt with our reference."""
        # Asked before the book: an entry made in between is then found, not missed for good.
        final = not self._book.is_working_on(our_reference)
        entries = self._book.find(our_reference)
        if not entries:
            return _not_found(our_reference, final=final)
        return answer(200, {"payments": self._views(entries)})

    def cancel(self, our_reference: str) -> Answer:
        """Cancel the one payment with our reference, if it is not confirmed."""
        entry = self._only_payment(our_reference)
        if entry is None:
            return _not_found(our_reference, final=False)
        entry = self._book.cancel(entry.provider_reference)
        if entry.cancelled_at is None:
            text = "The payment is confirmed: it can no longer be cancelled."
            return problem(422, "too_late", text, our_reference=our_reference)
        return answer(200, view(entry, self._now()))

    def send_back(self, our_reference: str) -> Answer:
        """Have the payee's bank return the payment now (a control of the sandbox)."""
        payments = [entry for entry in self._book.find(our_reference) if entry.is_payment]
        if not payments:
            return _not_found(our_reference, final=False)
        self._book.send_back(payments[-1].provider_reference)
        return self.look_up(our_reference)

    def script(self, body: bytes) -> Answer:
        """Script faults: `{"do": …, "times": 1, …}`, or a list of them; `[]` clears the script."""
        try:
            faults = _read_script(body)
        except (ValueError, TypeError, RecursionError) as error:
            return problem(400, "invalid_fault", str(error))
        if not faults:
            self._faults.clear()
        for times, fault in faults:
            self._faults.add(fault, times)
        return answer(200, {"scripted": sum(times for times, _ in faults)})

    def payments(self, our_reference_prefix: str) -> Answer:
        """The payments whose money moves or moved, whose reference starts with the prefix."""
        found = self._book.payments_for(our_reference_prefix)
        return answer(200, {"payments": self._views(found)})

    def entries(self, after: str) -> Answer:
        """A page of the book after so many attempts; refused and cancelled ones too."""
        return answer(200, {"entries": self._views(self._book.page(after))})

    def _enter_with_fault(self, order: Order, key: str, fault: Fault) -> Answer:
        if fault.do is FaultKind.FORGET_KEYS:
            self._book.forget_keys()
        if fault.do is FaultKind.LATE_ACCEPT:
            self._stopping.wait(fault.wait(1))
        return _spoilt(self._enter(order, key, fault), order, fault)

    def _enter(self, order: Order, key: str, fault: Fault | None) -> Answer:
        try:
            known = self._book.remembered(key, order)
            if known is None and _refuses(fault, RefusalReason.LATER):
                return _refusal(order, RefusalReason.LATER)
            entry = known or self._book.accept(
                key, order, confirm_after=self._confirm_after, **_consequences(fault)
            )
        except KeyReused as error:
            return problem(409, "key_reused", str(error), our_reference=order.our_reference)
        if entry.refusal is not None:
            return _refusal(order, RefusalReason(entry.refusal))
        return answer(201, view(entry, entry.accepted_at))

    def _only_payment(self, our_reference: str) -> Entry | None:
        found = self._book.find(our_reference)
        candidates = [e for e in found if e.is_payment or e.cancelled_at is not None]
        return candidates[0] if len(candidates) == 1 else None

    def _views(self, entries: Iterable[Entry]) -> list[dict[str, Any]]:
        at = self._now()
        return [view(entry, at) for entry in entries]


def view(entry: Entry, at: datetime) -> dict[str, Any]:
    """A payment as the provider describes it at a moment."""
    status, since = entry.standing(at)
    return {
        "our_reference": entry.order.our_reference,
        "provider_reference": entry.provider_reference,
        "amount_minor": entry.order.amount_minor,
        "currency": entry.order.currency,
        "payee_name": entry.order.payee_name,
        "payee_account": entry.order.payee_account,
        "purpose_text": entry.order.purpose_text,
        "key": entry.key,
        "status": status,
        "status_at": since.isoformat(),
        "accepted_at": entry.accepted_at.isoformat(),
    }


def _read_script(body: bytes) -> list[tuple[int, Fault]]:
    spelt = json.loads(body)
    script = []
    for item in [spelt] if isinstance(spelt, dict) else spelt:
        options = dict(item)
        times = int(options.pop("times", 1))
        script.append((min(max(times, 0), _MAX_TIMES), Fault.read(options)))
    return script


def _read_order(body: bytes) -> Order | Answer:
    try:
        spelt = json.loads(body)
    except (ValueError, RecursionError):
        return problem(400, "not_json", "The payment is not JSON.", reason=RefusalReason.NEVER)
    if not isinstance(spelt, dict) or set(spelt) != _ORDER_FIELDS or not _well_formed(spelt):
        text = "The payment's fields are not as agreed."
        return problem(400, "malformed", text, reason=RefusalReason.NEVER)
    order = Order(**spelt)
    if not order.payee_name.strip() or not order.payee_account.strip():
        return _refusal(order, RefusalReason.FIX_DETAILS)
    return order


def _well_formed(spelt: Mapping[str, Any]) -> bool:
    texts = [value for name, value in spelt.items() if name != "amount_minor"]
    amount = spelt["amount_minor"]
    return (
        all(isinstance(text, str) and len(text) <= _MAX_TEXT for text in texts)
        and type(amount) is int
        and 0 < amount <= _MAX_AMOUNT_MINOR
        and _CURRENCY.fullmatch(spelt["currency"]) is not None
        and spelt["our_reference"] != ""
    )


def _before_acceptance(order: Order, fault: Fault) -> Answer | None:
    """The answer of a fault that strikes before the book is opened; None for the others."""
    if fault.do is FaultKind.ERROR_500:
        return problem(500, "internal", "Something broke.", our_reference=order.our_reference)
    if fault.do is FaultKind.TIMEOUT_BEFORE_ACCEPT:
        return Answer(content=b"", manner=Manner.NEVER)
    if fault.do is FaultKind.TOO_MANY_REQUESTS:
        wait = f"Retry-After: {int(fault.wait(1))}\r\n"
        return problem(429, "too_many_requests", "Too many requests.", extra=wait)
    if fault.do is FaultKind.GARBAGE and not fault.accepted:
        return Answer(content=GARBAGE[fault.garbage](b"{}"))
    return None


def _spoilt(good: Answer, order: Order, fault: Fault) -> Answer:
    """The good answer as the fault lets it out."""
    match fault.do:
        case FaultKind.TIMEOUT_AFTER_ACCEPT:
            return replace(good, manner=Manner.NEVER)
        case FaultKind.RESET:
            return replace(good, manner=Manner.RESET)
        case FaultKind.SLOW:
            return replace(good, manner=Manner.DRIPPING, every_seconds=fault.wait(1))
        case FaultKind.ERROR_500_AFTER:
            return problem(500, "internal", "Something broke.", our_reference=order.our_reference)
        case FaultKind.GARBAGE:
            body = good.content.partition(b"\r\n\r\n")[2]
            return Answer(content=GARBAGE[fault.garbage](body))
    return good


def _refuses(fault: Fault | None, reason: RefusalReason) -> bool:
    return fault is not None and fault.do is FaultKind.REFUSE and fault.reason is reason


def _consequences(fault: Fault | None) -> dict[str, Any]:
    """What a fault writes into the book."""
    if fault is not None and fault.do is FaultKind.REFUSE:
        return {"refusal": fault.reason.value}
    if fault is not None and fault.do is FaultKind.RETURN:
        return {"return_after": timedelta(seconds=fault.wait(_DAY_SECONDS))}
    return {}


def _refusal(order: Order, reason: RefusalReason) -> Answer:
    texts = {
        RefusalReason.FIX_DETAILS: "The payee's account details are not right.",
        RefusalReason.NEVER: "This payment cannot be made.",
        RefusalReason.LATER: "The payment cannot be made at the moment.",
    }
    code = f"refused_{reason.lower()}"
    return problem(422, code, texts[reason], our_reference=order.our_reference, reason=reason)


def _not_found(our_reference: str, *, final: bool) -> Answer:
    text = "There is no such payment."
    return problem(404, "payment_not_found", text, our_reference=our_reference, final=final)
