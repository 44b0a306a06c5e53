"""Products that may be dangerous: safety cases, and recalls to hold them against (rules §7)."""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from claims.models.claim import Claim
from sellers.models import Marketplace, Product


class SafetyCause(models.TextChoices):
    """What opened a safety case."""

    BURST = "BURST", "A burst of claims on one product"
    SEVERE_INJURY = "SEVERE_INJURY", "Hospital admission or worse"


class SafetyStatus(models.TextChoices):
    """Where a safety case stands. A reported one takes in further claims until it is closed."""

    OPEN = "OPEN", "Open: to be decided"
    REPORTED = "REPORTED", "Reported to the authority"
    NOT_REPORTABLE = "NOT_REPORTABLE", "Not reportable"
    CLOSED = "CLOSED", "Closed"


LIVING = (SafetyStatus.OPEN, SafetyStatus.REPORTED)


@pghistory.track(append_only=True)
class SafetyCase(models.Model):
    """Claims that together may show a dangerous product, with the clock to report it.

    `knowledge_at` starts the clock; `due_at` is stored once. The duty that applies in the
    marketplace of the first claim is kept in words.
    """

    product = models.ForeignKey(Product, models.PROTECT, related_name="safety_cases")
    marketplace = models.ForeignKey(Marketplace, models.PROTECT, related_name="+")
    cause = models.CharField(max_length=13, choices=SafetyCause)
    status = models.CharField(max_length=14, choices=SafetyStatus, default=SafetyStatus.OPEN)
    opened_at = models.DateTimeField()
    knowledge_at = models.DateTimeField()
    due_at = models.DateTimeField()
    duty = models.CharField(max_length=20)
    duty_text = models.TextField()
    claims = models.ManyToManyField(Claim, related_name="safety_cases")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["due_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["product"], condition=Q(status__in=LIVING), name="safety_one_living_case"
            ),
            models.CheckConstraint(
                condition=Q(status__in=SafetyStatus.values), name="safety_status_known"
            ),
            models.CheckConstraint(
                condition=Q(cause__in=SafetyCause.values), name="safety_cause_known"
            ),
            models.CheckConstraint(
                condition=Q(due_at__gte=F("knowledge_at")), name="safety_due_after_knowledge"
            ),
            models.CheckConstraint(
                condition=Q(
                    status="OPEN",
                    decided_at__isnull=True,
                    decided_by__isnull=True,
                    decision_reason="",
                )
                | (
                    ~Q(status="OPEN")
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                    & ~Q(decision_reason="")
                ),
                name="safety_decided_at_by_why",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(status="OPEN"), name="safety_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.product} ({self.get_status_display()})"


class AuthorityOrder(models.Model):
    """What an authority ordered about a case's product, and the clock to act on it (rules §7).

    `length` working days after `received_at` give `due_at`, which is stored once.
    """

    case = models.ForeignKey(SafetyCase, models.PROTECT, related_name="orders")
    authority = models.CharField(max_length=200)
    reference = models.CharField(max_length=80, help_text="The authority's own number.")
    text = models.TextField(help_text="What it orders.")
    received_at = models.DateTimeField()
    length = models.PositiveSmallIntegerField(help_text="Working days to act.")
    due_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    acted_at = models.DateTimeField(null=True, blank=True)
    acted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    action = models.TextField(blank=True, help_text="What was done about it.")

    class Meta:
        ordering = ["due_at"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "reference"], name="authority_order_once"),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("received_at")), name="authority_order_due_later"
            ),
            models.CheckConstraint(
                condition=Q(acted_at__isnull=True, acted_by__isnull=True, action="")
                | (Q(acted_at__isnull=False, acted_by__isnull=False) & ~Q(action="")),
                name="authority_order_acted_at_by_what",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(acted_at__isnull=True),
                name="authority_order_queue",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.authority} {self.reference}"


class Recall(models.Model):
    """A product that an authority had recalled, as it published it."""

    source = models.CharField(max_length=40, default="CPSC")
    number = models.CharField(max_length=20)
    recalled_on = models.DateField()
    title = models.TextField()
    product_name = models.TextField(blank=True)
    manufacturer = models.TextField(blank=True)
    description = models.TextField(blank=True)
    hazard = models.TextField(blank=True)
    remedy = models.TextField(blank=True)
    units = models.TextField(blank=True)
    url = models.URLField(max_length=500, blank=True)
    upcs = ArrayField(models.CharField(max_length=14), default=list, blank=True)
    brand_words = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    product_words = ArrayField(models.CharField(max_length=80), default=list, blank=True)

    class Meta:
        ordering = ["-recalled_on", "number"]
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="recall_once_a_source"),
        ]
        indexes = [
            GinIndex(fields=["upcs"], name="recall_upcs"),
            GinIndex(fields=["product_words"], name="recall_product_words"),
            GinIndex(fields=["brand_words"], name="recall_brand_words"),
        ]

    def __str__(self) -> str:
        return self.title


class RecallMatch(models.Model):
    """A recall that may be of a case's product, with the score and the words that agree."""

    case = models.ForeignKey(SafetyCase, models.CASCADE, related_name="recall_matches")
    recall = models.ForeignKey(Recall, models.PROTECT, related_name="matches")
    score = models.PositiveSmallIntegerField()
    words = ArrayField(models.CharField(max_length=200), default=list)
    matched_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "recall matches"
        ordering = ["case", "-score", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "recall"], name="recall_match_once"),
            models.CheckConstraint(condition=Q(score__lte=100), name="recall_match_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.recall} ({self.score})"
