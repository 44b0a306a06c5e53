"""An EU authority's order is acted on within 2 working days (rules §7, EU GPSR)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from claims.decisions.base import ReasonMissing
from claims.models import AuthorityOrder, SafetyCase, ScreeningFigures, Severity
from claims.outcome import SYSTEM
from claims.safety.orders import (
    OrderRefused,
    open_orders,
    record_authority_order,
    record_order_acted_on,
)
from claims.watch.lateness import measure
from sellers.models import Closure
from tests.claims.core.world import refused
from tests.factories import NOON, make_order, make_product, make_user, report, staff_actor

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
# Thursday 30 April 2026 in Berlin; 1 May is a holiday, then comes a weekend.
THURSDAY = datetime(2026, 4, 30, 9, 0, tzinfo=UTC)


def case_in(market: str = "DE") -> SafetyCase:
    product = make_product()
    report(make_order(product=product, market=market), severity=Severity.GRIEVOUS)
    return SafetyCase.objects.get(product=product)


def order(case: SafetyCase, **changes: Any) -> AuthorityOrder:
    values: dict[str, Any] = {
        "authority": " BAuA ",
        "reference": " A-17 ",
        "text": " Take the kettle off sale. ",
        "received_at": THURSDAY,
        "at": THURSDAY + HOUR,
    }
    values |= {} if "by" in changes else {"by": staff_actor()}
    return record_authority_order(case=case, **values | changes)


def test_the_clock_counts_working_days_from_the_day_of_receipt() -> None:
    by = staff_actor()
    found = order(case_in(), by=by)

    # Friday is Labour Day: Monday and Tuesday are the two days, which end with Tuesday in Berlin.
    assert found.due_at == datetime(2026, 5, 5, 22, 0, tzinfo=UTC)
    assert (found.authority, found.reference, found.text, found.length) == (
        "BAuA",
        "A-17",
        "Take the kettle off sale.",
        2,
    )
    assert (found.recorded_at, found.recorded_by_id, found.acted_at) == (
        THURSDAY + HOUR,
        by.user_id,
        None,
    )


def test_the_days_are_data_and_closures_do_not_count() -> None:
    case = case_in()
    ScreeningFigures.objects.create(
        effective_on=date(2026, 4, 1),
        authority_order_days=3,
        reason="Asked for.",
        set_by=make_user(),
    )
    Closure.objects.create(marketplace_id="DE", on=date(2026, 5, 4), reason="Moving.")

    assert order(case).due_at == datetime(2026, 5, 7, 22, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"text": " "}, ReasonMissing, "what the authority orders"),
        ({"authority": " "}, OrderRefused, "the authority's own number"),
        ({"reference": ""}, OrderRefused, "the authority's own number"),
        ({"received_at": THURSDAY + 2 * HOUR}, OrderRefused, "later than now"),
        ({"by": SYSTEM}, OrderRefused, "Only a person of operations"),
    ],
)
def test_what_cannot_be_recorded(
    changes: dict[str, Any], error: type[Exception], words: str
) -> None:
    case = case_in()
    changes = {"by": staff_actor()} | changes
    with refused(error, words):
        order(case, **changes)


def test_an_order_is_recorded_once() -> None:
    case, by = case_in(), staff_actor()
    order(case)
    with refused(OrderRefused, "recorded already"):
        order(case, by=by)


def test_acting_on_it_ends_the_clock_once() -> None:
    found, by = order(case_in()), staff_actor()
    with refused(ReasonMissing, "what was done about the order"):
        record_order_acted_on(order=found, action=" ", at=NOON, by=by)
    with refused(OrderRefused, "Only a person"):
        record_order_acted_on(order=found, action="Done.", at=NOON, by=SYSTEM)
    assert list(open_orders()) == [found]
    done = record_order_acted_on(order=found, action=" Off sale. ", at=THURSDAY + 3 * HOUR, by=by)

    assert (done.action, done.acted_at, done.acted_by_id) == (
        "Off sale.",
        THURSDAY + 3 * HOUR,
        by.user_id,
    )
    assert list(open_orders()) == []
    with refused(OrderRefused, "acted on already"):
        record_order_acted_on(order=found, action="Again.", at=THURSDAY, by=by)


def test_lateness_tells_of_an_order_that_is_overdue() -> None:
    name = "redress_oldest_authority_order_seconds"
    found = order(case_in())
    assert measure(at=found.due_at)[name] == 0
    assert measure(at=found.due_at + HOUR)[name] == 3600
    record_order_acted_on(order=found, action="Off sale.", at=found.due_at, by=staff_actor())
    assert measure(at=found.due_at + HOUR)[name] == 0
