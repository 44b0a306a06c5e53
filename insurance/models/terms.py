"""The requirement's figures, effective-dated per marketplace."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from sellers.models import Marketplace


def reminder_days() -> list[int]:
    """When a seller is reminded of the date of proof, unless terms say otherwise (rules §4)."""
    return [14, 7, 1]


def expiring_reminder_days() -> list[int]:
    """When a seller is told that cover ends, unless terms say otherwise (rules §4)."""
    return [30, 14, 7, 1]


@pghistory.track(append_only=True)
class InsuranceTerms(models.Model):
    """The insurance requirement of one marketplace from a date on (rules §4).

    The version in force on a day is the one with the latest `effective_on` not after it, so
    two versions can never overlap.
    """

    marketplace = models.ForeignKey(Marketplace, models.PROTECT, related_name="insurance_terms")
    effective_on = models.DateField()
    monthly_trigger_minor = models.BigIntegerField(
        null=True, blank=True, help_text="Empty: cover is required on request only."
    )
    each_occurrence_minor = models.BigIntegerField()
    aggregate_minor = models.BigIntegerField()
    deductible_max_minor = models.BigIntegerField()
    additional_insured_wording = models.CharField(max_length=300)
    days_to_prove = models.PositiveSmallIntegerField(default=30)
    expiring_days = models.PositiveSmallIntegerField(default=30)
    minimum_days_to_run = models.PositiveSmallIntegerField(default=60)
    notice_of_cancellation_days = models.PositiveSmallIntegerField(default=30)
    claims_made_categories = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    claims_made_tail_years = models.PositiveSmallIntegerField(default=3)
    review_days = models.PositiveSmallIntegerField(
        default=3,
        help_text="Within so many working days operations compare a certificate with its file. "
        "Default, not published.",
    )
    notice_after_days = models.PositiveSmallIntegerField(default=1)
    restrict_after_days = models.PositiveSmallIntegerField(default=7)
    suspend_after_days = models.PositiveSmallIntegerField(default=30)
    reminder_days = ArrayField(
        models.PositiveSmallIntegerField(),
        default=reminder_days,
        help_text="Days before the date of proof on which the seller is reminded.",
    )
    expiring_reminder_days = ArrayField(
        models.PositiveSmallIntegerField(),
        default=expiring_reminder_days,
        help_text="Days before cover ends on which the seller is told.",
    )
    marks = models.JSONField(default=dict, help_text="Figure → P published, S secondary, D default")

    class Meta:
        verbose_name_plural = "insurance terms"
        ordering = ["marketplace", "-effective_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["marketplace", "effective_on"], name="insurance_terms_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(each_occurrence_minor__gt=0, aggregate_minor__gt=0),
                name="insurance_terms_limits_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.marketplace_id} from {self.effective_on}"
