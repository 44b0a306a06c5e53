"""What watches the programme: heartbeats of sweeps and senders, reports on the invariants."""

import pgtrigger
from django.db import models


class Heartbeat(models.Model):
    """The last moment at which a sweep or sender finished, and how often it failed since."""

    name = models.CharField(max_length=40, primary_key=True)
    beaten_at = models.DateTimeField()
    failures = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} {self.beaten_at:%Y-%m-%d %H:%M:%S} UTC"


class InvariantReport(models.Model):
    """One check of what must always hold (docs/reliability.md); never edited.

    `lines` has one object per invariant: code, title, checked, violations (their number) and the
    first of them in words. `violations` is the total.
    """

    at = models.DateTimeField(help_text="The moment as of which was checked.")
    seconds = models.FloatField(help_text="How long it took.")
    asked_by = models.CharField(max_length=40, help_text="The nightly check, or who asked.")
    violations = models.PositiveIntegerField()
    lines = models.JSONField()

    class Meta:
        ordering = ["-at", "-id"]
        triggers = [
            pgtrigger.Protect(
                name="invariant_reports_never_change",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        outcome = f"{self.violations} violations" if self.violations else "all held"
        return f"{self.at:%Y-%m-%d %H:%M} UTC: {outcome}"
