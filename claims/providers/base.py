"""What Redress asks of a payment provider, and every answer it can get.

The answers are types, so that a sender cannot take a doubt for a success. The rule behind all of
them: **once bytes may have left, only a complete, well-formed answer that names our reference,
amount and currency counts**; anything else is `Uncertain`, and is settled by `look_up`, never by
a second payment.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

# Both travel in a URL and in a header: letters, digits and - _ . only, so neither can be broken.
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


class PaymentStatus(StrEnum):
    """Where a payment stands in the provider's own book."""

    ACCEPTED = "ACCEPTED"
    """The provider owes it to the payee and will pay it out."""
    CONFIRMED = "CONFIRMED"
    """The payee's bank has it."""
    RETURNED = "RETURNED"
    """It was paid out and came back."""
    REFUSED = "REFUSED"
    """It was turned down or cancelled: no money left, and none will."""


class RefusalReason(StrEnum):
    """What a refusal asks of us."""

    FIX_DETAILS = "FIX_DETAILS"
    """The payee's details are wrong: ask for new ones, then send a new payment with a new key."""
    NEVER = "NEVER"
    """This payment will not be made, whatever we send: a person must look."""
    LATER = "LATER"
    """Nothing is wrong with the payment: send it again, unchanged and with the same key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentInstruction:
    """One payment to be made, complete before the provider is called.

    `our_reference` is ours, unique and stored: look-ups and cancellations go by it. `key` is the
    idempotency key, stored before the first call and sent with every repetition. `amount_minor`
    is a positive count of the currency's minor unit. `purpose_text` is what the payee reads on
    the bank statement.

    Raises:
        ValueError: a reference, key, currency or amount that no provider could carry.
    """

    our_reference: str
    key: str
    amount_minor: int
    currency: str
    payee_name: str
    payee_account: str
    purpose_text: str

    def __post_init__(self) -> None:
        for name, value in (("our_reference", self.our_reference), ("key", self.key)):
            if not _REFERENCE.fullmatch(value):
                raise ValueError(f"{name} must be 1 to 64 of A-Z a-z 0-9 . _ -, got {value!r}")
        if not _CURRENCY.fullmatch(self.currency):
            raise ValueError(f"currency must be three capital letters, got {self.currency!r}")
        if type(self.amount_minor) is not int or self.amount_minor <= 0:
            raise ValueError(f"amount_minor must be a positive integer, got {self.amount_minor!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The provider has the payment in its book, exactly as instructed.

    `status` is ACCEPTED or CONFIRMED; `at` is the provider's moment of it.
    """

    provider_reference: str
    status: PaymentStatus
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The provider said, in words we understand, that it did not take this payment.

    `retry_after_seconds` is the wait it asked for (0 to 86,400), or None when it named none.
    """

    reason_class: RefusalReason
    message: str
    retry_after_seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertain:
    """The payment may or may not have been taken. Look it up; never send it anew."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The provider's book holds the payment. The caller compares amount and currency with its own.

    `at` is when the payment got this status, by the provider's clock.
    """

    status: PaymentStatus
    provider_reference: str
    amount_minor: int
    currency: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFound:
    """The provider's book holds nothing under our reference.

    `final` is the provider's word that it is not working on such a payment either. Then, inside
    the key's window, the same instruction may be sent again with the same key: should an earlier
    request still be on its way, the key makes the two one. Not `final`: look up again later.
    """

    final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUpFailed:
    """Nothing was learnt; the payment stands where it stood. Look up again later."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """No money left, and none will. Asking again gives the same answer."""

    provider_reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CannotCancel:
    """The payment was not seen to be cancelled (too late, unknown, or no answer): look it up."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """What the provider says has happened, its signature checked.

    It may come twice (same `event_id`), late, or before an earlier one: `at` orders them.
    """

    event_id: str
    status: PaymentStatus
    our_reference: str
    provider_reference: str
    amount_minor: int
    currency: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BookEntry:
    """One attempt in the provider's own book, refused and cancelled ones too.

    `at` is when it got its status, by the provider's clock.
    """

    our_reference: str
    provider_reference: str
    status: PaymentStatus
    amount_minor: int
    currency: str
    payee_name: str
    payee_account: str
    at: datetime


class BookNotRead(Exception):
    """The provider's book could not be read whole; what was read of it proves nothing."""


class ProviderBook(Protocol):
    """The provider's own list of every payment that it took or turned down for us."""

    def entries(self) -> Iterator[BookEntry]:
        """Every entry, oldest first, read page by page.

        Raises:
            BookNotRead: the provider did not answer, or not in full.
        """
        ...


class NotificationNotTrusted(Exception):
    """A notification whose signature, age or content does not hold; it must change nothing."""


class PaymentProvider(Protocol):
    """A payment provider. Its methods never raise for what the provider or the network does.

    Each call ends within the adapter's total time limit, whatever the other side sends.
    """

    def send(self, instruction: PaymentInstruction) -> Sent | Refused | Uncertain:
        """Ask for one payment. Same key and same instruction: one payment, however often."""
        ...

    def look_up(self, our_reference: str) -> Found | NotFound | LookUpFailed:
        """Ask what became of the payment with our reference."""
        ...

    def cancel(self, our_reference: str) -> Cancelled | CannotCancel:
        """Ask for a payment that is not yet confirmed not to be made."""
        ...

    def parse_notification(self, body: bytes, headers: Mapping[str, str]) -> Notification:
        """Read a notification (webhook).

        Raises:
            NotificationNotTrusted: it is not the provider's, too old, or makes no sense.
        """
        ...

    def book(self) -> ProviderBook | None:
        """The provider's own list of our payments; None when it offers none."""
        ...
