"""`backtest --market US --from … --to … --set FIGURE=VALUE`: what other terms would have cost."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.backtest.report import Backtest, Total, as_csv, draft_terms, run_backtest
from claims.counted import counted
from claims.terms import TermsNotUnderstood
from sellers.calendars import MarketNotKnown, market_named
from sellers.money import format_amount


class Command(BaseCommand):
    """Decides the claims of a period again under changed figures."""

    help = "Run the claims of a period again under a draft of the terms."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--market", required=True)
        parser.add_argument("--from", dest="first", type=date.fromisoformat, required=True)
        parser.add_argument("--to", dest="last", type=date.fromisoformat, required=True)
        parser.add_argument("--set", dest="changes", action="append", default=[], metavar="F=V")
        parser.add_argument("--csv", action="store_true", help="print the spreadsheet instead")
        parser.add_argument("--changed", action="store_true", help="list every claim that changes")

    def handle(self, *_: object, **options: Any) -> None:
        first, last = options["first"], options["last"]
        if last < first:
            raise CommandError(f"The period ends before it begins: {first} to {last}.")
        try:
            market = market_named(options["market"].upper()).code
            draft = draft_terms(market, dict(map(_change, options["changes"])))
        except (MarketNotKnown, TermsNotUnderstood) as error:
            raise CommandError(str(error)) from None
        result = run_backtest(market=market, first=first, last=last, draft=draft)
        if options["csv"]:
            self.stdout.write(as_csv(result), ending="")
            return
        self._print(result, with_changed=options["changed"])

    def _print(self, result: Backtest, *, with_changed: bool) -> None:
        for month in result.months:
            self._row(f"{month:%Y-%m}", result.before[month], result.after[month], result)
        before, after = result.total(result.before), result.total(result.after)
        self._row("total", before, after, result)
        changed = len(result.changed)
        verb = "changes its" if changed == 1 else "change their"
        self.stdout.write(f"{counted(changed, 'claim')} {verb} path.")
        for one in result.changed if with_changed else ():
            amount = format_amount(one.amount_minor, currency=result.currency)
            self.stdout.write(f"  {one.reference} {amount}: {one.before} → {one.after}")

    def _row(self, name: str, before: Total, after: Total, result: Backtest) -> None:
        self.stdout.write(f"{name}: {counted(before.claims, 'claim')}")
        for label, attribute in (
            ("programme", "programme_minor"),
            ("sellers", "seller_minor"),
            ("insurers", "insurer_minor"),
        ):
            was = format_amount(getattr(before, attribute), currency=result.currency)
            would = format_amount(getattr(after, attribute), currency=result.currency)
            self.stdout.write(f"  {label:<10} {was:>18} → {would:>18}")
        self.stdout.write(f"  {'automatic':<10} {before.automatic:>18} → {after.automatic:>18}")


def _change(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise CommandError(f"“{text}” is not FIGURE=VALUE.")
    try:
        return name, json.loads(value)
    except json.JSONDecodeError:
        return name, value
