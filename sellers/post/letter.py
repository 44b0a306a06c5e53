"""The row of a letter: written with the decision that causes it, delivered later."""

from django.db import models
from django.db.models import Q


class LetterState(models.TextChoices):
    """Where a letter stands."""

    QUEUED = "QUEUED", "To be sent"
    SENDING = "SENDING", "Being sent"
    SENT = "SENT", "Sent"
    BOUNCED = "BOUNCED", "Refused or bounced"


class Letter(models.Model):
    """One letter. `key` names its occasion, so no letter is ever written twice.

    `subject` and `body` are filled when it leaves, from the template and the `facts` of the
    decision, and then stay as they were sent. `next_at` is the one column that says when to look
    at a letter again; empty: it is at its end.
    """

    key = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=32)
    to = models.EmailField()
    facts = models.JSONField(default=dict)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=LetterState)
    written_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=120, blank=True)
    last_answer = models.TextField(blank=True)

    class Meta:
        abstract = True
        ordering = ["written_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=LetterState.values), name="%(class)s_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="SENT") | Q(sent_at__isnull=False),
                name="%(class)s_sent_has_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=Q(state__in=("QUEUED", "SENDING")),
                name="%(class)s_next",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.to}"

    @property
    def body_to_keep(self) -> str:
        """The body as it is kept once it has left; a room takes out what nobody else may use."""
        return self.body
