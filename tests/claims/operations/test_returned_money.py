"""A payment that comes back after its recovery was demanded: who owes what then (rules §3, §6)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from claims.ledger import Bearers, borne_by
from claims.lifecycle import Status, StepNotAllowed
from claims.models import (
    Answer,
    Appeal,
    AppealParty,
    AppealStatus,
    Claim,
    Recovery,
    WithholdingInstruction,
)
from claims.operations.adjudication import step_in, uphold_rejection
from claims.operations.appeal import AppealRefused, appeal_decision, decide_appeal
from claims.operations.following import follow_payouts, notice_from_provider
from claims.operations.payment import change_payee, withdraw_claim
from claims.operations.recovery import (
    collect_recovery,
    withhold_disbursements,
    write_off_recovery,
)
from claims.operations.responding import respond_to_claim
from claims.outcome import CLAIMANT
from claims.providers.sandbox import SandboxProvider
from claims.worklists import in_work
from tests.claims.core.stories import denied, paid
from tests.claims.core.world import (
    DAY,
    LAPSES,
    adjuster,
    again,
    last_event,
    letters,
    letters_leave,
    open_clocks,
    pay_out,
    payout_of,
    postings,
    refused,
    reject,
    require_cover,
    run_until,
    seller,
    senior,
)
from tests.claims.providers.parties import Clock
from tests.factories import NOON, report_assessed, report_awaiting_seller

pytestmark = pytest.mark.django_db
AT = NOON + 5 * DAY
BACK_AT = AT + DAY


def comes_back(claim: Claim, provider: SandboxProvider, clock: Clock) -> Claim:
    """The claimant's bank sends the money back, after it was confirmed."""
    payout = payout_of(claim)
    clock.at = BACK_AT
    provider._call("POST", f"/payments/{payout.our_reference}/return")
    assert notice_from_provider(payout.our_reference, at=BACK_AT)
    follow_payouts(provider=provider, at=BACK_AT)
    assert again(claim).status == Status.APPROVED
    return again(claim)


def withdraws(claim: Claim) -> Claim:
    return withdraw_claim(claim=claim, at=BACK_AT + DAY, by=CLAIMANT)


def balance(claim: Claim) -> dict[str, int]:
    """What is left on each account."""
    sums: dict[str, int] = {}
    for debit, credit, amount in postings(claim):
        sums[debit] = sums.get(debit, 0) + amount
        sums[credit] = sums.get(credit, 0) - amount
    return {account: left for account, left in sums.items() if left}


def withhold(claim: Claim) -> None:
    withhold_disbursements(claim=claim, at=AT, by=adjuster())


def collect(claim: Claim, source: str = "seller", minor: int = 100_000) -> None:
    collect_recovery(claim=claim, source=source, amount_minor=minor, at=AT, by=adjuster())  # type: ignore[arg-type]


def write_off(claim: Claim) -> None:
    write_off_recovery(claim=claim, reason="Gone.", at=AT, by=adjuster())


PURSUITS: dict[str, tuple[Callable[[Claim], None], ...]] = {
    "demanded": (),
    "withheld": (withhold,),
    "collected in part": (collect,),
    "collected": (lambda claim: collect(claim, minor=250_000),),
    "collected from what was withheld": (withhold, collect),
    "from the insurer": (lambda claim: collect(claim, "insurer", 250_000),),
    "written off": (write_off,),
}


@pytest.mark.parametrize("pursuit", PURSUITS.values(), ids=PURSUITS)
def test_withdrawn_after_a_return_nobody_owes_or_holds_anything(
    pursuit: tuple[Callable[[Claim], None], ...], provider: SandboxProvider, clock: Clock
) -> None:
    claim = paid(provider)
    for act in pursuit:
        act(claim)
    found = withdraws(comes_back(claim, provider, clock))

    assert (found.status, found.paid_minor, found.approved_minor) == (Status.WITHDRAWN, 0, None)
    assert balance(claim) == {}
    assert borne_by(claim) == Bearers(0, 0, 0)
    recovery = Recovery.objects.get(claim=claim)
    assert (recovery.status, recovery.collected_minor, recovery.status_since) == (
        "CANCELLED",
        0,
        BACK_AT + DAY,
    )
    assert letters(claim) == {"CLAIM_WITHDRAWN", "CLAIM_CLOSED", "RECOVERY_CANCELLED"}
    assert claim.notices.get(kind="RECOVERY_CANCELLED").facts == {"why": "RETURNED"}
    instructions = WithholdingInstruction.objects.filter(claim=claim)
    assert set(instructions.values_list("revoked_at", flat=True)) <= {BACK_AT + DAY}


def test_denied_after_a_return_and_a_late_answer(provider: SandboxProvider, clock: Clock) -> None:
    """The seller was silent, paid for, and answers when the money is back: a person looks."""
    claim = report_awaiting_seller()
    run_until(LAPSES, provider=provider)
    assert again(claim).status == Status.PAID
    back = comes_back(again(claim), provider, clock)
    answer = respond_to_claim(
        claim=back, answer=Answer.REJECT, reason="Misused.", at=LAPSES + 2 * DAY, by=seller()
    )
    assert (answer.status, answer.bars) == (Status.IN_ADJUDICATION, ["SELLER_ANSWERED_LATE"])
    assert letters(claim) == {"ANSWER_LATE", "RECOVERY_CANCELLED"}

    found = uphold_rejection(claim=answer, reason="Misuse.", at=LAPSES + 3 * DAY, by=adjuster())
    assert (found.status, balance(claim)) == (Status.DENIED, {})
    assert Recovery.objects.get(claim=claim).status == "CANCELLED"


def test_paid_again_after_the_approval_was_void_the_seller_owes_anew(
    provider: SandboxProvider, clock: Clock
) -> None:
    """A void approval gives the recovery back; another decision to pay demands it anew."""
    claim = report_awaiting_seller()
    run_until(LAPSES, provider=provider)
    back = comes_back(again(claim), provider, clock)
    respond_to_claim(
        claim=back, answer=Answer.REJECT, reason="Misused.", at=LAPSES + DAY, by=seller()
    )
    at = LAPSES + 2 * DAY
    step_in(claim=claim, amount_minor=200_000, reason="A defect.", at=at, by=senior())
    change_payee(claim=claim, name="A", account="tok_2", at=at, by=CLAIMANT)
    clock.at = at + 4 * DAY
    found = pay_out(again(claim), provider, at=clock.at)

    assert (found.status, found.paid_minor) == (Status.PAID, 200_000)
    recovery = Recovery.objects.get(claim=claim)
    assert (recovery.status, recovery.amount_minor, recovery.opened_at) == (
        "DEMANDED",
        200_000,
        clock.at,
    )
    assert borne_by(claim) == Bearers(0, 200_000, 0)
    assert letters(claim) == {"CLAIM_PAID", "REIMBURSEMENT_DEMANDED"}


def test_a_proof_that_was_awaited_is_asked_for_no_more(
    provider: SandboxProvider, clock: Clock
) -> None:
    claim = report_assessed(claimed_minor=80_000)
    require_cover(claim.seller)
    claim = pay_out(claim, provider, at=NOON + timedelta(minutes=1))
    found = withdraws(comes_back(claim, provider, clock))

    assert (found.status, open_clocks(claim), balance(claim)) == (Status.WITHDRAWN, {}, {})
    assert Recovery.objects.get(claim=claim).status == "CANCELLED"


def test_nothing_was_pursued_nothing_is_given_back(provider: SandboxProvider, clock: Clock) -> None:
    claim = pay_out(report_assessed(claimed_minor=80_000), provider, at=NOON + DAY)
    withdraws(comes_back(claim, provider, clock))

    assert letters(claim) == {"CLAIM_WITHDRAWN", "CLAIM_CLOSED"}
    assert (balance(claim), Recovery.objects.exists()) == ({}, False)


# ── a seller's appeal against a decision to pay that is gone ───────────────


def sellers_appeal(claim: Claim) -> Claim:
    return appeal_decision(
        claim=claim, party=AppealParty.SELLER, new_facts="A test report.", at=AT, by=seller()
    )


def conceded_and_appealed() -> Claim:
    return sellers_appeal(report_assessed(claimed_minor=80_000))


def closed_letters(claim: Claim) -> list[tuple[str, dict[str, str]]]:
    """Every letter that says that an appeal was closed undecided, the first first."""
    told = claim.notices.filter(kind__endswith="APPEAL_CLOSED").order_by("pk")
    return list(told.values_list("kind", "facts"))


def test_a_return_leaves_the_appeal_open_and_a_withdrawal_after_it_closes_it(
    provider: SandboxProvider, clock: Clock
) -> None:
    """A payment that came back is owed as decided: only the end of the decision ends the appeal."""
    claim = paid(provider)
    sellers_appeal(claim)
    back = comes_back(claim, provider, clock)
    assert (Appeal.objects.get(claim=claim).status, closed_letters(claim)) == ("OPEN", [])
    withdraws(back)

    assert Appeal.objects.get(claim=claim).status == AppealStatus.CLOSED
    assert letters(claim) == {
        "CLAIM_WITHDRAWN",
        "CLAIM_CLOSED",
        "SELLER_APPEAL_CLOSED",
        "RECOVERY_CANCELLED",
    }
    with refused(StepNotAllowed):
        withdraws(back)
    assert len(closed_letters(claim)) == 1


def test_withdrawn_without_an_appeal_no_letter_speaks_of_one() -> None:
    claim = report_assessed(claimed_minor=80_000)
    withdraw_claim(claim=claim, at=AT, by=CLAIMANT)
    assert letters(claim) == {"CLAIM_WITHDRAWN", "CLAIM_CLOSED"}


def test_each_of_two_appeals_that_close_has_its_own_letter() -> None:
    """The lapse is undone; the step in that follows is appealed, and its claim withdrawn."""
    claim = report_awaiting_seller()
    letters_leave()
    run_until(LAPSES)
    sellers_appeal(again(claim))
    late = respond_to_claim(
        claim=claim, answer=Answer.REJECT, reason="Misused.", at=LAPSES + DAY, by=seller()
    )
    step_in(claim=late, reason="A defect.", at=LAPSES + 2 * DAY, by=senior())
    at = LAPSES + 3 * DAY
    appeal_decision(claim=late, party=AppealParty.SELLER, new_facts="Invoices.", at=at, by=seller())
    withdraw_claim(claim=late, at=at + DAY, by=CLAIMANT)

    assert closed_letters(claim) == [
        ("SELLER_APPEAL_CLOSED", {"why": "VOID"}),
        ("SELLER_APPEAL_CLOSED", {"why": "WITHDRAWN"}),
    ]
    assert set(Appeal.objects.values_list("status", flat=True)) == {"CLOSED"}


def test_withdrawn_closes_the_claimants_appeal_undecided() -> None:
    claim = denied()
    at = AT
    appeal_decision(
        claim=claim, party=AppealParty.CLAIMANT, new_facts="A receipt.", at=at, by=CLAIMANT
    )
    found = withdraw_claim(claim=claim, at=at + DAY, by=CLAIMANT)

    appeal = Appeal.objects.get(claim=claim)
    assert (found.status, appeal.status, appeal.decided_at, appeal.decision_reason) == (
        Status.WITHDRAWN,
        AppealStatus.CLOSED,
        at + DAY,
        "The claim was withdrawn: there is nothing left to decide.",
    )
    assert letters(claim) == {"CLAIM_WITHDRAWN", "CLAIM_CLOSED", "CLAIMANT_APPEAL_CLOSED"}
    assert closed_letters(claim) == [("CLAIMANT_APPEAL_CLOSED", {"why": "WITHDRAWN"})]
    assert not in_work(Claim.objects.all()).exists(), "nobody is asked to decide it any more"


def test_withdrawn_closes_the_sellers_appeal_undecided() -> None:
    claim = conceded_and_appealed()
    withdraw_claim(claim=claim, at=BACK_AT, by=CLAIMANT)

    appeal = Appeal.objects.get(claim=claim)
    assert (appeal.status, appeal.decided_at, appeal.decided_by_id, appeal.decision_reason) == (
        AppealStatus.CLOSED,
        BACK_AT,
        None,
        "The claim was withdrawn: there is nothing left to decide.",
    )
    assert letters(claim) == {"CLAIM_WITHDRAWN", "CLAIM_CLOSED", "SELLER_APPEAL_CLOSED"}
    told = claim.notices.get(kind="SELLER_APPEAL_CLOSED")
    assert (told.recipient, told.to, told.facts) == (
        "SELLER",
        claim.seller.email,
        {"why": "WITHDRAWN"},
    )
    by = senior()
    with refused(AppealRefused, "No appeal is open"):
        decide_appeal(
            claim=claim, outcome=AppealStatus.OVERTURNED, reason="R", at=BACK_AT + DAY, by=by
        )


def voided_and_denied() -> Claim:
    """A lapse was appealed by its seller, undone by the seller's late answer, and denied."""
    claim = report_awaiting_seller()
    letters_leave()
    run_until(LAPSES)
    sellers_appeal(again(claim))
    late = respond_to_claim(
        claim=claim, answer=Answer.REJECT, reason="Misused.", at=LAPSES + DAY, by=seller()
    )
    return uphold_rejection(claim=late, reason="Misuse.", at=LAPSES + 2 * DAY, by=adjuster())


@pytest.mark.parametrize("party", [None, AppealParty.CLAIMANT])
def test_the_claimants_appeal_is_decided_not_the_sellers(party: AppealParty | None) -> None:
    claim = voided_and_denied()
    assert Appeal.objects.get(claim=claim).status == AppealStatus.CLOSED
    assert closed_letters(claim) == [("SELLER_APPEAL_CLOSED", {"why": "VOID"})]
    at = LAPSES + 3 * DAY
    appeal_decision(
        claim=claim, party=AppealParty.CLAIMANT, new_facts="A receipt.", at=at, by=CLAIMANT
    )
    found = decide_appeal(
        claim=claim,
        outcome=AppealStatus.OVERTURNED,
        reason="The receipt proves it.",
        party=party,
        at=at + DAY,
        by=senior(),
    )

    assert (found.status, last_event(claim).step) == (Status.APPROVED, "overturn_denial")
    assert sorted(Appeal.objects.filter(claim=claim).values_list("party", "status")) == [
        ("CLAIMANT", "OVERTURNED"),
        ("SELLER", "CLOSED"),
    ]


def test_after_a_closed_appeal_a_later_decision_to_pay_can_be_appealed() -> None:
    claim = conceded_and_appealed()
    other = reject(report_awaiting_seller())
    step_in(claim=other, reason="A defect.", at=AT, by=senior())
    Appeal.objects.filter(claim=claim).update(
        claim=other, status=AppealStatus.CLOSED, decided_at=AT
    )
    sellers_appeal(other)

    statuses = Appeal.objects.filter(claim=other).order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["CLOSED", "OPEN"]


def test_an_appeal_is_upheld_or_overturned_by_a_person_and_nothing_else() -> None:
    claim = conceded_and_appealed()
    by = senior()
    for outcome in (AppealStatus.CLOSED, AppealStatus.OPEN):
        with refused(AppealRefused, "upholding or overturning"):
            decide_appeal(claim=claim, outcome=outcome, reason="R", at=BACK_AT, by=by)
