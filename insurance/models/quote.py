"""One application, several quotes: what a seller asked for, who was asked, and what they answered.

States move by compare-and-set along `insurance/accelerator/quoting.py`; every version is kept.
`next_at` is the one column that says when the sweep must look at a row again.
"""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from insurance.models.certificate import Certificate
from insurance.models.policy import Policy, PolicyBasis, PolicyKind
from insurance.models.provider import Provider
from sellers.models import Marketplace, Seller


class ApplicationState(models.TextChoices):
    """Where an application for quotes stands."""

    OPEN = "OPEN", "Open"
    ACCEPTED = "ACCEPTED", "A quote was accepted"
    WITHDRAWN = "WITHDRAWN", "Withdrawn"
    EXPIRED = "EXPIRED", "Expired"
    CLOSED = "CLOSED", "Closed by operations"


class InvitationState(models.TextChoices):
    """Where a provider stands with an application that it was sent."""

    SENT = "SENT", "Sent"
    OPENED = "OPENED", "Opened"
    QUOTED = "QUOTED", "Quoted"
    DECLINED = "DECLINED", "Declined"
    REVOKED = "REVOKED", "Revoked"
    EXPIRED = "EXPIRED", "Not answered in time"
    CLOSED = "CLOSED", "No longer needed"


class QuoteState(models.TextChoices):
    """Where a quote stands."""

    OFFERED = "OFFERED", "Offered"
    ACCEPTED = "ACCEPTED", "Accepted"
    NOT_CHOSEN = "NOT_CHOSEN", "Not chosen"
    EXPIRED = "EXPIRED", "Expired"
    SUPERSEDED = "SUPERSEDED", "Replaced by a newer version"


class DeclineReason(models.TextChoices):
    """Why a provider does not quote."""

    CATEGORY = "CATEGORY", "We do not insure these products"
    SALES = "SALES", "The sales are outside what we insure"
    LIMITS = "LIMITS", "We do not offer these limits"
    TERRITORY = "TERRITORY", "We do not insure in this market"
    LOSSES = "LOSSES", "Because of the loss history"
    INFORMATION = "INFORMATION", "We would need to know more"
    CAPACITY = "CAPACITY", "We cannot quote in time"
    OTHER = "OTHER", "Another reason"


def _known(field: str, choices: type[models.TextChoices], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__in": choices.values}), name=name)


@pghistory.track(append_only=True)
class QuoteApplication(models.Model):
    """A seller's application for cover in one marketplace, answered once for all providers.

    Money is in minor units of the marketplace's currency. `shared` names the answers that the
    seller agreed to show to providers; they see no other.
    """

    seller = models.ForeignKey(Seller, models.CASCADE, related_name="quote_applications")
    marketplace = models.ForeignKey(Marketplace, models.PROTECT, related_name="+")
    legal_entity = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    years_trading = models.PositiveSmallIntegerField()
    annual_sales_minor = models.BigIntegerField()
    categories = ArrayField(models.CharField(max_length=80), default=list)
    products = models.CharField(max_length=2000)
    countries_of_manufacture = ArrayField(models.CharField(max_length=2), default=list)
    each_occurrence_minor = models.BigIntegerField()
    aggregate_minor = models.BigIntegerField()
    deductible_minor = models.BigIntegerField()
    losses = models.PositiveSmallIntegerField(help_text="Claims in the last five years.")
    losses_minor = models.BigIntegerField(default=0)
    loss_history = models.CharField(max_length=2000, blank=True)
    starts_on = models.DateField()
    contact_name = models.CharField(max_length=120, blank=True)
    contact_email = models.EmailField(blank=True)
    shared = ArrayField(models.CharField(max_length=40), default=list)
    state = models.CharField(max_length=9, choices=ApplicationState, default=ApplicationState.OPEN)
    applied_at = models.DateTimeField()
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    close_reason = models.CharField(max_length=500, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-applied_at", "-id"]
        constraints = [
            _known("state", ApplicationState, "application_state_known"),
            models.UniqueConstraint(
                fields=["seller", "marketplace"],
                condition=Q(state="OPEN"),
                name="application_open_once_a_market",
            ),
            models.CheckConstraint(
                condition=Q(state="OPEN") | Q(closed_at__isnull=False),
                name="application_ended_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(
                    annual_sales_minor__gte=0,
                    each_occurrence_minor__gt=0,
                    deductible_minor__gte=0,
                    losses_minor__gte=0,
                    aggregate_minor__gte=F("each_occurrence_minor"),
                ),
                name="application_amounts_make_sense",
            ),
            models.CheckConstraint(
                condition=~Q(state="CLOSED") | ~Q(close_reason=""),
                name="application_closed_says_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"], condition=Q(next_at__isnull=False), name="application_next"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} of {self.seller}"

    @property
    def reference(self) -> str:
        """How people call it: A-000012."""
        return f"A-{self.pk:06}"


@pghistory.track(append_only=True, exclude=["token_hash"])
class QuoteInvitation(models.Model):
    """A provider was sent an application: its link, what became of it, and why it declined.

    Only the SHA-256 of the link's token is kept; `link_number` counts the links that were made,
    of which the last alone works.
    """

    application = models.ForeignKey(QuoteApplication, models.CASCADE, related_name="invitations")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="invitations")
    state = models.CharField(max_length=8, choices=InvitationState, default=InvitationState.SENT)
    token_hash = models.CharField(max_length=64, blank=True)
    link_number = models.PositiveSmallIntegerField(default=1)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.CharField(max_length=500, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    decline_reason = models.CharField(max_length=11, choices=DeclineReason, blank=True)
    decline_words = models.CharField(max_length=1000, blank=True)
    given_by = models.CharField(max_length=120, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["application", "provider"]
        constraints = [
            _known("state", InvitationState, "invitation_state_known"),
            models.UniqueConstraint(
                fields=["application", "provider"], name="invitation_once_a_provider"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["QUOTED", "DECLINED"], answered_at__isnull=False)
                | (~Q(state__in=["QUOTED", "DECLINED"]) & Q(answered_at__isnull=True)),
                name="invitation_answered_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="DECLINED") & Q(decline_reason__in=DeclineReason.values)
                | ~Q(state="DECLINED") & Q(decline_reason=""),
                name="invitation_declined_says_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"], condition=Q(next_at__isnull=False), name="invitation_next"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application.reference} to {self.provider}"


@pghistory.track(append_only=True)
class Quote(models.Model):
    """A version of a provider's offer: a price with a date, never a promise (rules §5).

    A revision is a new row; the version before is SUPERSEDED and stays. Money is in minor units of
    the marketplace's currency. `valid_until` is the last local day; `expires_at` is the first
    instant after it. `policy` is made by accepting; `certificate` is the first that came for it.
    """

    invitation = models.ForeignKey(QuoteInvitation, models.CASCADE, related_name="quotes")
    application = models.ForeignKey(QuoteApplication, models.CASCADE, related_name="quotes")
    version = models.PositiveSmallIntegerField(default=1)
    given_by = models.CharField(max_length=120, blank=True)
    revision_reason = models.CharField(max_length=500, blank=True, help_text="What it changed.")
    state = models.CharField(max_length=10, choices=QuoteState, default=QuoteState.OFFERED)
    insurer = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=PolicyKind)
    basis = models.CharField(max_length=12, choices=PolicyBasis)
    premium_minor = models.BigIntegerField()
    each_occurrence_minor = models.BigIntegerField()
    aggregate_minor = models.BigIntegerField()
    deductible_minor = models.BigIntegerField()
    assumptions = models.CharField(max_length=2000, blank=True)
    valid_until = models.DateField()
    expires_at = models.DateTimeField()
    quoted_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    policy = models.OneToOneField(
        Policy, models.PROTECT, null=True, blank=True, related_name="quote"
    )
    certificate = models.ForeignKey(
        Certificate, models.PROTECT, null=True, blank=True, related_name="quotes"
    )
    reminded_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["premium_minor", "id"]
        constraints = [
            _known("state", QuoteState, "quote_state_known"),
            _known("kind", PolicyKind, "quote_kind_known"),
            _known("basis", PolicyBasis, "quote_basis_known"),
            models.UniqueConstraint(fields=["invitation", "version"], name="quote_version_once"),
            models.UniqueConstraint(
                fields=["invitation"],
                condition=~Q(state="SUPERSEDED"),
                name="quote_current_once_an_invitation",
            ),
            models.CheckConstraint(
                condition=Q(version=1) | Q(version__gt=1) & ~Q(revision_reason=""),
                name="quote_revision_says_why",
            ),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(state="ACCEPTED"),
                name="quote_accepted_once_an_application",
            ),
            models.CheckConstraint(
                condition=Q(state="ACCEPTED", policy__isnull=False)
                | (~Q(state="ACCEPTED") & Q(policy__isnull=True)),
                name="quote_accepted_has_policy",
            ),
            models.CheckConstraint(
                condition=Q(
                    premium_minor__gt=0,
                    each_occurrence_minor__gt=0,
                    deductible_minor__gte=0,
                    aggregate_minor__gte=F("each_occurrence_minor"),
                ),
                name="quote_amounts_make_sense",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="quote_next"),
        ]

    def __str__(self) -> str:
        return f"{self.invitation.provider} for {self.application.reference}"
