"""People decide what is disputed: step in, uphold, propose, approve, refuse (rules §3)."""

from datetime import date
from typing import Any

import pytest

from claims.decisions.approval import NotAuthorised
from claims.decisions.base import ReasonMissing
from claims.lifecycle import Status, StepNotAllowed
from claims.models import Claim, DeadlineKind, HoldKind, Payout, Proposal
from claims.operations.adjudication import (
    DecisionRefused,
    approve_proposal,
    refuse_proposal,
    step_in,
    uphold_rejection,
)
from claims.operations.assessment import assess_claim
from claims.operations.holds import place_hold
from claims.operations.payment import change_payee
from claims.outcome import CLAIMANT, Actor
from claims.report import ClaimantDetails
from tests.claims.core.stories import denied
from tests.claims.core.world import (
    DAY,
    adjuster,
    again,
    clerk,
    ended,
    last_event,
    letters,
    open_clocks,
    payout_of,
    postings,
    refused,
    reject,
    senior,
)
from tests.factories import NOON, report_awaiting_seller, report_screened

pytestmark = pytest.mark.django_db
AT = NOON + 2 * DAY


def disputed(claimed_minor: int = 250_000, **fields: Any) -> Claim:
    """A claim that its seller rejected."""
    return reject(report_awaiting_seller(claimed_minor=claimed_minor, **fields))


def proposed(claimed_minor: int = 600_000, *, by: Actor | None = None, **fields: Any) -> Claim:
    """A claim above an adjuster's authority that one proposed to pay."""
    return step_in(claim=disputed(claimed_minor, **fields), reason="R", at=AT, by=by or adjuster())


def test_within_the_authority_stepping_in_counts_at_once() -> None:
    claim = disputed(500_000)
    by = adjuster()
    found = step_in(claim=claim, reason=" The fuse failed. ", at=AT, by=by)

    assert (found.status, found.approved_minor, found.approved_at) == (
        Status.APPROVED,
        500_000,
        AT,
    )
    event = last_event(claim)
    assert (event.step, event.text) == ("step_in", "The fuse failed.")
    assert event.rule == "rules §3: the marketplace believes the claim valid and steps in"
    assert event.facts == {
        "amount_minor": 500_000,
        "deciders": [by.user_id],
        "automatic": False,
        "terms": claim.terms_id,
        "authority_minor": 500_000,
    }
    assert postings(claim) == [("PROGRAMME_EXPENSE", "CLAIMS_PAYABLE", 500_000)]
    assert letters(claim) == {"CLAIM_APPROVED", "CLAIM_STEPPED_IN"}
    assert payout_of(claim).is_automatic is False
    assert ended(claim, DeadlineKind.DECISION) == "met"


def test_stepping_in_may_pay_less_than_assessed() -> None:
    claim = disputed(500_000)
    found = step_in(claim=claim, reason="The fuse failed.", amount_minor=1, at=AT, by=adjuster())

    assert (found.approved_minor, found.assessed_minor) == (1, 500_000)
    assert payout_of(claim).amount_minor == 1


@pytest.mark.parametrize("amount_minor", [0, -5, 250_001])
def test_never_more_than_assessed(amount_minor: int) -> None:
    claim = disputed()
    by = senior()
    with refused(DecisionRefused, r"Pay up to the assessed 2,500\.00"):
        step_in(claim=claim, reason="The fuse failed.", amount_minor=amount_minor, at=AT, by=by)


def test_nothing_assessed_is_nothing_to_pay() -> None:
    claim = disputed()
    assess_claim(claim=claim, lines={}, note="N", at=AT, by=adjuster())
    by = senior()
    with refused(DecisionRefused, "Assess the damage first"):
        step_in(claim=claim, reason="The fuse failed.", at=AT, by=by)


def test_a_clerk_decides_nothing() -> None:
    claim = disputed()
    by = clerk()
    with refused(NotAuthorised, "authority of an adjuster"):
        step_in(claim=claim, reason="The fuse failed.", at=AT, by=by)
    with refused(NotAuthorised, "authority of an adjuster"):
        uphold_rejection(claim=claim, reason="R", at=AT, by=by)


def test_only_in_adjudication() -> None:
    claim = report_awaiting_seller()
    by = senior()
    with refused(StepNotAllowed, "step in and pay"):
        step_in(claim=claim, reason="The fuse failed.", at=AT, by=by)
    with refused(StepNotAllowed, "uphold the rejection"):
        uphold_rejection(claim=claim, reason="R", at=AT, by=by)


def test_one_cent_above_the_authority_is_a_proposal() -> None:
    claim = disputed(500_001)
    by = adjuster()
    found = step_in(claim=claim, reason="R", at=AT, by=by)

    assert (found.status, found.approved_minor, found.bars) == (Status.IN_ADJUDICATION, None, [])
    proposal = Proposal.objects.get(claim=claim)
    assert (proposal.status, proposal.step, proposal.amount_minor, proposal.proposed_by_id) == (
        "OPEN",
        "step_in",
        500_001,
        by.user_id,
    )
    assert last_event(claim).facts == {
        "amount_minor": 500_001,
        "step": "step_in",
        "people_needed": 1,
        "authority_minor": 500_000,
    }
    assert not Payout.objects.exists()
    assert postings(claim) == []


def test_a_second_person_approves() -> None:
    first, second = adjuster(), senior()
    claim = proposed(2_500_000, by=first)
    found = approve_proposal(claim=claim, at=AT + DAY, by=second)

    assert (found.status, found.approved_minor) == (Status.APPROVED, 2_500_000)
    event = last_event(claim)
    assert (event.step, event.rule) == ("step_in", "rules §3, Authority: two different people")
    assert event.facts["deciders"] == [first.user_id, second.user_id]
    proposal = Proposal.objects.get(claim=claim)
    assert (proposal.status, proposal.decided_by_id, proposal.decided_at) == (
        "APPROVED",
        second.user_id,
        AT + DAY,
    )
    assert payout_of(claim).amount_minor == 2_500_000
    assert letters(claim) == {"CLAIM_APPROVED", "CLAIM_STEPPED_IN"}


def test_above_25000_one_of_the_two_is_senior() -> None:
    """Rules §3: two different people, one of them senior; the order does not matter."""
    first = proposed(2_500_001, by=senior())
    assert approve_proposal(claim=first, at=AT, by=adjuster()).status == Status.APPROVED
    second = proposed(2_500_001, by=adjuster())
    by = adjuster()
    with refused(NotAuthorised, r"25,000\.01 USD is above your authority"):
        approve_proposal(claim=second, at=AT, by=by)
    assert approve_proposal(claim=second, at=AT, by=senior()).status == Status.APPROVED


def test_a_senior_alone_only_proposes_above_25000() -> None:
    by = senior()
    claim = proposed(2_500_001, by=by)

    assert claim.status == Status.IN_ADJUDICATION
    with refused(NotAuthorised, "A second person must approve: you proposed this yourself"):
        approve_proposal(claim=claim, at=AT, by=by)


def test_approving_takes_authority() -> None:
    claim = proposed()
    by = clerk()
    with refused(NotAuthorised, "Approving a proposal takes the authority"):
        approve_proposal(claim=claim, at=AT, by=by)


def test_a_barred_claim_takes_two_adjusters_however_small() -> None:
    child = ClaimantDetails("Kim", "kim@mail.example", date(2015, 1, 1))
    claim = proposed(250_000, claimant=child)
    assert claim.bars == ["CLAIMANT_MINOR"]
    found = approve_proposal(claim=claim, at=AT, by=adjuster())

    assert (found.status, found.bars) == (Status.APPROVED, [])
    assert last_event(claim).facts["bars_overruled"] == ["CLAIMANT_MINOR"]


def test_a_hold_placed_after_the_proposal_counts_at_the_approval() -> None:
    claim = proposed(600_000)
    place_hold(claim=claim, kind=HoldKind.FRAUD, reason="New photograph.", at=AT, by=adjuster())
    found = approve_proposal(claim=claim, at=AT, by=senior())

    assert last_event(found).facts["bars_overruled"] == ["FRAUD_HOLD"]


def test_a_proposal_clears_no_bar_that_sent_the_claim_here() -> None:
    """Rules §3: each bar is named on the claim; those for two people are those found now."""
    claim = disputed(600_000)
    Claim.objects.filter(pk=claim.pk).update(bars=["FRAUD_HOLD", "NOTICE_NOT_DELIVERED"])
    place_hold(claim=claim, kind=HoldKind.LEGAL, reason="A court asks.", at=AT, by=adjuster())
    found = step_in(claim=claim, reason="R", at=AT, by=adjuster())
    assert (found.status, found.bars) == (
        Status.IN_ADJUDICATION,
        ["LEGAL_HOLD", "NOTICE_NOT_DELIVERED"],
    )

    refuse_proposal(claim=claim, reason="Ask the laboratory.", at=AT, by=senior())
    assert again(claim).bars == ["LEGAL_HOLD", "NOTICE_NOT_DELIVERED"]


def test_a_second_person_refuses() -> None:
    claim = proposed()
    second = adjuster()
    found = refuse_proposal(claim=claim, reason=" Too much. ", at=AT + DAY, by=second)

    assert found.status == Status.IN_ADJUDICATION
    event = last_event(claim)
    assert (event.step, event.text, event.facts) == (
        "refuse_approval",
        "Too much.",
        {"amount_minor": 600_000},
    )
    proposal = Proposal.objects.get(claim=claim)
    assert (proposal.status, proposal.decided_by_id) == ("REFUSED", second.user_id)
    again_proposed = step_in(claim=claim, reason="The fuse failed.", at=AT + DAY, by=adjuster())
    assert Proposal.objects.filter(claim=again_proposed, status="OPEN").count() == 1


def test_who_may_refuse_a_proposal() -> None:
    first, nobody, second = adjuster(), clerk(), adjuster()
    claim = proposed(by=first)
    for by in (first, nobody):
        with refused(NotAuthorised, "A second person, with authority"):
            refuse_proposal(claim=claim, reason="R", at=AT, by=by)
    with refused(ReasonMissing, "why the proposal is refused"):
        refuse_proposal(claim=claim, reason=" ", at=AT, by=second)


def test_one_proposal_at_a_time() -> None:
    claim = proposed()
    by = adjuster()
    with refused(DecisionRefused, "A proposal already waits"):
        step_in(claim=claim, reason="The fuse failed.", at=AT, by=by)


def test_no_proposal_nothing_to_decide() -> None:
    claim = disputed()
    by = senior()
    with refused(DecisionRefused, "No proposal waits"):
        approve_proposal(claim=claim, at=AT, by=by)
    with refused(DecisionRefused, "No proposal waits"):
        refuse_proposal(claim=claim, reason="R", at=AT, by=by)


@pytest.mark.parametrize("what", ["assessment", "payee"])
def test_another_amount_or_payee_voids_the_proposal(what: str) -> None:
    """Rules §3: changing amount or payee after that voids the approval."""
    claim = proposed()
    if what == "assessment":
        lines = {line.head: 550_000 for line in claim.lines.all()}
        assess_claim(claim=claim, lines=lines, at=AT, by=adjuster())  # type: ignore[arg-type]
    else:
        change_payee(claim=claim, name="A", account="tok_9", at=AT, by=CLAIMANT)

    proposal = Proposal.objects.get(claim=claim)
    assert (proposal.status, proposal.decided_at) == ("VOID", AT)
    by = senior()
    with refused(DecisionRefused, "No proposal waits"):
        approve_proposal(claim=claim, at=AT, by=by)


def test_a_concession_of_two_people() -> None:
    child = ClaimantDetails("Kim", "kim@mail.example", date(2015, 1, 1))
    claim = report_screened(claimed_minor=50_000, claimant=child)
    lines = {line.head: 50_000 for line in claim.lines.all()}
    assess_claim(claim=claim, lines=lines, at=NOON, by=adjuster())  # type: ignore[arg-type]
    found = approve_proposal(claim=claim, at=AT, by=adjuster())

    assert (found.status, found.approved_minor) == (Status.APPROVED, 50_000)
    assert last_event(claim).step == "concede"
    assert letters(claim) == {"CLAIM_APPROVED", "CLAIM_CONCEDED"}


def test_upholding_a_rejection_denies_the_claim() -> None:
    claim = denied()

    assert (claim.status, claim.reason, claim.denied_at) == (
        Status.DENIED,
        "SELLER_DEFENCE_UPHELD",
        AT,
    )
    event = last_event(claim)
    assert (event.step, event.text) == ("uphold", "The kettle was misused.")
    assert event.facts["deciders"] == [event.actor_id]
    assert letters(claim) == {"CLAIM_DENIED", "CLAIM_CLOSED"}
    assert open_clocks(claim) == {}


def test_upholding_without_a_sellers_defence_is_not_proven() -> None:
    claim = disputed()
    claim.responses.all().delete()
    found = uphold_rejection(claim=claim, reason="No proof.", at=AT, by=adjuster())

    assert found.reason == "NOT_PROVEN"


def test_upholding_needs_a_reason_and_voids_a_proposal() -> None:
    claim = proposed()
    by = adjuster()
    with refused(ReasonMissing, "why the claim is denied"):
        uphold_rejection(claim=claim, reason="", at=AT, by=by)
    uphold_rejection(claim=claim, reason="R", at=AT, by=by)

    assert Proposal.objects.get(claim=claim).status == "VOID"
    assert again(claim).status == Status.DENIED
