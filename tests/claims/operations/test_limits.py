"""The limits of payouts: a raise takes two people, a lowering one, and every change is kept."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from claims.decisions.base import ReasonMissing
from claims.models import DraftStatus, LimitsDraft, PauseCause, PayoutLimits, PayoutSwitch
from claims.operations.breaking import limits_at
from claims.operations.limits import (
    LimitsRefused,
    approve_limits,
    change_limits,
    refuse_limits,
)
from claims.operations.pausing import trip_breaker, what_stands
from claims.operations.sending import send_due_payouts
from claims.outcome import SYSTEM, Actor
from claims.providers.sandbox import SandboxProvider
from claims.providers.sandbox_server import SandboxServer
from claims.queries import actor_for
from claims.roles import ADMINISTRATOR
from tests.factories import NOON, make_market, make_user, report_assessed

pytestmark = pytest.mark.django_db
LATER, MINUTE = NOON + timedelta(hours=1), timedelta(minutes=1)
DEFAULTS = PayoutLimits().figures


@pytest.fixture(autouse=True)
def market() -> None:
    make_market()


@pytest.fixture
def first() -> Actor:
    return actor_for(make_user(role=ADMINISTRATOR))


@pytest.fixture
def second() -> Actor:
    return actor_for(make_user(role=ADMINISTRATOR))


def change(by: Actor, **given: Any) -> LimitsDraft | PayoutLimits:
    values: dict[str, Any] = {
        "changes": {"hourly_count": 3000},
        "reason": " Backlog of May. ",
        "at": NOON,
    } | given
    return change_limits(by=by, **values)


def draft_of(by: Actor, **given: Any) -> LimitsDraft:
    made = change(by, **given)
    assert isinstance(made, LimitsDraft)
    return made


def kept() -> list[tuple[object, dict[str, int]]]:
    return [(row.effective_at, row.figures) for row in PayoutLimits.objects.all()]


def test_a_raise_waits_and_changes_nothing(first: Actor) -> None:
    draft = draft_of(first, changes={"hourly_count": 3000, "uncertain": 20, "USD": 1})

    # What stands already is no change; what falls beside a raise waits with it.
    assert draft.changes == {"hourly_count": 3000, "USD": 1}
    assert (draft.reason, draft.status) == ("Backlog of May.", DraftStatus.PROPOSED)
    assert (draft.proposed_by_id, draft.proposed_at) == (first.user_id, NOON)
    assert (kept(), limits_at(LATER).figures) == ([], DEFAULTS)


def test_a_second_person_makes_a_raise_count_at_once(first: Actor, second: Actor) -> None:
    draft = draft_of(first, changes={"hourly_count": 3000, "USD": 500_000_000})

    limits = approve_limits(draft=draft, at=LATER, by=second)

    limits.refresh_from_db()
    raised = DEFAULTS | {"hourly_count": 3000, "USD": 500_000_000}
    assert kept() == [(LATER, raised)]
    assert (limits.set_by_id, limits.approved_by_id) == (first.user_id, second.user_id)
    assert limits.reason == "Backlog of May."
    assert limits_at(LATER).figures == raised
    assert limits_at(LATER - timedelta(seconds=1)).figures == DEFAULTS
    draft.refresh_from_db()
    assert (draft.status, draft.limits, draft.decided_at) == (DraftStatus.APPROVED, limits, LATER)
    assert draft.decided_by_id == second.user_id


def test_what_raises_nothing_counts_at_once_by_one_person(first: Actor) -> None:
    made = change(first, changes={"hourly_count": 200, "uncertain": 0, "EUR": 100_000})

    assert isinstance(made, PayoutLimits)
    assert kept() == [(NOON, DEFAULTS | {"hourly_count": 200, "uncertain": 0, "EUR": 100_000})]
    assert (made.set_by_id, made.approved_by_id) == (first.user_id, None)
    assert not LimitsDraft.objects.exists()


def test_a_currency_without_a_limit_rises_from_nothing(first: Actor) -> None:
    PayoutLimits.objects.create(
        effective_at=NOON - MINUTE, hourly_sums={"USD": 5}, reason="R", set_by=make_user()
    )

    assert draft_of(first, changes={"USD": 4, "JPY": 1}).changes == {"USD": 4, "JPY": 1}


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"reason": " "}, ReasonMissing, "why the limits of payouts change"),
        ({"changes": {}}, LimitsRefused, "No limit differs from the limits as they stand."),
        ({"changes": {"hourly_count": 1000}}, LimitsRefused, "No limit differs"),
        ({"changes": {"hourly_count": 0}}, LimitsRefused, "To stop payouts, pause them."),
        ({"changes": {"a_minute": 0}}, LimitsRefused, "Payments within a minute: nothing"),
        ({"changes": {"USD": 0}}, LimitsRefused, "Sum within an hour, USD: nothing would be"),
        ({"changes": {"NOK": 100}}, LimitsRefused, "“NOK” is no currency of a marketplace."),
        ({"changes": {"uncertain": -1}}, LimitsRefused, "Payments in doubt: choose between 0"),
        ({"changes": {"a_minute": 2**31}}, LimitsRefused, "choose between 0 and 2,147,483,647."),
    ],
)
def test_a_change_that_cannot_stand_leaves_nothing(
    first: Actor, given: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as refused:
        change(first, **given)

    assert message in str(refused.value)
    assert (kept(), LimitsDraft.objects.count()) == ([], 0)


def test_only_people_change_limits() -> None:
    with pytest.raises(LimitsRefused, match="The limits of payouts are changed by people only"):
        change(SYSTEM)


def test_the_proposer_cannot_decide(first: Actor) -> None:
    draft = draft_of(first)

    for decide in (approve_limits, partial(refuse_limits, reason="R")):
        with pytest.raises(LimitsRefused, match="a second person decides it"):
            decide(draft=draft, at=LATER, by=first)

    draft.refresh_from_db()
    assert (draft.status, kept()) == (DraftStatus.PROPOSED, [])


def test_a_refusal_keeps_the_limits(first: Actor, second: Actor) -> None:
    draft = draft_of(first)

    with pytest.raises(ReasonMissing, match="why the change of limits is refused"):
        refuse_limits(draft=draft, reason="", at=LATER, by=second)
    refuse_limits(draft=draft, reason=" The backlog is gone. ", at=LATER, by=second)

    draft.refresh_from_db()
    assert (draft.status, draft.decision_reason) == (DraftStatus.REFUSED, "The backlog is gone.")
    assert (draft.decided_by_id, draft.decided_at) == (second.user_id, LATER)
    assert (draft.limits, kept()) == (None, [])


def test_what_is_decided_stays_decided(first: Actor, second: Actor) -> None:
    draft = draft_of(first)
    approve_limits(draft=draft, at=LATER, by=second)

    for decide in (approve_limits, partial(refuse_limits, reason="R")):
        with pytest.raises(LimitsRefused, match="decided already: approved"):
            decide(draft=draft, at=LATER + timedelta(hours=1), by=second)

    assert len(kept()) == 1


def test_a_raise_builds_on_the_limits_as_they_stand(first: Actor, second: Actor) -> None:
    draft = draft_of(first)
    change(first, changes={"uncertain": 5}, at=NOON + timedelta(minutes=5))

    approve_limits(draft=draft, at=LATER, by=second)

    assert limits_at(LATER).figures == DEFAULTS | {"uncertain": 5, "hourly_count": 3000}


def test_of_two_like_raises_the_second_changes_nothing(first: Actor, second: Actor) -> None:
    one, other = draft_of(first), draft_of(first)
    approve_limits(draft=one, at=LATER, by=second)

    with pytest.raises(LimitsRefused, match="No limit differs"):
        approve_limits(draft=other, at=LATER + MINUTE, by=second)

    other.refresh_from_db()
    assert (other.status, len(kept())) == (DraftStatus.PROPOSED, 1)


def test_a_change_that_arrives_after_a_later_one_is_refused(first: Actor) -> None:
    change(first, changes={"uncertain": 5}, at=LATER)

    with pytest.raises(LimitsRefused, match="Somebody changed the limits meanwhile"):
        change(first, changes={"uncertain": 4}, at=NOON)

    assert kept() == [(LATER, DEFAULTS | {"uncertain": 5})]


def test_the_database_refuses_an_edited_row_and_one_person_twice(first: Actor) -> None:
    made, one = change(first, changes={"uncertain": 5}), make_user()

    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        PayoutLimits.objects.update(uncertain=500)
    with pytest.raises(IntegrityError, match="take_two_people"), transaction.atomic():
        PayoutLimits.objects.create(effective_at=LATER, reason="R", set_by=one, approved_by=one)

    assert [row.pk for row in PayoutLimits.objects.all()] == [made.pk]


def test_a_raise_heals_a_pause_and_a_lowering_trips_the_breaker(
    provider: SandboxProvider, server: SandboxServer, first: Actor, second: Actor
) -> None:
    """The sender reads the limits of the moment: nothing else has to be told."""
    change(first, changes={"hourly_count": 1}, at=NOON - timedelta(hours=2))
    for _ in range(2):
        report_assessed(claimed_minor=80_000)

    send_due_payouts(provider=provider, at=NOON)
    switch = PayoutSwitch.objects.get()
    assert (switch.causes, len(server.book.entries())) == ([PauseCause.HOURLY_COUNT.value], 1)

    draft = draft_of(first, changes={"hourly_count": 10}, at=NOON + MINUTE)
    assert what_stands(switch, at=NOON + MINUTE) != []
    approve_limits(draft=draft, at=NOON + 2 * MINUTE, by=second)
    assert what_stands(switch, at=NOON + 2 * MINUTE) == []


def test_other_causes_are_not_healed_by_limits(first: Actor, second: Actor) -> None:
    trip_breaker(cause=PauseCause.LEDGER, reason="I4", at=NOON)

    approve_limits(draft=draft_of(first), at=LATER, by=second)

    assert what_stands(PayoutSwitch.objects.get(), at=LATER) != []
