"""Who bears the cost, and how it is pursued: proof, demand, withholding, collection (rules §3)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from claims.decisions.approval import NotAuthorised
from claims.decisions.base import ReasonMissing
from claims.ledger import Bearers, borne_by, position_of
from claims.lifecycle import ActorKind, Status, StepNotAllowed
from claims.models import (
    Claim,
    DeadlineKind,
    Recovery,
    TermsVersion,
    WithholdingInstruction,
)
from claims.operations.following import follow_payouts, notice_from_provider
from claims.operations.payment import change_payee
from claims.operations.recovery import (
    RecoveryRefused,
    collect_recovery,
    withhold_disbursements,
    write_off_recovery,
)
from claims.operations.silence import Swept, lapse_due
from claims.outcome import CLAIMANT
from claims.providers.sandbox import SandboxProvider
from tests.claims.core.stories import paid
from tests.claims.core.world import (
    DAY,
    adjuster,
    again,
    clerk,
    ended,
    last_event,
    letters,
    open_clocks,
    pay_out,
    payout_of,
    postings,
    prove_cover,
    refused,
    require_cover,
    seller,
    senior,
)
from tests.factories import NOON, make_order, make_seller, report_assessed

pytestmark = pytest.mark.django_db
AT = NOON + 5 * DAY
PAID_AT = NOON + timedelta(minutes=1)
# Paid on 2 March in Los Angeles: 7 days to prove it.
PROOF_DUE = datetime(2026, 3, 10, 7, 0, tzinfo=UTC)
S, P = "SELLER_RECEIVABLE", "PROGRAMME_EXPENSE"


def small(provider: SandboxProvider, *, required: bool = True, proven: bool = False) -> Claim:
    """A paid claim within the ceiling."""
    seller_row = make_seller()
    if required:
        require_cover(seller_row)
    if proven:
        prove_cover(seller_row, at=NOON - 5 * DAY)
    claim = report_assessed(make_order(seller_row), claimed_minor=80_000)
    return pay_out(claim, provider, at=PAID_AT)


def standing(claim: Claim) -> tuple[str, int]:
    row = Recovery.objects.get(claim=claim)
    return row.status, row.collected_minor


# ── at or below the ceiling ────────────────────────────────────────────────


@pytest.mark.parametrize(("required", "proven"), [(False, False), (True, True), (False, True)])
def test_the_marketplace_absorbs(
    provider: SandboxProvider, *, required: bool, proven: bool
) -> None:
    claim = small(provider, required=required, proven=proven)

    assert claim.status == Status.PAID
    assert not Recovery.objects.exists()
    assert borne_by(claim) == Bearers(80_000, 0, 0)
    assert letters(claim) == {"CLAIM_PAID", "PAID_ABSORBED"}
    assert open_clocks(claim) == {}
    expected = "the marketplace absorbs"
    assert expected in last_event(claim).rule
    assert last_event(claim).facts["cover_proven"] is proven


def test_required_and_not_proven_has_seven_days(provider: SandboxProvider) -> None:
    claim = small(provider)

    recovery = Recovery.objects.get(claim=claim)
    assert (recovery.status, recovery.amount_minor, recovery.currency, recovery.opened_at) == (
        "AWAITING_PROOF",
        80_000,
        "USD",
        PAID_AT,
    )
    assert open_clocks(claim) == {"PROOF_OF_INSURANCE": PROOF_DUE}
    assert letters(claim) == {"CLAIM_PAID", "PROOF_REQUESTED"}
    assert borne_by(claim) == Bearers(80_000, 0, 0)


def test_a_switch_in_the_terms_asks_sellers_below_the_trigger_too(
    provider: SandboxProvider,
) -> None:
    seller_row = make_seller()
    order = make_order(seller_row)
    old = TermsVersion.objects.get(marketplace_id="US")
    TermsVersion.objects.create(
        marketplace_id="US",
        effective_on=date(2026, 1, 1),
        figures=old.figures | {"absorb_when_not_required": False},
        marks=old.marks,
        created_at=NOON,
    )
    claim = pay_out(report_assessed(order, claimed_minor=80_000), provider, at=PAID_AT)

    assert standing(claim) == ("AWAITING_PROOF", 0)


def test_proven_in_time_is_waived(provider: SandboxProvider) -> None:
    claim = small(provider)
    prove_cover(claim.seller, at=PROOF_DUE - timedelta(microseconds=1))

    assert standing(claim) == ("WAIVED", 0)
    assert (last_event(claim).step, last_event(claim).actor_kind) == (
        "waive_recovery",
        ActorKind.SYSTEM,
    )
    assert ended(claim, DeadlineKind.PROOF_OF_INSURANCE) == "met"
    assert letters(claim) == {"RECOVERY_WAIVED"}
    assert borne_by(claim) == Bearers(80_000, 0, 0)


def test_proof_after_the_deadline_waives_nothing(provider: SandboxProvider) -> None:
    claim = small(provider)
    prove_cover(claim.seller, at=PROOF_DUE)

    assert standing(claim) == ("AWAITING_PROOF", 0)


def test_cover_that_began_after_the_incident_waives_nothing(provider: SandboxProvider) -> None:
    """Rules §4: what counts for a claim is cover on the incident date."""
    claim = small(provider)
    assert claim.incident_on == date(2026, 2, 20)
    prove_cover(claim.seller, at=PAID_AT + DAY, effective_on=date(2026, 2, 21))

    assert standing(claim) == ("AWAITING_PROOF", 0)


def test_proof_waives_all_that_wait_and_nobody_elses(provider: SandboxProvider) -> None:
    first = small(provider)
    second = pay_out(
        report_assessed(make_order(first.seller), claimed_minor=70_000), provider, at=PAID_AT
    )
    other = small(provider)
    prove_cover(first.seller, at=PAID_AT + DAY)

    assert [standing(c)[0] for c in (first, second, other)] == [
        "WAIVED",
        "WAIVED",
        "AWAITING_PROOF",
    ]


def test_not_proven_in_time_is_demanded(provider: SandboxProvider) -> None:
    claim = small(provider)
    lapse_due(at=PROOF_DUE + timedelta(seconds=59))
    assert standing(claim)[0] == "AWAITING_PROOF"
    lapse_due(at=PROOF_DUE + timedelta(seconds=60))

    assert standing(claim) == ("DEMANDED", 0)
    assert postings(claim)[-1] == (S, P, 80_000)
    assert borne_by(claim) == Bearers(0, 80_000, 0)
    assert letters(claim) == {"REIMBURSEMENT_DEMANDED"}
    assert ended(claim, DeadlineKind.PROOF_OF_INSURANCE) == "lapsed"
    assert again(claim).status == Status.PAID


def come_back(claim: Claim, provider: SandboxProvider, *, at: datetime) -> None:
    """The claimant's bank returns the payment, and other details are given."""
    payout = payout_of(claim)
    provider._call("POST", f"/payments/{payout.our_reference}/return")
    notice_from_provider(payout.our_reference, at=at)
    follow_payouts(provider=provider, at=at)
    change_payee(claim=claim, name="A", account="tok_2", at=at, by=CLAIMANT)


def test_a_payment_that_came_back_asks_for_proof_anew(provider: SandboxProvider) -> None:
    """No clock runs against the seller while the claimant has nothing."""
    claim = small(provider)
    come_back(claim, provider, at=PAID_AT + DAY)
    assert "PROOF_OF_INSURANCE" not in open_clocks(claim)
    assert lapse_due(at=PROOF_DUE + DAY) == Swept(0, 0)
    pay_out(claim, provider, at=PAID_AT + 20 * DAY)

    assert standing(claim) == ("AWAITING_PROOF", 0)
    assert open_clocks(claim) == {"PROOF_OF_INSURANCE": PROOF_DUE + 20 * DAY}
    assert letters(claim) == {"CLAIM_PAID", "PROOF_REQUESTED"}


def test_cover_proven_while_the_payment_was_back_waives(provider: SandboxProvider) -> None:
    claim = small(provider)
    come_back(claim, provider, at=PAID_AT + DAY)
    prove_cover(claim.seller, at=PAID_AT + 2 * DAY)
    assert standing(claim) == ("AWAITING_PROOF", 0)
    pay_out(claim, provider, at=PAID_AT + 20 * DAY)

    assert standing(claim) == ("WAIVED", 0)
    assert open_clocks(claim) == {}
    assert letters(claim) == {"CLAIM_PAID", "RECOVERY_WAIVED"}
    assert borne_by(claim) == Bearers(80_000, 0, 0)


# ── above the ceiling, and what is owed ────────────────────────────────────


def test_above_the_ceiling_the_seller_owes_it_at_once(provider: SandboxProvider) -> None:
    claim = paid(provider)

    assert standing(claim) == ("DEMANDED", 0)
    assert postings(claim)[-1] == (S, P, 250_000)
    assert letters(claim) == {"CLAIM_PAID", "REIMBURSEMENT_DEMANDED"}
    assert borne_by(claim) == Bearers(0, 250_000, 0)
    before_payment = NOON + 2 * DAY + timedelta(hours=1)
    assert borne_by(claim, at=before_payment) == Bearers(250_000, 0, 0)
    assert borne_by(claim, at=NOON) == Bearers(0, 0, 0)


def test_withholding_is_a_row_for_the_disbursement_system(provider: SandboxProvider) -> None:
    claim, by = paid(provider), adjuster()
    withhold_disbursements(claim=claim, at=AT, by=by)

    row = WithholdingInstruction.objects.get(claim=claim)
    assert (row.amount_minor, row.currency, row.instructed_at, row.instructed_by_id) == (
        250_000,
        "USD",
        AT,
        by.user_id,
    )
    assert (row.exported_at, row.revoked_at) == (None, None)
    assert standing(claim) == ("WITHHELD", 0)
    assert postings(claim)[-1] == ("DISBURSEMENTS_WITHHELD", S, 250_000)
    assert letters(claim) == {"DISBURSEMENTS_WITHHELD"}
    assert borne_by(claim) == Bearers(0, 250_000, 0)
    with refused(RecoveryRefused, "already withheld"):
        withhold_disbursements(claim=claim, at=AT, by=by)


def collect(claim: Claim, source: Any, amount_minor: int, by: Any = None) -> Claim:
    return collect_recovery(
        claim=claim, source=source, amount_minor=amount_minor, at=AT, by=by or adjuster()
    )


@pytest.mark.parametrize("withheld", [False, True])
def test_collecting_in_parts(provider: SandboxProvider, *, withheld: bool) -> None:
    claim = paid(provider)
    if withheld:
        withhold_disbursements(claim=claim, at=AT, by=adjuster())
    collect(claim, "seller", 100_000)
    assert standing(claim) == ("WITHHELD" if withheld else "DEMANDED", 100_000)
    event = last_event(claim)
    assert event.facts == {"source": "seller", "amount_minor": 100_000, "left_minor": 150_000}
    collect(claim, "insurer", 150_000)

    assert standing(claim) == ("COLLECTED", 250_000)
    assert borne_by(claim) == Bearers(0, 100_000, 150_000)
    assert position_of(claim.pk).owed_by_seller_minor == 0
    sums: dict[str, int] = {}
    for debit, credit, amount in postings(claim):
        sums[debit] = sums.get(debit, 0) + amount
        sums[credit] = sums.get(credit, 0) - amount
    assert {account: left for account, left in sums.items() if left} == {}
    assert letters(claim) == {"RECOVERY_COLLECTED"}
    by = adjuster()
    with refused(RecoveryRefused, "Nothing is demanded"):
        collect(claim, "seller", 1, by)


@pytest.mark.parametrize("amount_minor", [0, -1, 250_001])
def test_no_more_than_is_owed(amount_minor: int, provider: SandboxProvider) -> None:
    claim, by = paid(provider), adjuster()
    with refused(RecoveryRefused, r"Collect up to the 2,500\.00"):
        collect(claim, "seller", amount_minor, by)


@pytest.mark.parametrize("withheld", [False, True])
def test_what_will_not_come_is_written_off(provider: SandboxProvider, *, withheld: bool) -> None:
    claim, by = paid(provider), adjuster()
    if withheld:
        withhold_disbursements(claim=claim, at=AT, by=by)
    collect(claim, "seller", 50_000)
    write_off_recovery(claim=claim, reason=" Dissolved. ", at=AT, by=by)

    assert standing(claim) == ("WRITTEN_OFF", 50_000)
    assert borne_by(claim) == Bearers(200_000, 50_000, 0)
    event = last_event(claim)
    assert (event.text, event.facts) == ("Dissolved.", {"amount_minor": 200_000})
    assert letters(claim) == {"RECOVERY_WRITTEN_OFF"}
    receivable = "DISBURSEMENTS_WITHHELD" if withheld else S
    assert postings(claim)[-1] == ("RECOVERIES_WRITTEN_OFF", receivable, 200_000)


def test_writing_off_takes_authority_and_a_reason(provider: SandboxProvider) -> None:
    claim, nobody, by = paid(provider), clerk(), adjuster()
    with refused(NotAuthorised, r"Writing off 2,500\.00 .*is above your authority"):
        write_off_recovery(claim=claim, reason="R", at=AT, by=nobody)
    with refused(ReasonMissing, "why the rest is written off"):
        write_off_recovery(claim=claim, reason="", at=AT, by=by)
    write_off_recovery(claim=claim, reason="R", at=AT, by=senior())
    with refused(RecoveryRefused, "Nothing is demanded"):
        write_off_recovery(claim=claim, reason="R", at=AT, by=by)


def test_nothing_paid_nothing_owed() -> None:
    claim, by = report_assessed(claimed_minor=80_000), adjuster()
    with refused(RecoveryRefused, "Nothing is demanded"):
        withhold_disbursements(claim=claim, at=AT, by=by)
    with refused(RecoveryRefused, "Nothing is demanded"):
        collect(claim, "seller", 1, by)
    with refused(RecoveryRefused, "Nothing is demanded"):
        write_off_recovery(claim=claim, reason="R", at=AT, by=by)


def test_only_operations_pursue(provider: SandboxProvider) -> None:
    claim, by = paid(provider), seller()
    with refused(StepNotAllowed, "Seller may not do this: withhold disbursements"):
        withhold_disbursements(claim=claim, at=AT, by=by)
