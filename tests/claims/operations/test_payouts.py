"""The sender and the real provider, through every fault it knows (rules §6, design Money)."""

import time
from datetime import timedelta
from typing import Any

import pgtrigger
import pytest

from claims.lifecycle import Status
from claims.models import (
    Claim,
    DamageLine,
    LedgerEntry,
    Payout,
    PayoutState,
    Recovery,
    TermsVersion,
)
from claims.operations.circuit import jittered
from claims.operations.following import follow_payouts, notice_from_provider
from claims.operations.pausing import pause_payouts
from claims.operations.payment import change_payee
from claims.operations.sending import send_due_payouts
from claims.outcome import CLAIMANT
from claims.providers.base import Uncertain
from claims.providers.sandbox import SandboxProvider
from claims.providers.sandbox_faults import GARBAGE
from claims.providers.sandbox_server import SandboxServer
from claims.screening.sanctions import lay_down_empty_list
from tests.claims.core.world import (
    DAY,
    adjuster,
    again,
    approve,
    last_event,
    letters,
    path,
    payout_of,
    postings,
    snapshot,
)
from tests.claims.providers.parties import Clock, provider_of
from tests.factories import NOON, report_assessed, report_awaiting_seller

pytestmark = pytest.mark.django_db
OWED = ("PROGRAMME_EXPENSE", "CLAIMS_PAYABLE", 80_000)
OUT = ("CLAIMS_PAYABLE", "PAYOUT_CLEARING", 80_000)
BACK = ("PAYOUT_CLEARING", "CLAIMS_PAYABLE", 80_000)


@pytest.fixture
def claim() -> Claim:
    """A conceded claim of 800.00."""
    return report_assessed(claimed_minor=80_000)


def send(provider: SandboxProvider, claim: Claim, *, at: Any = NOON) -> Payout:
    send_due_payouts(provider=provider, at=at)
    return payout_of(claim)


def follow(provider: SandboxProvider, claim: Claim, *, at: Any) -> Payout:
    follow_payouts(provider=provider, at=at)
    return payout_of(claim)


def book(server: SandboxServer, claim: Claim) -> int:
    """How many payments of the claim move money, by the provider's own book."""
    return len(server.payments_for(claim.reference))


def waited(payout: Payout, seconds: int, *, attempts: int) -> timedelta:
    """A doubled wait with this payout's own jitter: up to a fifth more, always the same."""
    wait = jittered(timedelta(seconds=seconds), seed=f"{payout.our_reference}#{attempts}")
    assert timedelta(seconds=seconds) <= wait <= timedelta(seconds=seconds * 1.2)
    return wait


def test_a_good_day(claim: Claim, provider: SandboxProvider, server: SandboxServer) -> None:
    payout = send(provider, claim)

    assert (payout.state, payout.attempts, payout.ended_at, payout.next_at) == (
        PayoutState.CONFIRMED,
        1,
        NOON,
        None,
    )
    assert (payout.first_sent_at, payout.lease_until, payout.held_by) == (NOON, None, [])
    assert payout.payee == claim.payee_details.get()
    found = again(claim)
    assert (found.status, found.paid_minor) == (Status.PAID, 80_000)
    assert [step for step, _ in path(claim)[-2:]] == ["send_payment", "pay"]
    assert postings(claim) == [OWED, OUT]
    assert list(DamageLine.objects.filter(claim=claim).values_list("paid_minor")) == [(80_000,)]
    (entry,) = server.payments_for(claim.reference)
    assert (entry.provider_reference, entry.key) == (payout.provider_reference, str(payout.key))
    assert (entry.order.amount_minor, entry.order.currency, entry.order.purpose_text) == (
        80_000,
        "USD",
        f"Claim {claim.reference}",
    )
    assert letters(claim) == {"CLAIM_PAID", "PAID_ABSORBED"}
    assert not Recovery.objects.exists()


def test_sending_again_finds_nothing(claim: Claim, provider: SandboxProvider) -> None:
    send(provider, claim)
    before = snapshot()

    assert send_due_payouts(provider=provider, at=NOON + DAY) == 0
    assert follow_payouts(provider=provider, at=NOON + DAY) == 0
    assert snapshot() == before


def test_a_slow_bank_is_sent_first_and_paid_when_confirmed(claim: Claim, clock: Clock) -> None:
    with SandboxServer(now=clock, confirm_after=timedelta(hours=2)) as slow:
        provider = provider_of(slow)
        pay_ready(clock)
        payout = send(provider, claim)
        assert (payout.state, payout.next_at) == ("SENT", NOON + timedelta(seconds=20))
        assert (again(claim).status, postings(claim)) == (Status.APPROVED, [OWED, OUT])
        clock.move(hours=1)
        assert follow(provider, claim, at=clock.at).state == "SENT"
        clock.move(hours=1)
        assert follow(provider, claim, at=clock.at + timedelta(hours=1)).state == "CONFIRMED"
    assert again(claim).status == Status.PAID
    assert postings(claim) == [OWED, OUT]


def pay_ready(clock: Clock) -> None:
    lay_down_empty_list(at=clock.at - DAY, source="tests")


DOUBTFUL = [
    {"do": "timeout_after_accept"},
    {"do": "reset"},
    {"do": "error_500_after"},
    *({"do": "garbage", "garbage": kind} for kind in GARBAGE),
]
NEVER_TAKEN = [
    {"do": "timeout_before_accept"},
    {"do": "error_500"},
    {"do": "garbage", "garbage": "html", "accepted": False},
]


@pytest.mark.parametrize("fault", DOUBTFUL, ids=lambda f: "-".join(f.values()))
def test_a_payment_in_doubt_is_asked_about_and_never_sent_again(
    fault: dict[str, Any], claim: Claim, provider: SandboxProvider, server: SandboxServer
) -> None:
    server.script_next(**fault)
    payout = send(provider, claim)
    assert (payout.state, payout.lease_until) == ("UNCERTAIN", None)
    assert payout.last_answer
    assert (again(claim).status, postings(claim)) == (Status.APPROVED, [OWED])
    assert send_due_payouts(provider=provider, at=NOON + DAY) == 0
    payout = follow(provider, claim, at=payout.next_at)

    assert payout.state == "CONFIRMED"
    assert (again(claim).status, postings(claim)) == (Status.PAID, [OWED, OUT])
    assert book(server, claim) == 1


@pytest.mark.parametrize("fault", NEVER_TAKEN, ids=lambda f: str(f["do"]))
def test_what_the_provider_never_took_is_sent_again_with_the_same_key(
    fault: dict[str, Any], claim: Claim, provider: SandboxProvider, server: SandboxServer
) -> None:
    server.script_next(**fault)
    doubtful = send(provider, claim)
    assert doubtful.state == "UNCERTAIN"
    at = doubtful.next_at
    queued = follow(provider, claim, at=at)
    assert (queued.state, queued.key, queued.next_at) == ("QUEUED", doubtful.key, at)
    payout = send(provider, claim, at=at)

    assert (payout.state, payout.key, payout.first_sent_at) == ("CONFIRMED", doubtful.key, NOON)
    assert payout.attempts == 3
    (entry,) = server.payments_for(claim.reference)
    assert entry.key == str(doubtful.key)
    assert postings(claim) == [OWED, OUT]


def test_a_payment_accepted_late_is_found_not_repeated(
    claim: Claim, provider: SandboxProvider, server: SandboxServer
) -> None:
    """Sent, no answer, asked while the provider still works on it: not final, so no resend."""
    server.script_next("late_accept", seconds=0.6)
    impatient = provider_of(server, total_seconds=0.2)
    assert send(impatient, claim).state == "UNCERTAIN"
    asked = follow(impatient, claim, at=NOON + timedelta(minutes=1))
    assert asked.state == "UNCERTAIN"
    assert "a person must look" in asked.last_answer
    time.sleep(0.8)
    assert follow(provider, claim, at=asked.next_at).state == "CONFIRMED"
    assert book(server, claim) == 1


def test_outside_the_keys_window_nothing_is_sent_again(
    claim: Claim, provider: SandboxProvider, server: SandboxServer
) -> None:
    server.script_next("timeout_before_accept")
    send(provider, claim)
    payout = follow(provider, claim, at=NOON + timedelta(hours=23))

    assert (payout.state, payout.last_answer) == (
        "UNCERTAIN",
        "The provider does not know this payment: a person must look.",
    )
    assert book(server, claim) == 0


def test_too_many_requests_wait_as_long_as_asked(
    claim: Claim, provider: SandboxProvider, server: SandboxServer
) -> None:
    server.script_next("429", seconds=90)
    payout = send(provider, claim)

    assert (payout.state, payout.next_at, payout.lease_until) == (
        "QUEUED",
        NOON + timedelta(seconds=90),
        None,
    )
    assert send_due_payouts(provider=provider, at=NOON + timedelta(seconds=89)) == 0
    assert send(provider, claim, at=NOON + timedelta(seconds=90)).state == "CONFIRMED"
    assert book(server, claim) == 1


def test_a_refusal_for_now_is_tried_again_with_the_same_key(
    claim: Claim, provider: SandboxProvider, server: SandboxServer
) -> None:
    server.script_next("refuse", reason="LATER", times=2)
    first = send(provider, claim)
    assert (first.state, first.next_at) == ("QUEUED", NOON + waited(first, 40, attempts=1))
    second = send(provider, claim, at=first.next_at)
    assert second.next_at == (first.next_at or NOON) + waited(first, 80, attempts=2)
    third = send(provider, claim, at=second.next_at)

    assert (third.state, third.key) == ("CONFIRMED", first.key)
    (entry,) = server.payments_for(claim.reference)
    assert entry.key == str(first.key)


def test_wrong_details_are_asked_for_and_a_new_payment_goes(
    claim: Claim, provider: SandboxProvider, server: SandboxServer
) -> None:
    server.script_next("refuse", reason="FIX_DETAILS")
    payout = send(provider, claim)
    assert (payout.state, payout.ended_at, payout.next_at) == ("REFUSED", NOON, None)
    assert (again(claim).status, postings(claim)) == (Status.APPROVED, [OWED])
    assert (last_event(claim).step, letters(claim)) == (
        "payment_refused",
        {"PAYEE_DETAILS_NEEDED"},
    )
    assert claim.notices.get(kind="PAYEE_DETAILS_NEEDED").facts == {"why": "REFUSED"}
    change_payee(claim=claim, name="A", account="tok_2", at=NOON, by=CLAIMANT)
    second = send(provider, claim, at=NOON + 4 * DAY)

    assert (second.state, second.key == payout.key) == ("CONFIRMED", False)
    assert postings(claim) == [OWED, OUT]
    assert book(server, claim) == 1


def test_a_payment_that_will_never_be_made_voids_the_approval(
    claim: Claim, provider: SandboxProvider, server: SandboxServer
) -> None:
    server.script_next("refuse", reason="NEVER")
    payout = send(provider, claim)

    found = again(claim)
    assert (payout.state, found.status, found.approved_minor) == (
        "REFUSED",
        Status.IN_ADJUDICATION,
        None,
    )
    assert last_event(claim).step == "void_approval"
    assert "This payment cannot be made" in last_event(claim).text
    assert postings(claim) == [OWED, ("CLAIMS_PAYABLE", "PROGRAMME_EXPENSE", 80_000)]
    assert book(server, claim) == 0


def test_forgotten_keys_do_no_harm_to_who_asks_first(
    claim: Claim, provider: SandboxProvider, server: SandboxServer
) -> None:
    server.script_next("timeout_after_accept")
    server.script_next("forget_keys")
    doubtful = send(provider, claim)
    follow(provider, claim, at=doubtful.next_at)
    send_due_payouts(provider=provider, at=NOON + DAY)

    assert book(server, claim) == 1


def test_a_slow_answer_within_the_time_is_an_answer(
    claim: Claim, provider: SandboxProvider, server: SandboxServer
) -> None:
    server.script_next("slow", seconds=0.001)

    assert send(provider, claim).state == "CONFIRMED"


# ── payments that come back ────────────────────────────────────────────────


def test_a_returned_payment_is_owed_again(
    claim: Claim, provider: SandboxProvider, server: SandboxServer, clock: Clock
) -> None:
    server.script_next("return", seconds=3_600)
    payout = send(provider, claim)
    assert payout.state == "CONFIRMED"
    clock.move(hours=2)
    assert notice_from_provider(payout.our_reference, at=clock.at)
    returned = follow(provider, claim, at=clock.at)

    found = again(claim)
    assert (returned.state, returned.ended_at) == ("RETURNED", clock.at)
    assert (found.status, found.paid_minor, found.approved_minor) == (Status.APPROVED, 0, 80_000)
    assert claim.lines.get().paid_minor == 0
    assert postings(claim) == [OWED, OUT, BACK]
    assert claim.notices.get(kind="PAYEE_DETAILS_NEEDED").facts == {"why": "RETURNED"}
    change_payee(claim=claim, name="A", account="tok_2", at=clock.at, by=CLAIMANT)
    assert send(provider, claim, at=clock.at + 4 * DAY).state == "CONFIRMED"
    assert postings(claim) == [OWED, OUT, BACK, OUT]
    assert again(claim).status == Status.PAID


def test_a_payment_that_comes_back_before_it_was_confirmed(claim: Claim, clock: Clock) -> None:
    pay_ready(clock)
    with SandboxServer(now=clock, confirm_after=timedelta(hours=1)) as slow:
        provider = provider_of(slow)
        slow.script_next("return", seconds=7_200)
        assert send(provider, claim).state == "SENT"
        clock.move(hours=5)
        payout = follow(provider, claim, at=clock.at)

    assert payout.state == "RETURNED"
    assert (again(claim).status, last_event(claim).step) == (Status.APPROVED, "payment_refused")
    assert postings(claim) == [OWED, OUT, BACK]


def test_the_recovery_goes_on_after_a_return(provider: SandboxProvider, clock: Clock) -> None:
    claim = approve(report_awaiting_seller())
    at = NOON + 3 * DAY
    clock.at = at
    payout = send(provider, claim, at=at)
    assert Recovery.objects.get(claim=claim).status == "DEMANDED"
    provider._call("POST", f"/payments/{payout.our_reference}/return")
    notice_from_provider(payout.our_reference, at=at + DAY)
    follow(provider, claim, at=at + DAY)
    change_payee(claim=claim, name="A", account="tok_2", at=at + DAY, by=CLAIMANT)
    clock.at = at + 5 * DAY
    send(provider, claim, at=at + 5 * DAY)

    assert again(claim).status == Status.PAID
    assert Recovery.objects.filter(claim=claim).count() == 1
    charges = [p for p in postings(claim) if p[0] == "SELLER_RECEIVABLE"]
    assert charges == [("SELLER_RECEIVABLE", "PROGRAMME_EXPENSE", 250_000)]


# ── leases, pauses, notices ────────────────────────────────────────────────


def die_while_sending(claim: Claim) -> None:
    """A sender that took the lease, called the provider and was killed."""
    send_due_payouts(provider=Killed(), at=NOON)  # type: ignore[arg-type]


class Killed:
    """A provider whose caller dies at the call."""

    def send(self, _: object) -> Uncertain:
        raise KeyboardInterrupt


def test_a_dead_senders_lease_runs_out_and_the_provider_is_asked(
    claim: Claim, provider: SandboxProvider, server: SandboxServer
) -> None:
    with pytest.raises(KeyboardInterrupt):
        die_while_sending(claim)
    payout = payout_of(claim)
    assert (payout.state, payout.lease_until) == ("SENDING", NOON + timedelta(minutes=2))
    before = snapshot()
    assert send_due_payouts(provider=provider, at=NOON + timedelta(seconds=119)) == 0
    assert follow_payouts(provider=provider, at=NOON + timedelta(seconds=119)) == 0
    assert snapshot() == before
    at = NOON + timedelta(minutes=2)
    assert follow(provider, claim, at=at).state == "QUEUED"
    assert send(provider, claim, at=at).state == "CONFIRMED"
    assert book(server, claim) == 1


def test_a_pause_between_two_payments_stops_the_second(
    provider: SandboxProvider, server: SandboxServer
) -> None:
    first, second = (report_assessed(claimed_minor=80_000) for _ in range(2))
    send_due_payouts(provider=provider, at=NOON, limit=1)
    pause_payouts(reason="R", at=NOON, by=adjuster())
    send_due_payouts(provider=provider, at=NOON, limit=1)

    assert book(server, first) + book(server, second) == 1
    assert payout_of(second).held_by == ["PAYOUTS_PAUSED"]


def test_without_payee_details_the_payment_waits(provider: SandboxProvider) -> None:
    claim = report_assessed(claimed_minor=80_000, payee=None)
    payout = send(provider, claim)

    assert (payout.state, payout.held_by) == ("QUEUED", ["NO_PAYEE_DETAILS"])
    assert payout.next_at == NOON + timedelta(hours=6)


def test_without_a_sanctions_list_payments_wait_and_look_again_soon(
    claim: Claim, server: SandboxServer
) -> None:
    payout = send(provider_of(server), claim)

    assert (payout.state, payout.held_by) == ("QUEUED", ["SCREENING_NOT_DONE"])
    assert payout.next_at == NOON + timedelta(minutes=5)


def test_a_notice_from_the_provider_only_makes_us_ask(
    claim: Claim, provider: SandboxProvider
) -> None:
    payout = send(provider, claim)
    assert notice_from_provider(payout.our_reference, at=NOON + DAY)
    assert payout_of(claim).next_at == NOON + DAY
    assert not notice_from_provider("RC-UNKNOWN-1", at=NOON)
    before = again(claim)
    follow(provider, claim, at=NOON + DAY)
    assert (again(claim).version, payout_of(claim).state) == (before.version, "CONFIRMED")


def test_a_second_notice_of_one_confirmation_books_nothing_again(
    claim: Claim, provider: SandboxProvider, caplog: pytest.LogCaptureFixture
) -> None:
    payout, way = send(provider, claim), path(claim)
    later = NOON + timedelta(hours=1)
    assert notice_from_provider(payout.our_reference, at=later)
    told = follow(provider, claim, at=later)

    assert (told.state, told.next_at, told.ended_at) == ("CONFIRMED", None, NOON)
    assert (path(claim), postings(claim)) == (way, [OWED, OUT])
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []


def test_a_notice_about_a_payment_that_was_never_sent_is_unknown(claim: Claim) -> None:
    assert not notice_from_provider(payout_of(claim).our_reference, at=NOON)


def test_a_provider_that_holds_another_amount_is_for_a_person(
    claim: Claim, provider: SandboxProvider, server: SandboxServer
) -> None:
    server.script_next("timeout_after_accept")
    payout = send(provider, claim)
    Payout.objects.filter(pk=payout.pk).update(amount_minor=79_999)
    asked = follow(provider, claim, at=payout.next_at)

    assert asked.state == "UNCERTAIN"
    assert asked.last_answer == "The provider holds another amount: a person must look."
    assert again(claim).status == Status.APPROVED


def test_a_provider_that_is_down_is_asked_later(claim: Claim, provider: SandboxProvider) -> None:
    with SandboxServer() as gone:
        unreachable = provider_of(gone)
    payout = send(unreachable, claim)
    assert payout.state == "UNCERTAIN"
    asked = follow(unreachable, claim, at=payout.next_at)

    assert (asked.state, asked.attempts) == ("UNCERTAIN", 2)
    assert asked.next_at == (payout.next_at or NOON) + waited(payout, 80, attempts=2)
    assert follow(provider, claim, at=asked.next_at).state == "QUEUED"


def test_a_payment_cancelled_at_the_provider_after_a_doubt(claim: Claim, clock: Clock) -> None:
    """Accepted without an answer, then cancelled over there: found as refused."""
    pay_ready(clock)
    with SandboxServer(now=clock, confirm_after=timedelta(days=1)) as slow:
        provider = provider_of(slow)
        slow.script_next("timeout_after_accept")
        payout = send(provider, claim)
        provider.cancel(payout.our_reference)
        asked = follow(provider, claim, at=payout.next_at)

    assert asked.state == "REFUSED"
    assert (again(claim).status, postings(claim)) == (Status.APPROVED, [OWED])


def test_a_payment_cancelled_at_the_provider_after_it_was_sent(claim: Claim, clock: Clock) -> None:
    pay_ready(clock)
    with SandboxServer(now=clock, confirm_after=timedelta(days=1)) as slow:
        provider = provider_of(slow)
        payout = send(provider, claim)
        provider.cancel(payout.our_reference)
        asked = follow(provider, claim, at=payout.next_at)

    assert asked.state == "RETURNED"
    assert postings(claim) == [OWED, OUT, BACK]


def test_an_answer_that_cannot_be_taken_down_holds_up_no_other_payment(
    provider: SandboxProvider, server: SandboxServer
) -> None:
    """Its key in the ledger is taken: the lease runs out, and the provider is asked."""
    bad, good = report_assessed(claimed_minor=80_000), report_assessed(claimed_minor=80_000)
    LedgerEntry.objects.create(
        claim=bad,
        event_version=1,
        key=f"{bad.reference}/send/{payout_of(bad).our_reference}",
        debit="CLAIMS_PAYABLE",
        credit="PAYOUT_CLEARING",
        amount_minor=80_000,
        currency="USD",
        posted_at=NOON,
    )
    send_due_payouts(provider=provider, at=NOON)

    assert again(good).status == Status.PAID
    assert (again(bad).status, payout_of(bad).state) == (Status.APPROVED, "SENDING")
    assert book(server, bad) == 1


def test_facts_that_cannot_be_read_hold_up_no_other_payment(
    provider: SandboxProvider, server: SandboxServer
) -> None:
    """Terms that miss every figure: this claim is put off, the other is paid."""
    bad, good = report_assessed(claimed_minor=80_000), report_assessed(claimed_minor=80_000)
    broken = TermsVersion.objects.create(
        marketplace_id="US", effective_on="2030-01-01", figures={}, marks={}, created_at=NOON
    )
    with pgtrigger.ignore("claims.Claim:claim_keeps_its_terms"):
        Claim.objects.filter(pk=bad.pk).update(terms=broken)
    send_due_payouts(provider=provider, at=NOON)

    assert again(good).status == Status.PAID
    payout = payout_of(bad)
    assert (payout.state, payout.held_by, payout.next_at) == (
        "QUEUED",
        ["SCREENING_NOT_DONE"],
        NOON + timedelta(minutes=5),
    )
    assert book(server, bad) == 0
