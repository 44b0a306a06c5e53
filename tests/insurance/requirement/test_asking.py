"""Requests, sales by hand and waivers: each with a reason, told at once, refused in words."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction

from insurance.models import (
    CoverRequest,
    CoverWaiver,
    InsuranceLetter,
    PositionChange,
    SalesEntry,
)
from insurance.requirement.asking import (
    end_waiver,
    grant_waiver,
    record_monthly_sales,
    request_cover,
)
from insurance.requirement.refusals import RequirementRefused
from sellers.models import Marketplace, MonthlySales, Seller
from tests.factories import make_market, make_seller
from tests.insurance.requirement.world import (
    DAY,
    DUE,
    TRIGGERED,
    letters,
    make_required,
    noon,
    position,
    prove,
    review,
    staff,
    steps,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 2, 3)
AT = noon(TODAY)


@pytest.fixture
def market() -> Marketplace:
    return make_market("US")


@pytest.fixture
def seller(market: Marketplace) -> Seller:
    return make_seller()


@pytest.fixture
def by() -> User:
    return staff()


def everything() -> tuple[int, ...]:
    rows = (CoverRequest, CoverWaiver, MonthlySales, SalesEntry, InsuranceLetter, PositionChange)
    return tuple(model.objects.count() for model in rows)


def refused(act: Callable[[], Any], words: str) -> None:
    before = everything()
    with pytest.raises(RequirementRefused, match=words):
        act()
    assert everything() == before


# ── requests ───────────────────────────────────────────────────────────────


def test_a_request_starts_thirty_days_and_tells_the_seller(
    seller: Seller, market: Marketplace, by: User
) -> None:
    """Rules §4 [P]: or a request by the marketplace; then 30 days."""
    asked = request_cover(seller=seller, marketplace=market, reason=" Toys. ", at=AT, by=by)
    assert (asked.requested_on, asked.reason, asked.requested_by) == (TODAY, "Toys.", by)
    found = position(seller)
    assert (found.status, found.cause, found.due_on) == ("DUE", "REQUEST", TODAY + 30 * DAY)
    (change,) = PositionChange.objects.all()
    assert (change.occasion, change.by) == ("cover was requested", by)
    assert letters(seller) == [(TODAY, "COVER_REQUIRED", "")]


def test_who_must_prove_already_is_not_asked_again(market: Marketplace, by: User) -> None:
    seller = make_required()
    refused(
        lambda: request_cover(seller=seller, marketplace=market, reason="Toys", at=AT, by=by),
        "Cover is required of this seller already, since 31 January 2026",
    )


def test_a_request_needs_a_reason(seller: Seller, market: Marketplace, by: User) -> None:
    refused(
        lambda: request_cover(seller=seller, marketplace=market, reason=" \n", at=AT, by=by),
        "Say why the seller is asked",
    )


# ── sales by hand ──────────────────────────────────────────────────────────


def enter(seller: Seller, market: Marketplace, by: User, **fields: Any) -> MonthlySales:
    given: dict[str, Any] = {
        "month": date(2026, 1, 1),
        "gross_minor": 1_200_000,
        "reason": "The store's report.",
    } | fields
    return record_monthly_sales(seller=seller, marketplace=market, at=AT, by=by, **given)


def test_sales_above_the_figure_require_cover_from_the_day_it_was_passed(
    seller: Seller, market: Marketplace, by: User
) -> None:
    sales = enter(seller, market, by, crossed_on=date(2026, 1, 12))
    assert (sales.gross_minor, sales.crossed_on) == (1_200_000, date(2026, 1, 12))
    assert position(seller).due_on == date(2026, 2, 11)
    assert letters(seller) == [(TODAY, "COVER_REQUIRED", "")]
    assert PositionChange.objects.get().occasion == "sales of January 2026 were entered"


def test_sales_at_the_figure_require_nothing(seller: Seller, market: Marketplace, by: User) -> None:
    enter(seller, market, by, gross_minor=1_000_000)
    assert (steps(seller), letters(seller)) == ([], [])


def test_sales_are_corrected_in_place(seller: Seller, market: Marketplace, by: User) -> None:
    enter(seller, market, by)
    enter(seller, market, by, gross_minor=5)
    assert [row.gross_minor for row in MonthlySales.objects.all()] == [5]
    assert steps(seller) == [("", "DUE", ""), ("DUE", "NOT_REQUIRED", "")]


def test_what_was_corrected_stays_with_its_reason_and_who(
    seller: Seller, market: Marketplace, by: User
) -> None:
    enter(seller, market, by, crossed_on=date(2026, 1, 12))
    enter(seller, market, by, gross_minor=5, reason=" A refund was missing. ")
    kept = SalesEntry.objects.order_by("pk").values_list(
        "was_minor", "was_crossed_on", "gross_minor", "crossed_on", "reason", "entered_by"
    )
    assert list(kept) == [
        (None, None, 1_200_000, date(2026, 1, 12), "The store's report.", by.pk),
        (1_200_000, date(2026, 1, 12), 5, None, "A refund was missing.", by.pk),
    ]
    assert {row.entered_at for row in SalesEntry.objects.all()} == {AT}


def test_an_imported_month_is_kept_when_a_person_corrects_it(
    seller: Seller, market: Marketplace, by: User
) -> None:
    MonthlySales.objects.create(
        seller=seller, marketplace=market, month=date(2026, 1, 1), gross_minor=77
    )
    enter(seller, market, by)
    assert [(row.was_minor, row.gross_minor) for row in SalesEntry.objects.all()] == [
        (77, 1_200_000)
    ]


def test_entries_are_never_changed(seller: Seller, market: Marketplace, by: User) -> None:
    enter(seller, market, by)
    rows = SalesEntry.objects.all()
    for act in (partial(rows.update, reason="x"), rows.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert SalesEntry.objects.get().reason == "The store's report."


def test_the_same_month_twice_is_refused(seller: Seller, market: Marketplace, by: User) -> None:
    enter(seller, market, by)
    refused(lambda: enter(seller, market, by), "stands so already")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"month": date(2026, 3, 1)}, "has not begun"),
        ({"gross_minor": -1}, "below zero"),
        ({"reason": " "}, "Say why these sales are entered"),
        ({"crossed_on": date(2026, 2, 1)}, "a day of the month"),
        ({"month": date(2026, 2, 1), "crossed_on": TODAY + DAY}, "not to come"),
    ],
)
def test_sales_that_cannot_be_are_refused(
    seller: Seller, market: Marketplace, by: User, fields: dict[str, Any], words: str
) -> None:
    refused(lambda: enter(seller, market, by, **fields), words)


# ── waivers ────────────────────────────────────────────────────────────────


def waive(seller: Seller, market: Marketplace, by: User, **fields: Any) -> CoverWaiver:
    given: dict[str, Any] = {
        "from_on": TODAY,
        "until_on": TODAY + 60 * DAY,
        "reason": "Gift cards only",
        "at": AT,
    }
    return grant_waiver(seller=seller, marketplace=market, by=by, **(given | fields))


def test_a_waiver_holds_through_its_last_day_and_is_told(market: Marketplace, by: User) -> None:
    seller = make_required()
    review(TRIGGERED)
    waiver = waive(seller, market, by)
    assert (waiver.granted_by, waiver.reason) == (by, "Gift cards only")
    assert steps(seller) == [("", "DUE", ""), ("DUE", "WAIVED", "")]
    assert letters(seller)[-1] == (TODAY, "WAIVER_GRANTED", "")
    review(waiver.until_on)
    assert position(seller).status == "WAIVED"
    review(waiver.until_on + DAY)
    assert position(seller).status == "OVERDUE"
    assert letters(seller)[-1] == (waiver.until_on + DAY, "WAIVER_ENDED", "")


def test_a_waiver_that_is_ended_holds_no_more_that_day_and_is_told_once(
    market: Marketplace, by: User
) -> None:
    seller = make_required()
    review(TRIGGERED)
    waiver = waive(seller, market, by)
    ended = end_waiver(waiver=waiver, reason="Sells toys now", at=noon(TODAY + 5 * DAY), by=by)
    assert (ended.ended_on, ended.ended_by, ended.end_reason, ended.until_on) == (
        TODAY + 5 * DAY,
        by,
        "Sells toys now",
        TODAY + 60 * DAY,
    )
    assert steps(seller)[-1] == ("WAIVED", "DUE", "")
    review(TODAY + 5 * DAY)
    review(TODAY + 61 * DAY)
    assert [kind for _, kind, _ in letters(seller)].count("WAIVER_ENDED") == 1
    refused(lambda: end_waiver(waiver=waiver, reason="x", at=AT, by=by), "over already")


def test_a_waiver_that_ran_out_cannot_be_ended(market: Marketplace, by: User) -> None:
    waiver = waive(make_required(), market, by)
    late = noon(waiver.until_on + DAY)
    refused(lambda: end_waiver(waiver=waiver, reason="x", at=late, by=by), "over already")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"from_on": TODAY - DAY}, "cannot begin in the past"),
        ({"until_on": TODAY - DAY}, "end before it begins"),
        ({"reason": ""}, "Say why the requirement is waived"),
    ],
)
def test_a_waiver_that_cannot_be_is_refused(
    seller: Seller, market: Marketplace, by: User, fields: dict[str, Any], words: str
) -> None:
    refused(lambda: waive(seller, market, by, **fields), words)


def test_two_waivers_never_hold_at_once(seller: Seller, market: Marketplace, by: User) -> None:
    first = waive(seller, market, by)
    again = {"from_on": first.until_on, "until_on": first.until_on + DAY}
    refused(lambda: waive(seller, market, by, **again), "Another waiver holds")
    end_waiver(waiver=first, reason="x", at=AT, by=by)
    assert waive(seller, market, by, **again).pk


def test_a_waiver_of_proven_cover_changes_nothing_else(market: Marketplace, by: User) -> None:
    seller = make_required()
    prove(seller, on=TRIGGERED)
    review(TRIGGERED)
    waive(seller, market, by, from_on=DUE, until_on=DUE)
    review(DUE)
    review(DUE + DAY)
    assert steps(seller) == [("", "PROVEN", ""), ("PROVEN", "WAIVED", ""), ("WAIVED", "PROVEN", "")]
