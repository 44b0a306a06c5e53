"""The mail sink of scenarios: keeps nothing, bounces what a scenario says bounces."""

import smtplib
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

# Every address of a seller in a scenario ends so; all others are claimants'.
SELLERS = "@sellers.example"
CLAIMANTS = "claimants"
# How many of the next letters to a seller's address, or to claimants, bounce; the player fills it.
bounces: Counter[str] = Counter()


class ScenarioMail(BaseEmailBackend):
    """Takes every letter, but refuses the recipient where a scenario says so."""

    def open(self) -> bool:
        """There is no connection to open."""
        return True

    def close(self) -> None:
        """There is no connection to close."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Take the letters.

        Raises:
            SMTPRecipientsRefused: the scenario says that this letter bounces.
        """
        for message in email_messages:
            (to,) = message.to
            box = to if to.endswith(SELLERS) else CLAIMANTS
            if bounces[box] > 0:
                bounces[box] -= 1
                answer: dict[str, Any] = {to: (550, b"No such mailbox")}
                raise smtplib.SMTPRecipientsRefused(answer)
        return len(email_messages)
