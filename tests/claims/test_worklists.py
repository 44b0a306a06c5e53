"""The queue: what needs action first, the soonest deadline first, in a few queries."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.lifecycle import Status
from claims.models import (
    Answer,
    AppealParty,
    Claim,
    HoldKind,
    Payout,
    PayoutState,
    Recovery,
    RecoveryStatus,
)
from claims.operations.appeal import appeal_decision
from claims.operations.holds import place_hold
from claims.operations.intake import pass_screening, screen_out
from claims.queries import actor_for
from claims.roles import ADJUSTER
from claims.worklists import Queue, WorkFilter, count_work, find_claims, in_work, work_queue
from tests.claims.admin.world import make_world, seller_answers
from tests.factories import (
    NOON,
    make_order,
    make_seller,
    make_user,
    report,
    report_assessed,
    report_awaiting_seller,
    report_screened,
    staff_actor,
)

pytestmark = pytest.mark.django_db


def listed(**wanted: object) -> list[str]:
    """References of the queue, in its order."""
    return [c.reference for c in work_queue(Claim.objects.all(), WorkFilter(**wanted))]  # type: ignore[arg-type]


def queue_of(claim: Claim) -> tuple[str, bool]:
    """In which queue a claim stands, and whether a person must act."""
    found = in_work(Claim.objects.all()).get(pk=claim.pk)
    return found.queue, found.needs_action


def test_each_status_has_its_queue() -> None:
    world = make_world(NOON)

    queues = {status: queue_of(claim) for status, claim in world.claims.items()}

    assert queues == {
        Status.REPORTED: (Queue.SCREENING, True),
        Status.IN_ASSESSMENT: (Queue.ASSESSMENT, True),
        Status.AWAITING_CLAIMANT: (Queue.WAITING, False),
        Status.AWAITING_SELLER: (Queue.WAITING, False),
        Status.IN_ADJUDICATION: (Queue.ADJUDICATION, True),
        Status.APPROVED: (Queue.PAYMENT, False),
    }
    assert queue_of(world.proposed) == (Queue.SECOND_APPROVAL, True)


def test_what_is_over_is_not_work() -> None:
    claim = report()
    denied = screen_out(claim=claim, reason="No defect.", at=NOON, by=staff_actor())

    assert denied.status == Status.DENIED
    assert listed() == []


@pytest.mark.parametrize(
    ("changes", "needs_action"),
    [
        ({}, False),
        ({"held_by": ["PAYOUTS_PAUSED"]}, False),
        ({"held_by": ["PAYEE_DETAILS_CHANGED"]}, False),
        ({"held_by": ["PAYOUTS_PAUSED", "NO_PAYEE_DETAILS"]}, True),
        ({"held_by": ["SCREENING_NOT_DONE"]}, True),
        ({"held_by": ["SANCTIONS_HOLD"]}, True),
        ({"held_by": ["HOLD_PLACED"]}, True),
        ({"state": PayoutState.UNCERTAIN}, True),
        ({"state": PayoutState.REFUSED}, True),
        ({"state": PayoutState.SENT}, False),
    ],
)
def test_a_payment_asks_for_a_person_only_when_it_is_stuck(
    changes: dict[str, object], *, needs_action: bool
) -> None:
    claim = report_assessed(claimed_minor=50_000)
    assert claim.status == Status.APPROVED
    Payout.objects.filter(claim=claim).update(**changes)

    assert queue_of(claim) == (Queue.PAYMENT, needs_action)


@pytest.mark.parametrize(
    ("status", "queue", "needs_action"),
    [
        (RecoveryStatus.AWAITING_PROOF, Queue.WAITING, False),
        (RecoveryStatus.DEMANDED, Queue.RECOVERY, True),
        (RecoveryStatus.WITHHELD, Queue.RECOVERY, False),
    ],
)
def test_a_paid_claim_stays_while_its_cost_is_pursued(
    status: RecoveryStatus, queue: Queue, *, needs_action: bool
) -> None:
    claim = paid_claim(status)

    assert queue_of(claim) == (queue, needs_action)


def test_a_paid_claim_leaves_when_its_recovery_ends() -> None:
    claim = paid_claim(RecoveryStatus.COLLECTED)

    assert claim.reference not in listed()


def paid_claim(status: RecoveryStatus) -> Claim:
    claim = report_assessed(claimed_minor=50_000)
    Claim.objects.filter(pk=claim.pk).update(status=Status.PAID, paid_minor=50_000)
    Recovery.objects.create(
        claim=claim,
        status=status,
        amount_minor=50_000,
        currency="USD",
        opened_at=NOON,
        status_since=NOON,
    )
    return claim


def test_a_denial_appealed_is_work_again() -> None:
    claim = screen_out(claim=report(), reason="No defect.", at=NOON, by=staff_actor())
    appealed = appeal_decision(
        claim=claim,
        party=AppealParty.CLAIMANT,
        new_facts="The fire brigade's report.",
        at=NOON + timedelta(days=1),
        by=staff_actor(),
    )

    assert queue_of(appealed) == (Queue.APPEALS, True)


def test_needs_action_comes_first_then_the_soonest_deadline() -> None:
    soon = report_awaiting_seller(at=NOON)
    late = report_awaiting_seller(at=NOON + timedelta(days=2))
    young = report(at=NOON + timedelta(days=3))
    old = report(at=NOON)

    assert listed() == [c.reference for c in (old, young, soon, late)]


def test_rows_carry_running_clocks_and_open_holds_only() -> None:
    claim = report_awaiting_seller(at=NOON)
    place_hold(claim=claim, kind=HoldKind.LEGAL, reason="A suit.", at=NOON, by=staff_actor())

    (row,) = work_queue(Claim.objects.all(), WorkFilter())

    kinds = [clock.kind for clock in row.running_clocks]
    assert kinds[0] == "SELLER_RESPONSE"
    assert "STATUS_LETTER" not in kinds
    assert row.next_due_at == row.running_clocks[0].due_at
    assert [hold.kind for hold in row.open_holds] == [HoldKind.LEGAL]


def test_filters_by_queue_market_action_and_mine() -> None:
    me = actor_for(make_user(role=ADJUSTER))
    mine = pass_screening(claim=report(at=NOON), at=NOON, by=me)
    german = report(make_order(market="DE"), at=NOON)
    waiting = report_awaiting_seller(at=NOON)

    assert set(listed()) == {mine.reference, german.reference, waiting.reference}
    assert listed(queue=Queue.ASSESSMENT.value) == [mine.reference]
    assert listed(queue="NO_SUCH_QUEUE") == []
    assert listed(market="DE") == [german.reference]
    assert set(listed(only_action=True)) == {mine.reference, german.reference}
    assert listed(acted_on_by=me.user_id) == [mine.reference]


def test_counts_agree_with_what_each_chip_shows() -> None:
    make_world(NOON)
    claims = Claim.objects.all()

    counts = count_work(claims, WorkFilter())

    assert counts.total == len(listed()) == 8
    assert counts.needs_action == len(listed(only_action=True)) == 4
    for queue in Queue:
        assert counts.by_queue[queue] == len(listed(queue=queue.value))
    for market in counts.by_market:
        assert counts.by_market[market] == len(listed(market=market))
    assert dict(counts.by_market) == {"US": 7, "DE": 1}


def test_counts_of_queues_keep_to_the_market_and_those_of_markets_to_the_queue() -> None:
    make_world(NOON)
    claims = Claim.objects.all()

    german = count_work(claims, WorkFilter(market="DE"))
    adjudicated = count_work(claims, WorkFilter(queue=Queue.ADJUDICATION.value))
    urgent = count_work(claims, WorkFilter(only_action=True))

    assert (german.total, dict(german.by_queue)) == (1, {"ASSESSMENT": 1})
    assert german.by_market == {"US": 7, "DE": 1}
    assert adjudicated.by_market == {"US": 1}
    assert urgent.by_market == {"US": 3, "DE": 1}


@pytest.mark.parametrize("typed", ["O-77", "o-77x", "bright", "WATERS", "vera", "VERA@"])
def test_finds_claims_by_order_seller_and_claimant(typed: str) -> None:
    seller = make_seller("Brightwater LLC", trade_name="Waters")
    wanted = report(make_order(seller, external_reference="O-77X"))
    claimant = wanted.claimant
    claimant.name, claimant.email = "Vera Lund", "vera@post.example"
    claimant.save()
    report(make_order(external_reference="P-1"))

    assert [c.reference for c in find_claims(Claim.objects.all(), typed)] == [wanted.reference]


def test_finds_closed_claims_too() -> None:
    claim = screen_out(claim=report(), reason="No defect.", at=NOON, by=staff_actor())

    found = find_claims(Claim.objects.all(), claim.claimant.name)

    assert [c.reference for c in found] == [claim.reference]


@pytest.mark.parametrize("claims", [1, 30])
def test_the_queue_takes_a_constant_number_of_queries(claims: int) -> None:
    order = make_order()
    for day in range(claims):
        report_screened(order, at=NOON + timedelta(days=day))

    with CaptureQueriesContext(connection) as queries:
        rows = list(work_queue(Claim.objects.all(), WorkFilter()))
        for row in rows:
            assert row.seller.legal_name
            assert row.order.product.title
            assert row.running_clocks

    assert len(rows) == claims
    assert len(queries) == 3


def test_a_rejected_claim_waits_for_adjudication_not_for_its_seller() -> None:
    claim = report_awaiting_seller(at=datetime(2026, 3, 2, 12, tzinfo=UTC))
    rejected = seller_answers(
        claim, Answer.REJECT, at=datetime(2026, 3, 4, tzinfo=UTC), reason="Misuse."
    )

    assert queue_of(rejected) == (Queue.ADJUDICATION, True)
