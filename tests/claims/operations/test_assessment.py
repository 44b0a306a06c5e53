"""Assessment decides the path: concede, propose, notify the seller, or deny (rules §2, §3)."""

from datetime import date
from typing import Any

import pytest

from claims.decisions.approval import NotAuthorised
from claims.lifecycle import Status, StepNotAllowed
from claims.models import Claim, Head, Proposal, ProposalStatus
from claims.operations.adjudication import approve_proposal
from claims.operations.assessment import AssessmentRefused, assess_claim
from claims.operations.intake import ask_claimant
from claims.operations.silence import lapse_due
from claims.report import ClaimantDetails
from tests.claims.core.world import (
    DAY,
    DUE,
    LAPSES,
    adjuster,
    again,
    clerk,
    last_event,
    letters,
    open_clocks,
    path,
    payout_of,
    postings,
    refused,
    reject,
    senior,
)
from tests.factories import NOON, make_order, report, report_awaiting_seller, report_screened

pytestmark = pytest.mark.django_db

DAMAGE = Head.PROPERTY_DAMAGE
CHILD = ClaimantDetails("Kim", "kim@mail.example", date(2015, 1, 1))


def assess(claim: Claim, amount_minor: int, **changes: Any) -> Claim:
    values: dict[str, Any] = {"lines": {DAMAGE: amount_minor}, "at": NOON, "by": adjuster()}
    return assess_claim(claim=claim, **values | changes)


def test_within_the_ceiling_the_claim_is_conceded_at_once() -> None:
    claim = report_screened(claimed_minor=120_000)
    by = adjuster()
    conceded = assess(claim, 100_000, by=by, note=" Receipts match. ")

    assert (conceded.status, conceded.assessed_minor, conceded.approved_minor) == (
        Status.APPROVED,
        100_000,
        100_000,
    )
    assert (conceded.is_within_ceiling, conceded.approved_at, conceded.bars) == (True, NOON, [])
    assert claim.lines.get().assessed_minor == 100_000
    event = last_event(claim)
    assert event.rule == "rules §2: at or below the ceiling, paid with no wait for the seller"
    assert (event.step, event.text) == ("concede", "Receipts match.")
    assert event.facts == {
        "amount_minor": 100_000,
        "deciders": [by.user_id],
        "automatic": False,
        "terms": claim.terms_id,
        "authority_minor": 500_000,
    }
    assert postings(claim) == [("PROGRAMME_EXPENSE", "CLAIMS_PAYABLE", 100_000)]
    assert letters(claim) == {"CLAIM_APPROVED", "CLAIM_CONCEDED"}
    assert set(open_clocks(claim)) == {"STATUS_LETTER"}


def test_a_concession_leaves_the_intent_to_pay() -> None:
    claim = assess(report_screened(claimed_minor=80_000), 80_000)
    payout = payout_of(claim)

    assert (payout.amount_minor, payout.currency, payout.state, payout.is_automatic) == (
        80_000,
        "USD",
        "QUEUED",
        False,
    )
    assert payout.our_reference == f"{claim.reference}-{claim.version}"
    assert (payout.created_at, payout.next_at, payout.attempts) == (NOON, NOON, 0)


def test_one_cent_above_the_ceiling_asks_the_seller() -> None:
    claim = report_screened(claimed_minor=120_000)
    asked = assess(claim, 100_001)

    assert (asked.status, asked.is_within_ceiling, asked.approved_minor) == (
        Status.AWAITING_SELLER,
        False,
        None,
    )
    clock = claim.deadlines.get(kind="SELLER_RESPONSE")
    assert (clock.due_at, clock.acts_at, clock.length, clock.unit) == (DUE, LAPSES, 7, "CALENDAR")
    assert clock.remind_at == DUE - 3 * DAY
    assert letters(claim) == {"CLAIM_NOTICE", "SELLER_WAS_ASKED"}
    assert last_event(claim).facts == {"amount_minor": 100_001, "ceiling_minor": 100_000}
    assert postings(claim) == []


def test_elsewhere_the_ceiling_itself_asks_the_seller_in_working_days() -> None:
    claim = report_screened(make_order(market="DE"), claimed_minor=120_000)
    asked = assess(claim, 100_000)

    assert asked.status == Status.AWAITING_SELLER
    clock = claim.deadlines.get(kind="SELLER_RESPONSE")
    assert (clock.unit, clock.due_at.isoformat()) == ("WORKING", "2026-03-11T23:00:00+00:00")


def test_under_the_ceiling_elsewhere_says_so() -> None:
    claim = report_screened(make_order(market="DE"), claimed_minor=120_000)
    assess(claim, 99_999)

    assert last_event(claim).rule == "rules §2: under the ceiling, paid with no wait for the seller"


def test_nothing_proven_is_denied() -> None:
    claim = report_screened()
    by = adjuster()
    denied = assess(claim, 0, by=by, note="No receipt.")

    assert (denied.status, denied.reason, denied.denied_at, denied.assessed_minor) == (
        Status.DENIED,
        "NOT_PROVEN",
        NOON,
        0,
    )
    assert last_event(claim).facts == {"deciders": [by.user_id]}
    assert letters(claim) == {"CLAIM_DENIED"}
    assert open_clocks(claim) == {}


def test_heads_that_are_never_paid_are_assessed_as_nothing() -> None:
    """Rules §2 [S]: pain and suffering, punitive damages … are never paid."""
    lines = {DAMAGE: 40_000, Head.PUNITIVE: 900_000}
    claim = report_screened(make_order(), claimed_minor=40_000)
    claim.lines.create(head=Head.PUNITIVE, claimed_minor=900_000)
    conceded = assess(claim, 0, lines=lines)

    assert conceded.assessed_minor == 40_000
    assert dict(claim.lines.values_list("head", "assessed_minor")) == {
        DAMAGE: 40_000,
        "PUNITIVE": 0,
    }


def test_heads_left_out_count_as_nothing() -> None:
    claim = report_screened(claimed_minor=40_000)
    claim.lines.create(head=Head.MEDICAL, claimed_minor=7_000)

    assert assess(claim, 40_000).assessed_minor == 40_000
    assert claim.lines.get(head=Head.MEDICAL).assessed_minor == 0


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ({Head.MEDICAL: 1}, "Medical bills was not claimed"),
        ({DAMAGE: 250_001}, r"Property damage: assess from 0 to 2,500\.00"),
        ({DAMAGE: -1}, "Property damage: assess from 0 to"),
    ],
)
def test_what_was_not_claimed_is_not_assessed(lines: dict[Head, int], words: str) -> None:
    claim = report_screened()
    by = adjuster()
    with refused(AssessmentRefused, words):
        assess(claim, 0, lines=lines, by=by)


def test_conceding_takes_an_adjusters_authority() -> None:
    claim = report_screened(claimed_minor=50_000)
    by = clerk()
    with refused(NotAuthorised, "authority of an adjuster"):
        assess(claim, 50_000, by=by)


def test_what_was_proposed_before_a_question_ends_with_the_claim() -> None:
    """A reopened claim is assessed anew: nobody approves what was proposed before the question."""
    claim = report_screened(claimed_minor=50_000, is_represented=True)
    assert assess(claim, 50_000).bars == ["CLAIMANT_REPRESENTED"]
    ask_claimant(claim=claim, question="When did you buy it?", at=NOON, by=adjuster())
    second = senior()
    with refused(StepNotAllowed, "awaiting claimant does not allow this: concede"):
        approve_proposal(claim=claim, at=NOON, by=second)
    lapse_due(at=NOON + 16 * DAY)

    found = again(claim)
    assert (found.status, found.bars) == (Status.ABANDONED, [])
    assert Proposal.objects.get(claim=claim).status == ProposalStatus.VOID


def test_a_minors_claim_is_proposed_to_a_second_person() -> None:
    """Rules §2: two people decide, although the amount is small."""
    claim = report_screened(claimed_minor=50_000, claimant=CHILD)
    by = adjuster()
    proposed = assess(claim, 50_000, by=by, note="Paid to the mother.")

    assert (proposed.status, proposed.assessed_minor, proposed.bars) == (
        Status.IN_ASSESSMENT,
        50_000,
        ["CLAIMANT_MINOR"],
    )
    proposal = Proposal.objects.get(claim=claim)
    assert (proposal.status, proposal.step, proposal.amount_minor, proposal.reason) == (
        "OPEN",
        "concede",
        50_000,
        "Paid to the mother.",
    )
    assert (proposal.proposed_by_id, proposal.proposed_rank, proposal.proposed_at) == (
        by.user_id,
        1,
        NOON,
    )
    assert last_event(claim).facts == {
        "amount_minor": 50_000,
        "step": "concede",
        "people_needed": 2,
        "authority_minor": 500_000,
    }
    assert postings(claim) == []
    assert letters(claim) == set()


def test_another_assessment_voids_the_proposal_and_makes_its_own() -> None:
    claim = report_screened(claimed_minor=50_000, claimant=CHILD)
    assess(claim, 50_000)
    assess(claim, 40_000, at=NOON + DAY)

    found = Proposal.objects.filter(claim=claim).order_by("id")
    assert list(found.values_list("status", "amount_minor", "decided_at")) == [
        ("VOID", 50_000, NOON + DAY),
        ("OPEN", 40_000, None),
    ]


def test_above_an_adjusters_authority_a_senior_concedes_alone() -> None:
    """JP: the ceiling is 100,000 and an adjuster decides up to 500,000 yen."""
    claim = report_screened(make_order(market="JP"), claimed_minor=99_999)
    assert assess(claim, 99_999, by=senior()).status == Status.APPROVED


def test_assessing_again_in_adjudication_keeps_the_path_and_flags_the_ceiling() -> None:
    claim = reject(report_awaiting_seller())
    found = assess(claim, 90_000, at=NOON + 2 * DAY)

    assert (found.status, found.assessed_minor) == (Status.IN_ADJUDICATION, 90_000)
    assert (found.is_within_ceiling, found.crossed_ceiling_later) == (False, True)
    event = last_event(claim)
    assert (event.step, event.facts) == (
        "reassess",
        {"before_minor": 250_000, "after_minor": 90_000},
    )
    back = assess(claim, 200_000, at=NOON + 3 * DAY)
    assert (back.assessed_minor, back.crossed_ceiling_later) == (200_000, False)


def test_assessing_again_takes_authority() -> None:
    claim = reject(report_awaiting_seller())
    by = clerk()
    with refused(AssessmentRefused, "authority of an adjuster"):
        assess(claim, 1, by=by)


@pytest.mark.parametrize("make", [report, report_awaiting_seller])
def test_only_claims_in_assessment_or_adjudication_are_assessed(make: Any) -> None:
    claim = make()
    by = adjuster()
    with refused(StepNotAllowed):
        assess(claim, 200_000, by=by)
    assert again(claim).assessed_minor == claim.assessed_minor


def test_an_unassessed_claim_freezes_its_path_at_the_first_assessment() -> None:
    """An appealed denial before any assessment: adjudication assesses for the first time."""
    claim = report_screened()
    Claim.objects.filter(pk=claim.pk).update(status=Status.IN_ADJUDICATION)
    found = assess(claim, 250_000)

    assert (found.is_within_ceiling, found.crossed_ceiling_later) == (False, False)
    assert path(claim)[-1] == ("reassess", "IN_ADJUDICATION")


def test_two_heads_add_up() -> None:
    claim = report_screened(claimed_minor=60_000)
    claim.lines.create(head=Head.MEDICAL, claimed_minor=60_000)

    assert assess(claim, 0, lines={DAMAGE: 50_000, Head.MEDICAL: 50_001}).status == (
        Status.AWAITING_SELLER
    )
