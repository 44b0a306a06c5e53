"""Which sanctions list names are screened against, and what was found (rules §3, §7)."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from claims.models.claim import Claim

PERCENT = (MaxValueValidator(100),)


class ScreeningFigures(models.Model):
    """The figures of screening, fraud looks and safety cases from a date on; never edited.

    Where no row is in force the fields' defaults are: they are ours, not published [D], but
    for the 24 hours of CPSA section 15(b) and the 2 working days of the EU GPSR.
    """

    effective_on = models.DateField(unique=True)
    sanctions_score = models.PositiveSmallIntegerField(
        default=85, validators=PERCENT, help_text="A name scoring this much or more is a hit."
    )
    narrative_percent = models.PositiveSmallIntegerField(
        default=80, validators=PERCENT, help_text="Narratives this alike are called copied."
    )
    narrative_characters = models.PositiveSmallIntegerField(
        default=80, help_text="Shorter narratives are called copied only when they are equal."
    )
    recall_score = models.PositiveSmallIntegerField(
        default=60, validators=PERCENT, help_text="A recall scoring this much or more is shown."
    )
    safety_hours = models.PositiveSmallIntegerField(
        default=24, help_text="Hours to report, weekends and public holidays left out."
    )
    authority_order_days = models.PositiveSmallIntegerField(
        default=2, help_text="Working days to act on an authority's order (EU GPSR)."
    )
    reason = models.TextField(help_text="Why the figures changed.")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "screening figures"
        ordering = ["-effective_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    sanctions_score__lte=100, narrative_percent__lte=100, recall_score__lte=100
                ),
                name="screening_figures_percent",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="screening_figures_never_change",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"Screening figures from {self.effective_on}"


class SanctionsList(models.Model):
    """One version of a sanctions list, by the date its publisher gives it.

    At most one is current: names are screened against that one. A screening keeps its version,
    and so the list's date, for ever.
    """

    source = models.CharField(max_length=200)
    list_date = models.DateField()
    imported_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the files, in their order.")
    entries = models.PositiveIntegerField(help_text="How many parties are listed.")
    names = models.PositiveIntegerField(help_text="Their names and aliases.")
    is_current = models.BooleanField()

    class Meta:
        ordering = ["-imported_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"], condition=Q(is_current=True), name="sanctions_one_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} of {self.list_date}"


class PartyType(models.TextChoices):
    """What a listed party is."""

    INDIVIDUAL = "INDIVIDUAL", "Person"
    ENTITY = "ENTITY", "Organisation"
    VESSEL = "VESSEL", "Vessel"
    AIRCRAFT = "AIRCRAFT", "Aircraft"


class NameKind(models.TextChoices):
    """Whether a party is listed under this name, or also known by it."""

    PRIMARY = "PRIMARY", "Listed name"
    ALIAS = "ALIAS", "Alias"


class SanctionsName(models.Model):
    """A name of a listed party; `name_key` is the name as `names.name_key` normalises it."""

    sanctions_list = models.ForeignKey(SanctionsList, models.CASCADE, related_name="listed_names")
    entity_number = models.PositiveIntegerField()
    party_type = models.CharField(max_length=10, choices=PartyType)
    kind = models.CharField(max_length=7, choices=NameKind)
    name = models.CharField(max_length=400)
    name_key = models.TextField()
    programme = models.CharField(max_length=200, blank=True)
    remarks = models.TextField(blank=True)

    class Meta:
        ordering = ["sanctions_list", "entity_number", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=NameKind.values), name="sanctions_name_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(party_type__in=PartyType.values), name="sanctions_party_type_known"
            ),
        ]
        indexes = [
            # Written at once: what waits in a list, after an import, every search would read.
            GinIndex(
                fields=["name_key"],
                opclasses=["gin_trgm_ops"],
                fastupdate=False,
                name="sanctions_name_trigrams",
            ),
            models.Index(fields=["sanctions_list", "entity_number"], name="sanctions_name_entity"),
        ]

    def __str__(self) -> str:
        return self.name


class SanctionsAddress(models.Model):
    """Where a listed party is: helps a person to tell it from a claimant of the same name."""

    sanctions_list = models.ForeignKey(SanctionsList, models.CASCADE, related_name="addresses")
    entity_number = models.PositiveIntegerField()
    address = models.TextField(blank=True)
    city = models.CharField(max_length=300, blank=True)
    country = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "sanctions addresses"
        ordering = ["sanctions_list", "entity_number", "id"]
        indexes = [
            models.Index(
                fields=["sanctions_list", "entity_number"], name="sanctions_address_entity"
            )
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.address, self.city, self.country) if part)


class ScreenedRole(models.TextChoices):
    """What a screened party is to the claim (rules §7: claimant and payee)."""

    CLAIMANT = "CLAIMANT", "Claimant"
    PAYEE = "PAYEE", "Payee"


class ScreeningFinding(models.TextChoices):
    """What a screening found. A name that cannot be compared is never taken for a clear one."""

    CLEAR = "CLEAR", "No listed name is near"
    HIT = "HIT", "A listed name is near: a person looks"
    NOT_COMPARABLE = "NOT_COMPARABLE", "Not in Latin letters: a person compares it"


class ScreeningRecord(models.Model):
    """One screening of one name against one version of the list, with everything it found.

    `hits` holds one object per listed party at or above the threshold: entity_number, name,
    listed_as, programme, score, cleared_earlier.
    """

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="screenings")
    sanctions_list = models.ForeignKey(SanctionsList, models.PROTECT, related_name="screenings")
    role = models.CharField(max_length=8, choices=ScreenedRole)
    name = models.CharField(max_length=200)
    name_key = models.TextField()
    screened_at = models.DateTimeField()
    threshold = models.PositiveSmallIntegerField()
    best_score = models.PositiveSmallIntegerField()
    hits = models.JSONField(default=list)
    outcome = models.CharField(max_length=14, choices=ScreeningFinding)
    cleared_at = models.DateTimeField(null=True, blank=True)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    cleared_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["claim", "-screened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=ScreeningFinding.values), name="screening_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(role__in=ScreenedRole.values), name="screening_role_known"
            ),
            models.CheckConstraint(
                condition=Q(cleared_at__isnull=True, cleared_by__isnull=True, cleared_reason="")
                | (Q(cleared_at__isnull=False, cleared_by__isnull=False) & ~Q(cleared_reason="")),
                name="screening_cleared_at_by_why",
            ),
            models.CheckConstraint(
                condition=Q(cleared_at__isnull=True) | ~Q(outcome="CLEAR"),
                name="screening_only_hits_cleared",
            ),
        ]
        indexes = [
            models.Index(
                fields=["screened_at", "id"],
                condition=~Q(outcome="CLEAR") & Q(cleared_at__isnull=True),
                name="screening_to_clear",
            ),
        ]
        triggers = [pgtrigger.Protect(name="screening_is_kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_outcome_display()})"

    @property
    def waits_for_a_person(self) -> bool:
        """Whether the name may be a listed party's, and nobody has cleared it yet."""
        return self.outcome != ScreeningFinding.CLEAR and self.cleared_at is None
