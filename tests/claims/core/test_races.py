"""Real connections at the same moment: one wins, nothing is lost, nothing happens twice."""

import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from claims.lifecycle import Refused, SomeoneWasFirst, Status, StepNotAllowed
from claims.models import (
    Answer,
    Claim,
    ClaimEvent,
    DailyAutomaticTotal,
    LedgerEntry,
    Payout,
    SellerResponse,
)
from claims.operations.adjudication import step_in
from claims.operations.extending import add_information
from claims.operations.intake import pass_screening
from claims.operations.payment import change_payee, withdraw_claim
from claims.operations.payout_answers import record_sent
from claims.operations.responding import AnswerRefused, respond_to_claim
from claims.operations.silence import lapse_due
from claims.outcome import CLAIMANT
from tests.claims.core.threads import at_once
from tests.claims.core.world import (
    DUE,
    LAPSES,
    adjuster,
    again,
    lay_down_market,
    lease,
    letters_leave,
    path,
    reject,
    seller,
    senior,
)
from tests.copies import Original
from tests.factories import NOON, report, report_awaiting_seller

pytestmark = pytest.mark.django_db(transaction=True)
JUST_IN_TIME = DUE - timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def market() -> None:
    lay_down_market()


def test_eight_threads_take_one_step_and_one_wins() -> None:
    claim = report()
    people = [adjuster() for _ in range(8)]
    found = at_once([screening(claim, by) for by in people])

    errors = [error for error in found if isinstance(error, Exception)]
    assert len(errors) == 7
    assert {type(error) for error in errors} <= {SomeoneWasFirst, StepNotAllowed}
    assert path(claim) == [("report", "REPORTED"), ("pass_screening", "IN_ASSESSMENT")]
    assert again(claim).version == 2


def screening(claim: Claim, by: Any) -> Callable[[], Claim]:
    return lambda: pass_screening(claim=claim, at=NOON, by=by)


def test_eight_approvals_are_one_payout() -> None:
    claim = reject(report_awaiting_seller())
    people = [senior() for _ in range(8)]
    acts = [
        lambda by=by: step_in(
            claim=claim, reason="The fuse failed.", at=NOON + timedelta(days=2), by=by
        )
        for by in people
    ]
    found = at_once(acts)

    assert sum(isinstance(one, Refused) for one in found) == 7
    assert Payout.objects.filter(claim=claim).count() == 1
    assert LedgerEntry.objects.filter(claim=claim).count() == 1
    assert again(claim).status == Status.APPROVED


@pytest.mark.parametrize("answer", [Answer.REJECT, Answer.ACCEPT])
def test_an_answer_racing_the_lapse_is_never_both_and_never_lost(answer: Answer) -> None:
    """A hundred times each: the answer arrived in time, and the sweep runs at the same moment."""
    chance = random.Random(7)
    ends: Counter[str] = Counter()
    original = awaiting_seller()
    for _ in range(100):
        [claim] = original.copies(1)
        ends[race_one(claim, answer, chance)] += 1
    assert set(ends) <= {"in time", "late"}, ends


def awaiting_seller() -> Original:
    """A claim whose seller was told, as it stands before each race."""
    claim = report_awaiting_seller()
    letters_leave()
    return Original(claim)


def race_one(claim: Claim, answer: Answer, chance: random.Random) -> str:
    """One race; whether the answer or the sweep was first."""
    by, wait = seller(), chance.uniform(0, 0.012)

    def respond() -> Any:
        time.sleep(wait)
        return respond_to_claim(claim=claim, answer=answer, reason="No.", at=JUST_IN_TIME, by=by)

    answered, swept = at_once([respond, lambda: lapse_due(at=LAPSES)])
    assert isinstance(answered, Claim), answered
    assert not isinstance(swept, Exception), swept
    response = SellerResponse.objects.get(claim=claim)
    steps = [step for step, _ in path(claim)]
    assert steps.count("lapse") + steps.count(answer.lower()) == 1
    assert steps.count("answer_late") == steps.count("lapse")
    assert response.is_late is ("lapse" in steps)
    assert_sound(claim)
    return "late" if response.is_late else "in time"


def assert_sound(claim: Claim) -> None:
    """One open payout where approved, none elsewhere; versions without a gap."""
    found = again(claim)
    open_payouts = Payout.objects.filter(claim=claim, state="QUEUED").count()
    assert open_payouts == (1 if found.status == Status.APPROVED else 0)
    versions = list(
        ClaimEvent.objects.filter(claim=claim).order_by("version").values_list("version", flat=True)
    )
    assert versions == list(range(1, found.version + 1))


def test_a_withdrawal_racing_the_lapse_wins_or_follows() -> None:
    chance = random.Random(11)
    original = awaiting_seller()
    for _ in range(30):
        [claim] = original.copies(1)
        wait = chance.uniform(0, 0.012)

        def withdraw(claim: Claim = claim, wait: float = wait) -> Claim:
            time.sleep(wait)
            return withdraw_claim(claim=claim, at=LAPSES, by=CLAIMANT)

        withdrawn, swept = at_once([withdraw, lambda: lapse_due(at=LAPSES)])
        assert not isinstance(swept, Exception), swept
        if isinstance(withdrawn, Claim):
            assert again(claim).status == Status.WITHDRAWN
        else:
            assert isinstance(withdrawn, SomeoneWasFirst)
            assert again(claim).status == Status.APPROVED
        assert_sound(claim)


def test_four_sweeps_at_once_lapse_each_claim_once() -> None:
    claims = [report_awaiting_seller() for _ in range(24)]
    letters_leave()
    found = at_once([lambda: lapse_due(at=LAPSES, limit=5)] * 4)

    assert all(not isinstance(swept, Exception) for swept in found), found
    while lapse_due(at=LAPSES).taken:
        pass
    for claim in claims:
        assert [s for s, _ in path(claim)].count("lapse") == 1
    assert Payout.objects.count() == 24
    total = DailyAutomaticTotal.objects.get()
    assert total.total_minor == 24 * 250_000


def test_sweeps_at_once_never_pass_the_daily_cap() -> None:
    """250,000.00 a day: ten claims of 24,000.00 fit, the others wait for a person."""
    for _ in range(16):
        report_awaiting_seller(claimed_minor=2_400_000)
    letters_leave()
    at_once([lambda: lapse_due(at=LAPSES, limit=4)] * 4)
    while lapse_due(at=LAPSES).taken:
        pass

    statuses = Counter(Claim.objects.values_list("status", flat=True))
    assert statuses == {Status.APPROVED: 10, Status.IN_ADJUDICATION: 6}
    assert DailyAutomaticTotal.objects.get().total_minor == 10 * 2_400_000


def test_payee_changes_at_once_leave_one_open_payout() -> None:
    claim = report_awaiting_seller()
    letters_leave()
    lapse_due(at=LAPSES)
    acts = [
        lambda n=n: change_payee(claim=claim, name="A", account=f"tok_{n}", at=LAPSES, by=CLAIMANT)
        for n in range(6)
    ]
    found = at_once(acts)

    won = [one for one in found if isinstance(one, Claim)]
    assert won
    assert all(isinstance(one, (Claim, SomeoneWasFirst)) for one in found)
    assert claim.payee_details.count() == 1 + len(won)
    assert Payout.objects.get(claim=claim).state == "QUEUED"


def meanwhile(change: Callable[[], Any], act: Callable[[], Any]) -> Any:
    """What `act` gives when it waits for a row that somebody changes and then commits."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            change()
            waiting = pool.submit(lambda: at_once([act])[0])
            time.sleep(0.5)
        return waiting.result(timeout=30)


def lapsed() -> Claim:
    """A claim approved on silence, its payout queued."""
    claim = report_awaiting_seller()
    letters_leave()
    lapse_due(at=LAPSES)
    return claim


def test_a_late_answer_that_waited_for_the_sender_hears_that_it_is_too_late() -> None:
    claim, by = lapsed(), seller()
    found = meanwhile(
        lambda: lease(claim, at=LAPSES),
        lambda: respond_to_claim(claim=claim, answer=Answer.ACCEPT, at=LAPSES, by=by),
    )

    assert isinstance(found, AnswerRefused)
    assert "already on its way" in str(found)
    assert again(claim).status == Status.APPROVED
    assert not SellerResponse.objects.exists()


def test_a_withdrawal_that_waited_for_the_sender_changes_nothing() -> None:
    claim = lapsed()
    found = meanwhile(
        lambda: lease(claim, at=LAPSES),
        lambda: withdraw_claim(claim=claim, at=LAPSES, by=CLAIMANT),
    )

    assert isinstance(found, SomeoneWasFirst)
    assert again(claim).status == Status.APPROVED
    assert Payout.objects.get(claim=claim).state == "SENDING"


def test_what_the_provider_said_is_recorded_although_somebody_moved_the_claim() -> None:
    claim = lapsed()
    payout = lease(claim, at=LAPSES)
    meanwhile(
        lambda: add_information(claim=claim, text="T", at=LAPSES, by=adjuster()),
        lambda: record_sent(payout, "SBX-1", at=LAPSES),
    )

    assert [step for step, _ in path(claim)[-2:]] == ["add_information", "send_payment"]
    assert Payout.objects.get(claim=claim).state == "SENT"


def test_a_sender_that_lost_its_lease_records_nothing() -> None:
    claim = lapsed()
    payout = lease(claim, at=LAPSES)
    Payout.objects.update(state="UNCERTAIN", lease_until=None)
    version = again(claim).version
    record_sent(payout, "SBX-1", at=LAPSES)

    assert again(claim).version == version
    assert Payout.objects.get(claim=claim).state == "UNCERTAIN"
