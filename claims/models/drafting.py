"""What drafts of changes share: one person proposes, another decides (rules §2)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class DraftStatus(models.TextChoices):
    """Where a proposed change stands."""

    PROPOSED = "PROPOSED", "Waits for a second person"
    APPROVED = "APPROVED", "Approved"
    REFUSED = "REFUSED", "Refused"


class Draft(models.Model):
    """A proposed change of figures, its reason, and who decided about it."""

    changes = models.JSONField(help_text="Figure → new value")
    reason = models.TextField()
    status = models.CharField(max_length=8, choices=DraftStatus, default=DraftStatus.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.TextField(blank=True, help_text="Why it was refused.")

    class Meta:
        abstract = True


def draft_constraints(name: str) -> list[models.BaseConstraint]:
    """What the database refuses of every draft; `name` begins the constraints' names."""
    return [
        models.CheckConstraint(
            condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
            name=f"{name}_takes_two_people",
        ),
        models.CheckConstraint(
            condition=Q(decided_by__isnull=True, decided_at__isnull=True)
            | Q(decided_by__isnull=False, decided_at__isnull=False),
            name=f"{name}_decided_at_and_by",
        ),
        models.CheckConstraint(
            condition=~Q(status="REFUSED") | ~Q(decision_reason=""),
            name=f"{name}_refused_why",
        ),
    ]
