"""A small programme that hypothesis drives: any act at any moment, then everything that is due."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from claims.lifecycle import QUEUES, TERMINAL, Refused, Status
from claims.models import (
    Answer,
    AppealParty,
    AppealStatus,
    Claim,
    Deadline,
    Head,
    HoldKind,
    LedgerEntry,
    Payout,
    PayoutState,
)
from claims.operations.adjudication import (
    approve_proposal,
    refuse_proposal,
    step_in,
    uphold_rejection,
)
from claims.operations.appeal import appeal_decision, decide_appeal
from claims.operations.assessment import assess_claim
from claims.operations.extending import add_information, extend_deadline
from claims.operations.following import follow_payouts, notice_from_provider
from claims.operations.holds import place_hold, release_hold
from claims.operations.intake import answer_question, ask_claimant, pass_screening, screen_out
from claims.operations.pausing import pause_payouts, resume_payouts
from claims.operations.payment import change_payee, withdraw_claim
from claims.operations.recovery import (
    collect_recovery,
    withhold_disbursements,
    write_off_recovery,
)
from claims.operations.responding import respond_to_claim
from claims.operations.sending import send_due_payouts
from claims.operations.settling import record_insurer_answer, report_settlement
from claims.operations.silence import lapse_due
from claims.outcome import CLAIMANT, Actor
from claims.providers.sandbox_server import SandboxServer
from claims.replay import REPLAYED, replay
from claims.screening.sanctions import lay_down_empty_list
from tests.claims.core.world import adjuster, lay_down_market, letters_leave, seller, senior
from tests.claims.providers.parties import Clock, provider_of
from tests.factories import NOON, make_order, report

type Act = Callable[["Programme", Claim], Any]


class Programme:
    """Claims, people, a clock and a provider; every act is an operation of production."""

    def __init__(self, clock: Clock, server: SandboxServer) -> None:
        lay_down_market()
        lay_down_market("DE")
        self.clock, self.server = clock, server
        clock.at = NOON
        lay_down_empty_list(at=NOON, source="tests")
        self.provider = provider_of(server)
        self.staff: tuple[Actor, ...] = (adjuster(), adjuster(), senior(), senior())
        self.seller = seller()
        self.claims: list[Claim] = []
        self.terms: dict[int, int] = {}
        self.refused = self.taken = 0

    @property
    def now(self) -> datetime:
        return self.clock.at

    def report(self, amount_minor: int, *, market: str, payee: bool) -> Claim:
        """A customer reports."""
        values: dict[str, Any] = {} if payee else {"payee": None}
        order = make_order(market=market)
        claim = report(order, claimed_minor=amount_minor, at=self.now, **values)
        self.claims.append(claim)
        self.terms[claim.pk] = claim.terms_id
        return claim

    def act(self, name: str, number: int) -> None:
        """Take an act on one of the claims; what the rules refuse changes nothing."""
        claim = self.claims[number % len(self.claims)]
        versions = dict(Claim.objects.values_list("pk", "version"))
        try:
            with transaction.atomic():
                ACTS[name](self, Claim.objects.get(pk=claim.pk))
        except Refused:
            self.refused += 1
            assert dict(Claim.objects.values_list("pk", "version")) == versions
        else:
            self.taken += 1

    def move(self, step: timedelta) -> None:
        """Time passes; what falls due acts, what waits is sent and asked about."""
        self.clock.at += step
        letters_leave(self.now)
        while lapse_due(at=self.now).taken:
            letters_leave(self.now)
        for _ in range(3):
            send_due_payouts(provider=self.provider, at=self.now)
            follow_payouts(provider=self.provider, at=self.now)
        letters_leave(self.now)

    def by(self, claim: Claim, turn: int = 0) -> Actor:
        """One of the people of operations, another from step to step."""
        return self.staff[(claim.version + turn) % len(self.staff)]


def _assess(p: Programme, claim: Claim, share: int) -> Any:
    lines = {Head(x.head): x.claimed_minor * share // 100 for x in claim.lines.all()}
    return assess_claim(claim=claim, lines=lines, note="N", at=p.now, by=p.by(claim))


def _respond(p: Programme, claim: Claim, answer: Answer) -> Any:
    return respond_to_claim(claim=claim, answer=answer, reason="R", at=p.now, by=p.seller)


def _appeal(p: Programme, claim: Claim, party: AppealParty) -> Any:
    by = p.seller if party == AppealParty.SELLER else CLAIMANT
    return appeal_decision(claim=claim, party=party, new_facts="New.", at=p.now, by=by)


def _decide(p: Programme, claim: Claim, outcome: AppealStatus) -> Any:
    return decide_appeal(claim=claim, outcome=outcome, reason="R", at=p.now, by=p.by(claim))


def _collect(p: Programme, claim: Claim, source: Any, share: int) -> Any:
    amount = max(1, claim.paid_minor * share // 100)
    return collect_recovery(
        claim=claim, source=source, amount_minor=amount, at=p.now, by=p.by(claim)
    )


def _come_back(p: Programme, claim: Claim) -> None:
    """The payee's bank returns the confirmed payment."""
    payout = Payout.objects.filter(claim=claim, state=PayoutState.CONFIRMED).first()
    if payout is not None:
        p.provider._call("POST", f"/payments/{payout.our_reference}/return")
        notice_from_provider(payout.our_reference, at=p.now)


ACTS: dict[str, Act] = {
    "pass": lambda p, c: pass_screening(claim=c, at=p.now, by=p.by(c)),
    "screen out": lambda p, c: screen_out(claim=c, reason="R", at=p.now, by=p.by(c)),
    "ask": lambda p, c: ask_claimant(claim=c, question="Q", at=p.now, by=p.by(c)),
    "answer": lambda p, c: answer_question(claim=c, answer="A", at=p.now, by=CLAIMANT),
    "assess all": lambda p, c: _assess(p, c, 100),
    "assess half": lambda p, c: _assess(p, c, 50),
    "assess none": lambda p, c: _assess(p, c, 0),
    "accept": lambda p, c: _respond(p, c, Answer.ACCEPT),
    "reject": lambda p, c: _respond(p, c, Answer.REJECT),
    "handle": lambda p, c: _respond(p, c, Answer.HANDLE),
    "tender": lambda p, c: _respond(p, c, Answer.TENDER),
    "settle": lambda p, c: report_settlement(
        claim=c, amount_minor=1, proof="P", at=p.now, by=p.seller
    ),
    "insurer pays": lambda p, c: record_insurer_answer(claim=c, pays=True, at=p.now, by=p.by(c)),
    "insurer declines": lambda p, c: record_insurer_answer(
        claim=c, pays=False, reason="R", at=p.now, by=p.by(c)
    ),
    "step in": lambda p, c: step_in(claim=c, reason="R", at=p.now, by=p.by(c)),
    "step in for less": lambda p, c: step_in(
        claim=c, reason="R", amount_minor=1_000, at=p.now, by=p.by(c)
    ),
    "uphold": lambda p, c: uphold_rejection(claim=c, reason="R", at=p.now, by=p.by(c)),
    "approve": lambda p, c: approve_proposal(claim=c, at=p.now, by=p.by(c, 1)),
    "refuse": lambda p, c: refuse_proposal(claim=c, reason="R", at=p.now, by=p.by(c, 1)),
    "seller appeals": lambda p, c: _appeal(p, c, AppealParty.SELLER),
    "claimant appeals": lambda p, c: _appeal(p, c, AppealParty.CLAIMANT),
    "uphold appeal": lambda p, c: _decide(p, c, AppealStatus.UPHELD),
    "overturn appeal": lambda p, c: _decide(p, c, AppealStatus.OVERTURNED),
    "hold": lambda p, c: place_hold(claim=c, kind=HoldKind.FRAUD, reason="R", at=p.now, by=p.by(c)),
    "release": lambda p, c: release_hold(
        claim=c, kind=HoldKind.FRAUD, reason="R", at=p.now, by=p.by(c)
    ),
    "extend": lambda p, c: extend_deadline(claim=c, days=3, reason="R", at=p.now, by=p.by(c)),
    "note": lambda p, c: add_information(claim=c, text="T", at=p.now, by=p.seller),
    "change payee": lambda p, c: change_payee(
        claim=c, name="N", account="tok_x", at=p.now, by=CLAIMANT
    ),
    "withdraw": lambda p, c: withdraw_claim(claim=c, at=p.now, by=CLAIMANT),
    "pause": lambda p, c: pause_payouts(reason="R", at=p.now, by=p.by(c)),
    "resume": lambda p, c: resume_payouts(reason="R", at=p.now, by=p.by(c)),
    "withhold": lambda p, c: withhold_disbursements(claim=c, at=p.now, by=p.by(c)),
    "collect from seller": lambda p, c: _collect(p, c, "seller", 40),
    "collect from insurer": lambda p, c: _collect(p, c, "insurer", 60),
    "write off": lambda p, c: write_off_recovery(claim=c, reason="R", at=p.now, by=p.by(c)),
    "payment comes back": _come_back,
}
FAULTS = ("refuse", "timeout_after_accept", "timeout_before_accept", "error_500", "garbage")


def assert_all_holds(programme: Programme) -> None:
    """Everything that must be true at any moment, of every claim and of the books."""
    for claim in Claim.objects.all():
        assert_file_holds(claim)
        assert_amounts_hold(claim)
        assert_not_stuck(claim)
        assert claim.terms_id == programme.terms[claim.pk], "the terms of a claim never change"
        moved = programme.server.payments_for(claim.reference)
        assert len(moved) <= Payout.objects.filter(claim=claim).count()


def assert_file_holds(claim: Claim) -> None:
    """The events form a path in the life-cycle, and replaying them gives the claim's row."""
    row = Claim.objects.filter(pk=claim.pk).values(*REPLAYED).get()
    assert replay(claim.events.order_by("version")) == row


def assert_amounts_hold(claim: Claim) -> None:
    """Paid ≤ approved ≤ assessed ≤ claimed; one open payment a purpose; the ledger balances."""
    assert claim.paid_minor <= (claim.approved_minor or 0)
    assert (claim.approved_minor or 0) <= (claim.assessed_minor or 0)
    assert (claim.assessed_minor or 0) <= claim.claimed_minor
    assert sum(line.paid_minor for line in claim.lines.all()) == claim.paid_minor
    live = Payout.objects.filter(claim=claim).exclude(
        state__in=[PayoutState.REFUSED, PayoutState.RETURNED, PayoutState.CANCELLED]
    )
    assert live.count() <= 1
    sums: dict[str, int] = {}
    for entry in LedgerEntry.objects.filter(claim=claim):
        assert entry.currency == claim.currency
        sums[entry.debit] = sums.get(entry.debit, 0) + entry.amount_minor
        sums[entry.credit] = sums.get(entry.credit, 0) - entry.amount_minor
    assert sum(sums.values()) == 0
    owed = -sums.get("CLAIMS_PAYABLE", 0)
    assert owed == _owed(claim, live.first())


def _owed(claim: Claim, live: Payout | None) -> int:
    """What the programme owes the claimant: approved, and not yet in the provider's hands."""
    if claim.status != Status.APPROVED:
        return 0
    return 0 if live is not None and live.state == PayoutState.SENT else claim.approved_minor or 0


def assert_not_stuck(claim: Claim) -> None:
    """Ended, or in a named queue, or an open clock that acts."""
    acting = Deadline.objects.filter(
        claim=claim,
        acts_at__isnull=False,
        failures=0,
        met_at__isnull=True,
        lapsed_at__isnull=True,
        cancelled_at__isnull=True,
    ).exclude(kind="STATUS_LETTER")
    assert claim.status in TERMINAL or claim.status in QUEUES or acting.exists(), claim.status
    assert not Deadline.objects.filter(claim=claim, failures__gt=0).exists()
