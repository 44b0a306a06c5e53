"""The sweep: run-out clocks act in order, each once, whatever is wrong with one (rules §8)."""

from datetime import timedelta

import pytest
from django.db import transaction

from claims.lifecycle import ActorKind, Status
from claims.models import (
    Claim,
    ClaimEvent,
    DailyAutomaticTotal,
    Deadline,
    DeadlineKind,
    HoldKind,
    LedgerEntry,
    Notice,
    NoticeState,
    Payout,
)
from claims.operations.holds import place_hold
from claims.operations.silence import MOST_FAILURES, Swept, lapse_due
from tests.claims.core.threads import at_once
from tests.claims.core.world import (
    DAY,
    LAPSES,
    adjuster,
    again,
    ended,
    last_event,
    lay_down_market,
    letters,
    letters_leave,
    open_clocks,
    path,
    payout_of,
    postings,
    snapshot,
)
from tests.factories import NOON, make_order, report, report_awaiting_seller

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def silent(claimed_minor: int = 250_000, *, market: str = "US") -> Claim:
    """A claim whose seller got its letter and stays silent."""
    claim = report_awaiting_seller(make_order(market=market), claimed_minor=claimed_minor)
    letters_leave()
    return claim


def test_silence_is_approved_by_the_programme_itself() -> None:
    claim = silent()
    assert lapse_due(at=LAPSES) == Swept(taken=1, failed=0)

    found = again(claim)
    assert (found.status, found.approved_minor, found.approved_at, found.bars) == (
        Status.APPROVED,
        250_000,
        LAPSES,
        [],
    )
    event = last_event(claim)
    assert (event.step, event.actor_kind, event.actor_id) == ("lapse", ActorKind.SYSTEM, None)
    assert event.rule == "rules §3: no answer by the deadline, and nothing bars the payment"
    assert event.facts == {
        "amount_minor": 250_000,
        "deciders": [],
        "automatic": True,
        "terms": claim.terms_id,
        "due_at": (LAPSES - timedelta(seconds=60)).isoformat(),
        "spent_today_minor": 0,
        "automatic_limit_minor": 2_500_000,
        "daily_cap_minor": 25_000_000,
    }


def test_what_follows_the_silence() -> None:
    claim = silent()
    lapse_due(at=LAPSES)

    payout = payout_of(claim)
    assert (payout.is_automatic, payout.amount_minor, payout.next_at) == (True, 250_000, LAPSES)
    assert postings(claim) == [("PROGRAMME_EXPENSE", "CLAIMS_PAYABLE", 250_000)]
    assert letters(claim) == {"CLAIM_APPROVED", "RESPONSE_LAPSED"}
    assert ended(claim, DeadlineKind.SELLER_RESPONSE) == "lapsed"
    assert ended(claim, DeadlineKind.DECISION) == "met"
    assert DailyAutomaticTotal.objects.get().total_minor == 250_000


def test_a_barred_silence_waits_for_a_person() -> None:
    claim = silent()
    place_hold(claim=claim, kind=HoldKind.FRAUD, reason="R", at=NOON, by=adjuster())
    lapse_due(at=LAPSES)

    found = again(claim)
    assert (found.status, found.bars, found.approved_minor) == (
        Status.IN_ADJUDICATION,
        ["FRAUD_HOLD"],
        None,
    )
    assert last_event(claim).facts["bars"] == ["FRAUD_HOLD"]
    assert letters(claim) == {"RESPONSE_LAPSED"}
    assert not Payout.objects.exists()
    assert postings(claim) == []
    assert set(open_clocks(claim)) == {"DECISION", "STATUS_LETTER"}


@pytest.mark.parametrize("state", [NoticeState.QUEUED, NoticeState.BOUNCED, NoticeState.SENDING])
def test_a_letter_that_never_arrived_bars_the_lapse(state: NoticeState) -> None:
    claim = report_awaiting_seller()
    Notice.objects.filter(kind="CLAIM_NOTICE").update(state=state)
    lapse_due(at=LAPSES)

    assert again(claim).bars == ["NOTICE_NOT_DELIVERED"]


def test_nothing_due_changes_nothing() -> None:
    silent()
    before = snapshot()
    assert lapse_due(at=LAPSES - timedelta(microseconds=1)) == Swept(0, 0)
    assert snapshot() == before


def test_a_second_sweep_finds_nothing() -> None:
    silent()
    lapse_due(at=LAPSES)
    before = snapshot()
    assert lapse_due(at=LAPSES) == Swept(0, 0)
    assert snapshot() == before


def test_the_earliest_first_and_no_more_than_the_limit() -> None:
    claims = [silent() for _ in range(3)]
    for claim, minutes in zip(claims, (3, 1, 2), strict=True):
        Deadline.objects.filter(claim=claim, kind="SELLER_RESPONSE").update(
            acts_at=LAPSES - timedelta(minutes=minutes)
        )
    assert lapse_due(at=LAPSES, limit=2).taken == 2
    assert [again(c).status for c in claims] == [
        Status.APPROVED,
        Status.AWAITING_SELLER,
        Status.APPROVED,
    ]
    assert lapse_due(at=LAPSES, limit=2).taken == 1


def test_a_missed_hour_is_caught_up() -> None:
    """No tick for a week: the sweep acts late, once, and the event says when."""
    claim = silent()
    late = LAPSES + 7 * DAY
    lapse_due(at=late)

    assert again(claim).approved_at == late
    assert [step for step, _ in path(claim)].count("lapse") == 1


def test_of_two_clocks_of_one_claim_the_second_takes_the_next_sweep() -> None:
    claim = silent()
    Deadline.objects.filter(claim=claim, kind="STATUS_LETTER").update(acts_at=LAPSES)
    assert lapse_due(at=LAPSES).taken == 1
    assert lapse_due(at=LAPSES).taken == 1
    assert lapse_due(at=LAPSES).taken == 0

    assert sorted(step for step, _ in path(claim)[-2:]) == ["lapse", "write_status_letter"]


def test_a_status_letter_every_thirty_days() -> None:
    claim = report()
    first = open_clocks(claim)["STATUS_LETTER"]
    lapse_due(at=first)

    assert letters(claim) == {"STATUS_UPDATE"}
    assert Notice.objects.get(kind="STATUS_UPDATE").facts == {"status": "REPORTED"}
    assert open_clocks(claim)["STATUS_LETTER"] == first + 30 * DAY
    assert again(claim).status == Status.REPORTED
    assert Deadline.objects.filter(claim=claim, kind="STATUS_LETTER", met_at=first).exists()


# ── the daily cap ──────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("amounts", "statuses"),
    [
        ([2_400_000, 2_500_000], ["APPROVED", "APPROVED"]),
        ([2_400_001, 2_500_000], ["APPROVED", "IN_ADJUDICATION"]),
    ],
)
@pytest.mark.parametrize("limit", [1, 10])
def test_the_cap_is_reached_and_never_passed_by_a_cent(
    amounts: list[int], statuses: list[str], limit: int
) -> None:
    """Within one batch and across batches: 250,000.00 exactly is allowed."""
    lay_down_market()
    DailyAutomaticTotal.objects.create(marketplace_id="US", on="2026-03-10", total_minor=20_100_000)
    claims = [silent(amount) for amount in amounts]
    while lapse_due(at=LAPSES, limit=limit).taken:
        pass

    assert [again(claim).status for claim in claims] == statuses
    approved = sum(a for a, s in zip(amounts, statuses, strict=True) if s == "APPROVED")
    assert DailyAutomaticTotal.objects.get().total_minor == 20_100_000 + approved
    if "IN_ADJUDICATION" in statuses:
        assert again(claims[1]).bars == ["DAILY_CAP_REACHED"]


def test_the_cap_is_of_one_marketplace_and_one_local_day() -> None:
    lay_down_market("CA")
    yesterday = DailyAutomaticTotal.objects.create(
        marketplace_id=silent().marketplace_id, on="2026-03-09", total_minor=25_000_000
    )
    other = DailyAutomaticTotal.objects.create(
        marketplace_id="CA", on="2026-03-10", total_minor=25_000_000
    )
    lapse_due(at=LAPSES)

    assert Claim.objects.get().status == Status.APPROVED
    for row in (yesterday, other):
        row.refresh_from_db()
        assert row.total_minor == 25_000_000


def test_markets_in_one_batch_count_apart() -> None:
    us, ca = silent(), silent(market="CA")
    lapse_due(at=LAPSES + DAY)

    assert {again(us).status, again(ca).status} == {Status.APPROVED}
    assert dict(DailyAutomaticTotal.objects.values_list("marketplace_id", "total_minor")) == {
        "US": 250_000,
        "CA": 250_000,
    }


# ── a poison claim ─────────────────────────────────────────────────────────


def poison(claim: Claim) -> Claim:
    """The key of the entry that the approval would post is taken: its step always fails."""
    LedgerEntry.objects.create(
        claim=claim,
        event_version=claim.version,
        key=f"{claim.reference}/accrue/{claim.version + 1}",
        debit="PROGRAMME_EXPENSE",
        credit="CLAIMS_PAYABLE",
        amount_minor=1,
        currency="USD",
        posted_at=NOON,
    )
    return claim


def clock_of(claim: Claim) -> Deadline:
    return Deadline.objects.get(claim=claim, kind="SELLER_RESPONSE")


def test_a_poison_claim_first_in_line_holds_nobody_up() -> None:
    bad, good = poison(silent()), silent()
    assert lapse_due(at=LAPSES) == Swept(taken=1, failed=1)

    assert again(good).status == Status.APPROVED
    assert again(bad).status == Status.AWAITING_SELLER
    assert DailyAutomaticTotal.objects.get().total_minor == 250_000
    clock = clock_of(bad)
    assert clock.last_error.startswith("IntegrityError: duplicate key")
    assert (clock.failures, clock.acts_at, clock.next_try_at) == (1, LAPSES, LAPSES + MINUTE)


def test_a_failing_clock_waits_longer_each_time_and_is_set_aside_after_five_tries() -> None:
    """What passes by itself within a quarter of an hour takes its step; no tick spends the tries.

    The moment that the rules give the step does not move.
    """
    bad, at = poison(silent()), LAPSES
    for failures, minutes in enumerate((1, 2, 4, 8), start=1):
        assert lapse_due(at=at) == Swept(taken=0, failed=1)
        clock = clock_of(bad)
        assert (clock.failures, clock.next_try_at) == (failures, at + minutes * MINUTE)
        before = snapshot()
        assert lapse_due(at=at) == Swept(taken=0, failed=0), "the same tick tries it once"
        assert lapse_due(at=at + minutes * MINUTE - timedelta(microseconds=1)) == Swept(0, 0)
        assert snapshot() == before
        at += minutes * MINUTE
    assert lapse_due(at=at) == Swept(taken=0, failed=1)
    assert lapse_due(at=at + 7 * DAY) == Swept(taken=0, failed=0)

    clock = clock_of(bad)
    assert (clock.failures, clock.next_try_at, clock.acts_at) == (MOST_FAILURES, None, LAPSES)
    assert again(bad).status == Status.AWAITING_SELLER


def test_a_clock_whose_trouble_passed_takes_its_step_at_its_next_try() -> None:
    claim = silent()
    Deadline.objects.filter(pk=clock_of(claim).pk).update(
        failures=2, last_error="OperationalError: gone", next_try_at=LAPSES + 2 * MINUTE
    )
    others = silent()
    assert lapse_due(at=LAPSES) == Swept(taken=1, failed=0)
    assert again(others).status == Status.APPROVED
    assert again(claim).status == Status.AWAITING_SELLER
    assert lapse_due(at=LAPSES + 2 * MINUTE) == Swept(taken=1, failed=0)
    assert again(claim).status == Status.APPROVED


def test_one_by_one_stops_at_the_limit() -> None:
    poison(silent())
    for _ in range(3):
        silent()

    assert lapse_due(at=LAPSES, limit=2) == Swept(taken=1, failed=1)


def test_a_clock_without_a_decision_fails_alone() -> None:
    """A kind of clock that somebody made act by hand: an error of ours, not of the others."""
    odd, good = silent(), silent()
    Deadline.objects.filter(claim=odd, kind="DECISION").update(acts_at=LAPSES - DAY)
    Deadline.objects.filter(claim=odd, kind="SELLER_RESPONSE").update(acts_at=None)
    assert lapse_due(at=LAPSES) == Swept(taken=1, failed=1)

    assert again(good).status == Status.APPROVED
    assert Deadline.objects.get(claim=odd, kind="DECISION").last_error == ("KeyError: 'DECISION'")


@pytest.mark.django_db(transaction=True)
def test_what_another_worker_has_is_skipped_not_waited_for() -> None:
    lay_down_market()
    mine, free = silent(), silent()
    with transaction.atomic():
        Deadline.objects.select_for_update().get(claim=mine, kind="SELLER_RESPONSE")
        (swept,) = at_once([lambda: lapse_due(at=LAPSES)])
        assert swept == Swept(taken=1, failed=0)
    assert again(free).status == Status.APPROVED
    with transaction.atomic():
        Claim.objects.select_for_update().get(pk=mine.pk)
        assert at_once([lambda: lapse_due(at=LAPSES)]) == [Swept(0, 0)]
    assert lapse_due(at=LAPSES) == Swept(taken=1, failed=0)
    assert ClaimEvent.objects.filter(step="lapse").count() == 2
