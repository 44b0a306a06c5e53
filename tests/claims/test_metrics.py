"""Which claims count against a seller, and how many it answers (rules §3, seller metrics)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.lifecycle import Status
from claims.metrics import (
    ClaimRecord,
    Reply,
    SellerMetrics,
    counts_against,
    is_paid_within_ceiling,
    measure_seller,
)
from claims.models import Answer, Claim
from claims.operations.payment import withdraw_claim
from claims.outcome import CLAIMANT
from claims.seller_records import metrics_of
from sellers.models import Seller
from tests.claims.core.world import (
    DAY,
    LAPSES,
    again,
    answer_seller,
    approve,
    letters_leave,
    reject,
    run_until,
)
from tests.factories import (
    NOON,
    make_order,
    make_seller,
    report,
    report_assessed,
    report_awaiting_seller,
)

WITHIN, ABOVE = True, False
START, END = NOON - 30 * DAY, NOON + 30 * DAY


@pytest.mark.parametrize(
    ("record", "counts", "is_free"),
    [
        # At or below the ceiling and paid by the marketplace: never, whatever the seller did.
        (ClaimRecord(Status.PAID, WITHIN, Reply.NOT_ASKED), False, True),
        (ClaimRecord(Status.APPROVED, WITHIN, Reply.UNANSWERED), False, True),
        # Above it: paid counts, whether answered or not.
        (ClaimRecord(Status.PAID, ABOVE, Reply.ANSWERED), True, False),
        (ClaimRecord(Status.APPROVED, ABOVE, Reply.UNANSWERED), True, False),
        # Unanswered counts, however the claim ends.
        (ClaimRecord(Status.IN_ADJUDICATION, ABOVE, Reply.UNANSWERED), True, False),
        (ClaimRecord(Status.WITHDRAWN, ABOVE, Reply.UNANSWERED), True, False),
        # What ended well for the seller, or has not ended, does not.
        (ClaimRecord(Status.DENIED, ABOVE, Reply.ANSWERED), False, False),
        (ClaimRecord(Status.SETTLED, ABOVE, Reply.ANSWERED), False, False),
        (ClaimRecord(Status.AWAITING_SELLER, ABOVE, Reply.STILL_OPEN), False, False),
        (ClaimRecord(Status.IN_ASSESSMENT, None, Reply.NOT_ASKED), False, False),
        (ClaimRecord(Status.DENIED, WITHIN, Reply.NOT_ASKED), False, False),
    ],
)
def test_what_counts(record: ClaimRecord, *, counts: bool, is_free: bool) -> None:
    assert (counts_against(record), is_paid_within_ceiling(record)) == (counts, is_free)


def test_the_rate_is_of_the_claims_whose_time_is_over() -> None:
    replies = [Reply.ANSWERED, Reply.ANSWERED, Reply.UNANSWERED, Reply.STILL_OPEN, Reply.NOT_ASKED]
    found = measure_seller(ClaimRecord(Status.IN_ADJUDICATION, ABOVE, one) for one in replies)

    assert found == SellerMetrics(claims=5, counting=1, answered=2, unanswered=1)
    assert (found.asked, found.response_rate) == (3, 66)


def test_nothing_asked_is_no_rate() -> None:
    assert measure_seller([]) == SellerMetrics()
    assert SellerMetrics().response_rate is None


# ── from the rows ──────────────────────────────────────────────────────────


@pytest.fixture
def seller() -> Seller:
    """Eight claims: conceded, paid above, denied soon, silent, late, withdrawn, open, screened."""
    seller = make_seller()

    def awaiting() -> Claim:
        return report_awaiting_seller(make_order(seller))

    report_assessed(make_order(seller), claimed_minor=80_000)
    approve(awaiting())
    reject(awaiting())
    silent, late, withdrawn = awaiting(), awaiting(), awaiting()
    withdraw_claim(claim=withdrawn, at=NOON + DAY, by=CLAIMANT)
    letters_leave()
    run_until(LAPSES)
    assert again(silent).status == Status.APPROVED
    answer_seller(late, Answer.REJECT, at=LAPSES + timedelta(seconds=1))
    report_awaiting_seller(make_order(seller), at=NOON + 8 * DAY)
    report(make_order(seller), at=NOON)
    return seller


@pytest.mark.django_db
def test_each_claim_once_and_only_what_reached_the_seller(seller: Seller) -> None:
    found = metrics_of([seller.pk], start=START, end=END)[seller.pk]

    assert found == SellerMetrics(
        claims=7,
        counting=3,  # stepped in and paid; silent and paid; late
        not_counting=1,
        answered=2,
        unanswered=2,
    )
    assert found.response_rate == 50


@pytest.mark.django_db
def test_the_period_is_of_the_report(seller: Seller) -> None:
    other = make_seller()
    found = metrics_of([seller.pk, other.pk], start=NOON + DAY, end=NOON + 8 * DAY)
    assert found == {seller.pk: SellerMetrics(), other.pk: SellerMetrics()}
    found = metrics_of([seller.pk], start=NOON + DAY, end=NOON + 9 * DAY)
    assert found[seller.pk] == SellerMetrics(claims=1)


@pytest.mark.django_db
def test_one_query_for_any_number_of_sellers(seller: Seller) -> None:
    for count in (1, 3):
        sellers = [seller.pk, *(make_seller().pk for _ in range(count - 1))]
        with CaptureQueriesContext(connection) as captured:
            metrics_of(sellers, start=START, end=END)
        assert len(captured) == 1
