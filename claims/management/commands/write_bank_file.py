"""`write_bank_file`: the transfers that wait, in one file for the bank."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from claims.operations.bank_files import BankFileRefused, write_batch
from claims.outcome import SYSTEM


class Command(BaseCommand):
    help = "Write the transfers that wait into one pain.001 file, and print where it is."

    def handle(self, **_: Any) -> None:
        try:
            file = write_batch(at=timezone.now(), by=SYSTEM)
        except BankFileRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{file.message_id}: {file.transfers} transfers, in {file.file.path}")
