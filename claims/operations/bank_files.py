"""Bank files: the transfers that wait are written for the bank, its messages are taken in."""

import hashlib
import logging
import uuid
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet

from claims.lifecycle import Refused
from claims.models import BankFile, BankFileKind, BankTransfer, TransferStatus
from claims.operations.following import notice_from_provider
from claims.operations.pausing import locked_switch
from claims.outcome import Actor
from claims.providers.bank.accounts import why_not_iban
from claims.providers.bank.answers import BankAnswer, BankFileNotUnderstood, Line, read_bank_answer
from claims.providers.bank.pain001 import Debtor, Transfer, credit_transfers
from sellers.uploads import keep_with_row

log = logging.getLogger(__name__)
MOST_TRANSFERS = 5000
# What the bank says later may replace what it said before; never the other way round.
_MAY_BECOME = {
    TransferStatus.CONFIRMED: (TransferStatus.WRITTEN,),
    TransferStatus.REFUSED: (TransferStatus.WRITTEN,),
    TransferStatus.RETURNED: (TransferStatus.WRITTEN, TransferStatus.CONFIRMED),
}


class BankFileRefused(Refused):
    """No file can be written, or this one was taken in already; nothing was changed."""


def write_batch(*, at: datetime, by: Actor) -> BankFile:
    """Write the transfers that wait, at most 5,000, into one file for the bank.

    Raises:
        BankFileRefused: none waits, payouts are paused, or the debtor's account is not set.
    """
    debtor = debtor_of_settings()
    with transaction.atomic():
        if locked_switch().is_paused:
            raise BankFileRefused("Payouts are paused: no file is written for the bank.")
        rows = list(_waiting())
        if not rows:
            raise BankFileRefused("No transfer waits for a file.")
        message_id = f"RD-{at.astimezone(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}"
        content = credit_transfers(
            message_id=message_id,
            at=at,
            execute_on=at.astimezone(UTC).date(),
            debtor=debtor,
            transfers=[_transfer(row) for row in rows],
        )
        kind = BankFileKind.CREDIT_TRANSFER
        file = _keep(content, kind, message_id, transfers=len(rows), unmatched=[], at=at, by=by)
        BankTransfer.objects.filter(pk__in=[row.pk for row in rows]).update(
            status=TransferStatus.WRITTEN, status_at=at, file=file
        )
    log.info("Bank file %s: %s transfers, user %s", message_id, len(rows), by.user_id)
    return file


def debtor_of_settings() -> Debtor:
    """The account that pays.

    Raises:
        BankFileRefused: it is not set, or no IBAN.
    """
    name, iban = settings.BANK_DEBTOR_NAME, settings.BANK_DEBTOR_IBAN
    wrong = why_not_iban(iban) if iban else "It is empty."
    if not name or wrong:
        raise BankFileRefused(f"Set BANK_DEBTOR_NAME and BANK_DEBTOR_IBAN: {wrong or 'no name.'}")
    return Debtor(name, iban, settings.BANK_DEBTOR_BIC)


def _waiting() -> QuerySet[BankTransfer]:
    waiting = BankTransfer.objects.filter(status=TransferStatus.WAITING).order_by("asked_at", "id")
    return waiting.select_for_update(skip_locked=True)[:MOST_TRANSFERS]


def _transfer(row: BankTransfer) -> Transfer:
    return Transfer(
        end_to_end_id=row.our_reference,
        amount_minor=row.amount_minor,
        currency=row.currency,
        payee_name=row.payee_name,
        payee_iban=row.payee_account,
        purpose_text=row.purpose_text,
    )


def take_bank_answer(*, content: bytes, at: datetime, by: Actor) -> BankFile:
    """Take in a message of the bank: each transfer it names stands as it says.

    The claims follow with the next look-up. What fits no transfer of ours, or names another
    amount, is kept in words with the file and changes nothing.

    Raises:
        BankFileRefused: it is no message that we read, or it was taken in already.
    """
    try:
        answer = read_bank_answer(content)
    except BankFileNotUnderstood as error:
        raise BankFileRefused(str(error)) from error
    with transaction.atomic():
        if BankFile.objects.filter(kind=answer.kind, message_id=answer.message_id).exists():
            raise BankFileRefused(f"The file {answer.message_id} was taken in already.")
        references, unmatched = _apply(answer, at=at)
        file = _keep(
            content,
            answer.kind,
            answer.message_id,
            transfers=len(references),
            unmatched=unmatched,
            at=at,
            by=by,
        )
    for reference in references:
        notice_from_provider(reference, at=at)
    return file


def _apply(answer: BankAnswer, *, at: datetime) -> tuple[list[str], list[str]]:
    """The references whose transfers stand otherwise now, and what fitted none."""
    moved: list[str] = []
    unmatched: list[str] = []
    for line in answer.lines:
        rows = list(_named(line).select_for_update())
        if not rows:
            unmatched.append(f"{line.end_to_end_id or line.of_message}: we have no such transfer")
        for row in rows:
            if line.amount_minor is not None and _differs(row, line):
                unmatched.append(f"{row.our_reference}: the bank names another amount")
            elif row.status in _MAY_BECOME[line.status]:
                _stand(row, line, at=at)
                moved.append(row.our_reference)
    return moved, unmatched


def _named(line: Line) -> QuerySet[BankTransfer]:
    if line.of_message:
        return BankTransfer.objects.filter(
            file__message_id=line.of_message, file__kind=BankFileKind.CREDIT_TRANSFER
        )
    return BankTransfer.objects.filter(our_reference=line.end_to_end_id, file__isnull=False)


def _differs(row: BankTransfer, line: Line) -> bool:
    return (row.amount_minor, row.currency) != (line.amount_minor, line.currency)


def _stand(row: BankTransfer, line: Line, *, at: datetime) -> None:
    row.status, row.status_at, row.reason_code = line.status, at, line.reason_code
    row.save(update_fields=["status", "status_at", "reason_code"])


def _keep(
    content: bytes, kind: BankFileKind, message_id: str, *, by: Actor, **columns: Any
) -> BankFile:
    """Keep a file, on disk and as a row; without the row nothing stays on disk."""
    file = BankFile(
        kind=kind,
        message_id=message_id,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        by_id=by.user_id,
        **columns,
    )
    keep_with_row(
        file.file,
        name=f"{uuid.uuid4().hex}.xml",
        content=ContentFile(content),
        write_row=partial(_insert, file),
    )
    return file


@transaction.atomic
def _insert(file: BankFile) -> None:
    file.save(force_insert=True)
