"""The Insurance Accelerator's directory: who sells cover, where, to whom and on which terms."""

from typing import ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from sellers.models import Marketplace


class ProviderKind(models.TextChoices):
    """How a provider stands in the market."""

    INSURER = "INSURER", "Insurer"
    BROKER = "BROKER", "Broker"
    MANAGING_AGENT = "MANAGING_AGENT", "Managing agent"


class ProviderStatus(models.TextChoices):
    """Vetting status in the Insurance Accelerator directory."""

    CANDIDATE = "CANDIDATE", "Candidate"
    VETTED = "VETTED", "Vetted"
    SUSPENDED = "SUSPENDED", "Suspended"
    RETIRED = "RETIRED", "Retired"


class SourceMark(models.TextChoices):
    """How good the source of a statement is, as in the programme's rules."""

    PUBLISHED = "P", "Published by the operator"
    SECONDARY = "S", "Secondary source"
    OWN = "D", "Our own entry"


@pghistory.track(append_only=True)
class Provider(models.Model):
    """A seller of product liability insurance, listed in the Accelerator (rules §5).

    What is said of its licences and its rating carries its own date and source. `status`,
    `vetted_on` and `vet_again_by` are written by vetting only (`insurance/accelerator`).
    """

    # Export control: what is never shown without its date and source, in a history either.
    STATED_WITH: ClassVar = {
        "rating": ("rating_agency", "rated_on", "rating_source"),
        "countries": ("licences_on", "licences_source"),
        "licence_states": ("licences_on", "licences_source"),
    }

    legal_name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=14, choices=ProviderKind)
    paper_insurer = models.CharField(
        max_length=200, blank=True, help_text="The insurer that writes the paper."
    )
    naic_code = models.CharField(
        max_length=5, blank=True, verbose_name="NAIC code", help_text="Of the paper's insurer, US."
    )
    countries = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    licence_states = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    licences_on = models.DateField(
        null=True, blank=True, help_text="The day on which the licences were looked up."
    )
    licences_source = models.CharField(max_length=200, blank=True)
    rating = models.CharField(max_length=8, blank=True)
    rating_agency = models.CharField(max_length=60, blank=True)
    rated_on = models.DateField(null=True, blank=True)
    rating_source = models.CharField(max_length=200, blank=True)
    lines = ArrayField(
        models.CharField(max_length=20), default=list, blank=True, help_text="Kinds of policy."
    )
    categories_accepted = ArrayField(
        models.CharField(max_length=80), default=list, blank=True, help_text="Empty: not stated."
    )
    categories_refused = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    quote_within_days = models.PositiveSmallIntegerField(null=True, blank=True)
    certificate_within_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    quote_contact = models.EmailField(
        blank=True, help_text="Where applications for quotes go. Empty: none can be sent."
    )
    claims_contact = models.EmailField(blank=True)
    status = models.CharField(
        max_length=10, choices=ProviderStatus, default=ProviderStatus.CANDIDATE
    )
    vetted_on = models.DateField(null=True, blank=True)
    vet_again_by = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)
    source_mark = models.CharField(max_length=1, choices=SourceMark, default=SourceMark.OWN)
    sourced_on = models.DateField(null=True, blank=True)
    is_made_up = models.BooleanField(default=False)

    class Meta:
        ordering = ["legal_name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ProviderKind.values), name="provider_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=ProviderStatus.values), name="provider_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status="VETTED") | Q(vetted_on__isnull=False),
                name="provider_vetted_has_date",
            ),
            models.CheckConstraint(
                condition=Q(rating="")
                | (~Q(rating_agency="") & Q(rated_on__isnull=False) & ~Q(rating_source="")),
                name="provider_rating_dated_and_sourced",
                violation_error_message="Give a rating with its agency, date and source.",
            ),
            models.CheckConstraint(
                condition=Q(countries=[], licence_states=[])
                | (Q(licences_on__isnull=False) & ~Q(licences_source="")),
                name="provider_licences_dated_and_sourced",
                violation_error_message="Give licences with their date and source.",
            ),
            models.CheckConstraint(
                condition=Q(source_mark__in=SourceMark.values), name="provider_source_mark_known"
            ),
        ]
        indexes = [
            models.Index(fields=["status", "vet_again_by"], name="provider_to_vet_again"),
        ]

    def __str__(self) -> str:
        return self.legal_name


@pghistory.track(append_only=True)
class Appetite(models.Model):
    """What a provider writes in one marketplace: for which sales, up to which limits (rules §5).

    Money is in minor units of the marketplace's currency; an empty figure is *not stated*.
    """

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="appetites")
    marketplace = models.ForeignKey(Marketplace, models.PROTECT, related_name="+")
    annual_sales_from_minor = models.BigIntegerField(null=True, blank=True)
    annual_sales_to_minor = models.BigIntegerField(null=True, blank=True)
    each_occurrence_to_minor = models.BigIntegerField(null=True, blank=True)
    aggregate_to_minor = models.BigIntegerField(null=True, blank=True)
    deductible_from_minor = models.BigIntegerField(null=True, blank=True)
    deductible_to_minor = models.BigIntegerField(null=True, blank=True)
    minimum_premium_minor = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["provider", "marketplace"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "marketplace"], name="appetite_once_a_marketplace"
            ),
            models.CheckConstraint(
                condition=Q(annual_sales_from_minor__isnull=True)
                | Q(annual_sales_to_minor__isnull=True)
                | Q(annual_sales_to_minor__gte=F("annual_sales_from_minor")),
                name="appetite_sales_from_below_to",
                violation_error_message="The sales range ends below its beginning.",
            ),
            models.CheckConstraint(
                condition=Q(deductible_from_minor__isnull=True)
                | Q(deductible_to_minor__isnull=True)
                | Q(deductible_to_minor__gte=F("deductible_from_minor")),
                name="appetite_deductible_from_below_to",
                violation_error_message="The deductibles end below their beginning.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} in {self.marketplace_id}"


class KnownInsurer(models.Model):
    """An insurer's legal name and NAIC company code, from an imported table: a suggestion only."""

    naic_code = models.CharField(max_length=5, unique=True, verbose_name="NAIC code")
    legal_name = models.CharField(max_length=200)
    source = models.CharField(max_length=200)
    listed_on = models.DateField(help_text="The date of the table.")

    class Meta:
        ordering = ["legal_name"]

    def __str__(self) -> str:
        return f"{self.legal_name} ({self.naic_code})"
