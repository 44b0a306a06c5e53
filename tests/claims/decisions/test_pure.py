"""Decisions without a database: same facts, same outcome (design: decide, then record)."""

from datetime import date, timedelta
from typing import Any

import pytest

from claims.decisions.approval import (
    NotAuthorised,
    approve,
    approve_as_second,
    decide_amount,
    payout_intent,
)
from claims.decisions.base import (
    ReasonMissing,
    close_all,
    need_reason,
    open_clock,
    take,
    to_claimant,
    to_seller,
)
from claims.decisions.eligibility import Denial, ReportFacts, find_ineligibility
from claims.decisions.payment import record_confirmed, spread
from claims.decisions.recovery import CoverFacts, move_recovery, open_recovery
from claims.decisions.silence import decide_silence
from claims.decisions.undoing import undo_approval
from claims.facts import LineFacts
from claims.lifecycle import ActorKind, Status, StepNotAllowed
from claims.models.handling import DeadlineKind
from claims.models.money import RecoveryStatus
from claims.outcome import (
    CLAIMANT,
    SYSTEM,
    Actor,
    CloseDeadline,
    Outcome,
    Posting,
    Rank,
    RowChange,
)
from tests.claims.core.facts_made import (
    ADJUSTER,
    CLERK,
    NOON,
    SENIOR,
    clock,
    facts,
    terms,
)

SENT = RowChange("Payout", {"pk": 1}, {"state": "CONFIRMED"})
ABSORBED = CoverFacts(is_required=False, is_proven=False, why="not required")


# ── the base of every decision ─────────────────────────────────────────────


def test_a_step_is_taken_from_where_the_claim_stands() -> None:
    outcome = take(facts(), "add_information", at=NOON, by=ADJUSTER, text="T")

    assert outcome == Outcome(
        claim_id=1,
        reference="RC-7K3M-92PW",
        currency="USD",
        expected_version=3,
        from_status=Status.AWAITING_SELLER,
        to_status=Status.AWAITING_SELLER,
        step="add_information",
        at=NOON,
        by=ADJUSTER,
        text="T",
    )
    assert outcome.version == 4


def test_a_step_that_the_table_does_not_have_is_not_taken() -> None:
    with pytest.raises(StepNotAllowed):
        take(facts(), "pay", at=NOON, by=SYSTEM)


def test_a_reason_is_stripped_and_never_empty() -> None:
    assert need_reason("  because ", for_what="x") == "because"
    with pytest.raises(ReasonMissing, match="Give a reason: why"):
        need_reason(" \n", for_what="why")


@pytest.mark.parametrize(
    ("kind", "acts", "reminds"),
    [
        (DeadlineKind.SELLER_RESPONSE, 60, True),
        (DeadlineKind.SELLER_SETTLEMENT, 60, True),
        (DeadlineKind.PROOF_OF_INSURANCE, 60, True),
        (DeadlineKind.INSURER_ANSWER, 60, False),
        (DeadlineKind.CLAIMANT_ANSWER, 60, False),
        (DeadlineKind.STATUS_LETTER, 0, False),
        (DeadlineKind.DECISION, None, False),
    ],
)
def test_what_each_clock_does(kind: DeadlineKind, acts: int | None, *, reminds: bool) -> None:
    """Rules §8: the automatic step at due + 60 seconds; promises have none."""
    found = open_clock(facts(), kind, owner=ActorKind.SELLER, length=7, at=NOON)

    expected = None if acts is None else found.due_at + timedelta(seconds=acts)
    assert found.acts_at == expected
    assert found.remind_at == (found.due_at - timedelta(days=3) if reminds else None)
    assert (found.starts_at, found.length, found.unit, found.calendar) == (
        NOON,
        7,
        "CALENDAR",
        "US",
    )


def test_grace_is_a_figure_of_the_terms() -> None:
    found = open_clock(
        facts(terms=terms(grace_seconds=3_600)),
        DeadlineKind.SELLER_RESPONSE,
        owner=ActorKind.SELLER,
        length=7,
        at=NOON,
    )
    assert found.acts_at == found.due_at + timedelta(hours=1)


def test_closures_and_holidays_move_working_clocks() -> None:
    plain = {"owner": ActorKind.SELLER, "length": 7, "unit": "WORKING", "at": NOON}
    kind = DeadlineKind.SELLER_RESPONSE
    before: Any = open_clock(facts(), kind, **plain)  # type: ignore[arg-type]
    closed: Any = open_clock(facts(closures=frozenset({date(2026, 3, 4)})), kind, **plain)  # type: ignore[arg-type]

    assert closed.due_at == before.due_at + timedelta(days=1)


def test_every_open_clock_closes() -> None:
    two = (clock("DECISION"), clock("SELLER_RESPONSE"))
    assert close_all(facts(clocks=two)) == (
        CloseDeadline("DECISION", "cancelled"),
        CloseDeadline("SELLER_RESPONSE", "cancelled"),
    )
    assert close_all(facts(), "met") == ()


def test_letters_carry_plain_facts() -> None:
    seller = to_seller(facts(), "CLAIM_NOTICE", occasion=4, due_at=NOON, amount_minor=5)
    claimant = to_claimant(facts(), "CLAIM_PAID", occasion="x")

    assert (seller.to, seller.recipient, seller.occasion) == (
        "seller@sellers.example",
        "SELLER",
        "4",
    )
    assert seller.facts == {"due_at": NOON.isoformat(), "amount_minor": 5}
    assert (claimant.to, claimant.recipient, claimant.facts) == (
        "customer@mail.example",
        "CLAIMANT",
        {},
    )


# ── eligibility ────────────────────────────────────────────────────────────


def reported(**changes: Any) -> ReportFacts:
    values: dict[str, Any] = {
        "incident_on": date(2026, 2, 20),
        "reported_at": NOON,
        "is_physical": True,
        "payable_minor": 100_000_000,
        "has_duplicate": False,
    }
    return ReportFacts(**values | changes)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"incident_on": date(2021, 8, 31)}, Denial.BEFORE_PROGRAMME_START),
        ({"incident_on": date(2021, 9, 1)}, Denial.FILED_LATE),
        ({"is_physical": False}, Denial.NOT_PHYSICAL),
        ({"incident_on": date(2025, 12, 2)}, None),
        ({"incident_on": date(2025, 12, 1)}, Denial.FILED_LATE),
        ({"payable_minor": 100_000_001}, Denial.OVER_MAXIMUM),
        ({"has_duplicate": True}, Denial.DUPLICATE),
        # several at once: the first of the rules' order is the reason
        ({"has_duplicate": True, "is_physical": False}, Denial.NOT_PHYSICAL),
    ],
)
def test_what_the_programme_cannot_take(changes: dict[str, Any], reason: Denial | None) -> None:
    assert find_ineligibility(reported(**changes), terms=terms()) == reason


# ── approval ───────────────────────────────────────────────────────────────


def adjudicated(**changes: Any) -> Any:
    return facts(status=Status.IN_ADJUDICATION, **changes)


def test_the_same_rows_whoever_approves() -> None:
    def rows(**who: Any) -> tuple[Any, ...]:
        found = approve(
            adjudicated() if who["step"] == "step_in" else facts(),
            amount_minor=250_000,
            at=NOON,
            rule="R",
            **who,
        )
        return found.postings, found.changes, [row.table for row in found.new_rows]

    person = rows(step="step_in", by=ADJUSTER, deciders=[11])
    automatic = rows(step="lapse", by=SYSTEM, deciders=(), is_automatic=True)
    assert person == automatic
    assert person[0] == (Posting("accrue/4", "PROGRAMME_EXPENSE", "CLAIMS_PAYABLE", 250_000),)


def test_a_payout_intent_decided_again_has_the_same_key_and_another_one_another() -> None:
    """After a restore the provider must know the payment again."""
    now, later = (
        payout_intent(facts(), amount_minor=5, at=at, is_automatic=True).values
        for at in (NOON, NOON + timedelta(days=1))
    )
    other = payout_intent(facts(version=9), amount_minor=5, at=NOON, is_automatic=True).values
    assert (now["our_reference"], now["key"]) == (later["our_reference"], later["key"])
    assert other["key"] != now["key"]


def test_a_payout_intent_has_a_reference_of_its_own() -> None:
    row = payout_intent(facts(), amount_minor=5, at=NOON, is_automatic=True)

    assert (row.table, row.values["our_reference"], row.values["state"]) == (
        "Payout",
        "RC-7K3M-92PW-4",
        "QUEUED",
    )


@pytest.mark.parametrize("by", [CLERK, Actor(ActorKind.STAFF, None, Rank.SENIOR)])
def test_nobody_without_rank_or_name_decides(by: Actor) -> None:
    with pytest.raises(NotAuthorised):
        decide_amount(adjudicated(), step="step_in", amount_minor=1, at=NOON, by=by, rule="R")
    with pytest.raises(NotAuthorised):
        approve_as_second(
            adjudicated(),
            step="step_in",
            amount_minor=1,
            proposed_by=99,
            proposed_rank=Rank.SENIOR,
            at=NOON,
            by=by,
            row_changes=(),
        )


def test_only_an_approval_makes_the_changes_of_an_approval() -> None:
    always, later = RowChange("A", {}, {}), RowChange("B", {}, {})

    def changed(amount_minor: int) -> tuple[RowChange, ...]:
        return decide_amount(
            adjudicated(assessed_minor=600_000),
            step="step_in",
            amount_minor=amount_minor,
            at=NOON,
            by=ADJUSTER,
            rule="R",
            row_changes=(always,),
            on_approval=(later,),
        ).row_changes

    assert changed(500_000) == (always, later)
    assert changed(500_001) == (always,)


def test_two_people_approve_together() -> None:
    found = approve_as_second(
        adjudicated(assessed_minor=3_000_000),
        step="step_in",
        amount_minor=3_000_000,
        proposed_by=11,
        proposed_rank=Rank.ADJUSTER,
        at=NOON,
        by=SENIOR,
        row_changes=(),
    )
    assert found.facts["deciders"] == [11, 12]
    assert found.to_status == Status.APPROVED


@pytest.mark.parametrize("is_appealed", [False, True])
@pytest.mark.parametrize("has_open_payout", [False, True])
def test_an_approval_undone(*, has_open_payout: bool, is_appealed: bool) -> None:
    mine = RowChange("Proposal", {}, {}, at_least=0)
    found = undo_approval(
        facts(
            status=Status.APPROVED,
            approved_minor=250_000,
            open_appeals=frozenset({"SELLER"} if is_appealed else ()),
        ),
        step="withdraw",
        to=Status.WITHDRAWN,
        at=NOON,
        by=CLAIMANT,
        text="T",
        has_open_payout=has_open_payout,
        row_changes=(mine,),
    )

    assert found.postings == (Posting("reverse/4", "CLAIMS_PAYABLE", "PROGRAMME_EXPENSE", 250_000),)
    assert found.changes == {"approved_minor": None, "approved_at": None, "bars": []}
    tables = [change.table for change in found.row_changes]
    appeal = ["Appeal"] if is_appealed else []
    assert tables == [*(["Payout"] if has_open_payout else []), *appeal, "Proposal"]
    told = [(letter.kind, dict(letter.facts)) for letter in found.letters]
    assert told == ([("SELLER_APPEAL_CLOSED", {"why": "WITHDRAWN"})] if is_appealed else [])


# ── silence ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "status", "step", "to"),
    [
        ("SELLER_RESPONSE", Status.AWAITING_SELLER, "lapse", Status.APPROVED),
        ("CLAIMANT_ANSWER", Status.AWAITING_CLAIMANT, "abandon", Status.ABANDONED),
        ("SELLER_SETTLEMENT", Status.WITH_SELLER, "return_claim", Status.IN_ADJUDICATION),
        ("INSURER_ANSWER", Status.WITH_INSURER, "return_claim", Status.IN_ADJUDICATION),
        ("PROOF_OF_INSURANCE", Status.PAID, "demand_recovery", Status.PAID),
        ("STATUS_LETTER", Status.REPORTED, "write_status_letter", Status.REPORTED),
    ],
)
def test_each_clock_has_its_step(kind: str, status: Status, step: str, to: Status) -> None:
    ran_out = clock(kind)
    found = decide_silence(
        facts(status=status, clocks=(ran_out,), paid_minor=5, recovery="AWAITING_PROOF"),
        ran_out,
        at=NOON,
        spent_today_minor=0,
    )

    assert (found.step, found.to_status, found.by) == (step, to, SYSTEM)
    assert kind in {c.kind for c in found.closes}


def test_silence_about_nothing_assessed_is_never_approved_for_nothing() -> None:
    """A claim awaiting its seller has an amount; without one the database refuses the payout."""
    found = decide_silence(
        facts(assessed_minor=None), clock("SELLER_RESPONSE"), at=NOON, spent_today_minor=0
    )
    assert found.changes["approved_minor"] == 0


# ── payment and recovery ───────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("amount", "paid"),
    [
        (0, (0, 0, 0)),
        (50, (50, 0, 0)),
        (100, (100, 0, 0)),
        (130, (100, 0, 30)),
        (150, (100, 0, 50)),
    ],
)
def test_a_payment_is_spread_over_the_lines_in_order(
    amount: int, paid: tuple[int, int, int]
) -> None:
    lines = (
        LineFacts("MEDICAL", 200, 100, 0),
        LineFacts("PUNITIVE", 900, None, 0),
        LineFacts("PROPERTY_DAMAGE", 60, 50, 0),
    )
    found = spread(amount, lines)

    assert [found[line.head]["paid_minor"] for line in lines] == list(paid)


def confirmed(cover: CoverFacts = ABSORBED, *, appeal_won: bool = False, **changes: Any) -> Outcome:
    return record_confirmed(
        facts(status=Status.APPROVED, approved_minor=250_000, **changes),
        amount_minor=250_000,
        our_reference="REF",
        lines=(),
        cover=cover,
        appeal_won=appeal_won,
        at=NOON,
        payout=SENT,
    )


REQUIRED = CoverFacts(is_required=True, is_proven=False, why="since June")
PROVEN = CoverFacts(is_required=True, is_proven=True, why="by the certificate")
STRICT = terms(absorb_when_not_required=False)


@pytest.mark.parametrize(
    ("cover", "changes", "status"),
    [
        (ABSORBED, {"is_within_ceiling": True}, None),
        (PROVEN, {"is_within_ceiling": True}, None),
        (REQUIRED, {"is_within_ceiling": True}, "AWAITING_PROOF"),
        (ABSORBED, {"is_within_ceiling": True, "terms": STRICT}, "AWAITING_PROOF"),
        (ABSORBED, {"is_within_ceiling": False}, "DEMANDED"),
        (PROVEN, {"is_within_ceiling": False}, "DEMANDED"),
        (REQUIRED, {"is_within_ceiling": False, "appeal_won": True}, None),
        (REQUIRED, {"is_within_ceiling": True, "appeal_won": True}, None),
        (REQUIRED, {"is_within_ceiling": False, "recovery": "DEMANDED"}, None),
    ],
)
def test_what_a_payment_opens_towards_the_seller(
    cover: CoverFacts, changes: dict[str, Any], status: str | None
) -> None:
    """Rules §3, after payment, case by case."""
    found = confirmed(cover, **changes)

    assert [row.values["status"] for row in found.new_rows] == ([status] if status else [])
    charged = [p for p in found.postings if p.debit == "SELLER_RECEIVABLE"]
    assert bool(charged) is (status == "DEMANDED")
    assert bool(found.opens) is (status == "AWAITING_PROOF")
    assert found.to_status == Status.PAID
    assert found.facts["cover"] == cover.why


def test_paid_again_after_a_return_opens_nothing_twice() -> None:
    opening = open_recovery(
        facts(recovery="DEMANDED"), amount_minor=5, cover=REQUIRED, appeal_won=False, at=NOON
    )
    assert (opening.new_rows, opening.postings, opening.opens, opening.letters) == ((), (), (), ())


def test_a_recovery_moves_only_from_where_it_was_seen() -> None:
    found = move_recovery(
        before=(RecoveryStatus.DEMANDED, RecoveryStatus.WITHHELD),
        after=RecoveryStatus.COLLECTED,
        at=NOON,
        collected_minor=5,
    )
    assert found == RowChange(
        "Recovery",
        {"status__in": ["DEMANDED", "WITHHELD"]},
        {"status": "COLLECTED", "status_since": NOON, "collected_minor": 5},
    )
