"""`explain REF`: why a claim stands where it stands, rule by rule."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from claims.explain import Explanation, StepExplained, explain
from claims.models import Claim
from claims.references import ReferenceNotUnderstood, parse_reference


class Command(BaseCommand):
    """Explains a claim."""

    help = "Explain a claim: its steps, rules, inputs, figures with their source, and standing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reference", help="the claim's reference, as people type it")

    def handle(self, *_: object, **options: Any) -> None:
        try:
            reference = parse_reference(options["reference"])
            claim = Claim.objects.get(reference=reference)
        except ReferenceNotUnderstood as error:
            raise CommandError(str(error)) from None
        except Claim.DoesNotExist:
            raise CommandError(f"There is no claim {reference}.") from None
        self._print(explain(claim, at=timezone.now()))

    def _print(self, explanation: Explanation) -> None:
        self.stdout.write(f"{explanation.reference} — {explanation.terms}")
        for line in explanation.standing:
            self.stdout.write(f"  {line}")
        self.stdout.write("How it came there:")
        for step in explanation.steps:
            self._print_step(step)

    def _print_step(self, step: StepExplained) -> None:
        moved = f" → {step.moved_to}" if step.moved_to else ""
        self.stdout.write(f"  {step.at:%Y-%m-%d %H:%M:%S} UTC  {step.label}{moved}  ({step.who})")
        details = [step.rule, step.reason, step.text]
        for detail in filter(None, details):
            self.stdout.write(f"      {detail}")
        for name, value in step.inputs:
            self.stdout.write(f"      input: {name} = {value}")
        for figure in step.figures:
            self.stdout.write(f"      figure: {figure.label} = {figure.value} ({figure.mark})")
