"""A claim is reported: its row, its first clocks and letters, and what makes it ineligible."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction

from claims.decisions.base import close, open_clock, take, to_claimant
from claims.decisions.denial import denial_letter
from claims.decisions.eligibility import Denial, ReportFacts, find_ineligibility
from claims.facts import ClaimFacts
from claims.letters import LetterKind
from claims.lifecycle import ActorKind, Refused, Status
from claims.models import (
    PAYABLE_HEADS,
    Claim,
    Claimant,
    DamageLine,
    DeadlineKind,
    Harm,
    Medicare,
    PayeeDetails,
    Severity,
    TermsVersion,
)
from claims.operations.acting import again
from claims.outcome import SYSTEM, Actor, Outcome
from claims.queries import load_facts
from claims.recorder import record_one, record_report
from claims.references import new_reference
from claims.report import ClaimantDetails, ClaimedLine, PayeeGiven, Report
from claims.safety.cases import consider_safety
from claims.screening.signal_rows import look_for_signals
from sellers.models import Order


class ReportRefused(Refused):
    """A report is not complete enough to become a claim."""


def report_claim(
    *,
    order: Order,
    incident_on: date,
    harm: Harm,
    severity: Severity = Severity.NONE,
    lines: Sequence[ClaimedLine],
    claimant: ClaimantDetails,
    is_represented: bool = False,
    medicare: Medicare = Medicare.UNKNOWN,
    payee: PayeeGiven | None = None,
    narrative: str = "",
    at: datetime,
    by: Actor,
    external_source: str = "",
    external_reference: str = "",
    made_up_fields: Iterable[str] = (),
) -> Claim:
    """A customer reports a loss; what the programme cannot take is denied at once, with why.

    Raises:
        ReportRefused: no lines, a negative amount, an incident in the future, or no terms.
    """
    report = Report(
        order=order,
        incident_on=incident_on,
        harm=harm,
        severity=severity,
        lines=tuple(lines),
        claimant=claimant,
        is_represented=is_represented,
        medicare=medicare,
        payee=payee,
        narrative=narrative,
        external_source=external_source,
        external_reference=external_reference,
        made_up_fields=tuple(made_up_fields),
    )
    claim = _take_in(report, at=at, by=by)
    # After the report is committed: of reports made at once, the last look sees all of them.
    look_for_signals(claim_id=claim.pk, at=at)
    consider_safety(claim_id=claim.pk, at=at)
    return again(claim)


@transaction.atomic
def _take_in(report: Report, *, at: datetime, by: Actor) -> Claim:
    _check(report, at=at)
    terms = _terms_in_force(report.order, at)
    # Two reports of one order at once: the second waits and sees the first.
    Order.objects.select_for_update().get(pk=report.order.pk)
    has_duplicate = _has_duplicate(report.order, report.incident_on)
    claim = _create_claim(_claim_row(report, terms, at=at))
    _create_around(claim, report, at=at)
    facts = load_facts([claim.pk], are_new=True)[claim.pk]
    _open_file(claim, facts, at=at, by=by)
    denial = find_ineligibility(
        ReportFacts(
            incident_on=report.incident_on,
            reported_at=at,
            is_physical=report.order.product.is_physical,
            payable_minor=sum(x.claimed_minor for x in report.lines if x.head in PAYABLE_HEADS),
            has_duplicate=has_duplicate,
        ),
        terms=facts.terms,
    )
    if denial is not None:
        record_one(_deny_ineligible(facts, denial, at=at))
    return claim


def _claim_row(report: Report, terms: TermsVersion, *, at: datetime) -> Claim:
    order = report.order
    return Claim(
        marketplace=order.marketplace,
        seller=order.seller,
        order=order,
        claimant=_claimant(report.claimant),
        terms=terms,
        currency=order.marketplace.currency,
        fulfilment=order.fulfilment,
        status=Status.REPORTED,
        version=1,
        status_since=at,
        reported_at=at,
        incident_on=report.incident_on,
        harm=report.harm,
        severity=report.severity,
        narrative=report.narrative,
        is_represented=report.is_represented,
        medicare=report.medicare,
        claimed_minor=sum(line.claimed_minor for line in report.lines),
        external_source=report.external_source,
        external_reference=report.external_reference,
        made_up_fields=list(report.made_up_fields),
    )


def _create_around(claim: Claim, report: Report, *, at: datetime) -> None:
    DamageLine.objects.bulk_create(
        DamageLine(claim=claim, head=line.head, claimed_minor=line.claimed_minor)
        for line in report.lines
    )
    if report.payee is not None:
        PayeeDetails.objects.create(
            claim=claim,
            name=report.payee.name,
            account=report.payee.account,
            given_at=at,
            given_with_report=True,
        )


def _terms_in_force(order: Order, at: datetime) -> TermsVersion:
    """The terms of the day; before the first of them those, which deny what came too early."""
    today = at.astimezone(order.marketplace.zone).date()
    versions = TermsVersion.objects.filter(marketplace=order.marketplace)
    terms = versions.filter(effective_on__lte=today).order_by("-effective_on").first()
    terms = terms or versions.order_by("effective_on").first()
    if terms is None:
        raise ReportRefused(f"The programme has no terms in {order.marketplace}.")
    return terms


def _check(report: Report, *, at: datetime) -> None:
    lines = report.lines
    if not lines:
        raise ReportRefused("A claim needs at least one damage line.")
    if len({line.head for line in lines}) != len(lines):
        raise ReportRefused("Each head of damage can be claimed once.")
    if any(line.claimed_minor < 0 for line in lines):
        raise ReportRefused("A claimed amount cannot be negative.")
    if report.incident_on > at.astimezone(report.order.marketplace.zone).date():
        raise ReportRefused("The incident cannot lie in the future.")


def _has_duplicate(order: Order, incident_on: date) -> bool:
    # A duplicate itself stands in nobody's way once the claim that it repeated is withdrawn.
    return (
        Claim.objects.filter(order=order, incident_on=incident_on)
        .exclude(status__in=[Status.WITHDRAWN, Status.ABANDONED])
        .exclude(status=Status.DENIED, reason=Denial.DUPLICATE)
        .exists()
    )


def _claimant(details: ClaimantDetails) -> Claimant:
    claimant, _ = Claimant.objects.get_or_create(
        name=details.name,
        email=details.email.strip().lower(),
        born_on=details.born_on,
        is_made_up=details.is_made_up,
    )
    return claimant


def _create_claim(claim: Claim) -> Claim:
    # 17 thousand million references: a clash is drawn again, never overwritten.
    while True:
        claim.reference = new_reference()
        try:
            with transaction.atomic():
                claim.save(force_insert=True)
        except IntegrityError as error:
            if "reference" not in str(error) or "external" in str(error):
                raise
        else:
            return claim


def _open_file(claim: Claim, facts: ClaimFacts, *, at: datetime, by: Actor) -> None:
    promised = open_clock(
        facts,
        DeadlineKind.DECISION,
        owner=ActorKind.STAFF,
        length=facts.terms.decision_promise_days,
        at=at,
    )
    status_letter = open_clock(
        facts,
        DeadlineKind.STATUS_LETTER,
        owner=ActorKind.SYSTEM,
        length=facts.terms.status_letter_days,
        at=at,
    )
    record_report(
        claim,
        at=at,
        by=by,
        facts={"terms": facts.terms.version_id, "claimed_minor": claim.claimed_minor},
        opens=(promised, status_letter),
        letters=(to_claimant(facts, LetterKind.CLAIM_RECEIVED, occasion=1),),
    )


def _deny_ineligible(facts: ClaimFacts, denial: Denial, *, at: datetime) -> Outcome:
    return take(
        facts,
        "deny_ineligible",
        at=at,
        by=SYSTEM,
        to=Status.DENIED,
        rule="rules §2: what the programme covers",
        reason=denial.value,
        facts={
            "incident_on": facts.incident_on.isoformat(),
            "programme_start": facts.terms.programme_start.isoformat(),
            "filing_window_days": facts.terms.filing_window_days,
            "maximum_minor": facts.terms.maximum_minor,
            "deciders": [],
        },
        changes={"denied_at": at},
        closes=(
            close(DeadlineKind.DECISION, "cancelled"),
            close(DeadlineKind.STATUS_LETTER, "cancelled"),
        ),
        letters=(denial_letter(facts, denial),),
    )
