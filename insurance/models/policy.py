"""A liability policy, as its certificate states it."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from insurance.models.provider import Provider
from sellers.models import Marketplace, Seller


class PolicyKind(models.TextChoices):
    """Kinds of policy; the first four can satisfy the requirement (rules §4, check 1)."""

    COMMERCIAL_GENERAL = "COMMERCIAL_GENERAL", "Commercial general liability"
    PRODUCTS = "PRODUCTS", "Products liability"
    UMBRELLA = "UMBRELLA", "Umbrella liability"
    EXCESS = "EXCESS", "Excess liability"
    OTHER = "OTHER", "Another kind"


class PolicyBasis(models.TextChoices):
    """When a policy answers: for what happened, or for what is claimed, in its period."""

    OCCURRENCE = "OCCURRENCE", "Occurrence"
    CLAIMS_MADE = "CLAIMS_MADE", "Claims-made"


@pghistory.track(append_only=True)
class Policy(models.Model):
    """A liability policy that insures a seller in one marketplace's currency."""

    seller = models.ForeignKey(Seller, models.CASCADE, related_name="policies")
    marketplace = models.ForeignKey(Marketplace, models.PROTECT, related_name="policies")
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, blank=True)
    number = models.CharField(max_length=80)
    insurer = models.CharField(max_length=200)
    rating = models.CharField(max_length=8, blank=True)
    kind = models.CharField(max_length=20, choices=PolicyKind)
    basis = models.CharField(max_length=12, choices=PolicyBasis)
    tail_years = models.PositiveSmallIntegerField(default=0)
    each_occurrence_minor = models.BigIntegerField(null=True, blank=True)
    aggregate_minor = models.BigIntegerField(null=True, blank=True)
    deductible_minor = models.BigIntegerField(null=True, blank=True)
    products_completed_operations = models.BooleanField(default=True)
    bodily_injury = models.BooleanField(default=True)
    additional_insured = models.CharField(max_length=300, blank=True)
    certificate_holder_only = models.BooleanField(default=False)
    named_insured = models.CharField(max_length=200)
    territory = ArrayField(models.CharField(max_length=12), default=list)
    cancellation_notice_days = models.PositiveSmallIntegerField(null=True, blank=True)
    is_signed = models.BooleanField(default=True)
    effective_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    dates_text = models.CharField(
        max_length=80, blank=True, help_text="What the certificate says where a date is unclear."
    )
    products = ArrayField(
        models.CharField(max_length=80),
        null=True,
        blank=True,
        help_text="The products or categories covered; empty: all.",
    )
    is_made_up = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "policies"
        ordering = ["seller", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["seller", "marketplace", "number", "effective_on"],
                name="policy_once_a_period",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(kind__in=PolicyKind.values), name="policy_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(basis__in=PolicyBasis.values), name="policy_basis_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.insurer} {self.number}"
