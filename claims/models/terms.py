"""The terms of each marketplace from a date on, and drafts of changes to them."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from claims.models.drafting import Draft, draft_constraints
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


class TermsDraft(Draft):
    """A proposed change of figures from a date on; a second person makes it a version."""

    marketplace = models.ForeignKey(Marketplace, models.PROTECT, related_name="terms_drafts")
    effective_on = models.DateField()
    version = models.OneToOneField(TermsVersion, models.PROTECT, null=True, blank=True)

    class Meta:
        ordering = ["-proposed_at"]
        constraints = draft_constraints("terms_draft")

    def __str__(self) -> str:
        return f"{self.marketplace_id} from {self.effective_on} ({self.get_status_display()})"
