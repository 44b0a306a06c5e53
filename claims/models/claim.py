"""The claim, its claimant, its damage lines, evidence, and the file of everything that happened."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from claims.lifecycle import ActorKind, Status
from claims.models.loss import PAYABLE_HEADS, Harm, Head, Medicare, Severity
from claims.models.terms import TermsVersion
from sellers.models import Fulfilment, Marketplace, Order, Seller


class Claimant(models.Model):
    """The customer who was hurt or whose property was damaged."""

    name = models.CharField(max_length=200)
    email = models.EmailField()
    born_on = models.DateField(null=True, blank=True)
    is_made_up = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["email"])]

    def __str__(self) -> str:
        return self.name


class Claim(models.Model):
    """One customer's loss from one defective product, and where its handling stands.

    Written by `claims.recorder` only. `version` counts the events of the claim; every write
    compares it, so of two simultaneous steps one wins and the other changes nothing.
    """

    reference = models.CharField(max_length=12, unique=True)
    marketplace = models.ForeignKey(Marketplace, models.PROTECT, related_name="claims")
    # The indexes below begin with these two: indexes of their own would be written for nothing.
    seller = models.ForeignKey(Seller, models.PROTECT, related_name="claims", db_index=False)
    order = models.ForeignKey(Order, models.PROTECT, related_name="claims", db_index=False)
    claimant = models.ForeignKey(Claimant, models.PROTECT, related_name="claims")
    terms = models.ForeignKey(TermsVersion, models.PROTECT)
    currency = models.CharField(max_length=3)
    fulfilment = models.CharField(max_length=12, choices=Fulfilment)

    status = models.CharField(max_length=17, choices=Status)
    version = models.PositiveIntegerField()
    status_since = models.DateTimeField()
    reason = models.CharField(max_length=40, blank=True, help_text="Coded reason of the last step.")
    bars = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        help_text="What bars an automatic approval, by name.",
    )

    reported_at = models.DateTimeField()
    incident_on = models.DateField()
    harm = models.CharField(max_length=12, choices=Harm)
    severity = models.CharField(max_length=12, choices=Severity, default=Severity.NONE)
    narrative = models.TextField(blank=True)
    is_represented = models.BooleanField(default=False, verbose_name="represented by counsel")
    medicare = models.CharField(max_length=7, choices=Medicare, default=Medicare.UNKNOWN)

    claimed_minor = models.BigIntegerField()
    assessed_minor = models.BigIntegerField(null=True, blank=True)
    approved_minor = models.BigIntegerField(null=True, blank=True)
    paid_minor = models.BigIntegerField(default=0)
    is_within_ceiling = models.BooleanField(
        null=True, blank=True, help_text="Frozen at assessment; decides who bears the cost."
    )
    crossed_ceiling_later = models.BooleanField(
        default=False, help_text="A re-assessment crossed the ceiling: a person looks."
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    denied_at = models.DateTimeField(null=True, blank=True)

    external_source = models.CharField(max_length=40, blank=True)
    external_reference = models.CharField(max_length=80, blank=True)
    made_up_fields = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        help_text="What the source could not supply and the demo made up.",
    )

    class Meta:
        ordering = ["-reported_at"]
        permissions = [
            ("screen_claim", "Can screen and assess claims"),
            ("adjudicate_claim", "Can decide claims within an adjuster's authority"),
            ("approve_as_senior", "Can decide claims with a senior adjuster's authority"),
            ("manage_payments", "Can pause payouts and look after payments and recoveries"),
            ("place_hold", "Can place and release holds"),
            ("audit_programme", "Can look at what decisions and terms would change or changed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="claim_status_known"
            ),
            models.CheckConstraint(condition=Q(harm__in=Harm.values), name="claim_harm_known"),
            models.CheckConstraint(
                condition=Q(severity__in=Severity.values), name="claim_severity_known"
            ),
            models.CheckConstraint(
                condition=Q(medicare__in=Medicare.values), name="claim_medicare_known"
            ),
            models.CheckConstraint(
                condition=Q(claimed_minor__gte=0)
                & (Q(assessed_minor__isnull=True) | Q(assessed_minor__gte=0)),
                name="claim_amounts_not_negative",
            ),
            models.CheckConstraint(
                # A comparison with nothing is no refusal: say that there must be something.
                condition=Q(approved_minor__isnull=True)
                | Q(
                    assessed_minor__isnull=False,
                    approved_minor__gt=0,
                    approved_minor__lte=F("assessed_minor"),
                ),
                name="claim_approved_within_assessed",
            ),
            models.CheckConstraint(
                condition=Q(paid_minor=0)
                | Q(
                    approved_minor__isnull=False,
                    paid_minor__gt=0,
                    paid_minor__lte=F("approved_minor"),
                ),
                name="claim_paid_within_approved",
            ),
            models.CheckConstraint(
                condition=~Q(status="PAID") | Q(paid_minor__gt=0), name="claim_paid_has_amount"
            ),
            models.UniqueConstraint(
                fields=["external_source", "external_reference"],
                condition=~Q(external_reference=""),
                name="claim_once_a_source",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "reported_at"]),
            models.Index(fields=["seller", "status"]),
            models.Index(fields=["order", "incident_on"]),
        ]
        triggers = [
            # Rules §2: a claim keeps the terms of its report, for ever.
            pgtrigger.ReadOnly(
                name="claim_keeps_its_terms", fields=["terms", "reference", "reported_at"]
            )
        ]

    def __str__(self) -> str:
        return self.reference


class DamageLine(models.Model):
    """One head of damage of a claim: claimed, assessed, paid, in minor units."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="lines")
    head = models.CharField(max_length=20, choices=Head)
    claimed_minor = models.BigIntegerField()
    assessed_minor = models.BigIntegerField(null=True, blank=True)
    paid_minor = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "head"], name="line_once_a_head"),
            models.CheckConstraint(condition=Q(head__in=Head.values), name="line_head_known"),
            models.CheckConstraint(condition=Q(claimed_minor__gte=0), name="line_claimed_positive"),
            models.CheckConstraint(
                condition=Q(assessed_minor__isnull=True)
                | Q(assessed_minor__gte=0, assessed_minor__lte=F("claimed_minor")),
                name="line_assessed_within_claimed",
            ),
            models.CheckConstraint(
                condition=Q(head__in=sorted(PAYABLE_HEADS))
                | Q(assessed_minor__isnull=True)
                | Q(assessed_minor=0),
                name="line_head_never_paid",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.get_head_display()}"


class ClaimEvent(models.Model):
    """One step of a claim, as it was decided: rule, inputs, words. Never edited.

    `version` is the claim's version that this event made; the events of a claim, in that
    order, lead from its report to where it stands.
    """

    # The index of `event_once_a_version` begins with it.
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="events", db_index=False)
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    step = models.CharField(max_length=24)
    from_status = models.CharField(max_length=17, blank=True)
    to_status = models.CharField(max_length=17)
    actor_kind = models.CharField(max_length=8, choices=ActorKind)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    rule = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    text = models.TextField(blank=True, help_text="What a person gave as reason, or the outcome.")
    facts = models.JSONField(default=dict, help_text="The inputs of the decision.")
    changes = models.JSONField(default=dict, help_text="What it changed on the claim.")
    letters = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How many letters it wrote; empty: before this was kept."
    )

    class Meta:
        ordering = ["claim", "version"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "version"], name="event_once_a_version"),
            models.CheckConstraint(
                condition=Q(to_status__in=Status.values), name="event_status_known"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="events_never_change", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.claim_id}/{self.version} {self.step}"


class Evidence(models.Model):
    """A file that somebody gave to a claim; its bytes never change."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="evidence")
    file = models.FileField(upload_to="evidence/%Y/%m/")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    given_at = models.DateTimeField()
    given_by_kind = models.CharField(max_length=8, choices=ActorKind)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_internal = models.BooleanField(default=False, help_text="Sellers never see it.")

    class Meta:
        verbose_name_plural = "evidence"
        ordering = ["given_at"]
        indexes = [models.Index(fields=["sha256"])]

    def __str__(self) -> str:
        return self.name
