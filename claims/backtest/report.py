"""The backtest itself: totals by month, automatic shares, the claims whose path changes; CSV."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from io import StringIO
from typing import Any

from claims.backtest.past import past_claims
from claims.backtest.paths import PATH_WORDS, PastClaim, Verdict, decide_again
from claims.models import TermsVersion
from claims.terms import Terms, read_terms
from sellers.money import to_decimal_string


@dataclass(slots=True)
class Total:
    """What a month (or all) carries under one set of terms, in minor units."""

    claims: int = 0
    automatic: int = 0
    programme_minor: int = 0
    seller_minor: int = 0
    insurer_minor: int = 0

    def add(self, verdict: Verdict) -> None:
        """Count one claim."""
        self.claims += 1
        self.automatic += verdict.is_automatic
        self.programme_minor += verdict.programme_minor
        self.seller_minor += verdict.seller_minor
        self.insurer_minor += verdict.insurer_minor


@dataclass(frozen=True, slots=True)
class Changed:
    """A claim that would have gone another way."""

    reference: str
    month: date
    amount_minor: int
    before: str
    after: str


@dataclass(slots=True)
class Backtest:
    """A period decided again: under the terms each claim had, and under the draft."""

    market: str
    currency: str
    first: date
    last: date
    before: dict[date, Total] = field(default_factory=lambda: defaultdict(Total))
    after: dict[date, Total] = field(default_factory=lambda: defaultdict(Total))
    changed: list[Changed] = field(default_factory=list)

    @property
    def months(self) -> list[date]:
        """The months that have claims, oldest first."""
        return sorted(self.before)

    def total(self, side: Mapping[date, Total]) -> Total:
        """The sum of all months of one side."""
        sums = Total()
        for month in side.values():
            sums.claims += month.claims
            sums.automatic += month.automatic
            sums.programme_minor += month.programme_minor
            sums.seller_minor += month.seller_minor
            sums.insurer_minor += month.insurer_minor
        return sums


def draft_terms(market: str, changes: Mapping[str, Any]) -> Terms:
    """The latest terms of a market with some figures changed.

    Raises:
        TermsNotUnderstood: an unknown figure, or figures that make no sense together.
        TermsVersion.DoesNotExist: the market has no terms yet.
    """
    latest = (
        TermsVersion.objects.filter(marketplace_id=market)
        .select_related("marketplace")
        .order_by("effective_on")
        .last()
    )
    if latest is None:
        raise TermsVersion.DoesNotExist(f"There are no terms for {market}.")
    return read_terms(
        version_id=latest.pk,
        market=market,
        currency=latest.marketplace.currency,
        effective_on=latest.effective_on,
        figures={**latest.figures, **changes},
    )


def run_backtest(*, market: str, first: date, last: date, draft: Terms) -> Backtest:
    """Decide the claims of a period again: under their own terms, and under the draft."""
    result = Backtest(market=market, currency=draft.currency, first=first, last=last)
    return _collect(result, past_claims(market=market, first=first, last=last), draft)


def _collect(result: Backtest, claims: Iterable[PastClaim], draft: Terms) -> Backtest:
    spent_before: dict[date, int] = defaultdict(int)
    spent_after: dict[date, int] = defaultdict(int)
    for past in claims:
        before = _decide(past, past.facts.terms, spent_before)
        after = _decide(past, replace(draft, market=past.facts.market), spent_after)
        result.before[past.month].add(before)
        result.after[past.month].add(after)
        if before.path != after.path:
            result.changed.append(
                Changed(
                    reference=past.facts.reference,
                    month=past.month,
                    amount_minor=past.facts.assessed_minor or 0,
                    before=PATH_WORDS[before.path],
                    after=PATH_WORDS[after.path],
                )
            )
    return result


def _decide(past: PastClaim, terms: Terms, spent: dict[date, int]) -> Verdict:
    """Decide, and count automatic payouts against the day's cap, by the day of the report."""
    day = past.facts.local_date(past.facts.reported_at)
    verdict = decide_again(past, terms=terms, spent_today_minor=spent[day])
    if verdict.is_automatic:
        spent[day] += past.facts.assessed_minor or 0
    return verdict


def as_csv(result: Backtest) -> str:
    """The totals of each month and both sides as a spreadsheet."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        ["month", "terms", "claims", "automatic", "programme", "sellers", "insurers", "currency"]
    )
    for month in result.months:
        for name, side in (("as they were", result.before), ("draft", result.after)):
            writer.writerow([f"{month:%Y-%m}", name, *_cells(side[month], result.currency)])
    for name, side in (("as they were", result.before), ("draft", result.after)):
        writer.writerow(["total", name, *_cells(result.total(side), result.currency)])
    return out.getvalue()


def _cells(total: Total, currency: str) -> list[str]:
    amounts = (total.programme_minor, total.seller_minor, total.insurer_minor)
    return [
        str(total.claims),
        str(total.automatic),
        *(to_decimal_string(minor, currency=currency) for minor in amounts),
        currency,
    ]
