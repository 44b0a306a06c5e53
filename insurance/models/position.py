"""Where each seller stands with the requirement in a market, as last found, and how it came so."""

from collections.abc import Mapping
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from insurance.standing import ComplianceStatus, Recommendation, RequirementCause
from sellers.models import Marketplace, Seller

STATUS_WORDS = {
    ComplianceStatus.NOT_REQUIRED: "Not required",
    ComplianceStatus.DUE: "Due",
    ComplianceStatus.OVERDUE: "Overdue",
    ComplianceStatus.PROVEN: "Proven",
    ComplianceStatus.EXPIRING: "Expiring",
    ComplianceStatus.LAPSED: "Lapsed",
    ComplianceStatus.REFUSED: "Refused, days left",
    ComplianceStatus.WAIVED: "Waived",
}
CAUSE_WORDS = {
    RequirementCause.PROCEEDS: "Monthly proceeds",
    RequirementCause.REQUEST: "Request",
}
RECOMMENDATION_WORDS = {
    Recommendation.NOTICE: "Give notice",
    Recommendation.RESTRICT: "Restrict",
    Recommendation.SUSPEND: "Suspend",
}


def _choices(words: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(name.value, label) for name, label in words.items()]


class CompliancePosition(models.Model):
    """A seller's compliance in a market as last found, so that lists can be filtered and sorted.

    Written by `insurance.requirement.positions` only, nightly and when facts change; a seller that
    was never required has none. `counts_to` is the day to which days left are counted.
    `version` guards the row: who read an older one writes nothing.
    """

    seller = models.ForeignKey(Seller, models.CASCADE, related_name="compliance")
    marketplace = models.ForeignKey(Marketplace, models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, choices=_choices(STATUS_WORDS))
    cause = models.CharField(max_length=8, blank=True, choices=_choices(CAUSE_WORDS))
    triggered_on = models.DateField(null=True)
    figure_minor = models.BigIntegerField(null=True, help_text="The month's gross proceeds.")
    due_on = models.DateField(null=True)
    counts_to = models.DateField(null=True)
    cover_ends_on = models.DateField(null=True)
    recommendation = models.CharField(
        max_length=8, blank=True, choices=_choices(RECOMMENDATION_WORDS)
    )
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["seller", "marketplace"], name="position_once_a_market"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in ComplianceStatus]),
                name="position_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status="NOT_REQUIRED", triggered_on__isnull=True)
                | Q(triggered_on__isnull=False, due_on__isnull=False) & ~Q(cause=""),
                name="position_required_has_cause",
            ),
        ]
        indexes = [
            models.Index(fields=["marketplace", "status", "due_on"], name="position_list"),
            models.Index(
                fields=["recommendation", "counts_to"],
                condition=~Q(recommendation=""),
                name="position_recommended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seller} {self.marketplace_id}: {self.get_status_display()}"


class PositionChange(models.Model):
    """One change of a seller's compliance in a market: from what to what, and why; never edited.

    `occasion` says what made us look: the nightly review, or the act of a person (`by`).
    """

    position = models.ForeignKey(CompliancePosition, models.PROTECT, related_name="changes")
    at = models.DateTimeField()
    judged_on = models.DateField(help_text="The market's local day that was judged.")
    from_status = models.CharField(max_length=12, blank=True)
    to_status = models.CharField(max_length=12)
    recommendation = models.CharField(max_length=8, blank=True)
    reason = models.TextField(help_text="Why cover is required, and what stands now.")
    occasion = models.CharField(max_length=80)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-at", "-id"]
        triggers = [
            pgtrigger.Protect(
                name="position_changes_never_change",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"{self.from_status or 'NEW'} → {self.to_status}"

    @property
    def became(self) -> str:
        """The new status in words."""
        return STATUS_WORDS[ComplianceStatus(self.to_status)]


class ComplianceReview(models.Model):
    """A market's sellers were judged for a local day, and the letters of that day written."""

    marketplace = models.ForeignKey(Marketplace, models.PROTECT, related_name="+")
    day = models.DateField()
    at = models.DateTimeField()
    changed = models.PositiveIntegerField()
    letters = models.PositiveIntegerField()

    class Meta:
        ordering = ["-day", "marketplace"]
        constraints = [
            models.UniqueConstraint(fields=["marketplace", "day"], name="review_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.marketplace_id} {self.day}"
