"""Claims from a file: each row that is in order becomes a reported claim.

The rules decide what a claim is worth and whether the programme takes it; the import only reads.
A claim filed late is imported and denied, as it would have been at the counter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, override

from django.db import transaction
from django.db.models import Min

from claims.imports.demo_fill import fill_in
from claims.imports.made_up_orders import MadeUpOrder, find_or_make_order
from claims.imports.wanted import CLAIMED, FIELDS
from claims.lifecycle import Refused
from claims.models import Claim, Harm, Medicare, Severity, TermsVersion
from claims.operations.intake import ClaimantDetails, ClaimedLine, PayeeGiven, report_claim
from claims.outcome import SYSTEM
from sellers.calendars import market_named
from sellers.imports.run import Fault, Importer, Numbered, RowRefused, Saved
from sellers.models import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """A loss as a file tells of it. Its order is one that was imported, or one to make up."""

    market: str
    external_reference: str
    reported_at: datetime
    incident_on: date
    harm: Harm
    severity: Severity
    narrative: str
    is_represented: bool
    medicare: Medicare
    lines: tuple[ClaimedLine, ...]
    claimant: ClaimantDetails
    payee: PayeeGiven | None
    order: str | MadeUpOrder
    made_up_fields: tuple[str, ...]


class ClaimImporter(Importer[ClaimRow]):
    """Imports claims; the key is the map's source and the row's own reference.

    With `demo`, what a row does not have is made up, the same for the same reference every time,
    and named in `Claim.made_up_fields`. What a row has and has wrong is never repaired.
    `at` is now: nothing is reported in the future.
    """

    imports = "claims"
    batch_rows = 200
    fields = FIELDS

    def __init__(self, *, source: str, at: datetime, demo: bool = False) -> None:
        self._source = source
        self._at = at
        self._first_terms = _first_terms()
        if demo:
            self.fill = lambda values: fill_in(values, source=source)

    @override
    def check(self, values: dict[str, Any]) -> ClaimRow:
        """Refuse a report of another time, one without amounts, and half a payee."""
        faults = [*self._faults_of_time(values), *_faults_of_parts(values)]
        if faults:
            raise RowRefused(*faults)
        return _claim_row(values)

    @override
    def save(self, rows: Sequence[Numbered[ClaimRow]]) -> Saved:
        """Report each row as one transaction within the batch's."""
        saved = Saved()
        known = self._known(rows)
        for numbered in rows:
            if numbered.row.external_reference in known:
                saved.already_there += 1
                continue
            try:
                report_row(numbered.row, source=self._source)
            except RowRefused as refused:
                saved.refuse(numbered.number, *refused.faults)
            else:
                known.add(numbered.row.external_reference)
                saved.imported += 1
        return saved

    def _known(self, rows: Sequence[Numbered[ClaimRow]]) -> set[str]:
        claims = Claim.objects.filter(
            external_source=self._source,
            external_reference__in=[numbered.row.external_reference for numbered in rows],
        )
        return set(claims.values_list("external_reference", flat=True))

    def _faults_of_time(self, values: dict[str, Any]) -> list[Fault]:
        reported_at, market = values["reported_at"], values["market"]
        day = reported_at.astimezone(market_named(market).zone).date()
        first = self._first_terms.get(market)
        if first is None or day < first:
            expected = f"{first} or later" if first else f"terms for {market}"
            return [Fault("reported_at", str(day), "is before the programme", expected)]
        if reported_at > self._at:
            return [Fault("reported_at", str(day), "is in the future", "a day that has come")]
        return []


def report_row(row: ClaimRow, *, source: str) -> Claim:
    """Report one row at its own moment; raises `RowRefused`, and then nothing was written."""
    try:
        with transaction.atomic():
            return report_claim(
                order=_order(row),
                incident_on=row.incident_on,
                harm=row.harm,
                severity=row.severity,
                lines=row.lines,
                claimant=row.claimant,
                is_represented=row.is_represented,
                medicare=row.medicare,
                payee=row.payee,
                narrative=row.narrative,
                at=row.reported_at,
                by=SYSTEM,
                external_source=source,
                external_reference=row.external_reference,
                made_up_fields=row.made_up_fields,
            )
    except Refused as refused:
        raise RowRefused(Fault("", row.external_reference, str(refused), "")) from refused


def _order(row: ClaimRow) -> Order:
    if isinstance(row.order, MadeUpOrder):
        return find_or_make_order(row.order, at=row.reported_at)
    orders = Order.objects.select_related("marketplace", "product", "seller")
    order = orders.filter(marketplace=row.market, external_reference=row.order).first()
    if order is None:
        expected = f"an order in {row.market} that was imported before"
        raise RowRefused(Fault("order", row.order, "is not an order we know", expected))
    return order


def _faults_of_parts(values: dict[str, Any]) -> list[Fault]:
    faults = []
    if not any(values[name] for name in CLAIMED):
        faults.append(Fault("claimed", "", "missing", "an amount above 0 under at least one head"))
    if bool(values["payee_name"]) != bool(values["payee_account"]):
        lacking = "payee_account" if values["payee_name"] else "payee_name"
        faults.append(Fault(lacking, "", "missing", "both name and account of the payee, or none"))
    return faults


def _claim_row(values: dict[str, Any]) -> ClaimRow:
    own = ("market", "external_reference", "reported_at", "incident_on", "narrative", "order")
    return ClaimRow(
        **{name: values[name] for name in own},
        harm=Harm(values["harm"]),
        severity=Severity(values["severity"]),
        is_represented=values["is_represented"],
        medicare=Medicare(values["medicare"]),
        lines=tuple(
            ClaimedLine(head, values[name]) for name, head in CLAIMED.items() if values[name]
        ),
        claimant=ClaimantDetails(
            values["claimant_name"],
            values["claimant_email"],
            values["claimant_born_on"],
            is_made_up="claimant_name" in values.get("made_up_fields", ()),
        ),
        payee=PayeeGiven(values["payee_name"], values["payee_account"])
        if values["payee_name"]
        else None,
        made_up_fields=values.get("made_up_fields", ()),
    )


def _first_terms() -> dict[str, date]:
    """The first day of the programme's terms in each marketplace."""
    first = TermsVersion.objects.order_by().values("marketplace").annotate(day=Min("effective_on"))
    return dict(first.values_list("marketplace", "day"))
