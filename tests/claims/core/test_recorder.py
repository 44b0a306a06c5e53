"""The sole writer: compare-and-set, whole or not at all, one or a thousand (design)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.models import Model

from claims.decisions.base import close, open_clock, take, to_claimant, to_seller
from claims.ledger_postings import accrue
from claims.lifecycle import ActorKind, SomeoneWasFirst, Status
from claims.models import (
    Claim,
    ClaimEvent,
    Deadline,
    DeadlineKind,
    Hold,
    LedgerEntry,
    Notice,
    PayeeDetails,
    TermsVersion,
)
from claims.outcome import SYSTEM, NewRow, Outcome, Posting, RowChange
from claims.queries import facts_of
from claims.recorder import record, record_one
from claims.replay import REPLAYED, replay
from tests.claims.core.world import again, refused, snapshot
from tests.factories import (
    NOON,
    report,
    report_assessed,
    report_awaiting_seller,
    report_screened,
    staff_actor,
)

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=2)


def rich(claim: Claim) -> Outcome:
    """An outcome with everything an outcome can have."""
    facts = facts_of(claim)
    clock = open_clock(
        facts, DeadlineKind.CLAIMANT_ANSWER, owner=ActorKind.CLAIMANT, length=14, at=LATER
    )
    return take(
        facts,
        "ask_claimant",
        at=LATER,
        by=staff_actor(),
        to=Status.AWAITING_CLAIMANT,
        rule="a rule",
        reason="ASKED",
        text="When?",
        facts={"inputs": [1, None, "“x”"]},
        changes={"assessed_minor": 200_000, "bars": ["FRAUD_HOLD"]},
        lines={"PROPERTY_DAMAGE": {"assessed_minor": 200_000}},
        closes=(close(DeadlineKind.STATUS_LETTER, "cancelled"),),
        opens=(clock,),
        postings=(accrue(7, occasion="x"),),
        letters=(to_claimant(facts, "QUESTION", occasion=9, due_at=clock.due_at),),
        new_rows=(NewRow("Hold", {"kind": "FRAUD", "reason": "R", "placed_at": LATER}),),
        row_changes=(RowChange("Deadline", {"kind": "DECISION"}, {"note": "changed"}),),
    )


def test_an_outcome_is_written_whole() -> None:
    claim = report_screened()
    outcome = rich(claim)
    record_one(outcome)

    found = again(claim)
    assert (found.status, found.version, found.status_since, found.reason) == (
        Status.AWAITING_CLAIMANT,
        claim.version + 1,
        LATER,
        "ASKED",
    )
    assert (found.assessed_minor, found.bars) == (200_000, ["FRAUD_HOLD"])
    assert found.lines.get().assessed_minor == 200_000
    event = ClaimEvent.objects.get(claim=claim, version=found.version)
    assert (event.step, event.from_status, event.to_status) == (
        "ask_claimant",
        Status.IN_ASSESSMENT,
        Status.AWAITING_CLAIMANT,
    )
    assert (event.rule, event.reason, event.text) == ("a rule", "ASKED", "When?")
    assert event.facts == {"inputs": [1, None, "“x”"]}
    assert event.changes == {"assessed_minor": 200_000, "bars": ["FRAUD_HOLD"]}
    assert (event.actor_kind, event.actor_id) == (ActorKind.STAFF, outcome.by.user_id)


def test_what_stands_around_the_claim_is_written_with_it() -> None:
    claim = report_screened()
    outcome = rich(claim)
    record_one(outcome)

    version = claim.version + 1
    clocks = {d.kind: d for d in Deadline.objects.filter(claim=claim)}
    assert clocks["STATUS_LETTER"].cancelled_at == LATER
    assert clocks["DECISION"].note == "changed"
    asked, opened = clocks["CLAIMANT_ANSWER"], outcome.opens[0]
    assert (asked.due_at, asked.acts_at, asked.remind_at, asked.length, asked.unit) == (
        opened.due_at,
        opened.acts_at,
        None,
        14,
        "CALENDAR",
    )
    entry = LedgerEntry.objects.get(claim=claim)
    assert (entry.key, entry.amount_minor, entry.currency, entry.posted_at) == (
        f"{claim.reference}/accrue/x",
        7,
        "USD",
        LATER,
    )
    assert entry.event_version == version
    notice = Notice.objects.get(claim=claim, kind="QUESTION")
    assert (notice.key, notice.to, notice.state, notice.next_at, notice.event_version) == (
        f"{claim.reference}/QUESTION/9",
        claim.claimant.email,
        "QUEUED",
        LATER,
        version,
    )
    hold = Hold.objects.get(claim=claim)
    assert (hold.kind, hold.reason, hold.placed_at, hold.placed_by) == ("FRAUD", "R", LATER, None)


def test_of_two_outcomes_on_one_version_the_second_changes_nothing() -> None:
    claim = report_screened()
    first, second = rich(claim), rich(claim)
    record_one(first)
    with refused(SomeoneWasFirst, f"Somebody else changed claim {claim.reference}"):
        record_one(second)


def test_a_batch_with_a_stale_claim_writes_all_the_others() -> None:
    claims = [report_screened() for _ in range(5)]
    outcomes = [rich(claim) for claim in claims]
    stale = replace(outcomes[2], expected_version=outcomes[2].expected_version - 1)
    outcomes[2] = stale
    untouched = rows_of(claims[2])

    recorded = record(outcomes)

    assert recorded.someone_was_first == (stale,)
    assert recorded.written == tuple(o for o in outcomes if o is not stale)
    assert rows_of(claims[2]) == untouched
    for claim in claims[:2] + claims[3:]:
        assert again(claim).status == Status.AWAITING_CLAIMANT
        assert claim.events.count() == 3
        assert LedgerEntry.objects.filter(claim=claim).count() == 1


def rows_of(claim: Claim) -> dict[str, Any]:
    """The claim's row and every row that belongs to it."""
    around = {
        relation.name: list(relation.related_model._default_manager.filter(claim=claim).values())
        for relation in Claim._meta.related_objects
        if relation.field.name == "claim"
    }
    return around | {"claim": Claim.objects.filter(pk=claim.pk).values().get()}


def test_outcomes_that_change_different_columns_go_together() -> None:
    first, second = report_screened(), report_screened()
    one = take(
        facts_of(first), "add_information", at=LATER, by=staff_actor(), changes={"bars": ["A"]}
    )
    two = replace(rich(second), changes={})

    assert record([one, two]).written == (one, two)
    assert (again(first).bars, again(first).status) == (["A"], Status.IN_ASSESSMENT)
    assert (again(second).bars, again(second).status) == ([], Status.AWAITING_CLAIMANT)
    assert again(first).status_since == first.status_since


def test_nothing_to_record_is_nothing() -> None:
    before = snapshot()
    recorded = record([])

    assert (recorded.written, recorded.someone_was_first) == ((), ())
    assert snapshot() == before


def test_all_stale_writes_nothing() -> None:
    claim = report_screened()
    before = snapshot()
    outcome = replace(rich(claim), expected_version=99)

    assert record([outcome]).someone_was_first == (outcome,)
    assert snapshot() == before


def test_two_outcomes_of_one_claim_are_refused() -> None:
    claim = report_screened()
    with refused(ValueError, "Two outcomes of one claim"):
        record([rich(claim), rich(claim)])


@pytest.mark.parametrize(
    "changes",
    [
        {"to_status": Status.PAID},
        {"to_status": Status.IN_ASSESSMENT},
        {"from_status": Status.PAID},
        {"step": "reopen"},
        {"step": "add_information"},
    ],
)
def test_an_outcome_that_leaves_the_life_cycle_is_refused(changes: dict[str, Any]) -> None:
    claim = report_screened()
    outcome = replace(rich(claim), **changes)
    with refused(ValueError, "does not lead from"):
        record([outcome])


def test_an_unknown_step_is_no_outcome() -> None:
    outcome = replace(rich(report_screened()), step="improvise")
    with refused(KeyError):
        record([outcome])


@pytest.mark.parametrize(
    "broken",
    [
        {"postings": (Posting("k", "PROGRAMME_EXPENSE", "PROGRAMME_EXPENSE", 5),)},
        {"postings": (accrue(0, occasion="x"),)},
        {"postings": (accrue(1, occasion="x"), accrue(1, occasion="x"))},
        {"postings": (Posting("k", "CASH", "CLAIMS_PAYABLE", 5),)},
        {"changes": {"assessed_minor": -1}},
        {"changes": {"assessed_minor": 200_000, "approved_minor": 200_001}},
        {"changes": {"assessed_minor": 2, "approved_minor": 1, "paid_minor": 2}},
        {"lines": {"PROPERTY_DAMAGE": {"assessed_minor": 250_001}}},
        {"new_rows": (NewRow("Hold", {"kind": "WHIM", "placed_at": LATER}),)},
    ],
)
def test_what_the_database_refuses_leaves_nothing_of_the_batch(broken: dict[str, Any]) -> None:
    """The good claim of the same batch is not written either: all or nothing."""
    good, bad = report_screened(), report_screened()
    outcomes = [rich(good), replace(rich(bad), **broken)]
    with refused(IntegrityError), transaction.atomic():
        record(outcomes)


def test_a_posting_of_a_business_event_cannot_be_made_twice() -> None:
    claim = report_screened()
    record_one(rich(claim))
    again_posted = take(
        facts_of(claim),
        "claimant_answers",
        at=LATER,
        by=staff_actor(),
        to=Status.IN_ASSESSMENT,
        postings=(accrue(7, occasion="x"),),
    )
    with refused(IntegrityError, "key"), transaction.atomic():
        record_one(again_posted)


def test_a_letter_of_one_occasion_cannot_be_written_twice() -> None:
    claim = report_screened()
    facts = facts_of(claim)
    letter = to_seller(facts, "CLAIM_CLOSED", occasion=1)
    twice = take(facts, "add_information", at=LATER, by=staff_actor(), letters=(letter, letter))
    with refused(IntegrityError, "key"), transaction.atomic():
        record_one(twice)


def test_a_second_open_payout_of_one_purpose_cannot_stand() -> None:
    """Rules §6: whatever decided it, the database itself keeps one open intent a claim."""
    claim = report_assessed(claimed_minor=80_000)
    [first] = claim.payouts.all()
    first.pk, first.our_reference, first.key = None, "RC-OTHER-1", uuid4()
    with pytest.raises(IntegrityError, match="payout_once_a_purpose"), transaction.atomic():
        first.save(force_insert=True)
    assert claim.payouts.count() == 1


def test_a_row_that_was_changed_meanwhile_undoes_everything() -> None:
    claim = report_screened()
    change = RowChange("Payout", {"state": "QUEUED"}, {"state": "CANCELLED"})
    outcome = replace(rich(claim), row_changes=(change,))
    with refused(SomeoneWasFirst, f"Claim {claim.reference} was changed meanwhile"):
        record_one(outcome)


def test_a_row_that_need_not_match_undoes_nothing() -> None:
    claim = report_screened()
    change = RowChange("Payout", {"state": "QUEUED"}, {"state": "CANCELLED"}, at_least=0)
    record_one(replace(rich(claim), row_changes=(change,)))

    assert again(claim).status == Status.AWAITING_CLAIMANT


def test_changes_of_rows_touch_no_other_claim() -> None:
    claim, other = report_screened(), report_screened()
    untouched = rows_of(other)
    record_one(rich(claim))

    assert rows_of(other) == untouched


def test_changes_come_before_new_rows() -> None:
    """What a change ends makes room for its successor: one open hold of a kind."""
    claim = report_screened()
    Hold.objects.create(claim=claim, kind="FRAUD", placed_at=NOON)
    change = RowChange("Hold", {"kind": "FRAUD", "released_at": None}, {"released_at": LATER})
    record_one(replace(rich(claim), row_changes=(change,)))

    holds = Hold.objects.filter(claim=claim).order_by("id").values_list("placed_at", "released_at")
    assert list(holds) == [(NOON, LATER), (LATER, None)]


def test_closing_a_clock_that_does_not_run_closes_nothing() -> None:
    claim = report_awaiting_seller()
    before = list(Deadline.objects.order_by("pk").values())
    outcome = take(
        facts_of(claim),
        "add_information",
        at=LATER,
        by=staff_actor(),
        closes=(close(DeadlineKind.CLAIMANT_ANSWER, "met"),),
    )
    record_one(outcome)

    assert list(Deadline.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("how", ["met", "lapsed", "cancelled"])
def test_a_clock_ends_once(how: str) -> None:
    claim = report_awaiting_seller()
    for moment, ending in ((LATER, how), (LATER + timedelta(hours=1), "met")):
        record_one(
            take(
                facts_of(claim),
                "add_information",
                at=moment,
                by=staff_actor(),
                closes=(close(DeadlineKind.SELLER_RESPONSE, ending),),
            )
        )

    row = Deadline.objects.get(claim=claim, kind="SELLER_RESPONSE")
    ends = {"met": row.met_at, "lapsed": row.lapsed_at, "cancelled": row.cancelled_at}
    assert {name: moment for name, moment in ends.items() if moment} == {how: LATER}


def test_a_thousand_claims_take_as_many_statements_as_one(
    django_assert_max_num_queries: Any,
) -> None:
    outcomes = [replace(rich(report_screened()), row_changes=()) for _ in range(12)]
    with django_assert_max_num_queries(10):
        record(outcomes)

    assert Claim.objects.filter(status=Status.AWAITING_CLAIMANT).count() == 12


APPEND_ONLY: list[type[Model]] = [ClaimEvent, LedgerEntry, PayeeDetails, TermsVersion]


@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: str(model.__name__))
@pytest.mark.parametrize("statement", ["UPDATE {table} SET id = id", "DELETE FROM {table}"])
def test_the_database_refuses_to_change_what_was_recorded(
    model: type[Model], statement: str
) -> None:
    """Append-only: events, ledger, payee details and terms, whoever asks."""
    record_one(rich(report_screened()))
    sql = statement.format(table=model._meta.db_table)
    assert model._default_manager.exists()
    with (
        refused(ProgrammingError, "Cannot update or delete rows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_a_file_opens_with_its_report() -> None:
    claim = report()
    event = ClaimEvent.objects.get(claim=claim)

    assert (event.version, event.step, event.from_status, event.to_status) == (
        1,
        "report",
        "",
        Status.REPORTED,
    )
    assert event.actor_kind == ActorKind.CLAIMANT
    assert event.changes == {}
    assert claim.version == 1
    clocks = Deadline.objects.filter(claim=claim).order_by("kind")
    assert [(d.kind, d.length) for d in clocks] == [("DECISION", 90), ("STATUS_LETTER", 30)]
    assert SYSTEM.user_id is None


def test_a_moment_is_told_to_the_microsecond_so_that_replay_gives_the_row() -> None:
    moment = NOON.replace(microsecond=123_456)
    claim = report_assessed(claimed_minor=80_000, at=moment)
    assert claim.approved_at == moment
    row = Claim.objects.filter(pk=claim.pk).values(*REPLAYED).get()
    assert replay(claim.events.order_by("version")) == row
