"""The off switch of payouts: its causes, the limits that turn it, what heals it."""

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from claims.launch_terms import launch_figures
from claims.models.drafting import Draft, draft_constraints
from claims.payout_figures import COUNTS
from sellers.markets import MARKETS

# How many daily caps of automatic payouts may leave in one hour and currency [D].
CAPS_AN_HOUR = 4


def default_hourly_sums() -> dict[str, int]:
    """Of each currency four times its daily cap of automatic payouts, in minor units [D]."""
    return {
        market.currency: CAPS_AN_HOUR * launch_figures(market)["daily_cap_minor"]
        for market in MARKETS.values()
    }


class PauseCause(models.TextChoices):
    """Why payouts are paused; each has its own way to heal (claims/operations/pausing.py)."""

    BY_HAND = "BY_HAND", "Somebody paused them"
    HOURLY_COUNT = "HOURLY_COUNT", "Too many payments in an hour"
    HOURLY_SUM = "HOURLY_SUM", "Too much money in an hour"
    UNCERTAIN = "UNCERTAIN", "Too many payments in doubt"
    LEDGER = "LEDGER", "The check of the ledger failed"
    RESTORED = "RESTORED", "The database was restored"
    BOOK_DIFFERS = "BOOK_DIFFERS", "The provider's book has payments that the database has not"


@pghistory.track(append_only=True)
class PayoutSwitch(models.Model):
    """The off switch of automatic payments: one row, read in every sending transaction.

    `changed_by` empty: a breaker paused. A person who resumes although a cause is not healed
    excuses it: payments are counted from `counts_from` on, and so many doubts are known.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    is_paused = models.BooleanField(default=False)
    causes = ArrayField(
        models.CharField(max_length=12, choices=PauseCause), default=list, blank=True
    )
    reason = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    counts_from = models.DateTimeField(null=True, blank=True)
    uncertain_excused = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="payout_switch_one_row")]

    def __str__(self) -> str:
        return "Payouts are paused" if self.is_paused else "Payouts run"


class PayoutLimits(models.Model):
    """What trips the breakers of payouts, from a moment on; never edited, the latest row counts.

    Where there is no row the fields' defaults hold: they are ours, not published [D].
    """

    effective_at = models.DateTimeField(unique=True)
    hourly_count = models.PositiveIntegerField(
        default=1000, help_text="More first sendings than this within an hour pause payouts."
    )
    hourly_sums = models.JSONField(
        default=default_hourly_sums,
        help_text="Currency → minor units; more than this within an hour pauses payouts.",
    )
    uncertain = models.PositiveIntegerField(
        default=20, help_text="More payments in doubt than this pause payouts."
    )
    a_minute = models.PositiveIntegerField(
        default=600, help_text="No more first sendings than this within a minute; others wait."
    )
    reason = models.TextField(help_text="Why the limits changed.")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The second person; none where nothing was raised.",
    )

    class Meta:
        verbose_name_plural = "payout limits"
        ordering = ["-effective_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("set_by")),
                name="payout_limits_take_two_people",
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="payout_limits_never_change",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"From {self.effective_at:%Y-%m-%d %H:%M} UTC"

    @property
    def figures(self) -> dict[str, int]:
        """Every limit by its name; an hour's sum, in minor units, by its currency."""
        counts = {name: getattr(self, name) for name in COUNTS}
        return counts | dict(sorted(self.hourly_sums.items()))


class LimitsDraft(Draft):
    """A proposed raise of the limits of payouts; a second person makes it count, at once."""

    limits = models.OneToOneField(PayoutLimits, models.PROTECT, null=True, blank=True)

    class Meta:
        ordering = ["-proposed_at"]
        constraints = draft_constraints("limits_draft")

    def __str__(self) -> str:
        return f"Limits of payouts ({self.get_status_display()})"


class Reconciliation(models.Model):
    """One comparison of the provider's book with our payouts, and what was adopted; never edited.

    `adopted` and `differences` are lists of lines in words; without differences it is clean.
    """

    at = models.DateTimeField()
    entries = models.PositiveIntegerField(help_text="How many entries the provider's book has.")
    adopted = models.JSONField(default=list)
    differences = models.JSONField(default=list)
    asked_by = models.CharField(max_length=40, help_text="A sweep, or the command after a restore.")

    class Meta:
        ordering = ["-at", "-id"]
        triggers = [
            pgtrigger.Protect(
                name="reconciliations_never_change",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} UTC: {len(self.differences)} differences"

    @property
    def is_clean(self) -> bool:
        """Whether the two books agreed in the end."""
        return not self.differences


class ProviderCircuit(models.Model):
    """How the payment provider has answered lately: one row, shared by every worker.

    After failures in a row it is left alone until `closed_until`; then one call tries it.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    failures = models.PositiveIntegerField(default=0)
    closed_until = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="provider_circuit_one_row")]

    def __str__(self) -> str:
        return f"{self.failures} failures in a row"
