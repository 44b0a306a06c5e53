"""What the tests of the core stand on: snapshots, clocks that run out, letters that left."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection

from claims.agenda import next_moment
from claims.lifecycle import ActorKind
from claims.models import (
    Answer,
    Claim,
    ClaimEvent,
    Deadline,
    DeadlineKind,
    LedgerEntry,
    Notice,
    NoticeState,
    Payout,
    PayoutState,
)
from claims.operations.adjudication import step_in
from claims.operations.following import follow_payouts
from claims.operations.responding import respond_to_claim
from claims.operations.sending import send_due_payouts
from claims.operations.silence import lapse_due
from claims.outcome import Actor, Rank
from claims.providers.base import PaymentProvider
from insurance.models import InsuranceTerms, Policy
from insurance.operations import submit_policy
from insurance.terms import DEFAULT_REQUIREMENT_TERMS
from sellers.models import MonthlySales, Seller
from tests.factories import NOON, make_market, make_user

DAY = timedelta(days=1)
# The US clock of 7 days from `NOON` (2026-03-02, in Los Angeles) ends with 9 March there, after
# the night in which clocks go forward (rules §8).
DUE = datetime(2026, 3, 10, 7, 0, tzinfo=UTC)
LAPSES = DUE + timedelta(seconds=60)

type Rows = dict[str, list[str]]


def snapshot() -> Rows:
    """Every row of every table of the domain: two snapshots are equal when nothing changed."""
    with connection.cursor() as cursor:
        cursor.execute(_snapshot_sql())
        return dict(cursor.fetchall())


@cache
def _snapshot_sql() -> str:
    tables = [
        model._meta.db_table
        for app in ("sellers", "insurance", "claims")
        for model in apps.get_app_config(app).get_models()
    ]
    return " UNION ALL ".join(
        f"SELECT '{t}', coalesce(array_agg(r::text ORDER BY r::text), '{{}}') FROM \"{t}\" r"  # noqa: S608
        for t in tables
    )


@contextmanager
def refused(kind: type[Exception], words: str = ".") -> Iterator[None]:
    """The block is refused, in words that match, and not one row of the domain changed."""
    before = snapshot()
    with pytest.raises(kind, match=words):
        yield
    assert snapshot() == before


def adjuster(user: User | None = None) -> Actor:
    """An adjuster, another person every time."""
    return Actor(ActorKind.STAFF, (user or make_user()).pk, Rank.ADJUSTER)


def senior() -> Actor:
    """A senior adjuster, another person every time."""
    return Actor(ActorKind.STAFF, make_user().pk, Rank.SENIOR)


def clerk() -> Actor:
    """A person of operations without settlement authority."""
    return Actor(ActorKind.STAFF, make_user().pk, Rank.NONE)


def seller() -> Actor:
    """A person who acts for a seller."""
    return Actor(ActorKind.SELLER, make_user().pk)


def letters_leave(at: datetime = NOON) -> None:
    """Every queued letter was taken by the mail server."""
    Notice.objects.filter(state=NoticeState.QUEUED).update(
        state=NoticeState.SENT, sent_at=at, next_at=None
    )


def lay_down_market(code: str = "US") -> None:
    """A marketplace with all its terms, where a test with real commits found the tables empty."""
    make_market(code)
    terms = DEFAULT_REQUIREMENT_TERMS[code]
    names = {f.name for f in InsuranceTerms._meta.concrete_fields} - {"id", "marks"}
    copied = {n: getattr(terms, n) for n in names if hasattr(terms, n)}
    InsuranceTerms.objects.get_or_create(
        marketplace_id=code,
        effective_on=date(2021, 9, 1),
        defaults=copied
        | {
            "marks": dict(terms.marks),
            "claims_made_categories": sorted(terms.claims_made_categories),
        },
    )


def answer_seller(
    claim: Claim, answer: Answer, *, at: datetime = NOON + DAY, reason: str = "Our reasons."
) -> Claim:
    """The seller's answer."""
    return respond_to_claim(claim=claim, answer=answer, reason=reason, at=at, by=seller())


def reject(claim: Claim, *, at: datetime = NOON + DAY) -> Claim:
    """The claim in adjudication, because its seller rejected it."""
    return answer_seller(claim, Answer.REJECT, at=at, reason="The kettle was misused.")


def approve(claim: Claim, *, at: datetime = NOON + 2 * DAY, by: Actor | None = None) -> Claim:
    """The claim approved by one person who steps in."""
    return step_in(claim=reject(claim), reason="The fuse failed.", at=at, by=by or senior())


def pay_out(claim: Claim, provider: PaymentProvider, *, at: datetime) -> Claim:
    """Send what is queued and follow it until nothing is left to ask."""
    send_due_payouts(provider=provider, at=at)
    follow_payouts(provider=provider, at=at + timedelta(hours=1))
    return again(claim)


def again(claim: Claim) -> Claim:
    """The claim as it stands now."""
    return Claim.objects.get(pk=claim.pk)


def run_until(
    until: datetime, *, provider: PaymentProvider | None = None, after: datetime = NOON
) -> None:
    """Letters leave at once; clocks and payouts act at the very moment they fall due."""
    now = after
    while now <= until:
        _settle(now, provider)
        moment = next_moment(after=now)
        if moment is None:
            return
        now = moment


def _settle(at: datetime, provider: PaymentProvider | None) -> None:
    letters_leave(at)
    while lapse_due(at=at).taken:
        letters_leave(at)
    if provider is not None:
        while send_due_payouts(provider=provider, at=at) + follow_payouts(provider=provider, at=at):
            letters_leave(at)


def last_event(claim: Claim) -> ClaimEvent:
    """The latest entry of the file."""
    return ClaimEvent.objects.filter(claim=claim).order_by("-version")[0]


def path(claim: Claim) -> list[tuple[str, str]]:
    """Step and resulting status of every event, in order."""
    return list(claim.events.order_by("version").values_list("step", "to_status"))


def letters(claim: Claim, *, version: int | None = None) -> set[str]:
    """The kinds of letters written with an event (default: the latest)."""
    at_version = again(claim).version if version is None else version
    rows = Notice.objects.filter(claim=claim, event_version=at_version)
    return set(rows.values_list("kind", flat=True))


def postings(claim: Claim, *, version: int | None = None) -> list[tuple[str, str, int]]:
    """Debit, credit and amount of the claim's ledger, in order; of one event or of all."""
    rows = LedgerEntry.objects.filter(claim=claim).order_by("id")
    if version is not None:
        rows = rows.filter(event_version=version)
    return list(rows.values_list("debit", "credit", "amount_minor"))


def open_clocks(claim: Claim) -> dict[str, datetime]:
    """The open clocks: kind → due moment."""
    rows = Deadline.objects.filter(
        claim=claim, met_at__isnull=True, lapsed_at__isnull=True, cancelled_at__isnull=True
    )
    return dict(rows.values_list("kind", "due_at"))


def ended(claim: Claim, kind: DeadlineKind) -> str:
    """How the latest clock of a kind ended: met, lapsed, cancelled, or open."""
    row = Deadline.objects.filter(claim=claim, kind=kind).order_by("-id")[0]
    if row.met_at:
        return "met"
    if row.lapsed_at:
        return "lapsed"
    return "cancelled" if row.cancelled_at else "open"


def payout_of(claim: Claim) -> Payout:
    """The latest payout intent."""
    return Payout.objects.filter(claim=claim).order_by("-id")[0]


def lease(claim: Claim, *, at: datetime = NOON) -> Payout:
    """The payout as a sender holds it whose provider call is on its way."""
    payout = payout_of(claim)
    payout.state = PayoutState.SENDING
    payout.lease_until = payout.next_at = at + timedelta(minutes=2)
    payout.first_sent_at = at
    payout.attempts = 1
    payout.payee = claim.payee_details.order_by("given_at", "id").last()
    payout.save()
    return payout


def require_cover(seller_row: Seller, *, market: str = "US") -> None:
    """The seller passed the monthly trigger long ago: it must hold cover (rules §4)."""
    MonthlySales.objects.create(
        seller=seller_row,
        marketplace_id=market,
        month=date(2025, 6, 1),
        gross_minor=2_000_000,
        crossed_on=date(2025, 6, 20),
    )


def prove_cover(
    seller_row: Seller, *, at: datetime, market: str = "US", effective_on: date = date(2025, 7, 1)
) -> Policy:
    """A policy without a defect, submitted at a moment."""
    terms = DEFAULT_REQUIREMENT_TERMS[market]
    policy = Policy.objects.create(
        seller=seller_row,
        marketplace_id=market,
        number="GL-1",
        insurer="Harbour Mutual",
        rating="A",
        kind="COMMERCIAL_GENERAL",
        basis="OCCURRENCE",
        each_occurrence_minor=terms.each_occurrence_minor,
        aggregate_minor=terms.aggregate_minor,
        deductible_minor=100_000,
        additional_insured=terms.additional_insured_wording,
        named_insured=seller_row.legal_name,
        territory=[market],
        cancellation_notice_days=30,
        effective_on=effective_on,
        expires_on=date(2027, 7, 1),
    )
    certificate = submit_policy(policy=policy, at=at)
    assert certificate.defect_codes == []
    return policy
