"""`after_restore`: pause payouts, take in what the provider's book has, and say what differs."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from claims.models import PauseCause, Reconciliation
from claims.operations.pausing import trip_breaker
from claims.operations.restoring import NoBook, reconcile
from claims.providers import get_provider
from claims.providers.base import BookNotRead

PAUSED = "The database was restored to an earlier moment."


class Command(BaseCommand):
    help = "After a restore: pause payouts, adopt what the provider paid meanwhile, and compare."

    def handle(self, **_: Any) -> None:
        trip_breaker(cause=PauseCause.RESTORED, reason=PAUSED, at=timezone.now())
        self.stdout.write("Payouts are paused.")
        try:
            found = reconcile(provider=get_provider(), at=timezone.now(), asked_by="after_restore")
        except (ImproperlyConfigured, NoBook, BookNotRead) as error:
            raise CommandError(f"{error} Payouts stay paused.") from error
        self._print(found)

    def _print(self, found: Reconciliation) -> None:
        self.stdout.write(f"The provider's book has {found.entries} entries.")
        for line in found.adopted:
            self.stdout.write(f"  {line}")
        for line in found.differences:
            self.stdout.write(f"  differs: {line}")
        if not found.is_clean:
            raise CommandError(
                f"{len(found.differences)} differences are left. Payouts stay paused until a "
                "person has looked at each."
            )
        self.stdout.write("The two books agree. Resume payouts in the admin, with your reason.")
