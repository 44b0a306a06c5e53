"""The Accelerator's own figures: how long ratings, checks, links and applications live."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from sellers.models import Marketplace


@pghistory.track(append_only=True)
class AcceleratorTerms(models.Model):
    """The figures of the directory and of quotes in one marketplace, from a day on (rules §5).

    Nothing of them is published: all are our defaults [D]. The version in force on a day is the
    one with the latest `effective_on` not after it. What concerns a provider in every market
    (its rating, its vetting) goes by the strictest figure of all markets.
    """

    marketplace = models.ForeignKey(Marketplace, models.PROTECT, related_name="accelerator_terms")
    effective_on = models.DateField()
    rating_good_for_days = models.PositiveSmallIntegerField(
        default=365, help_text="A rating older than this is shown as expired."
    )
    check_good_for_days = models.PositiveSmallIntegerField(
        default=90, help_text="A vetting check older than this stands no more."
    )
    vetting_lasts_days = models.PositiveSmallIntegerField(default=365)
    vet_again_notice_days = models.PositiveSmallIntegerField(default=60)
    invitation_open_days = models.PositiveSmallIntegerField(
        default=14, help_text="How long a provider's link to an application works."
    )
    provider_reminder_days = ArrayField(
        models.PositiveSmallIntegerField(),
        default=list,
        blank=True,
        help_text="Reminders so many days before a link ends.",
    )
    application_open_days = models.PositiveSmallIntegerField(default=60)
    quote_reminder_days = models.PositiveSmallIntegerField(
        default=3, help_text="The seller is reminded so many days before a quote ends."
    )

    class Meta:
        verbose_name_plural = "accelerator terms"
        ordering = ["marketplace", "-effective_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["marketplace", "effective_on"], name="accelerator_terms_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(invitation_open_days__gt=0, application_open_days__gt=0),
                name="accelerator_terms_give_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.marketplace_id} from {self.effective_on}"
