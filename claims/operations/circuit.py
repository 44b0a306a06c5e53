"""The payment provider's circuit: after failures in a row it is left alone for a growing while.

One row, shared by every worker. It saves the provider from calls that cannot succeed, and our
workers from waiting for them; what becomes of a payment never depends on it.
"""

from datetime import datetime, timedelta
from hashlib import sha256

from claims.models import ProviderCircuit

# So many calls in a row without a usable answer, then a rest that doubles [D].
FAILURES = 10
FIRST_REST = timedelta(seconds=10)
LONGEST_REST = timedelta(minutes=10)


class Circuit:
    """The circuit as one batch of calls knows it, and its row kept in step."""

    def __init__(self) -> None:
        self._row = ProviderCircuit.objects.filter(pk=1).first() or ProviderCircuit()

    def rests(self, *, at: datetime) -> bool:
        """Whether the provider is left alone at a moment."""
        return self._row.closed_until is not None and at < self._row.closed_until

    @property
    def is_on_trial(self) -> bool:
        """Whether it failed so often that one call at a time is enough to see how it is."""
        return self._row.failures >= FAILURES

    def answered(self) -> None:
        """A usable answer came, whatever it said."""
        if self._row.failures or self._row.closed_until:
            self._set(failures=0, closed_until=None, last_error="")

    def failed(self, why: str, *, at: datetime) -> None:
        """No usable answer came."""
        failures = self._row.failures + 1
        rest = at + rest_after(failures) if failures >= FAILURES else self._row.closed_until
        self._set(failures=failures, closed_until=rest, last_error=why)

    def is_busy(self, seconds: int, *, at: datetime) -> None:
        """The provider asked to be left alone for so long (Retry-After)."""
        self._set(
            failures=self._row.failures,
            closed_until=at + timedelta(seconds=seconds),
            last_error=f"It asked for {seconds} seconds of rest.",
        )

    def _set(self, *, failures: int, closed_until: datetime | None, last_error: str) -> None:
        self._row, _ = ProviderCircuit.objects.update_or_create(
            pk=1,
            defaults={
                "failures": failures,
                "closed_until": closed_until,
                "last_error": last_error,
            },
        )


def rest_after(failures: int) -> timedelta:
    """How long the provider rests after so many failures: 10, 20, 40 seconds … 10 minutes."""
    return min(FIRST_REST * (1 << min(failures - FAILURES, 10)), LONGEST_REST)


def jittered(wait: timedelta, *, seed: str) -> timedelta:
    """A wait with up to a fifth more, the same for the same seed: what failed together comes apart.

    The longest waits are what spreads a crowd; the shortest stay nearly as they are.
    """
    return wait + wait * (sha256(seed.encode()).digest()[0] / 255) / 5
