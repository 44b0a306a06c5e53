"""What a person decided about a seller that did not prove its cover."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from sellers.models import Marketplace, Seller


class RestrictionLevel(models.TextChoices):
    """What follows when cover is not proven (rules §4): notice, then restricted, then suspended."""

    NOTICE = "NOTICE", "Formal notice"
    RESTRICTED = "RESTRICTED", "Restricted"
    SUSPENDED = "SUSPENDED", "Suspended"


@pghistory.track(append_only=True)
class SellerRestriction(models.Model):
    """A person's decision about a seller in a market, until it is lifted; with both reasons.

    The marketplace's own store acts on it: see the export of restrictions.
    """

    seller = models.ForeignKey(Seller, models.PROTECT, related_name="restrictions")
    marketplace = models.ForeignKey(Marketplace, models.PROTECT, related_name="+")
    level = models.CharField(max_length=10, choices=RestrictionLevel)
    reason = models.CharField(max_length=500)
    recommended = models.CharField(
        max_length=8, blank=True, help_text="What the programme recommended; empty: nothing."
    )
    from_on = models.DateField()
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    lift_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-decided_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["seller", "marketplace"],
                condition=Q(lifted_at__isnull=True),
                name="restriction_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(level__in=RestrictionLevel.values), name="restriction_level_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="restriction_has_reason"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lift_reason="")
                | Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lift_reason=""),
                name="restriction_lifted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seller} {self.marketplace_id}: {self.get_level_display()}"
