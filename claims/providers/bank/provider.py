"""The bank file adapter: a payment is a row that the next file takes along.

`send` answers at once: the row is the book, and unique by reference and by key. What the bank
says comes in its files, and is found here by `look_up`.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from claims.models import BankTransfer, TransferStatus
from claims.providers.bank.accounts import why_not_iban, without_spaces
from claims.providers.bank.characters import is_structured_id
from claims.providers.base import (
    BookEntry,
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
from claims.providers.sandbox import utc_now

STATUSES: Mapping[str, PaymentStatus] = {
    TransferStatus.WAITING: PaymentStatus.ACCEPTED,
    TransferStatus.WRITTEN: PaymentStatus.ACCEPTED,
    TransferStatus.CONFIRMED: PaymentStatus.CONFIRMED,
    TransferStatus.REFUSED: PaymentStatus.REFUSED,
    TransferStatus.RETURNED: PaymentStatus.RETURNED,
    TransferStatus.CANCELLED: PaymentStatus.REFUSED,
}
_LONGEST_PURPOSE = 140
_PAGE = 1000


class BankFileProvider:
    """A `PaymentProvider` whose payments go to the bank in files."""

    def __init__(self, *, now: Callable[[], datetime] = utc_now) -> None:
        self._now = now

    def send(self, instruction: PaymentInstruction) -> Sent | Refused | Uncertain:
        """Keep a transfer for the next file; the same instruction again is the same transfer.

        Refused: the payee's account is no IBAN (fix details), or our reference does not fit in a
        file (never).
        """
        if not is_structured_id(instruction.our_reference):
            text = "The reference does not fit into a bank file."
            return Refused(reason_class=RefusalReason.NEVER, message=text)
        if wrong := why_not_iban(instruction.payee_account):
            return Refused(reason_class=RefusalReason.FIX_DETAILS, message=wrong)
        row = self._kept(instruction)
        if row is None or not _is_same(row, instruction):
            return Uncertain(why="Another transfer has this reference or key.")
        status = STATUSES[row.status]
        if status not in {PaymentStatus.ACCEPTED, PaymentStatus.CONFIRMED}:
            return Uncertain(why=f"The transfer is {row.get_status_display().lower()} already.")
        return Sent(provider_reference=str(row.pk), status=status, at=row.status_at)

    def look_up(self, our_reference: str) -> Found | NotFound | LookUpFailed:
        """What the bank's files say of a transfer."""
        row = BankTransfer.objects.filter(our_reference=our_reference).first()
        if row is None:
            return NotFound(final=True)
        return Found(
            status=STATUSES[row.status],
            provider_reference=str(row.pk),
            amount_minor=row.amount_minor,
            currency=row.currency,
            at=row.status_at,
        )

    def cancel(self, our_reference: str) -> Cancelled | CannotCancel:
        """Cancel a transfer that no file has taken along yet."""
        waiting = BankTransfer.objects.filter(our_reference=our_reference, status="WAITING")
        waiting.update(status=TransferStatus.CANCELLED, status_at=self._now())
        row = BankTransfer.objects.filter(our_reference=our_reference, status="CANCELLED").first()
        if row is None:
            return CannotCancel(why="The transfer is in a file for the bank, or there is none.")
        return Cancelled(provider_reference=str(row.pk))

    def parse_notification(self, body: bytes, headers: Mapping[str, str]) -> Notification:
        """Banks answer in files.

        Raises:
            NotificationNotTrusted: always.
        """
        del body, headers
        raise NotificationNotTrusted("A bank sends files, and no notifications.")

    def book(self) -> "BankFileProvider":
        """Every transfer, as the bank's files have it so far."""
        return self

    def entries(self) -> Iterator[BookEntry]:
        """Every transfer that was asked for, oldest first."""
        for row in BankTransfer.objects.order_by("pk").iterator(chunk_size=_PAGE):
            yield BookEntry(
                our_reference=row.our_reference,
                provider_reference=str(row.pk),
                status=STATUSES[row.status],
                amount_minor=row.amount_minor,
                currency=row.currency,
                payee_name=row.payee_name,
                payee_account=row.payee_account,
                at=row.status_at,
            )

    def _kept(self, instruction: PaymentInstruction) -> BankTransfer | None:
        at = self._now()
        try:
            with transaction.atomic():
                row, _ = BankTransfer.objects.get_or_create(
                    our_reference=instruction.our_reference,
                    defaults={
                        "key": instruction.key,
                        "amount_minor": instruction.amount_minor,
                        "currency": instruction.currency,
                        "payee_name": instruction.payee_name,
                        "payee_account": instruction.payee_account,
                        "purpose_text": instruction.purpose_text[:_LONGEST_PURPOSE],
                        "asked_at": at,
                        "status_at": at,
                    },
                )
        except IntegrityError:
            return None
        return row


def _is_same(row: BankTransfer, instruction: PaymentInstruction) -> bool:
    asked = (instruction.key, instruction.amount_minor, instruction.currency)
    same_account = without_spaces(row.payee_account) == without_spaces(instruction.payee_account)
    return (row.key, row.amount_minor, row.currency) == asked and same_account
