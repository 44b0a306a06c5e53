"""Payments by bank file: the transfers, and every file that went to the bank or came from it."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q


class BankFileKind(models.TextChoices):
    """What a file of the bank is, by its ISO 20022 message."""

    CREDIT_TRANSFER = "CREDIT_TRANSFER", "Credit transfers (pain.001)"
    STATUS_REPORT = "STATUS_REPORT", "Status report (pain.002)"
    ACCOUNT_NOTICE = "ACCOUNT_NOTICE", "Debits and credits (camt.054)"


class BankFile(models.Model):
    """One file, kept as it was written or came; its bytes never change.

    Its sender's `message_id` makes it one of a kind, so no file is read or written twice.
    """

    kind = models.CharField(max_length=15, choices=BankFileKind)
    message_id = models.CharField(max_length=35)
    file = models.FileField(upload_to="bank/%Y/%m/")
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    transfers = models.PositiveIntegerField(help_text="How many transfers it is about.")
    unmatched = models.JSONField(default=list, help_text="What in it fits no transfer of ours.")
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "message_id"], name="bank_file_once"),
            models.CheckConstraint(
                condition=Q(kind__in=BankFileKind.values), name="bank_file_kind_known"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="bank_files_never_change", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.message_id} ({self.get_kind_display()})"


class TransferStatus(models.TextChoices):
    """Where a transfer stands, by the bank's own messages once it is in a file."""

    WAITING = "WAITING", "Waits for the next file"
    WRITTEN = "WRITTEN", "In a file for the bank"
    CONFIRMED = "CONFIRMED", "Booked by the bank"
    REFUSED = "REFUSED", "Refused by the bank"
    RETURNED = "RETURNED", "Came back"
    CANCELLED = "CANCELLED", "Cancelled before it was in a file"


class BankTransfer(models.Model):
    """One payment that goes by bank file: the adapter's book, one row an instruction."""

    our_reference = models.CharField(max_length=35, unique=True)
    key = models.CharField(max_length=64, unique=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    payee_name = models.CharField(max_length=200)
    payee_account = models.CharField(max_length=64)
    purpose_text = models.CharField(max_length=140)
    asked_at = models.DateTimeField()
    file = models.ForeignKey(
        BankFile, models.PROTECT, null=True, blank=True, related_name="transfers_written"
    )
    status = models.CharField(max_length=9, choices=TransferStatus, default=TransferStatus.WAITING)
    status_at = models.DateTimeField()
    reason_code = models.CharField(max_length=35, blank=True, help_text="The bank's own code.")

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=TransferStatus.values), name="bank_transfer_status_known"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="bank_transfer_amount_positive"
            ),
            models.CheckConstraint(
                condition=Q(status__in=("WAITING", "CANCELLED"), file__isnull=True)
                | (~Q(status__in=("WAITING", "CANCELLED")) & Q(file__isnull=False)),
                name="bank_transfer_has_file",
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(status="WAITING"), name="bank_transfer_waits"
            )
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="bank_transfer_as_asked",
                fields=[
                    "our_reference",
                    "key",
                    "amount_minor",
                    "currency",
                    "payee_name",
                    "payee_account",
                ],
            ),
            pgtrigger.Protect(name="bank_transfer_stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.our_reference} ({self.get_status_display()})"
