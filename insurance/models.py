"""Who stands behind the seller: the requirement's terms, providers, policies and certificates."""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from sellers.models import Marketplace, Seller


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
    notice_after_days = models.PositiveSmallIntegerField(default=1)
    restrict_after_days = models.PositiveSmallIntegerField(default=7)
    suspend_after_days = models.PositiveSmallIntegerField(default=30)
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


class Certificate(models.Model):
    """One submission of a policy as proof: checked on every line at once (rules §4).

    A certificate without defects proves the policy from `submitted_at` on.
    """

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="certificates")
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True
    )
    defects = models.JSONField(
        default=list, help_text="Every defect: code, found, needed, words for the broker."
    )
    defect_codes = ArrayField(models.CharField(max_length=40), default=list)
    terms = models.ForeignKey(InsuranceTerms, models.PROTECT)
    checked_facts = models.JSONField(help_text="What was checked, as it stood then.")

    class Meta:
        ordering = ["submitted_at"]

    def __str__(self) -> str:
        return f"{self.policy} submitted {self.submitted_at:%Y-%m-%d}"

    @property
    def is_proof(self) -> bool:
        """Whether this certificate proves cover: it has no defect."""
        return not self.defect_codes


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
    """The requirement is waived for a seller until a date, for a reason (rules §4)."""

    seller = models.ForeignKey(Seller, models.CASCADE, related_name="cover_waivers")
    marketplace = models.ForeignKey(Marketplace, models.PROTECT)
    from_on = models.DateField()
    until_on = models.DateField()
    reason = models.CharField(max_length=300)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True)

    class Meta:
        ordering = ["from_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")), name="waiver_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seller} {self.marketplace_id} until {self.until_on}"
