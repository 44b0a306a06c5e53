"""The switch of payouts: breakers that turn it, what heals them, and resuming (rules §3)."""

from datetime import datetime, timedelta

import pytest

from claims.decisions.base import ReasonMissing
from claims.lifecycle import Status
from claims.models import (
    InvariantReport,
    PauseCause,
    Payout,
    PayoutLimits,
    PayoutSwitch,
    Reconciliation,
)
from claims.operations.pausing import (
    CauseNotHealed,
    SwitchNotTurned,
    pause_payouts,
    resume_payouts,
    trip_breaker,
    what_stands,
)
from claims.operations.sending import send_due_payouts
from claims.outcome import SYSTEM
from claims.providers.sandbox import SandboxProvider
from claims.providers.sandbox_server import SandboxServer
from tests.claims.core.world import DAY, adjuster, again, payout_of, refused
from tests.factories import NOON, make_market, make_user, report_assessed

pytestmark = pytest.mark.django_db
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture(autouse=True)
def market() -> None:
    make_market()


def limits(**figures: object) -> None:
    PayoutLimits.objects.create(
        effective_at=NOON - HOUR, reason="Tests.", set_by=make_user(), **figures
    )


def switch() -> PayoutSwitch:
    return PayoutSwitch.objects.get()


def approved(count: int) -> None:
    for _ in range(count):
        report_assessed(claimed_minor=80_000)


def states() -> list[str]:
    return sorted(Payout.objects.values_list("state", flat=True))


# ── by hand ────────────────────────────────────────────────────────────────
def test_a_pause_holds_every_payment_and_a_resume_lets_it_go(provider: SandboxProvider) -> None:
    claim, by = report_assessed(claimed_minor=80_000), adjuster()
    paused = pause_payouts(reason=" Month end. ", at=NOON, by=by)
    assert (paused.is_paused, paused.causes, paused.reason, paused.changed_at) == (
        True,
        ["BY_HAND"],
        "Month end.",
        NOON,
    )
    assert paused.changed_by_id == by.user_id
    send_due_payouts(provider=provider, at=NOON)
    assert (payout_of(claim).state, payout_of(claim).held_by) == ("QUEUED", ["PAYOUTS_PAUSED"])

    runs = resume_payouts(reason="Done.", at=NOON + DAY, by=by)

    assert (runs.is_paused, runs.causes, runs.reason, runs.changed_at, runs.counts_from) == (
        False,
        [],
        "Done.",
        NOON + DAY,
        None,
    )
    assert payout_of(claim).next_at == NOON + DAY
    send_due_payouts(provider=provider, at=NOON + DAY)
    assert (again(claim).status, payout_of(claim).held_by) == (Status.PAID, [])


def test_pausing_and_resuming_take_a_reason_and_a_person() -> None:
    by = adjuster()
    with refused(ReasonMissing, "why payouts are paused"):
        pause_payouts(reason="", at=NOON, by=by)
    with refused(SwitchNotTurned, "Payouts run already"):
        resume_payouts(reason="R", at=NOON, by=by)
    pause_payouts(reason="R", at=NOON, by=by)
    with refused(ReasonMissing, "why payouts may run again"):
        resume_payouts(reason=" ", at=NOON, by=by)
    with refused(SwitchNotTurned, "Only a person of operations"):
        resume_payouts(reason="R", at=NOON, by=SYSTEM)


def test_every_turn_of_the_switch_is_kept() -> None:
    by = adjuster()
    pause_payouts(reason="First.", at=NOON, by=by)
    resume_payouts(reason="Second.", at=NOON + HOUR, by=by)
    history = switch().events.order_by("pgh_id")  # type: ignore[attr-defined]
    told = list(history.values_list("is_paused", "reason"))
    assert told[-2:] == [(True, "First."), (False, "Second.")]


def test_causes_add_up_and_each_counts_once() -> None:
    pause_payouts(reason="Month end.", at=NOON, by=adjuster())
    for _ in range(2):
        trip_breaker(cause=PauseCause.LEDGER, reason="I4 is violated.", at=NOON + MINUTE)
    assert (switch().causes, switch().reason, switch().changed_by) == (
        ["BY_HAND", "LEDGER"],
        "Month end. I4 is violated.",
        None,
    )


# ── how fast ───────────────────────────────────────────────────────────────
def test_more_than_the_hour_s_number_pauses_and_nothing_more_leaves(
    provider: SandboxProvider, server: SandboxServer
) -> None:
    limits(hourly_count=2)
    approved(4)
    send_due_payouts(provider=provider, at=NOON)

    assert (states(), len(server.book.entries())) == (["CONFIRMED"] * 2 + ["QUEUED"] * 2, 2)
    assert (switch().is_paused, switch().causes, switch().reason, switch().changed_by) == (
        True,
        ["HOURLY_COUNT"],
        "2 payments left within an hour, and no more may.",
        None,
    )
    held = Payout.objects.filter(state="QUEUED").values_list("held_by", flat=True)
    assert list(held) == [["PAYOUTS_PAUSED"]] * 2
    with refused(CauseNotHealed, "still reaches the limits"):
        resume_payouts(reason="R", at=NOON + MINUTE, by=adjuster())
    assert what_stands(switch(), at=NOON + HOUR) == []
    resume_payouts(reason="The hour is over.", at=NOON + HOUR, by=adjuster())
    send_due_payouts(provider=provider, at=NOON + HOUR)
    assert (states(), switch().is_paused) == (["CONFIRMED"] * 4, False)


def test_a_person_may_excuse_it_and_counting_begins_anew(provider: SandboxProvider) -> None:
    limits(hourly_count=2)
    approved(5)
    send_due_payouts(provider=provider, at=NOON)
    excused = resume_payouts(
        reason="We know why.", although_not_healed=True, at=NOON + MINUTE, by=adjuster()
    )
    assert (excused.is_paused, excused.counts_from) == (False, NOON + MINUTE)
    send_due_payouts(provider=provider, at=NOON + 2 * MINUTE)
    assert (states(), switch().causes) == (["CONFIRMED"] * 4 + ["QUEUED"], ["HOURLY_COUNT"])


def test_more_than_the_hour_s_sum_pauses(provider: SandboxProvider) -> None:
    limits(hourly_sums={"USD": 170_000})
    approved(3)
    send_due_payouts(provider=provider, at=NOON)
    third = Payout.objects.get(state="QUEUED").our_reference
    assert (states(), switch().causes, switch().reason) == (
        ["CONFIRMED", "CONFIRMED", "QUEUED"],
        ["HOURLY_SUM"],
        f"{third} would take an hour's payments above 1,700.00 USD.",
    )


def test_a_currency_without_a_limit_is_not_paid(provider: SandboxProvider) -> None:
    limits(hourly_sums={"EUR": 10**9})
    approved(1)
    send_due_payouts(provider=provider, at=NOON)
    assert (states(), switch().causes) == (["QUEUED"], ["HOURLY_SUM"])


def test_the_defaults_are_four_daily_caps() -> None:
    ours = PayoutLimits(effective_at=NOON)
    assert (ours.hourly_count, ours.uncertain, ours.a_minute) == (1000, 20, 600)
    assert ours.hourly_sums == {
        "USD": 100_000_000,
        "CAD": 100_000_000,
        "GBP": 100_000_000,
        "EUR": 100_000_000,
        "SEK": 1_000_000_000,
        "PLN": 400_000_000,
        "MXN": 2_000_000_000,
        "JPY": 100_000_000,
    }


def test_the_minute_s_budget_puts_off_and_pauses_nothing(provider: SandboxProvider) -> None:
    limits(a_minute=2)
    approved(3)
    send_due_payouts(provider=provider, at=NOON)
    waits = Payout.objects.get(state="QUEUED")
    assert (states()[:2], waits.held_by, waits.first_sent_at) == (["CONFIRMED"] * 2, [], None)
    assert NOON + MINUTE / 2 <= (waits.next_at or NOON) <= NOON + MINUTE
    send_due_payouts(provider=provider, at=NOON + MINUTE)
    assert (states(), switch().is_paused) == (["CONFIRMED"] * 3, False)


# ── how sure ───────────────────────────────────────────────────────────────
def test_too_many_doubts_pause(provider: SandboxProvider) -> None:
    limits(uncertain=1)
    approved(3)
    doubted = list(Payout.objects.order_by("pk").values_list("pk", flat=True)[:2])
    Payout.objects.filter(pk__in=doubted).update(state="UNCERTAIN", first_sent_at=NOON)
    send_due_payouts(provider=provider, at=NOON)
    assert (states(), switch().causes, switch().reason) == (
        ["QUEUED", "UNCERTAIN", "UNCERTAIN"],
        ["UNCERTAIN"],
        "2 payments are in doubt.",
    )
    with refused(CauseNotHealed, "2 payments are in doubt. Wait until the provider"):
        resume_payouts(reason="R", at=NOON, by=adjuster())
    excused = resume_payouts(reason="R", although_not_healed=True, at=NOON, by=adjuster())
    assert excused.uncertain_excused == 2
    send_due_payouts(provider=provider, at=NOON)
    assert (states(), switch().is_paused) == (["CONFIRMED", "UNCERTAIN", "UNCERTAIN"], False)


# ── ledger and books ───────────────────────────────────────────────────────
def report_of(violations: int, *, at: datetime) -> None:
    line = {"code": "I4", "violations": violations}
    InvariantReport.objects.create(
        at=at, seconds=1, asked_by="tests", violations=violations, lines=[line]
    )


def test_a_broken_ledger_heals_with_a_check_that_finds_it_whole() -> None:
    report_of(0, at=NOON - MINUTE)
    trip_breaker(cause=PauseCause.LEDGER, reason="I4.", at=NOON)
    assert what_stands(switch(), at=NOON) == [
        "The ledger was not checked again: have verify_invariants --keep run."
    ]
    report_of(1, at=NOON + MINUTE)
    assert what_stands(switch(), at=NOON) == ["The last check found the ledger broken again."]
    report_of(0, at=NOON + 2 * MINUTE)
    assert what_stands(switch(), at=NOON) == []


@pytest.mark.parametrize("cause", [PauseCause.RESTORED, PauseCause.BOOK_DIFFERS])
def test_books_that_differ_heal_with_a_clean_comparison(cause: PauseCause) -> None:
    trip_breaker(cause=cause, reason="R.", at=NOON)
    (words,) = what_stands(switch(), at=NOON)
    assert words.endswith("was not compared with ours since: have after_restore run.")
    Reconciliation.objects.create(at=NOON, entries=1, differences=["RC-1"], asked_by="tests")
    assert what_stands(switch(), at=NOON) == ["The provider's book and ours still differ."]
    Reconciliation.objects.create(at=NOON + MINUTE, entries=1, asked_by="tests")
    assert what_stands(switch(), at=NOON) == []
