"""Appeals of both parties: new facts, in time, another person (rules §3, Appeals)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from claims.decisions.approval import NotAuthorised
from claims.decisions.base import ReasonMissing
from claims.ledger import Bearers, borne_by
from claims.lifecycle import Status, StepNotAllowed
from claims.models import Appeal, AppealParty, AppealStatus, Claim, Proposal, Recovery
from claims.operations.adjudication import (
    DecisionRefused,
    approve_proposal,
    refuse_proposal,
    step_in,
    uphold_rejection,
)
from claims.operations.appeal import AppealRefused, appeal_closes_at, appeal_decision, decide_appeal
from claims.operations.recovery import (
    collect_recovery,
    withhold_disbursements,
    write_off_recovery,
)
from claims.outcome import CLAIMANT, Actor
from claims.providers.sandbox import SandboxProvider
from claims.queries import facts_of
from tests.claims.core.stories import denied, paid, paid_within_ceiling
from tests.claims.core.world import (
    DAY,
    adjuster,
    again,
    approve,
    clerk,
    last_event,
    letters,
    open_clocks,
    pay_out,
    postings,
    refused,
    reject,
    require_cover,
    seller,
    senior,
)
from tests.factories import NOON, make_order, report, report_assessed, report_awaiting_seller

pytestmark = pytest.mark.django_db
AT = NOON + 5 * DAY
# Denied on 4 March in Los Angeles: 30 days end with 3 April.
CLOSES = datetime(2026, 4, 4, 7, 0, tzinfo=UTC)
UPHELD, OVERTURNED = AppealStatus.UPHELD, AppealStatus.OVERTURNED


def appeals(claim: Claim, party: AppealParty = AppealParty.CLAIMANT, **changes: Any) -> Claim:
    by = CLAIMANT if party == AppealParty.CLAIMANT else seller()
    values: dict[str, Any] = {"new_facts": " A second photograph. ", "at": AT, "by": by}
    return appeal_decision(claim=claim, party=party, **values | changes)


def decides(claim: Claim, outcome: AppealStatus, *, by: Actor | None = None) -> Claim:
    return decide_appeal(
        claim=claim, outcome=outcome, reason="Because.", at=AT + DAY, by=by or adjuster()
    )


def denier(claim: Claim) -> int:
    found = last_event(claim).actor_id
    assert found is not None
    return found


# ── the claimant's ─────────────────────────────────────────────────────────


def test_a_claimant_appeals_a_denial_with_new_facts() -> None:
    claim = denied()
    first = denier(claim)
    found = appeals(claim)

    assert (found.status, path_end(claim)) == (Status.IN_ADJUDICATION, "claimant_appeals")
    appeal = Appeal.objects.get(claim=claim)
    assert (appeal.party, appeal.new_facts, appeal.status, appeal.opened_at) == (
        "CLAIMANT",
        "A second photograph.",
        "OPEN",
        AT,
    )
    assert appeal.against_deciders == [first]
    assert set(open_clocks(claim)) == {"DECISION", "STATUS_LETTER"}
    assert letters(claim) == {"CLAIMANT_APPEAL_RECEIVED"}


def path_end(claim: Claim) -> str:
    return last_event(claim).step


def test_the_window_of_thirty_days() -> None:
    claim = denied()
    assert appeal_closes_at(facts_of(claim), seller=False) == CLOSES
    with refused(AppealRefused, "The time for an appeal has passed"):
        appeals(claim, at=CLOSES)
    assert appeals(claim, at=CLOSES - timedelta(microseconds=1)).status == Status.IN_ADJUDICATION


def test_nothing_decided_is_nothing_to_appeal() -> None:
    claim = report()
    assert appeal_closes_at(facts_of(claim), seller=True) is None
    with refused(StepNotAllowed, "the claimant appeals"):
        appeals(claim)
    by = seller()
    with refused(StepNotAllowed, "the seller appeals"):
        appeals(claim, AppealParty.SELLER, by=by)


def test_an_appeal_needs_new_facts_and_comes_once() -> None:
    claim = denied()
    with refused(ReasonMissing, "an appeal needs new facts"):
        appeals(claim, new_facts=" ")
    decides(appeals(claim), UPHELD)
    with refused(AppealRefused, "appealed before"):
        appeals(claim)


def test_a_denial_upheld_keeps_its_coded_reason() -> None:
    claim = appeals(denied())
    found = decides(claim, UPHELD)

    assert (found.status, found.reason) == (Status.DENIED, "SELLER_DEFENCE_UPHELD")
    appeal = Appeal.objects.get(claim=claim)
    assert (appeal.status, appeal.decision_reason, appeal.decided_at) == (
        "UPHELD",
        "Because.",
        AT + DAY,
    )
    assert open_clocks(claim) == {}


def test_a_denial_overturned_is_approved_at_once_within_the_authority() -> None:
    claim = appeals(denied())
    found = decides(claim, OVERTURNED)

    assert (found.status, found.approved_minor, found.denied_at) == (
        Status.APPROVED,
        250_000,
        None,
    )
    assert (path_end(claim), Appeal.objects.get(claim=claim).status) == (
        "overturn_denial",
        "OVERTURNED",
    )
    assert postings(claim) == [("PROGRAMME_EXPENSE", "CLAIMS_PAYABLE", 250_000)]
    assert letters(claim) == {"CLAIM_APPROVED", "CLAIM_STEPPED_IN"}


def test_a_denial_overturned_before_any_assessment_is_assessed_now() -> None:
    order = make_order()
    report(order)
    claim = report(order)
    assert (claim.status, claim.reason) == (Status.DENIED, "DUPLICATE")
    appeals(claim, at=NOON + DAY)
    assert Appeal.objects.get(claim=claim).against_deciders == []
    found = decides(claim, OVERTURNED)

    assert (found.status, found.assessed_minor, found.denied_at) == (
        Status.IN_ASSESSMENT,
        None,
        None,
    )
    assert letters(claim) == {"CLAIMANT_APPEAL_DECIDED"}


def test_another_person_than_who_denied_decides() -> None:
    """Rules §3: again a different person decides than the one who denied."""
    claim = denied()
    same = Actor(adjuster().kind, denier(claim), senior().rank)
    appeals(claim)
    for outcome in (UPHELD, OVERTURNED):
        with refused(NotAuthorised, "Somebody else than who decided first"):
            decides(claim, outcome, by=same)
    with refused(NotAuthorised, "Somebody else than who decided first"):
        step_in(claim=claim, reason="The fuse failed.", at=AT, by=same)
    with refused(NotAuthorised, "Somebody else than who decided first"):
        uphold_rejection(claim=claim, reason="R", at=AT, by=same)


def big_denial() -> tuple[Claim, Actor]:
    """A claim of 6,000.00 that was denied and appealed, and who denied it."""
    claim = reject(report_awaiting_seller(claimed_minor=600_000))
    by = senior()
    uphold_rejection(claim=claim, reason="R", at=NOON + 2 * DAY, by=by)
    return appeals(claim), by


@pytest.mark.parametrize("step", ["step_in", "overturn"])
def test_a_proposal_leaves_the_appeal_open_until_it_is_approved(step: str) -> None:
    claim, denier_ = big_denial()
    if step == "step_in":
        step_in(claim=claim, reason="The fuse failed.", at=AT, by=adjuster())
    else:
        decides(claim, OVERTURNED)
    assert Appeal.objects.get(claim=claim).status == "OPEN"
    with refused(NotAuthorised, "Somebody else than who decided first"):
        approve_proposal(claim=claim, at=AT, by=denier_)
    second = senior()
    approve_proposal(claim=claim, at=AT, by=second)

    appeal = Appeal.objects.get(claim=claim)
    assert (appeal.status, appeal.decided_by_id) == ("OVERTURNED", second.user_id)
    assert again(claim).status == Status.APPROVED


def test_a_refused_proposal_leaves_the_appeal_to_be_decided() -> None:
    claim, _ = big_denial()
    decides(claim, OVERTURNED)
    with refused(DecisionRefused, "A proposal already waits"):
        decides(
            claim, OVERTURNED, by=Actor(adjuster().kind, last_event(claim).actor_id, senior().rank)
        )
    refuse_proposal(claim=claim, reason="No.", at=AT, by=senior())
    found = decides(claim, UPHELD)

    assert (found.status, Appeal.objects.get(claim=claim).status) == (Status.DENIED, "UPHELD")
    assert Proposal.objects.get(claim=claim).status == "REFUSED"


def test_no_appeal_nothing_to_decide() -> None:
    claim = denied()
    by = adjuster()
    with refused(AppealRefused, "No appeal is open"):
        decides(claim, UPHELD, by=by)
    appeals(claim)
    with refused(ReasonMissing, "why the appeal is decided so"):
        decide_appeal(claim=claim, outcome=UPHELD, reason="", at=AT, by=by)


def test_stepping_in_decides_the_appeal_too() -> None:
    claim = appeals(denied())
    step_in(claim=claim, reason="New proof.", at=AT, by=adjuster())

    appeal = Appeal.objects.get(claim=claim)
    assert (appeal.status, appeal.decision_reason) == ("OVERTURNED", "New proof.")


# ── the seller's ───────────────────────────────────────────────────────────


def test_a_seller_appeals_a_concession() -> None:
    by = adjuster()
    claim = report_assessed(claimed_minor=80_000, by=by)
    found = appeals(claim, AppealParty.SELLER)

    assert (found.status, path_end(claim)) == (Status.APPROVED, "seller_appeals")
    appeal = Appeal.objects.get(claim=claim)
    assert (appeal.party, appeal.against_deciders) == ("SELLER", [by.user_id])
    assert letters(claim) == {"SELLER_APPEAL_RECEIVED"}
    with refused(NotAuthorised, "Somebody else than who decided first"):
        decides(claim, OVERTURNED, by=by)


def test_the_sellers_window_counts_from_the_approval() -> None:
    claim = report_assessed(claimed_minor=80_000)
    closes = datetime(2026, 4, 2, 7, 0, tzinfo=UTC)
    by = seller()
    with refused(AppealRefused, "The time for an appeal has passed"):
        appeals(claim, AppealParty.SELLER, at=closes, by=by)
    moment = closes - timedelta(microseconds=1)
    assert appeals(claim, AppealParty.SELLER, at=moment, by=by).version == claim.version + 1


def test_overturned_before_payment_the_programme_bears_it(provider: SandboxProvider) -> None:
    claim = approve(report_awaiting_seller())
    appeals(claim, AppealParty.SELLER)
    found = decides(claim, OVERTURNED)
    assert (found.status, letters(claim)) == (Status.APPROVED, {"SELLER_APPEAL_DECIDED"})
    paid_claim = pay_out(claim, provider, at=AT + 2 * DAY)

    assert paid_claim.status == Status.PAID
    assert not Recovery.objects.exists()
    assert borne_by(claim) == Bearers(250_000, 0, 0)
    assert "the seller's appeal succeeded before the payment" in last_event(claim).rule


def test_upheld_the_seller_still_owes(provider: SandboxProvider) -> None:
    claim = paid(provider)
    appeals(claim, AppealParty.SELLER)
    decides(claim, UPHELD)

    assert Appeal.objects.get(claim=claim).status == "UPHELD"
    assert Recovery.objects.get(claim=claim).status == "DEMANDED"
    assert borne_by(claim) == Bearers(0, 250_000, 0)
    assert letters(claim) == {"SELLER_APPEAL_DECIDED"}
    assert last_event(claim).facts == {"outcome": "UPHELD"}


def pursue(claim: Claim, how: str) -> None:
    """Bring the recovery of a paid claim to where an appeal must give back."""
    if how in {"withheld", "withheld-collected", "withheld-written-off", "withheld-insurer"}:
        withhold_disbursements(claim=claim, at=AT, by=adjuster())
    if how in {"collected", "withheld-collected"}:
        collect_recovery(claim=claim, source="seller", amount_minor=100_000, at=AT, by=adjuster())
    if how in {"insurer", "withheld-insurer"}:
        collect_recovery(claim=claim, source="insurer", amount_minor=250_000, at=AT, by=adjuster())
    if how in {"written-off", "withheld-written-off"}:
        write_off_recovery(claim=claim, reason="Gone.", at=AT, by=adjuster())


@pytest.mark.parametrize(
    "how",
    [
        "demanded",
        "withheld",
        "collected",
        "withheld-collected",
        "insurer",
        "withheld-insurer",
        "written-off",
        "withheld-written-off",
    ],
)
def test_overturned_everything_goes_back_and_the_customer_keeps_the_money(
    how: str, provider: SandboxProvider
) -> None:
    claim = paid(provider)
    pursue(claim, how)
    appeals(claim, AppealParty.SELLER)
    found = decides(claim, OVERTURNED)

    assert (found.status, found.paid_minor) == (Status.PAID, 250_000)
    recovery = Recovery.objects.get(claim=claim)
    assert (recovery.status, recovery.collected_minor) == ("CANCELLED", 0)
    assert borne_by(claim) == Bearers(250_000, 0, 0)
    assert balance(claim) == {"PROGRAMME_EXPENSE": 250_000, "PAYOUT_CLEARING": -250_000}
    assert letters(claim) == {"SELLER_APPEAL_DECIDED", "RECOVERY_CANCELLED"}
    instructions = claim.withholding_instructions.values_list("revoked_at", flat=True)
    assert set(instructions) <= {AT + DAY}


def balance(claim: Claim) -> dict[str, int]:
    """What is left on each account."""
    sums: dict[str, int] = {}
    for debit, credit, amount in postings(claim):
        sums[debit] = sums.get(debit, 0) + amount
        sums[credit] = sums.get(credit, 0) - amount
    return {account: left for account, left in sums.items() if left}


def test_overturned_while_proof_is_awaited_ends_the_clock(provider: SandboxProvider) -> None:
    claim = report_assessed(claimed_minor=80_000)
    require_cover(claim.seller)
    claim = pay_out(claim, provider, at=NOON + timedelta(minutes=1))
    assert "PROOF_OF_INSURANCE" in open_clocks(claim)
    appeals(claim, AppealParty.SELLER)
    decides(claim, OVERTURNED)

    assert Recovery.objects.get(claim=claim).status == "CANCELLED"
    assert open_clocks(claim) == {}
    assert balance(claim) == {"PROGRAMME_EXPENSE": 80_000, "PAYOUT_CLEARING": -80_000}


def test_overturned_with_nothing_to_recover_cancels_nothing(provider: SandboxProvider) -> None:
    claim = paid_within_ceiling(provider)
    appeals(claim, AppealParty.SELLER)
    decides(claim, OVERTURNED)

    assert letters(claim) == {"SELLER_APPEAL_DECIDED"}
    assert not Recovery.objects.exists()


@pytest.mark.parametrize("party", AppealParty)
@pytest.mark.parametrize("outcome", [UPHELD, OVERTURNED])
def test_a_clerk_does_not_decide_appeals(party: AppealParty, outcome: AppealStatus) -> None:
    claim = denied() if party == AppealParty.CLAIMANT else report_assessed(claimed_minor=80_000)
    appeals(claim, party)
    by = clerk()
    with refused(NotAuthorised, "authority of an adjuster"):
        decides(claim, outcome, by=by)
