"""Money: the ledger, payee details, payout intents, recoveries, and the daily totals."""

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from claims.models.claim import Claim
from sellers.models import Marketplace


class Account(models.TextChoices):
    """The accounts of the programme (rules §6)."""

    CLAIMS_PAYABLE = "CLAIMS_PAYABLE", "Claims payable"
    PAYOUT_CLEARING = "PAYOUT_CLEARING", "Payout clearing"
    PROGRAMME_EXPENSE = "PROGRAMME_EXPENSE", "Programme expense"
    SELLER_RECEIVABLE = "SELLER_RECEIVABLE", "Seller receivable"
    INSURER_RECEIVABLE = "INSURER_RECEIVABLE", "Insurer receivable"
    DISBURSEMENTS_WITHHELD = "DISBURSEMENTS_WITHHELD", "Disbursements withheld"
    RECOVERIES_WRITTEN_OFF = "RECOVERIES_WRITTEN_OFF", "Recoveries written off"


class LedgerEntry(models.Model):
    """One posting: from one account to another, one positive amount; never edited.

    `key` names the business event, so posting it twice is impossible. A correction is a new
    entry the other way round.
    """

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="ledger_entries")
    event_version = models.PositiveIntegerField()
    key = models.CharField(max_length=80, unique=True)
    debit = models.CharField(max_length=22, choices=Account)
    credit = models.CharField(max_length=22, choices=Account)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    posted_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "ledger entries"
        ordering = ["posted_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="entry_amount_positive"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="entry_two_accounts"),
            models.CheckConstraint(
                condition=Q(debit__in=Account.values, credit__in=Account.values),
                name="entry_accounts_known",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="ledger_never_changes", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.debit} ← {self.credit} {self.amount_minor} {self.currency}"


class PayeeDetails(models.Model):
    """Where a claimant's money goes; a change is a new row. The latest row counts."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="payee_details")
    name = models.CharField(max_length=200)
    account = models.CharField(max_length=64, help_text="The provider's token of the account.")
    given_at = models.DateTimeField()
    given_with_report = models.BooleanField()

    class Meta:
        verbose_name_plural = "payee details"
        ordering = ["claim", "given_at", "id"]
        triggers = [
            pgtrigger.Protect(
                name="payee_never_changes", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return self.name


class PayoutState(models.TextChoices):
    """Where a payout stands. UNCERTAIN: ask the provider, never send blindly."""

    QUEUED = "QUEUED", "Queued"
    SENDING = "SENDING", "Being sent"
    UNCERTAIN = "UNCERTAIN", "Uncertain"
    SENT = "SENT", "Sent"
    CONFIRMED = "CONFIRMED", "Confirmed"
    REFUSED = "REFUSED", "Refused"
    RETURNED = "RETURNED", "Returned"
    CANCELLED = "CANCELLED", "Cancelled"


ENDED_PAYOUTS = (PayoutState.REFUSED, PayoutState.RETURNED, PayoutState.CANCELLED)


class Payout(models.Model):
    """An intent to pay a claimant once: committed, with its key, before the provider is called."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="payouts")
    purpose = models.CharField(max_length=12, default="CLAIM")
    our_reference = models.CharField(max_length=40, unique=True)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    is_automatic = models.BooleanField()
    state = models.CharField(max_length=9, choices=PayoutState)
    payee = models.ForeignKey(PayeeDetails, models.PROTECT, null=True, blank=True)
    held_by = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, blank=True, help_text="When to act on it next.")
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    first_sent_at = models.DateTimeField(null=True, blank=True)
    provider_reference = models.CharField(max_length=80, blank=True)
    last_answer = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "purpose"],
                condition=~Q(state__in=ENDED_PAYOUTS),
                name="payout_once_a_purpose",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payout_amount_positive"),
            models.CheckConstraint(
                condition=Q(state__in=PayoutState.values), name="payout_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="SENDING") | Q(lease_until__isnull=False),
                name="payout_sending_has_lease",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=Q(state__in=("QUEUED", "SENDING", "UNCERTAIN", "SENT")),
                name="payout_next",
            ),
            # The breakers count what left within the last hour.
            models.Index(
                fields=["first_sent_at"],
                condition=Q(first_sent_at__isnull=False),
                name="payout_first_sent",
            ),
        ]

    def __str__(self) -> str:
        return self.our_reference


class RecoveryStatus(models.TextChoices):
    """Where the pursuit of a paid claim's cost stands (design, life-cycle)."""

    AWAITING_PROOF = "AWAITING_PROOF", "Awaiting proof of insurance"
    WAIVED = "WAIVED", "Waived"
    DEMANDED = "DEMANDED", "Demanded"
    WITHHELD = "WITHHELD", "Withheld from disbursements"
    COLLECTED = "COLLECTED", "Collected"
    WRITTEN_OFF = "WRITTEN_OFF", "Written off"
    CANCELLED = "CANCELLED", "Cancelled, and given back"


class Recovery(models.Model):
    """The pursuit of a paid claim's cost, apart from the claim: pay first, recover later."""

    claim = models.OneToOneField(Claim, models.PROTECT, related_name="recovery")
    status = models.CharField(max_length=14, choices=RecoveryStatus)
    amount_minor = models.BigIntegerField()
    collected_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    opened_at = models.DateTimeField()
    status_since = models.DateTimeField()

    class Meta:
        verbose_name_plural = "recoveries"
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, collected_minor__gte=0)
                & Q(collected_minor__lte=F("amount_minor")),
                name="recovery_amounts_sound",
            ),
            models.CheckConstraint(
                condition=Q(status__in=RecoveryStatus.values), name="recovery_status_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.get_status_display()}"


class WithholdingInstruction(models.Model):
    """A row for the disbursement system: hold back up to this much from a seller."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="withholding_instructions")
    recovery = models.ForeignKey(Recovery, models.PROTECT, related_name="instructions")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    instructed_at = models.DateTimeField()
    instructed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    exported_at = models.DateTimeField(null=True, blank=True)
    exported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["instructed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="instruction_amount_positive"
            ),
            models.CheckConstraint(
                condition=Q(exported_by__isnull=True) | Q(exported_at__isnull=False),
                name="instruction_exported_by_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recovery_id} {self.amount_minor} {self.currency}"


class DailyAutomaticTotal(models.Model):
    """What a marketplace approved automatically on one local day; its row lock keeps the cap."""

    marketplace = models.ForeignKey(Marketplace, models.PROTECT, related_name="+")
    on = models.DateField()
    total_minor = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["-on"]
        constraints = [
            models.UniqueConstraint(fields=["marketplace", "on"], name="daily_total_once"),
            models.CheckConstraint(
                condition=Q(total_minor__gte=0), name="daily_total_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.marketplace_id} {self.on}: {self.total_minor}"
