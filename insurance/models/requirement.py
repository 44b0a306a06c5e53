"""Who must hold cover: requests by operations, waivers, and sales that a person entered."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from sellers.models import Marketplace, Seller


class CoverRequest(models.Model):
    """Operations asked a seller below the trigger to prove cover (rules §4, "or a request")."""

    seller = models.ForeignKey(Seller, models.CASCADE, related_name="cover_requests")
    marketplace = models.ForeignKey(Marketplace, models.PROTECT)
    requested_on = models.DateField()
    reason = models.CharField(max_length=300)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True
    )

    class Meta:
        ordering = ["requested_on"]

    def __str__(self) -> str:
        return f"{self.seller} {self.marketplace_id} {self.requested_on}"


class CoverWaiver(models.Model):
    """The requirement is waived for a seller until a date, for a reason (rules §4).

    Both days are included. Ended early, it holds through the day before `ended_on`.
    """

    seller = models.ForeignKey(Seller, models.CASCADE, related_name="cover_waivers")
    marketplace = models.ForeignKey(Marketplace, models.PROTECT)
    from_on = models.DateField()
    until_on = models.DateField()
    reason = models.CharField(max_length=300)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True)
    ended_on = models.DateField(
        null=True, blank=True, help_text="From this day on it holds no more, though granted longer."
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["from_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_by__isnull=True, end_reason="")
                | Q(ended_on__isnull=False, ended_by__isnull=False) & ~Q(end_reason=""),
                name="waiver_ended_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")), name="waiver_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seller} {self.marketplace_id} until {self.until_on}"


class SalesEntry(models.Model):
    """Monthly sales that a person entered or corrected: what they were before, and why.

    Amounts are minor units of the market's currency; `was_minor` is empty where none was known.
    """

    seller = models.ForeignKey(Seller, models.PROTECT, related_name="sales_entries")
    marketplace = models.ForeignKey(Marketplace, models.PROTECT, related_name="+")
    month = models.DateField(help_text="The first day of the month.")
    was_minor = models.BigIntegerField(null=True, blank=True)
    was_crossed_on = models.DateField(null=True, blank=True)
    gross_minor = models.BigIntegerField()
    crossed_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=400)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "sales entries"
        ordering = ["-entered_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="sales_entry_says_why"),
            models.CheckConstraint(
                condition=Q(gross_minor__gte=0), name="sales_entry_not_negative"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="sales_entry_month_first_day"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="sales_entry_never_changes", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.seller_id} {self.marketplace_id} {self.month:%Y-%m}"
