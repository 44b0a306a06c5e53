"""The Insurance Accelerator's directory: who sells cover."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


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


@pghistory.track(append_only=True)
class Provider(models.Model):
    """A vetted seller of product liability insurance, listed in the Accelerator (rules §5)."""

    legal_name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=14, choices=ProviderKind)
    paper_insurer = models.CharField(
        max_length=200, blank=True, help_text="The insurer that writes the paper."
    )
    countries = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    licence_states = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    rating = models.CharField(max_length=8, blank=True)
    rating_agency = models.CharField(max_length=60, blank=True)
    rated_on = models.DateField(null=True, blank=True)
    languages = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    quote_within_days = models.PositiveSmallIntegerField(null=True, blank=True)
    certificate_within_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    claims_contact = models.EmailField(blank=True)
    status = models.CharField(max_length=10, choices=ProviderStatus)
    vetted_on = models.DateField(null=True, blank=True)
    vet_again_by = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)
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
        ]

    def __str__(self) -> str:
        return self.legal_name
