"""Claims come in: reported, judged for eligibility, screened, asked about, abandoned, reopened."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from claims.deadlines import window_end
from claims.decisions.base import (
    close,
    close_all,
    need_reason,
    open_clock,
    take,
    to_claimant,
)
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
    Head,
    Medicare,
    PayeeDetails,
    Severity,
    TermsVersion,
)
from claims.operations.acting import act, again
from claims.outcome import SYSTEM, Actor, Letter, Outcome
from claims.queries import facts_of
from claims.recorder import record_one, record_report
from claims.references import new_reference
from sellers.models import Order


class ReportRefused(Refused):
    """A report is not complete enough to become a claim."""


@dataclass(frozen=True, slots=True)
class ClaimedLine:
    """One head of damage and what is claimed under it, in minor units."""

    head: Head
    claimed_minor: int


@dataclass(frozen=True, slots=True)
class ClaimantDetails:
    """The customer who reports."""

    name: str
    email: str
    born_on: date | None = None
    is_made_up: bool = False


@dataclass(frozen=True, slots=True)
class PayeeGiven:
    """Where the money would go, given with the report."""

    name: str
    account: str


@transaction.atomic
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
        ReportRefused: no lines, a negative amount, an incident in the future, or no terms yet.
    """
    terms = _terms_in_force(order, at)
    _check_report(lines, incident_on=incident_on, at=at, order=order)
    # Two reports of one order at once: the second waits and sees the first.
    Order.objects.select_for_update().get(pk=order.pk)
    has_duplicate = _has_duplicate(order, incident_on)
    claim = _create_claim(
        Claim(
            marketplace=order.marketplace,
            seller=order.seller,
            order=order,
            claimant=_claimant(claimant),
            terms=terms,
            currency=order.marketplace.currency,
            fulfilment=order.fulfilment,
            status=Status.REPORTED,
            version=1,
            status_since=at,
            reported_at=at,
            incident_on=incident_on,
            harm=harm,
            severity=severity,
            narrative=narrative,
            is_represented=is_represented,
            medicare=medicare,
            claimed_minor=sum(line.claimed_minor for line in lines),
            external_source=external_source,
            external_reference=external_reference,
            made_up_fields=list(made_up_fields),
        )
    )
    DamageLine.objects.bulk_create(
        DamageLine(claim=claim, head=line.head, claimed_minor=line.claimed_minor) for line in lines
    )
    if payee is not None:
        PayeeDetails.objects.create(
            claim=claim,
            name=payee.name,
            account=payee.account,
            given_at=at,
            given_with_report=True,
        )
    facts = facts_of(claim)
    _open_file(claim, facts, at=at, by=by)
    report = ReportFacts(
        incident_on=incident_on,
        reported_at=at,
        is_physical=order.product.is_physical,
        payable_minor=sum(x.claimed_minor for x in lines if x.head in PAYABLE_HEADS),
        has_duplicate=has_duplicate,
    )
    denial = find_ineligibility(report, terms=facts.terms)
    if denial is not None:
        record_one(_deny_ineligible(facts_of(claim), denial, at=at))
    return again(claim)


def _terms_in_force(order: Order, at: datetime) -> TermsVersion:
    today = at.astimezone(order.marketplace.zone).date()
    terms = (
        TermsVersion.objects.filter(marketplace=order.marketplace, effective_on__lte=today)
        .order_by("-effective_on")
        .first()
    )
    if terms is None:
        raise ReportRefused(f"The programme had no terms in {order.marketplace} on {today}.")
    return terms


def _check_report(
    lines: Sequence[ClaimedLine], *, incident_on: date, at: datetime, order: Order
) -> None:
    if not lines:
        raise ReportRefused("A claim needs at least one damage line.")
    if len({line.head for line in lines}) != len(lines):
        raise ReportRefused("Each head of damage can be claimed once.")
    if any(line.claimed_minor < 0 for line in lines):
        raise ReportRefused("A claimed amount cannot be negative.")
    if incident_on > at.astimezone(order.marketplace.zone).date():
        raise ReportRefused("The incident cannot lie in the future.")


def _has_duplicate(order: Order, incident_on: date) -> bool:
    return (
        Claim.objects.filter(order=order, incident_on=incident_on)
        .exclude(status__in=[Status.WITHDRAWN, Status.ABANDONED])
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
        closes=close_all(facts),
        letters=(denial_letter(facts, denial),),
    )


def denial_letter(facts: ClaimFacts, denial: str, *, text: str = "") -> Letter:
    """The letter that tells the claimant of a denial, why, and how to appeal."""
    return to_claimant(
        facts, LetterKind.CLAIM_DENIED, occasion=facts.version + 1, reason=str(denial), text=text
    )


def pass_screening(*, claim: Claim, at: datetime, by: Actor) -> Claim:
    """The claim is believed genuine; it goes to assessment, and the seller may see it."""
    return act(
        claim,
        lambda facts: take(facts, "pass_screening", at=at, by=by, to=Status.IN_ASSESSMENT),
    )


def screen_out(*, claim: Claim, reason: str, at: datetime, by: Actor) -> Claim:
    """The claim is fraudulent, abusive or frivolous: denied before any seller sees it.

    Raises:
        ReasonMissing: no reason in words.
    """
    words = need_reason(reason, for_what="why the claim is screened out")
    return act(
        claim,
        lambda facts: take(
            facts,
            "screen_out",
            at=at,
            by=by,
            to=Status.DENIED,
            reason=Denial.SCREENED_OUT.value,
            text=words,
            facts={"deciders": [by.user_id]},
            changes={"denied_at": at},
            closes=close_all(facts),
            letters=(denial_letter(facts, Denial.SCREENED_OUT),),
        ),
    )


def ask_claimant(*, claim: Claim, question: str, at: datetime, by: Actor) -> Claim:
    """Ask the claimant something; without an answer in time the claim closes as abandoned.

    Raises:
        ReasonMissing: no question.
    """
    words = need_reason(question, for_what="write the question to the claimant")
    return act(claim, lambda facts: _ask(facts, words, at=at, by=by))


def _ask(facts: ClaimFacts, question: str, *, at: datetime, by: Actor) -> Outcome:
    clock = open_clock(
        facts,
        DeadlineKind.CLAIMANT_ANSWER,
        owner=ActorKind.CLAIMANT,
        length=facts.terms.claimant_answer_days,
        at=at,
    )
    return take(
        facts,
        "ask_claimant",
        at=at,
        by=by,
        to=Status.AWAITING_CLAIMANT,
        text=question,
        opens=(clock,),
        letters=(
            to_claimant(
                facts,
                LetterKind.QUESTION,
                occasion=facts.version + 1,
                question=question,
                due_at=clock.due_at,
            ),
        ),
    )


def answer_question(*, claim: Claim, answer: str, at: datetime, by: Actor) -> Claim:
    """The claimant answers; an abandoned claim reopens within the filing window (rules §2).

    Raises:
        ReportRefused: the claim was abandoned and the filing window has closed.
    """
    return act(claim, lambda facts: _answer(facts, answer.strip(), at=at, by=by))


def _answer(facts: ClaimFacts, answer: str, *, at: datetime, by: Actor) -> Outcome:
    if facts.status == Status.ABANDONED:
        return _reopen(facts, answer, at=at, by=by)
    return take(
        facts,
        "claimant_answers",
        at=at,
        by=by,
        to=Status.IN_ASSESSMENT,
        text=answer,
        closes=(close(DeadlineKind.CLAIMANT_ANSWER, "met"),),
    )


def _reopen(facts: ClaimFacts, answer: str, *, at: datetime, by: Actor) -> Outcome:
    days = facts.terms.filing_window_days
    if at >= window_end(facts.incident_on, days=days, market=facts.market):
        raise ReportRefused(
            f"The claim was closed without an answer, and the {days} days to file have passed."
        )
    terms = facts.terms
    return take(
        facts,
        "reopen",
        at=at,
        by=by,
        to=Status.IN_ASSESSMENT,
        text=answer,
        rule="rules §2: reopened when they answer within the filing window",
        opens=(
            open_clock(
                facts,
                DeadlineKind.DECISION,
                owner=ActorKind.STAFF,
                length=terms.decision_promise_days,
                at=at,
                starts_at=facts.reported_at,
            ),
            open_clock(
                facts,
                DeadlineKind.STATUS_LETTER,
                owner=ActorKind.SYSTEM,
                length=terms.status_letter_days,
                at=at,
            ),
        ),
        letters=(to_claimant(facts, LetterKind.CLAIM_REOPENED, occasion=facts.version + 1),),
    )
