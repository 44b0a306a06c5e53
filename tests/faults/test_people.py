"""People who act while money moves: pause, withdraw, other details, other terms, a broken claim."""

import json
from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from claims.lifecycle import StepNotAllowed
from claims.models import Claim, Deadline, Head, Payout, TermsVersion
from claims.operations.assessment import assess_claim
from claims.operations.payment import PaymentRefused, change_payee, withdraw_claim
from claims.operations.silence import MOST_FAILURES
from claims.outcome import CLAIMANT
from tests.claims.core.world import senior
from tests.faults import proof, rows
from tests.faults.healing import conceded_claims, hasten, heal, lapsed_claims, paid, payouts
from tests.faults.pausing import paused
from tests.faults.proxy import Count, Hold, Way, await_true
from tests.faults.rows import PAYMENT, TAKEN, lock_total, start_sending, waiting_worker
from tests.faults.stack import Stack

pytestmark = rows.MARKS


def claim_of(reference: str) -> Claim:
    return Claim.objects.get(reference=reference)


def test_a_pause_during_a_batch_lets_no_payment_begin(stack: Stack) -> None:
    """What is on its way arrives; nothing begins until the pause ends."""
    held = stack.doors.provider.add(Hold(Way.TO_CLIENT, match=TAKEN))
    calls = stack.doors.provider.add(Count(Way.TO_SERVER, match=PAYMENT))
    references = conceded_claims(8)
    stack.tick("send_payouts")
    await_true(lambda: held.struck > 0, seconds=20, what="the first is at the provider")
    with paused():
        # Leased before the pause, though its call may not have left yet.
        begun = payouts(references)["SENDING"]
        held.healed.set()
        stopped = Payout.objects.filter(held_by=["PAYOUTS_PAUSED"], state="QUEUED")
        await_true(
            lambda: ticked(stack) and stopped.count() + paid(references) == len(references),
            seconds=30,
            what="each is paid or stopped",
            every=0.2,
        )
        assert (calls.struck, paid(references)) == (begun, begun)
        assert begun < len(references)
    heal(stack)
    proof.paid_once(stack, references)
    proof.check(stack)


def ticked(stack: Stack) -> bool:
    stack.tick("send_payouts")
    return True


def test_a_withdrawal_while_the_payment_is_being_sent_is_too_late(stack: Stack) -> None:
    reference = start_sending(stack)
    with pytest.raises(PaymentRefused, match="already on its way"):
        withdraw_claim(claim=claim_of(reference), at=timezone.now(), by=CLAIMANT)
    heal(stack)
    proof.paid_once(stack, [reference])
    proof.check(stack)


def test_payee_details_changed_after_the_approval_hold_the_payment_back(stack: Stack) -> None:
    """Rules §3: details that changed less than 72 hours ago keep a payment; then it goes there."""
    with paused():
        fresh, cooled = conceded_claims(2, ago=timedelta(days=5))
        now = timezone.now()
        change_payee(claim=claim_of(fresh), name="A", account="tok_fresh", at=now, by=CLAIMANT)
        change_payee(
            claim=claim_of(cooled),
            name="B",
            account="tok_cooled",
            at=now - timedelta(hours=73),
            by=CLAIMANT,
        )
    heal(stack)
    assert stack.book.payments(fresh) == []
    assert Payout.objects.get(claim__reference=fresh).held_by == ["PAYEE_DETAILS_CHANGED"]
    assert [p["payee_account"] for p in stack.book.payments(cooled)] == ["tok_cooled"]
    withdraw_claim(claim=claim_of(fresh), at=timezone.now(), by=CLAIMANT)
    heal(stack)
    proof.paid_once(stack, [cooled])
    proof.check(stack)


def test_an_amount_cannot_be_edited_after_the_approval(stack: Stack) -> None:
    with paused():
        [reference] = conceded_claims(1)
        claim = claim_of(reference)
        with pytest.raises(StepNotAllowed):
            assess_claim(
                claim=claim, lines={Head.PROPERTY_DAMAGE: 1}, at=timezone.now(), by=senior()
            )
    heal(stack)
    [payment] = stack.book.payments(reference)
    assert payment["amount_minor"] == claim.approved_minor == 80_000
    proof.check(stack)


def test_terms_that_change_during_a_sweep_change_nothing_reported_before(stack: Stack) -> None:
    """Rules §2: a claim keeps the terms of its report; the new ones would bar every payment."""
    references = lapsed_claims(4)
    kept = TermsVersion.objects.latest("effective_on")
    with transaction.atomic():
        lock_total()
        stack.tick("lapse_deadlines")
        waiting_worker(stack)
        strict = TermsVersion.objects.create(
            marketplace_id="US",
            effective_on=timezone.now().date() + timedelta(days=1),
            figures=kept.figures | {"automatic_limit_minor": 1, "daily_cap_minor": 1},
            marks=kept.marks,
            created_at=timezone.now(),
        )
    heal(stack)
    proof.paid_once(stack, references)
    terms = Claim.objects.filter(reference__in=references).values_list("terms", flat=True)
    assert set(terms) == {kept.pk} != {strict.pk}
    proof.check(stack)


def test_a_poison_claim_first_in_line_holds_up_nobody(stack: Stack) -> None:
    """Its terms are unreadable: it is tried five times, then set aside with its error."""
    poison, *others = lapsed_claims(5)
    clock = Deadline.objects.get(claim__reference=poison, kind="SELLER_RESPONSE")
    break_terms(poison)
    Deadline.objects.filter(pk=clock.pk).update(
        due_at=clock.due_at - timedelta(days=1), acts_at=clock.due_at - timedelta(days=1)
    )

    def is_set_aside() -> bool:
        hasten()
        stack.tick("lapse_deadlines", "send_payouts")
        clock.refresh_from_db()
        return clock.failures == MOST_FAILURES and paid(others) == len(others)

    await_true(is_set_aside, seconds=60, what="the others are paid, it is set aside", every=0.3)
    assert clock.last_error
    assert claim_of(poison).status == "AWAITING_SELLER"
    mend_terms(poison)
    Deadline.objects.filter(pk=clock.pk).update(failures=0)
    heal(stack)
    proof.paid_once(stack, [poison, *others])
    proof.check(stack)


def break_terms(reference: str) -> None:
    """Point a claim at terms whose figures are gone: below every guard, as a bad disk would."""
    good = claim_of(reference).terms
    figures = json.dumps({"grace_seconds": "none"})
    below_guards(
        "INSERT INTO claims_termsversion "
        "(marketplace_id, effective_on, figures, marks, created_at) "
        "VALUES ('US', '2021-08-01', %s, '{}', now()) RETURNING id",
        [figures],
    )
    broken = TermsVersion.objects.get(effective_on="2021-08-01")
    below_guards(
        "UPDATE claims_claim SET terms_id = %s WHERE reference = %s", [broken.pk, reference]
    )
    assert good.pk != broken.pk


def mend_terms(reference: str) -> None:
    """The claim has its terms back, and the broken ones are gone."""
    good = TermsVersion.objects.get(effective_on="2021-09-02")
    below_guards("UPDATE claims_claim SET terms_id = %s WHERE reference = %s", [good.pk, reference])
    below_guards("DELETE FROM claims_termsversion WHERE effective_on = '2021-08-01'", [])


def below_guards(sql: str, parameters: Sequence[int | str]) -> None:
    """Write without triggers: only who owns the server can do this."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, parameters)
