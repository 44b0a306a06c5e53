"""The Medicare answer may come later, and then one person can decide (rules §2, §7)."""

import pytest

from claims.lifecycle import ActorKind, Status, StepNotAllowed
from claims.models import Claim, Head, Medicare, Proposal
from claims.operations.adjudication import step_in
from claims.operations.claimant_facts import MedicareRefused, record_medicare
from claims.operations.silence import lapse_due
from claims.outcome import CLAIMANT
from tests.claims.core.stories import settled
from tests.claims.core.world import (
    DAY,
    LAPSES,
    adjuster,
    again,
    last_event,
    letters_leave,
    refused,
    seller,
)
from tests.factories import NOON, report_awaiting_seller

pytestmark = pytest.mark.django_db
BAR = "MEDICARE_STATUS_UNKNOWN"


@pytest.fixture
def claim() -> Claim:
    """An injury above the ceiling, whose claimant said nothing about Medicare."""
    return report_awaiting_seller(medicare=Medicare.UNKNOWN, head=Head.MEDICAL)


def barred(claim: Claim) -> Claim:
    """The seller stayed silent, and only the open question keeps the claim from its payment."""
    letters_leave()
    lapse_due(at=LAPSES)
    found = again(claim)
    assert (found.status, found.bars) == (Status.IN_ADJUDICATION, [BAR])
    return found


@pytest.mark.parametrize("answer", [Medicare.NO, Medicare.YES])
@pytest.mark.parametrize("by", [ActorKind.CLAIMANT, ActorKind.STAFF])
def test_an_answer_is_kept_with_who_gave_it(answer: Medicare, by: ActorKind, claim: Claim) -> None:
    who = CLAIMANT if by == ActorKind.CLAIMANT else adjuster()
    found = record_medicare(claim=claim, medicare=answer, at=NOON + DAY, by=who)

    assert (found.medicare, found.status, found.version) == (
        answer,
        Status.AWAITING_SELLER,
        claim.version + 1,
    )
    event = last_event(claim)
    assert (event.step, event.at, event.actor_kind, event.actor_id) == (
        "record_medicare",
        NOON + DAY,
        by,
        who.user_id,
    )
    assert event.facts == {"before": "UNKNOWN", "medicare": answer}
    assert event.changes == {"medicare": answer, "bars": []}


def test_without_the_answer_it_takes_two_people(claim: Claim) -> None:
    found = step_in(claim=barred(claim), reason="The fuse failed.", at=LAPSES + DAY, by=adjuster())

    assert found.status == Status.IN_ADJUDICATION
    assert Proposal.objects.get(claim=claim).amount_minor == 250_000


def test_with_the_answer_one_person_decides(claim: Claim) -> None:
    answered = record_medicare(
        claim=barred(claim), medicare=Medicare.NO, at=LAPSES + DAY, by=CLAIMANT
    )
    assert (answered.status, answered.bars) == (Status.IN_ADJUDICATION, [])

    assert (
        step_in(claim=answered, reason="The fuse failed.", at=LAPSES + DAY, by=adjuster()).status
        == Status.APPROVED
    )


def test_an_answer_before_the_deadline_lets_silence_approve(claim: Claim) -> None:
    letters_leave()
    record_medicare(claim=claim, medicare=Medicare.YES, at=NOON + DAY, by=CLAIMANT)
    lapse_due(at=LAPSES)

    assert again(claim).status == Status.APPROVED


def test_other_bars_stay() -> None:
    claim = barred_twice()
    found = record_medicare(claim=claim, medicare=Medicare.NO, at=LAPSES + DAY, by=CLAIMANT)

    assert found.bars == ["CLAIMANT_REPRESENTED"]


def barred_twice() -> Claim:
    claim = report_awaiting_seller(
        medicare=Medicare.UNKNOWN, head=Head.MEDICAL, is_represented=True
    )
    letters_leave()
    lapse_due(at=LAPSES)
    found = again(claim)
    assert set(found.bars) == {BAR, "CLAIMANT_REPRESENTED"}
    return found


def test_a_wrong_answer_is_put_right(claim: Claim) -> None:
    record_medicare(claim=claim, medicare=Medicare.NO, at=NOON + DAY, by=CLAIMANT)
    found = record_medicare(claim=claim, medicare=Medicare.YES, at=NOON + 2 * DAY, by=adjuster())

    assert found.medicare == Medicare.YES
    assert last_event(claim).facts == {"before": "NO", "medicare": "YES"}


def test_what_says_nothing_new_is_refused(claim: Claim) -> None:
    with refused(MedicareRefused, "when there is one: yes or no"):
        record_medicare(claim=claim, medicare=Medicare.UNKNOWN, at=NOON + DAY, by=CLAIMANT)
    record_medicare(claim=claim, medicare=Medicare.NO, at=NOON + DAY, by=CLAIMANT)
    with refused(MedicareRefused, "says so already: no"):
        record_medicare(claim=claim, medicare=Medicare.NO, at=NOON + DAY, by=CLAIMANT)


def test_who_may_answer_and_when(claim: Claim) -> None:
    with refused(StepNotAllowed, "Seller may not do this: answer on medicare"):
        record_medicare(claim=claim, medicare=Medicare.NO, at=NOON + DAY, by=seller())
    ended = settled()
    with refused(StepNotAllowed, "answer on medicare"):
        record_medicare(claim=ended, medicare=Medicare.YES, at=NOON + 9 * DAY, by=CLAIMANT)
