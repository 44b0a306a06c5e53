"""`take_bank_answer FILE`: a message of the bank, pain.002 or camt.054, taken in once."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from claims.operations.bank_files import BankFileRefused, take_bank_answer
from claims.outcome import SYSTEM


class Command(BaseCommand):
    help = "Take in a message of the bank: which transfers it booked, refused or sent back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a pain.002 or camt.054 file")

    def handle(self, **options: Any) -> None:
        try:
            content = options["file"].read_bytes()
            file = take_bank_answer(content=content, at=timezone.now(), by=SYSTEM)
        except (OSError, BankFileRefused) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{file.message_id}: {file.transfers} transfers stand otherwise now.")
        for line in file.unmatched:
            self.stdout.write(f"  for a person: {line}")
