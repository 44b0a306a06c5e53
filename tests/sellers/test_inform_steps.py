"""What people did about high-volume sellers: rows with day, source and person (rules §7)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from sellers.inform import HighVolume
from sellers.inform_standing import InformStanding, InformStatus, StepFact, inform_standing
from sellers.inform_steps import (
    InformRefused,
    inform_standings,
    lift_suspension,
    record_details_collected,
    record_details_verified,
    suspend_without_details,
)
from sellers.markets import MARKETS
from sellers.models import InformStep, Marketplace, Seller
from tests.claims.core.threads import at_once
from tests.factories import make_market, make_seller, make_user
from tests.sellers.test_inform import lay_down, sell

US = MARKETS["US"].zone
DAY = timedelta(days=1)
SINCE = date(2026, 2, 10)
# The ends of 20 February, 2 March and 12 March in Los Angeles.
COLLECT_BY = datetime(2026, 2, 21, 8, tzinfo=UTC)
VERIFY_BY = datetime(2026, 3, 3, 8, tzinfo=UTC)
SUSPEND_BY = datetime(2026, 3, 13, 7, tzinfo=UTC)
VOLUME = HighVolume(
    since=SINCE,
    sales=200,
    gross_minor=500_000,
    collect_due_at=COLLECT_BY,
    verify_due_at=VERIFY_BY,
    suspend_due_at=SUSPEND_BY,
)
IN_TIME = COLLECT_BY - timedelta(seconds=1)
SECOND = timedelta(seconds=1)


# ── pure ───────────────────────────────────────────────────────────────────


def stands(
    *steps: tuple[str, date], at: datetime = IN_TIME, volume: HighVolume | None = VOLUME
) -> InformStanding:
    facts = [StepFact(kind, on, "w") for kind, on in steps]
    return inform_standing(volume, facts, clock_days=10, zone=US, at=at)


def test_who_is_not_high_volume_is_asked_nothing() -> None:
    assert stands(volume=None) == InformStanding(status=InformStatus.NOT_HIGH_VOLUME, volume=None)


@pytest.mark.parametrize(("at", "is_late"), [(IN_TIME, False), (COLLECT_BY, True)])
def test_details_are_collected_within_the_first_clock(at: datetime, *, is_late: bool) -> None:
    found = stands(at=at)
    assert found == InformStanding(
        status=InformStatus.COLLECT,
        volume=VOLUME,
        due_at=COLLECT_BY,
        suspend_due_at=SUSPEND_BY,
        is_late=is_late,
    )
    assert found.may_be_suspended is is_late


@pytest.mark.parametrize(
    ("on", "due_at"),
    [
        # Early details leave the second clock where it is; late ones have its days from then on.
        (SINCE, VERIFY_BY),
        (SINCE + 10 * DAY, VERIFY_BY),
        (date(2026, 2, 26), datetime(2026, 3, 9, 7, tzinfo=UTC)),
    ],
)
def test_then_they_are_verified_within_the_second(on: date, due_at: datetime) -> None:
    found = stands(("COLLECTED", on), at=due_at - SECOND)
    assert (found.status, found.due_at, found.is_late, found.suspend_due_at) == (
        InformStatus.VERIFY,
        due_at,
        False,
        None,
    )
    late = stands(("COLLECTED", on), at=due_at)
    assert (late.is_late, late.may_be_suspended) == (True, False), "it gave its details"


def test_verified_details_end_the_clocks_until_others_are_collected() -> None:
    steps = [("COLLECTED", SINCE), ("VERIFIED", SINCE + DAY)]
    verified = stands(*steps, at=SUSPEND_BY)
    assert (verified.status, verified.due_at, verified.verified_on) == (
        InformStatus.VERIFIED,
        None,
        SINCE + DAY,
    )
    again = stands(*steps, ("COLLECTED", date(2026, 6, 1)), at=SUSPEND_BY)
    assert (again.status, again.due_at, again.verified_on) == (
        InformStatus.VERIFY,
        datetime(2026, 6, 12, 7, tzinfo=UTC),
        None,
    )


def test_a_suspension_holds_until_it_is_lifted() -> None:
    suspended = stands(("SUSPENDED", SINCE), volume=None)
    assert (suspended.status, suspended.suspended_on, suspended.why) == (
        InformStatus.SUSPENDED,
        SINCE,
        "w",
    )
    lifted = stands(("SUSPENDED", SINCE), ("LIFTED", SINCE + DAY), at=COLLECT_BY)
    assert (lifted.status, lifted.suspended_on, lifted.may_be_suspended) == (
        InformStatus.COLLECT,
        None,
        True,
    )


# ── the steps ──────────────────────────────────────────────────────────────

LATE = datetime(2026, 3, 2, 20, tzinfo=UTC)
TODAY = LATE.astimezone(US).date()


@pytest.fixture
def market() -> Marketplace:
    return make_market("US")


@pytest.fixture
def seller(market: Marketplace) -> Seller:
    """High-volume since 10 February: its first clock is over."""
    lay_down()
    seller = make_seller("Kettle House LLC")
    sell(seller, [SINCE] * 3)
    return seller


@pytest.fixture
def by() -> User:
    return make_user()


def standing(seller: Seller, at: datetime = LATE) -> InformStanding:
    return inform_standings([seller.pk], market="US", at=at)[seller.pk]


def collect(seller: Seller, by: User, **departs: Any) -> InformStep:
    values: dict[str, Any] = {
        "seller": seller,
        "marketplace": make_market("US"),
        "on": TODAY,
        "words": " Bank account, tax number, e-mail. ",
        "source": " The store's form of 2 March. ",
        "at": LATE,
        "by": by,
    }
    return record_details_collected(**values | departs)


def verify(seller: Seller, by: User, **departs: Any) -> InformStep:
    values: dict[str, Any] = {
        "seller": seller,
        "marketplace": make_market("US"),
        "on": TODAY,
        "words": "Compared with the bank's letter.",
        "source": "Letter of the bank",
        "at": LATE,
        "by": by,
    }
    return record_details_verified(**values | departs)


def suspend(seller: Seller, by: User, reason: str = " None came. ", at: datetime = LATE) -> Any:
    market = make_market("US")
    return suspend_without_details(seller=seller, marketplace=market, reason=reason, at=at, by=by)


def lift(seller: Seller, by: User, reason: str = "They came.") -> InformStep:
    market = make_market("US")
    return lift_suspension(seller=seller, marketplace=market, reason=reason, at=LATE, by=by)


def refused(act: Callable[[], Any], words: str) -> None:
    before = list(InformStep.objects.values())
    with pytest.raises(InformRefused, match=words):
        act()
    assert list(InformStep.objects.values()) == before


@pytest.mark.django_db
def test_what_was_collected_and_verified_is_a_row_each(seller: Seller, by: User) -> None:
    assert (standing(seller).status, standing(seller).is_late) == (InformStatus.COLLECT, True)
    step = collect(seller, by)
    assert (step.kind, step.on, step.words, step.source, step.recorded_at, step.recorded_by) == (
        "COLLECTED",
        TODAY,
        "Bank account, tax number, e-mail.",
        "The store's form of 2 March.",
        LATE,
        by,
    )
    assert standing(seller).status == InformStatus.VERIFY
    verify(seller, by)
    found = standing(seller)
    assert (found.status, found.collected_on, found.verified_on) == (
        InformStatus.VERIFIED,
        TODAY,
        TODAY,
    )


@pytest.mark.django_db
def test_a_seller_that_gave_nothing_is_suspended_and_the_suspension_lifted(
    seller: Seller, by: User
) -> None:
    refused(lambda: suspend(seller, by, at=IN_TIME), "still runs")
    refused(lambda: suspend(seller, by, reason=" "), "Say what was done, or why")
    assert (suspend(seller, by).on, standing(seller).why) == (TODAY, "None came.")
    refused(lambda: suspend(seller, by), "suspended already")
    collect(seller, by)
    assert standing(seller).status == InformStatus.SUSPENDED, "a person lifts it"
    lift(seller, by)
    assert standing(seller).status == InformStatus.VERIFY
    refused(lambda: lift(seller, by), "not suspended")
    refused(lambda: suspend(seller, by), "gave its details")
    verify(seller, by)
    refused(lambda: suspend(seller, by), "are verified")


@pytest.mark.django_db
def test_what_cannot_be_recorded_is_refused(seller: Seller, by: User) -> None:
    refused(lambda: verify(seller, by), "No details were collected")
    refused(lambda: collect(seller, by, on=TODAY + DAY), "still to come")
    refused(lambda: collect(seller, by, words=" "), "Say what was done")
    refused(lambda: collect(seller, by, source=" "), "Name the source")
    refused(lambda: collect(seller, by, marketplace=make_market("DE")), "asks nothing of sellers")
    refused(lambda: suspend(make_seller(), by), "not high-volume")
    collect(seller, by)
    refused(lambda: verify(seller, by, on=TODAY - DAY), "before the day on which")
    refused(lambda: verify(seller, by, source=""), "Name the source")
    verify(seller, by)
    refused(lambda: verify(seller, by), "verified already")


@pytest.mark.django_db
def test_a_row_is_never_changed_and_says_what_from_where(seller: Seller, by: User) -> None:
    step = collect(seller, by)
    rows = InformStep.objects.filter(pk=step.pk)
    for act in (partial(rows.update, words="x"), rows.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    for wrong in ({"words": ""}, {"source": ""}, {"kind": "X"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            InformStep.objects.create(
                **{
                    "seller": seller,
                    "marketplace_id": "US",
                    "kind": "VERIFIED",
                    "on": TODAY,
                    "words": "w",
                    "source": "s",
                    "recorded_at": LATE,
                    "recorded_by": by,
                }
                | wrong
            )


@pytest.mark.django_db
def test_three_sellers_cost_as_many_queries_as_one(seller: Seller) -> None:
    others = [make_seller(), make_seller()]
    for other in others:
        sell(other, [SINCE] * 3)

    def cost(*sellers: Seller) -> int:
        with CaptureQueriesContext(connection) as captured:
            found = inform_standings([one.pk for one in sellers], market="US", at=LATE)
        assert {one.status for one in found.values()} == {InformStatus.COLLECT}
        return len(captured)

    assert cost(seller) == cost(seller, *others) == 9
    assert inform_standings([seller.pk], market="DE", at=LATE) == {}


@pytest.mark.django_db(transaction=True)
def test_of_two_people_one_suspends() -> None:
    make_market("US")
    lay_down()
    seller = make_seller()
    sell(seller, [SINCE] * 3)
    people = [make_user(), make_user()]

    answers = at_once([partial(suspend, seller, by) for by in people])

    assert sum(isinstance(one, InformRefused) for one in answers) == 1
    assert InformStep.objects.count() == 1
