"""How a provider comes into the directory: checks by people, and a second person's decision."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from insurance.models.provider import Provider


class VettingStep(models.TextChoices):
    """What is checked before a provider is listed (rules §5)."""

    LICENCES = "LICENCES", "Licences checked"
    RATING = "RATING", "Rating checked"
    PAPER = "PAPER", "Insurer behind the paper checked"
    CLAIMS_CONTACT = "CLAIMS_CONTACT", "Claims contact tested"
    QUOTE_CONTACT = "QUOTE_CONTACT", "Quote contact tested"
    SANCTIONS = "SANCTIONS", "Screened against the sanctions list"
    TERMS = "TERMS", "Terms of the directory agreed"


class ProviderMove(models.TextChoices):
    """A decision that changes where a provider stands."""

    VET = "VET", "Vetted"
    SUSPEND = "SUSPEND", "Suspended"
    RETIRE = "RETIRE", "Retired"
    REOPEN = "REOPEN", "Taken up again"


class VettingCheck(models.Model):
    """One check of a provider: what was looked at, by whom, with what source and result.

    `facts` are those that were looked at; once the provider's differ, the check stands no more.
    """

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="vetting_checks")
    step = models.CharField(max_length=16, choices=VettingStep)
    passed = models.BooleanField()
    checked_at = models.DateTimeField()
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    source = models.CharField(max_length=300)
    document = models.CharField(max_length=300, blank=True, help_text="Where the document is.")
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["checked_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(step__in=VettingStep.values), name="vetting_step_known"
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(source=""), name="vetting_check_says_why"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="vetting_check_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.get_step_display()}"


class ProviderDecision(models.Model):
    """A person vetted, suspended, retired or reopened a provider, and why; never changed."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="decisions")
    move = models.CharField(max_length=8, choices=ProviderMove)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    checks = models.JSONField(default=list, help_text="The checks that stood.")

    class Meta:
        ordering = ["decided_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(move__in=ProviderMove.values), name="provider_move_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="provider_decision_says_why"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="provider_decision_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.get_move_display()}"
