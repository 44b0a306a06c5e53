"""`show_demo`: where the demo is, who can sign in, and what to watch."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.demo.load import NotTheDemo, check_demo
from claims.demo.showing import describe_demo


class Command(BaseCommand):
    """Prints the demo's address, its logins, and the claim to watch."""

    help = "Show the demo's address, its logins, and the claim to watch."

    def handle(self, **_options: Any) -> None:
        try:
            check_demo()
        except NotTheDemo as error:
            raise CommandError(str(error)) from None
        self.stdout.write(describe_demo(), ending="")
