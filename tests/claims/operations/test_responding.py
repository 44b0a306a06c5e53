"""The seller's answers, in time and late; settlements, tenders, extensions (rules §3, §8)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from claims.decisions.base import ReasonMissing
from claims.lifecycle import ActorKind, Status, StepNotAllowed
from claims.models import (
    Answer,
    Claim,
    DailyAutomaticTotal,
    DeadlineKind,
    HoldKind,
    Notice,
    NoticeState,
    Payout,
    PayoutState,
    SellerResponse,
)
from claims.operations.extending import add_information, extend_deadline
from claims.operations.holds import place_hold
from claims.operations.intake import pass_screening
from claims.operations.responding import AnswerRefused, respond_to_claim
from claims.operations.settling import record_insurer_answer, report_settlement
from claims.operations.silence import lapse_due
from claims.outcome import CLAIMANT, Actor, Rank
from sellers.models import Order
from tests.claims.core.stories import settled
from tests.claims.core.world import (
    DAY,
    DUE,
    LAPSES,
    adjuster,
    again,
    answer_seller,
    approve,
    ended,
    last_event,
    lease,
    letters,
    letters_leave,
    open_clocks,
    payout_of,
    postings,
    prove_cover,
    refused,
    reject,
    seller,
)
from tests.factories import NOON, make_order, report, report_awaiting_seller, report_screened

pytestmark = pytest.mark.django_db

# 30 days from 3 March end with 2 April in Los Angeles.
THIRTY_DAYS = datetime(2026, 4, 3, 7, 0, tzinfo=UTC)


def awaiting(order: Order | None = None, **fields: Any) -> Claim:
    claim = report_awaiting_seller(order, **fields)
    letters_leave()
    return claim


def test_an_accepting_seller_is_paid_for_at_once() -> None:
    claim = awaiting()
    by = seller()
    found = respond_to_claim(
        claim=claim, answer=Answer.ACCEPT, reason=" Sorry. ", at=NOON + DAY, by=by
    )

    assert (found.status, found.approved_minor, found.approved_at, found.bars) == (
        Status.APPROVED,
        250_000,
        NOON + DAY,
        [],
    )
    event = last_event(claim)
    assert (event.step, event.text, event.actor_kind, event.actor_id) == (
        "accept",
        "Sorry.",
        ActorKind.SELLER,
        by.user_id,
    )
    assert event.facts == {
        "amount_minor": 250_000,
        "deciders": [],
        "automatic": True,
        "terms": claim.terms_id,
        "spent_today_minor": 0,
    }
    assert (payout_of(claim).is_automatic, payout_of(claim).amount_minor) == (True, 250_000)
    assert postings(claim) == [("PROGRAMME_EXPENSE", "CLAIMS_PAYABLE", 250_000)]
    assert letters(claim) == {"CLAIM_APPROVED", "ANSWER_RECEIVED"}
    assert ended(claim, DeadlineKind.SELLER_RESPONSE) == "met"
    assert ended(claim, DeadlineKind.DECISION) == "met"
    total = DailyAutomaticTotal.objects.get()
    assert (total.marketplace_id, total.on.isoformat(), total.total_minor) == (
        "US",
        "2026-03-03",
        250_000,
    )
    response = SellerResponse.objects.get(claim=claim)
    assert (response.answer, response.reason, response.is_late, response.given_by_id) == (
        "ACCEPT",
        "Sorry.",
        False,
        by.user_id,
    )


def test_an_accepted_claim_that_is_barred_waits_for_a_person() -> None:
    claim = awaiting()
    place_hold(claim=claim, kind=HoldKind.LEGAL, reason="A suit.", at=NOON, by=adjuster())
    found = answer_seller(claim, Answer.ACCEPT)

    assert (found.status, found.bars, found.approved_minor) == (
        Status.IN_ADJUDICATION,
        ["LEGAL_HOLD"],
        None,
    )
    assert not Payout.objects.exists()
    assert postings(claim) == []
    assert letters(claim) == {"ANSWER_RECEIVED"}
    assert ended(claim, DeadlineKind.SELLER_RESPONSE) == "met"
    assert DailyAutomaticTotal.objects.get().total_minor == 0


def test_acceptances_count_against_the_daily_cap() -> None:
    """250,000.00 a day: eleven of 24,000.00 pass it, and the eleventh waits."""
    claims = [awaiting(claimed_minor=2_400_000) for _ in range(11)]
    found = [answer_seller(claim, Answer.ACCEPT) for claim in claims]

    assert [c.status for c in found] == [Status.APPROVED] * 10 + [Status.IN_ADJUDICATION]
    assert found[-1].bars == ["DAILY_CAP_REACHED"]
    assert DailyAutomaticTotal.objects.get().total_minor == 24_000_000


def test_a_rejection_goes_to_adjudication() -> None:
    claim = awaiting()
    found = answer_seller(claim, Answer.REJECT, reason="Misused.")

    assert (found.status, found.bars) == (Status.IN_ADJUDICATION, [])
    assert (last_event(claim).step, last_event(claim).text) == ("reject", "Misused.")
    assert SellerResponse.objects.get(claim=claim).reason == "Misused."
    assert ended(claim, DeadlineKind.SELLER_RESPONSE) == "met"
    assert letters(claim) == {"ANSWER_RECEIVED"}
    assert set(open_clocks(claim)) == {"DECISION", "STATUS_LETTER"}


def test_a_rejection_without_reasons_is_refused() -> None:
    claim = awaiting()
    by = seller()
    with refused(ReasonMissing, "why you reject the claim"):
        respond_to_claim(claim=claim, answer=Answer.REJECT, reason=" ", at=NOON, by=by)


@pytest.mark.parametrize(
    ("answer", "status", "kind", "letter", "owner"),
    [
        (Answer.HANDLE, Status.WITH_SELLER, "SELLER_SETTLEMENT", "SELLER_HANDLES", "SELLER"),
        (Answer.TENDER, Status.WITH_INSURER, "INSURER_ANSWER", "INSURER_ASKED", "INSURER"),
    ],
)
def test_handling_and_tendering_start_thirty_days(
    answer: Answer, status: Status, kind: str, letter: str, owner: str
) -> None:
    claim = awaiting()
    found = answer_seller(claim, answer)

    assert found.status == status
    clock = claim.deadlines.get(kind=kind)
    assert (clock.due_at, clock.length, clock.owner, clock.starts_at) == (
        THIRTY_DAYS,
        30,
        owner,
        NOON + DAY,
    )
    assert clock.acts_at == THIRTY_DAYS + timedelta(seconds=60)
    assert letters(claim) == {"ANSWER_RECEIVED", letter}
    assert ended(claim, DeadlineKind.SELLER_RESPONSE) == "met"


@pytest.mark.parametrize("answer", [Answer.HANDLE, Answer.TENDER])
def test_a_handling_or_tender_that_runs_out_comes_back(answer: Answer) -> None:
    claim = answer_seller(awaiting(), answer)
    lapse_due(at=THIRTY_DAYS + timedelta(seconds=59))
    assert again(claim).status in {Status.WITH_SELLER, Status.WITH_INSURER}
    lapse_due(at=THIRTY_DAYS + timedelta(seconds=60))

    assert again(claim).status == Status.IN_ADJUDICATION
    event = last_event(claim)
    assert (event.step, event.actor_kind) == ("return_claim", ActorKind.SYSTEM)
    assert letters(claim) == {"CLAIM_RETURNED"}
    notice = Notice.objects.get(claim=claim, kind="CLAIM_RETURNED")
    assert notice.facts == {"by": "SELLER" if answer == Answer.HANDLE else "INSURER"}


@pytest.mark.parametrize(
    ("at", "is_late"), [(DUE - timedelta(microseconds=1), False), (DUE, True), (LAPSES, True)]
)
def test_an_answer_counts_by_the_moment_it_arrived(at: datetime, *, is_late: bool) -> None:
    claim = awaiting()
    answer_seller(claim, Answer.REJECT, at=at)

    assert SellerResponse.objects.get(claim=claim).is_late is is_late
    assert last_event(claim).step == ("answer_late" if is_late else "reject")


def test_a_late_answer_before_the_sweep_bars_the_lapse() -> None:
    claim = awaiting()
    late = answer_seller(claim, Answer.REJECT, at=DUE)
    assert (late.status, letters(claim)) == (Status.AWAITING_SELLER, {"ANSWER_LATE"})
    lapse_due(at=LAPSES)

    found = again(claim)
    assert (found.status, found.bars) == (Status.IN_ADJUDICATION, ["SELLER_ANSWERED_LATE"])
    assert last_event(claim).facts["bars"] == ["SELLER_ANSWERED_LATE"]


def test_a_late_answer_after_the_lapse_undoes_the_approval() -> None:
    claim = awaiting()
    lapse_due(at=LAPSES)
    assert again(claim).status == Status.APPROVED
    found = answer_seller(claim, Answer.ACCEPT, at=LAPSES + DAY)

    assert (found.status, found.approved_minor, found.approved_at, found.bars) == (
        Status.IN_ADJUDICATION,
        None,
        None,
        ["SELLER_ANSWERED_LATE"],
    )
    payout = payout_of(claim)
    assert (payout.state, payout.ended_at, payout.next_at) == ("CANCELLED", LAPSES + DAY, None)
    assert postings(claim) == [
        ("PROGRAMME_EXPENSE", "CLAIMS_PAYABLE", 250_000),
        ("CLAIMS_PAYABLE", "PROGRAMME_EXPENSE", 250_000),
    ]
    assert SellerResponse.objects.get(claim=claim).is_late


def test_a_late_answer_in_adjudication_adds_its_bar() -> None:
    claim = awaiting()
    place_hold(claim=claim, kind=HoldKind.FRAUD, reason="Looks odd.", at=NOON, by=adjuster())
    lapse_due(at=LAPSES)
    found = answer_seller(claim, Answer.HANDLE, at=LAPSES + DAY)

    assert (found.status, found.bars) == (
        Status.IN_ADJUDICATION,
        ["FRAUD_HOLD", "SELLER_ANSWERED_LATE"],
    )


def test_of_two_late_answers_the_first_counts() -> None:
    claim = awaiting()
    answer_seller(claim, Answer.HANDLE, at=DUE)
    by = seller()
    with refused(AnswerRefused, "does not wait for an answer"):
        respond_to_claim(claim=claim, answer=Answer.ACCEPT, at=DUE + DAY, by=by)


@pytest.mark.parametrize("state", [PayoutState.SENDING, PayoutState.UNCERTAIN, PayoutState.SENT])
def test_too_late_once_the_payment_is_on_its_way(state: PayoutState) -> None:
    claim = awaiting()
    lapse_due(at=LAPSES)
    payout = lease(claim, at=LAPSES)
    Payout.objects.filter(pk=payout.pk).update(state=state)
    by = seller()
    with refused(AnswerRefused, "The payment is already on its way"):
        respond_to_claim(claim=claim, answer=Answer.ACCEPT, at=LAPSES, by=by)


def test_a_late_answer_when_the_provider_refused_needs_no_payout_to_cancel() -> None:
    claim = awaiting()
    lapse_due(at=LAPSES)
    Payout.objects.update(state=PayoutState.REFUSED, ended_at=LAPSES, next_at=None)

    assert answer_seller(claim, Answer.ACCEPT, at=LAPSES).status == Status.IN_ADJUDICATION


def test_too_late_after_the_end() -> None:
    claim = awaiting()
    lapse_due(at=LAPSES)
    Claim.objects.filter(pk=claim.pk).update(status=Status.WITHDRAWN)
    by = seller()
    with refused(AnswerRefused, "too late for an answer. You may appeal"):
        respond_to_claim(claim=claim, answer=Answer.ACCEPT, at=LAPSES, by=by)


@pytest.mark.parametrize("make", [report, report_screened])
def test_a_claim_that_never_asked_takes_no_answer(make: Any) -> None:
    claim = make()
    by = seller()
    with refused(AnswerRefused, "does not wait for an answer"):
        respond_to_claim(claim=claim, answer=Answer.ACCEPT, at=NOON, by=by)


def test_a_second_answer_is_refused() -> None:
    claim = reject(awaiting())
    by = seller()
    with refused(AnswerRefused, "does not wait for an answer"):
        respond_to_claim(claim=claim, answer=Answer.ACCEPT, at=NOON + 2 * DAY, by=by)


def test_only_a_seller_answers() -> None:
    claim = awaiting()
    with refused(StepNotAllowed, "Claimant may not do this: the seller accepts"):
        respond_to_claim(claim=claim, answer=Answer.ACCEPT, at=NOON, by=CLAIMANT)


@pytest.mark.parametrize("state", [NoticeState.QUEUED, NoticeState.BOUNCED])
def test_a_notice_that_never_arrived_bars_even_an_acceptance(state: NoticeState) -> None:
    claim = report_awaiting_seller()
    Notice.objects.filter(kind="CLAIM_NOTICE").update(state=state)

    assert answer_seller(claim, Answer.ACCEPT).bars == ["NOTICE_NOT_DELIVERED"]


# ── settlements and tenders ────────────────────────────────────────────────


def test_a_settlement_with_proof_ends_the_claim() -> None:
    claim = settled()

    assert (claim.status, claim.paid_minor) == (Status.SETTLED, 0)
    event = last_event(claim)
    assert (event.text, event.facts) == ("Receipt 17.", {"amount_minor": 200_000})
    assert letters(claim) == {"SETTLED_CONFIRMED", "CLAIM_SETTLED"}
    assert open_clocks(claim) == {}
    assert ended(claim, DeadlineKind.SELLER_SETTLEMENT) == "met"
    assert ended(claim, DeadlineKind.DECISION) == "met"
    assert ended(claim, DeadlineKind.STATUS_LETTER) == "cancelled"
    assert postings(claim) == []


@pytest.mark.parametrize(
    ("amount_minor", "proof", "kind"),
    [(0, "Receipt", AnswerRefused), (-1, "Receipt", AnswerRefused), (1, " ", ReasonMissing)],
)
def test_a_settlement_without_amount_or_proof_is_refused(
    amount_minor: int, proof: str, kind: type[Exception]
) -> None:
    claim = answer_seller(awaiting(), Answer.HANDLE)
    by = seller()
    with refused(kind):
        report_settlement(claim=claim, amount_minor=amount_minor, proof=proof, at=NOON, by=by)


def test_only_a_claim_with_its_seller_is_settled() -> None:
    claim = reject(awaiting())
    by = seller()
    with refused(StepNotAllowed, "settled by the seller"):
        report_settlement(claim=claim, amount_minor=1, proof="P", at=NOON, by=by)


def test_after_the_thirty_days_it_is_too_late_to_settle() -> None:
    claim = answer_seller(awaiting(), Answer.HANDLE)
    by = seller()
    with refused(AnswerRefused, "The days to settle have passed"):
        report_settlement(claim=claim, amount_minor=1, proof="P", at=THIRTY_DAYS, by=by)


def insurer_answers(claim: Claim, **changes: Any) -> Claim:
    values: dict[str, Any] = {"pays": True, "at": NOON + 5 * DAY, "by": adjuster()}
    return record_insurer_answer(claim=claim, **values | changes)


def test_an_insurer_that_pays_ends_the_claim() -> None:
    claim = answer_seller(awaiting(), Answer.TENDER)
    found = insurer_answers(claim, reason=" Policy answers. ")

    assert (found.status, found.paid_minor) == (Status.SETTLED, 0)
    event = last_event(claim)
    assert (event.step, event.text) == ("insurer_pays", "Policy answers.")
    assert event.facts == {
        "amount_minor": 250_000,
        "assessed_minor": 250_000,
        "most_minor": 250_000,
        "policy": None,
    }
    assert not claim.policy_charges.exists()
    assert letters(claim) == {"SETTLED_CONFIRMED", "CLAIM_SETTLED"}
    assert open_clocks(claim) == {}


def test_an_insurer_pays_up_to_its_limit() -> None:
    claim = answer_seller(awaiting(claimed_minor=10_000_000), Answer.TENDER)
    policy = prove_cover(claim.seller, at=NOON)
    policy.each_occurrence_minor = 4_000_000
    policy.save()
    with refused(AnswerRefused, r"up to 40,000\.00"):
        record_insurer_answer(
            claim=claim,
            pays=True,
            amount_minor=4_000_001,
            at=NOON,
            by=adjuster_of(claim),
        )
    found = insurer_answers(claim, amount_minor=4_000_000)
    assert last_event(found).facts["most_minor"] == 4_000_000
    charge = claim.policy_charges.get()
    assert (charge.policy, charge.amount_minor, charge.charged_at) == (
        policy,
        4_000_000,
        NOON + 5 * DAY,
    )


def test_an_insurer_pays_above_the_deductible_and_within_what_is_left() -> None:
    first = answer_seller(awaiting(claimed_minor=10_000_000), Answer.TENDER)
    policy = prove_cover(first.seller, at=NOON)
    policy.deductible_minor, policy.aggregate_minor = 1_000_000, 12_000_000
    policy.save()
    found = insurer_answers(first)
    assert last_event(found).facts["amount_minor"] == 9_000_000

    second = answer_seller(
        awaiting(make_order(first.seller), claimed_minor=10_000_000), Answer.TENDER
    )
    by = adjuster_of(second)
    with refused(AnswerRefused, r"up to 30,000\.00"):
        record_insurer_answer(claim=second, pays=True, amount_minor=3_000_001, at=NOON, by=by)
    found = insurer_answers(second)
    assert last_event(found).facts["amount_minor"] == 3_000_000
    assert sum(policy.charges.values_list("amount_minor", flat=True)) == 12_000_000


def test_an_insurer_that_pays_a_loss_within_the_deductible_pays_outside_its_policy() -> None:
    claim = answer_seller(awaiting(), Answer.TENDER)
    policy = prove_cover(claim.seller, at=NOON)
    policy.deductible_minor = 250_000
    policy.save()
    found = record_insurer_answer(claim=claim, pays=True, at=NOON, by=adjuster())

    assert found.status == Status.SETTLED
    assert last_event(found).facts == {
        "amount_minor": 250_000,
        "assessed_minor": 250_000,
        "most_minor": 250_000,
        "policy": None,
    }
    assert not policy.charges.exists()


def adjuster_of(claim: Claim) -> Actor:
    """Somebody of operations who is known already, so that no row is new."""
    event = claim.events.filter(actor_kind="STAFF").order_by("version")[0]
    return Actor(ActorKind.STAFF, event.actor_id, Rank.ADJUSTER)


@pytest.mark.parametrize("amount_minor", [0, -1, 250_001])
def test_an_insurer_pays_no_more_than_the_assessed_loss(amount_minor: int) -> None:
    claim = answer_seller(awaiting(), Answer.TENDER)
    by = adjuster()
    with refused(AnswerRefused, r"up to 2,500\.00"):
        record_insurer_answer(claim=claim, pays=True, amount_minor=amount_minor, at=NOON, by=by)


def test_an_insurer_that_declines_sends_it_to_adjudication() -> None:
    claim = answer_seller(awaiting(), Answer.TENDER)
    found = insurer_answers(claim, pays=False, reason=" Excluded. ")

    assert found.status == Status.IN_ADJUDICATION
    assert (last_event(claim).step, last_event(claim).text) == ("insurer_declines", "Excluded.")
    assert ended(claim, DeadlineKind.INSURER_ANSWER) == "met"
    assert letters(claim) == {"CLAIM_RETURNED"}


# ── extensions and notes ───────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (None, "SELLER_RESPONSE"),
        (Answer.HANDLE, "SELLER_SETTLEMENT"),
        (Answer.TENDER, "INSURER_ANSWER"),
    ],
)
def test_an_extension_counts_from_the_same_start(answer: Answer | None, kind: str) -> None:
    claim = awaiting() if answer is None else answer_seller(awaiting(), answer)
    before = claim.deadlines.get(kind=kind)
    extend_deadline(
        claim=claim, days=5, reason=" Documents are abroad. ", at=NOON + 2 * DAY, by=adjuster()
    )

    first, second = claim.deadlines.filter(kind=kind).order_by("id")
    assert (first.cancelled_at, first.due_at) == (NOON + 2 * DAY, before.due_at)
    assert (second.due_at, second.starts_at, second.length, second.note) == (
        before.due_at + 5 * DAY,
        before.starts_at,
        before.length + 5,
        "Documents are abroad.",
    )
    assert last_event(claim).facts == {
        "days": 5,
        "before": before.due_at.isoformat(),
        "after": second.due_at.isoformat(),
    }
    assert letters(claim) == {"DEADLINE_EXTENDED"}


def test_an_extension_in_working_days_skips_the_weekend() -> None:
    claim = awaiting(make_order(market="DE"))
    before = open_clocks(claim)["SELLER_RESPONSE"]
    extend_deadline(claim=claim, days=3, reason="Illness.", at=NOON, by=adjuster())

    assert before == datetime(2026, 3, 11, 23, 0, tzinfo=UTC)
    assert open_clocks(claim)["SELLER_RESPONSE"] == datetime(2026, 3, 16, 23, 0, tzinfo=UTC)


def test_an_extended_clock_lapses_at_its_own_moment() -> None:
    claim = awaiting()
    extend_deadline(claim=claim, days=1, reason="R", at=NOON, by=adjuster())
    assert lapse_due(at=LAPSES).taken == 0
    assert lapse_due(at=LAPSES + DAY).taken == 1


@pytest.mark.parametrize(
    ("changes", "kind", "words"),
    [
        ({"days": 0}, AnswerRefused, "one day or more"),
        ({"days": -3}, AnswerRefused, "one day or more"),
        ({"days": 3_644}, AnswerRefused, "beyond 3,650 days"),
        ({"days": 10**20}, AnswerRefused, "beyond 3,650 days"),
        ({"at": DUE}, AnswerRefused, "has passed and cannot be extended"),
        ({"reason": ""}, ReasonMissing, "why the deadline is extended"),
    ],
)
def test_what_is_no_extension_is_refused(
    changes: dict[str, Any], kind: type[Exception], words: str
) -> None:
    claim = awaiting()
    values: dict[str, Any] = {"days": 1, "reason": "R", "at": NOON, "by": adjuster()}
    with refused(kind, words):
        extend_deadline(claim=claim, **values | changes)


def test_no_clock_no_extension() -> None:
    claim = report_screened()
    by = adjuster()
    with refused(AnswerRefused, "No deadline of the seller runs"):
        extend_deadline(claim=claim, days=1, reason="R", at=NOON, by=by)


@pytest.mark.parametrize("is_internal", [False, True])
def test_a_note_is_an_entry_of_the_file(*, is_internal: bool) -> None:
    claim = report()
    found = add_information(
        claim=claim, text=" Called. ", at=NOON, by=adjuster(), is_internal=is_internal
    )

    event = last_event(claim)
    assert (found.status, found.version) == (Status.REPORTED, 2)
    assert (event.step, event.text, event.facts) == (
        "add_information",
        "Called.",
        {"internal": is_internal},
    )


def test_an_empty_note_is_refused() -> None:
    claim = pass_screening(claim=report(), at=NOON, by=adjuster())
    by = seller()
    with refused(ReasonMissing, "write what you want to add"):
        add_information(claim=claim, text="\n", at=NOON, by=by)


def test_a_claim_approved_by_a_person_was_never_lapsed() -> None:
    """The seller rejected in time; after the step-in its second answer is refused."""
    claim = approve(awaiting())
    by = seller()
    with refused(AnswerRefused, "does not wait for an answer"):
        respond_to_claim(claim=claim, answer=Answer.ACCEPT, at=NOON + 3 * DAY, by=by)
