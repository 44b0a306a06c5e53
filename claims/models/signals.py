"""What makes somebody look at a claim, and what claims are compared by (rules §3)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from claims.models.claim import Claim
from sellers.models import Order, Product


class SignalCode(models.TextChoices):
    """What makes somebody look at a claim; none of these decides anything."""

    REPEAT_CLAIMANT = "REPEAT_CLAIMANT", "Same claimant again"
    SAME_ORDER = "SAME_ORDER", "Same order again"
    IMAGE_REUSED = "IMAGE_REUSED", "File used in another claim"
    NEAR_CEILING = "NEAR_CEILING", "Amount just within the ceiling"
    SPLIT_INCIDENT = "SPLIT_INCIDENT", "Several claims on one incident"
    BEFORE_DELIVERY = "BEFORE_DELIVERY", "Incident before delivery"
    SOON_AFTER_DELIVERY = "SOON_AFTER_DELIVERY", "Reported soon after delivery"
    PRODUCT_BURST = "PRODUCT_BURST", "Burst of claims on one product"
    SHARED_PAYEE = "SHARED_PAYEE", "Payee shared by claimants"
    NARRATIVE_COPIED = "NARRATIVE_COPIED", "Narrative copied"
    SEVERE_INJURY = "SEVERE_INJURY", "Hospital admission or worse"


class FraudSignal(models.Model):
    """A reason for a person to look at a claim, beside another claim where there is one.

    Found once per claim, code and other claim. The look ends with the words of who looked.
    """

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="fraud_signals")
    code = models.CharField(max_length=20, choices=SignalCode)
    other = models.ForeignKey(
        Claim, models.PROTECT, null=True, blank=True, related_name="fraud_signals_beside"
    )
    words = models.TextField(help_text="What was found, in words.")
    detail = models.JSONField(default=dict, help_text="What was found, in figures.")
    found_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True, blank=True)
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    conclusion = models.TextField(blank=True)

    class Meta:
        ordering = ["found_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "code", "other"], nulls_distinct=False, name="signal_found_once"
            ),
            models.CheckConstraint(
                condition=Q(code__in=SignalCode.values), name="signal_code_known"
            ),
            models.CheckConstraint(
                condition=Q(looked_at__isnull=True, looked_by__isnull=True, conclusion="")
                | (Q(looked_at__isnull=False, looked_by__isnull=False) & ~Q(conclusion="")),
                name="signal_looked_at_by_what",
            ),
            models.CheckConstraint(condition=~Q(other=F("claim")), name="signal_other_is_another"),
        ]
        indexes = [
            models.Index(
                fields=["found_at"], condition=Q(looked_at__isnull=True), name="signal_to_look_at"
            )
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.get_code_display()}"


class ClaimFingerprint(models.Model):
    """What claims are compared by, normalised and indexed; rewritten at every look for signals."""

    claim = models.OneToOneField(
        Claim, models.CASCADE, primary_key=True, related_name="fingerprint"
    )
    claimant_key = models.CharField(max_length=254, help_text="The claimant's e-mail, folded.")
    order = models.ForeignKey(Order, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", db_index=False)
    incident_on = models.DateField()
    reported_on = models.DateField(help_text="The marketplace's day of the report.")
    payee_account = models.CharField(max_length=64, blank=True)
    narrative = models.TextField(blank=True, help_text="Normalised, its beginning.")
    narrative_sha256 = models.CharField(max_length=64, blank=True)
    evidence_sha256 = ArrayField(models.CharField(max_length=64), default=list, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["claimant_key"], name="fingerprint_claimant"),
            models.Index(fields=["product", "reported_on"], name="fingerprint_product_day"),
            models.Index(
                fields=["payee_account"], condition=~Q(payee_account=""), name="fingerprint_payee"
            ),
            models.Index(
                fields=["narrative_sha256"],
                condition=~Q(narrative_sha256=""),
                name="fingerprint_narrative_equal",
            ),
            GinIndex(
                fields=["narrative"], opclasses=["gin_trgm_ops"], name="fingerprint_narrative_near"
            ),
            GinIndex(fields=["evidence_sha256"], name="fingerprint_evidence"),
        ]

    def __str__(self) -> str:
        return f"Fingerprint of {self.claim_id}"
