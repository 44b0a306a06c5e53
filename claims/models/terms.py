"""The terms of each marketplace from a date on, and drafts of changes to them."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from claims.terms import Terms, read_terms
from sellers.models import Marketplace


class TermsVersion(models.Model):
    """Every figure of one marketplace from `effective_on` on; never edited.

    The version in force on a day is the one with the latest `effective_on` not after that day,
    so two versions cannot overlap. A claim keeps its version for ever.
    """

    marketplace = models.ForeignKey(Marketplace, models.PROTECT, related_name="terms")
    effective_on = models.DateField()
    figures = models.JSONField()
    marks = models.JSONField(help_text="Figure → P published, S secondary source, D default")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "terms"
        verbose_name_plural = "terms"
        ordering = ["marketplace", "-effective_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["marketplace", "effective_on"], name="terms_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=True) | ~Q(proposed_by=F("approved_by")),
                name="terms_take_two_people",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="terms_never_change", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.marketplace_id} from {self.effective_on}"

    def as_terms(self) -> Terms:
        """The figures as the pure rules want them.

        Raises:
            TermsNotUnderstood: the stored figures are incomplete.
        """
        return read_terms(
            version_id=self.pk,
            market=self.marketplace_id,
            currency=self.marketplace.currency,
            effective_on=self.effective_on,
            figures=self.figures,
        )


class DraftStatus(models.TextChoices):
    """Where a proposed change of terms stands."""

    PROPOSED = "PROPOSED", "Waits for a second person"
    APPROVED = "APPROVED", "Approved"
    REFUSED = "REFUSED", "Refused"


class TermsDraft(models.Model):
    """A proposed change of figures from a date on; a second person makes it a version."""

    marketplace = models.ForeignKey(Marketplace, models.PROTECT, related_name="terms_drafts")
    effective_on = models.DateField()
    changes = models.JSONField(help_text="Figure → new value")
    reason = models.TextField()
    status = models.CharField(max_length=8, choices=DraftStatus, default=DraftStatus.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.TextField(blank=True, help_text="Why it was refused.")
    version = models.OneToOneField(TermsVersion, models.PROTECT, null=True, blank=True)

    class Meta:
        ordering = ["-proposed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="terms_draft_takes_two_people",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="terms_draft_decided_at_and_by",
            ),
            models.CheckConstraint(
                condition=~Q(status="REFUSED") | ~Q(decision_reason=""),
                name="terms_draft_refused_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.marketplace_id} from {self.effective_on} ({self.get_status_display()})"
