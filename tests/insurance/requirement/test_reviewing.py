"""The daily review: positions, their log, and every letter once (rules §4)."""

import threading
from datetime import date, timedelta

import pytest
from django.db import Error, connection, transaction

from insurance import tasks
from insurance.models import (
    CompliancePosition,
    ComplianceReview,
    CoverWaiver,
    InsuranceLetter,
    InsuranceTerms,
    PositionChange,
    Review,
)
from insurance.requirement import positions
from insurance.requirement.positions import refresh_positions
from insurance.requirement.reviewing import (
    look_again,
    review_due,
    review_market,
    tell_now,
)
from insurance.requirement.standings import ask, judge
from insurance.requirement.telling import left
from sellers.models import MonthlySales
from tests.claims.core.world import lay_down_market
from tests.insurance.requirement.random_sellers import RandomSellers
from tests.insurance.requirement.world import (
    DAY,
    DUE,
    TRIGGERED,
    letters,
    make_required,
    midnight,
    noon,
    position,
    prove,
    review,
    steps,
)

pytestmark = pytest.mark.django_db
REQUIRED, REMINDER = "COVER_REQUIRED", "COVER_REMINDER"
EXPIRING, LAPSED = "COVER_EXPIRING", "COVER_LAPSED"


def every_day(first: date, last: date) -> None:
    for number in range((last - first).days + 1):
        review(first + number * DAY)


# ── letters ────────────────────────────────────────────────────────────────


def test_required_and_reminded_14_7_and_1_days_before_each_once() -> None:
    seller = make_required()
    every_day(TRIGGERED - DAY, DUE + 3 * DAY)
    assert letters(seller) == [
        (TRIGGERED, REQUIRED, ""),
        (DUE - 14 * DAY, REMINDER, "14 days"),
        (DUE - 7 * DAY, REMINDER, "7 days"),
        (DUE - DAY, REMINDER, "1 day"),
    ]


def test_the_letter_says_why_which_figure_and_by_when() -> None:
    seller = make_required()
    review(TRIGGERED)
    letter = InsuranceLetter.objects.get(seller=seller)
    assert letter.key == f"cover/{seller.pk}/US/required/2026-03-02"
    assert letter.facts == {
        "triggered_on": "2026-01-31",
        "due_on": "2026-03-02",
        "has_passed": False,
        "figure_minor": 1_200_000,
        "trigger_minor": 1_000_000,
        "each_occurrence_minor": 100_000_000,
        "aggregate_minor": 100_000_000,
        "deductible_max_minor": 1_000_000,
        "additional_insured": "Amazon.com Services LLC and its affiliates and assignees",
        "notice_of_cancellation_days": 30,
        "minimum_days_to_run": 60,
    }


def test_after_an_outage_a_missed_reminder_does_not_come_beside_a_later_one() -> None:
    seller = make_required()
    review(TRIGGERED)
    review(DUE - 5 * DAY)
    review(DUE - 4 * DAY)
    review(DUE)
    assert letters(seller) == [
        (TRIGGERED, REQUIRED, ""),
        (DUE - 5 * DAY, REMINDER, "5 days"),
        (DUE, REMINDER, "less than a day"),
    ]


def test_who_is_first_told_late_is_not_reminded_of_days_that_had_passed() -> None:
    seller = make_required()
    every_day(DUE - 6 * DAY, DUE)
    assert letters(seller) == [(DUE - 6 * DAY, REQUIRED, ""), (DUE - DAY, REMINDER, "1 day")]


def test_who_is_told_after_the_date_reads_that_it_has_passed() -> None:
    seller = make_required()
    every_day(DUE + DAY, DUE + 4 * DAY)
    assert letters(seller) == [(DUE + DAY, REQUIRED, "")]
    assert InsuranceLetter.objects.get(seller=seller).facts["has_passed"] is True


def test_expiring_30_14_7_and_1_days_before_the_end_then_lapsed() -> None:
    seller = make_required()
    prove(seller, on=TRIGGERED - DAY)
    end = date(2027, 1, 1)
    every_day(end - 32 * DAY, end + 3 * DAY)
    assert letters(seller) == [
        (end - 30 * DAY, EXPIRING, "30 days"),
        (end - 14 * DAY, EXPIRING, "14 days"),
        (end - 7 * DAY, EXPIRING, "7 days"),
        (end - DAY, EXPIRING, "1 day"),
        (end, LAPSED, "less than a day"),
    ]


def test_cover_that_ended_before_it_was_required_is_asked_for_like_any_other() -> None:
    seller = make_required()
    prove(seller, on=date(2025, 6, 1), effective_on=date(2025, 1, 1), expires_on=date(2026, 1, 1))
    every_day(TRIGGERED, DUE + DAY)
    assert position(seller).status == "LAPSED"
    assert [kind for _, kind, _ in letters(seller)] == [REQUIRED, REMINDER, REMINDER, REMINDER]


def test_who_has_proven_in_time_is_not_written_to() -> None:
    seller = make_required()
    prove(seller, on=TRIGGERED - DAY)
    every_day(TRIGGERED, TRIGGERED + 20 * DAY)
    assert letters(seller) == []
    assert steps(seller) == [("", "PROVEN", "")]


def test_a_waiver_that_runs_out_is_told_of_once() -> None:
    seller = make_required()
    review(TRIGGERED)
    CoverWaiver.objects.create(
        seller=seller,
        marketplace_id="US",
        from_on=TRIGGERED + DAY,
        until_on=DUE + 10 * DAY,
        reason="x",
    )
    every_day(DUE - 20 * DAY, DUE + 13 * DAY)
    assert letters(seller) == [
        (TRIGGERED, REQUIRED, ""),
        (DUE + 11 * DAY, "WAIVER_ENDED", ""),
    ]


def test_the_days_of_reminders_are_terms() -> None:
    seller = make_required()
    InsuranceTerms.objects.filter(marketplace_id="US").update(reminder_days=[10, 3])
    every_day(TRIGGERED, DUE)
    assert [day for day, kind, _ in letters(seller) if kind == REMINDER] == [
        DUE - 10 * DAY,
        DUE - 3 * DAY,
    ]


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "less than a day"), (1, "1 day"), (2, "2 days"), (-3, "less than a day")],
)
def test_what_is_left_in_words(days: int, words: str) -> None:
    assert left(days) == words


# ── positions and their log ────────────────────────────────────────────────


def test_a_position_moves_and_each_move_is_kept_with_its_reason() -> None:
    """Rules §4: notice, restrict, suspend are recommended as days pass; nothing is done."""
    seller = make_required()
    every_day(TRIGGERED - DAY, DUE + 31 * DAY)
    assert steps(seller) == [
        ("", "DUE", ""),
        ("DUE", "OVERDUE", "notice"),
        ("OVERDUE", "OVERDUE", "restrict"),
        ("OVERDUE", "OVERDUE", "suspend"),
    ]
    days = PositionChange.objects.order_by("id").values_list("judged_on", flat=True)
    assert list(days) == [TRIGGERED, DUE + DAY, DUE + 7 * DAY, DUE + 30 * DAY]
    change = PositionChange.objects.order_by("id")[1]
    assert (change.occasion, change.by) == ("the nightly look", None)
    assert change.reason == (
        "Gross proceeds of 12,000.00 USD in one month passed 10,000.00 USD on 31 January 2026. "
        "Proof of cover was due by 2 March 2026."
    )
    found = position(seller)
    assert (found.status, found.cause, found.due_on, found.counts_to) == (
        "OVERDUE",
        "PROCEEDS",
        DUE,
        DUE,
    )
    assert (found.figure_minor, found.recommendation, found.version) == (1_200_000, "suspend", 4)


def test_the_log_cannot_be_changed() -> None:
    make_required()
    review(TRIGGERED)
    with pytest.raises(Error, match="Cannot update"), transaction.atomic():
        PositionChange.objects.update(reason="Another one.")
    with pytest.raises(Error, match="Cannot update or delete"), transaction.atomic():
        PositionChange.objects.all().delete()


def test_who_was_never_required_has_no_position_and_who_is_no_longer_keeps_one() -> None:
    never, corrected = make_required(gross_minor=1_000_000), make_required()
    review(TRIGGERED)
    MonthlySales.objects.filter(seller=corrected).update(gross_minor=10)
    review(TRIGGERED + DAY)
    assert steps(never) == []
    assert steps(corrected) == [("", "DUE", ""), ("DUE", "NOT_REQUIRED", "")]
    found = position(corrected)
    assert (found.cause, found.triggered_on, found.due_on) == ("", None, None)


def test_a_review_stores_what_is_judged_for_every_random_seller() -> None:
    sellers = RandomSellers(400, market="UK", seed=11)
    for day in (date(2026, 4, 30), date(2026, 8, 31), date(2026, 12, 31)):
        review(day, "UK")
        question = ask("UK", day=day, sellers=sellers.ids)
        stored = {
            row.seller_id: (row.status, row.due_on, row.counts_to, row.recommendation)
            for row in CompliancePosition.objects.filter(marketplace_id="UK")
        }
        judged = {
            one.seller_id: (one.status, one.due_on, one.counts_to, one.recommendation)
            for one in judge(question)
            if one.status != "NOT_REQUIRED" or one.seller_id in stored
        }
        assert stored == judged
        assert refresh_positions(question, at=noon(day)) == 0, "nothing moved since"


def test_who_read_an_older_position_writes_nothing() -> None:
    """A person's act is newer than the nightly look that began before it."""
    seller = make_required()
    review(TRIGGERED)
    stale = ask("US", day=DUE + DAY)
    found = list(positions._moved(stale))
    prove(seller, on=DUE + DAY)
    look_again(seller.pk, "US", at=noon(DUE + DAY), occasion="a certificate was accepted")
    written = positions._write(stale, found, at=noon(DUE + DAY), occasion="late", by=None)
    assert written == 0
    assert steps(seller) == [("", "DUE", ""), ("DUE", "PROVEN", "")]


def test_looking_again_says_what_for_and_at_one_seller_only() -> None:
    seller, other = make_required(), make_required()
    look_again(seller.pk, "US", at=noon(TRIGGERED), occasion="sales were entered")
    assert steps(other) == []
    (change,) = PositionChange.objects.all()
    assert (change.position.seller, change.occasion) == (seller, "sales were entered")
    assert letters(seller) == [], "letters are left to the daily review, or told now"
    tell_now(seller.pk, "US", at=noon(TRIGGERED))
    assert letters(seller) == [(TRIGGERED, REQUIRED, "")]
    assert letters(other) == []
    review(TRIGGERED)
    assert letters(seller) == [(TRIGGERED, REQUIRED, "")], "not again by the review"


def test_a_refused_certificate_is_seen_the_same_day() -> None:
    seller = make_required()
    review(TRIGGERED)
    prove(seller, on=TRIGGERED + DAY, review=Review.REFUSED, review_reason="Not signed.")
    review(TRIGGERED + DAY)
    assert steps(seller) == [("", "DUE", ""), ("DUE", "REFUSED", "")]


# ── when ───────────────────────────────────────────────────────────────────


def test_each_market_is_reviewed_once_a_day_of_its_own() -> None:
    make_required(market="JP")
    at = midnight(date(2026, 3, 2), "JP")
    before = {r.marketplace_id: r.day for r in review_due(at=at - timedelta(seconds=1))}
    assert len(before) == 13
    assert (before["JP"], before["US"]) == (date(2026, 3, 1), date(2026, 3, 1))
    assert [(r.marketplace_id, r.day) for r in review_due(at=at)] == [("JP", date(2026, 3, 2))]
    assert review_due(at=at) == []
    assert review_market("JP", at=at) is None
    assert ComplianceReview.objects.count() == 14


def test_one_markets_trouble_holds_up_no_other(caplog: pytest.LogCaptureFixture) -> None:
    seller = make_required()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sellers_marketplace SET timezone = 'No/Where' WHERE code = 'BE'")
    with pytest.raises(Exception, match="No/Where"):
        review_due(at=noon(TRIGGERED))
    assert position(seller).status == "DUE"


def test_the_tick_reviews_and_is_watched() -> None:
    from claims.models import Heartbeat

    make_required()
    tasks.review_compliance()
    assert ComplianceReview.objects.count() == 13
    assert list(Heartbeat.objects.values_list("name", "failures")) == [("review_compliance", 0)]


@pytest.mark.django_db(transaction=True)
def test_two_workers_review_a_day_once() -> None:
    lay_down_market("US")
    seller = make_required()
    results: list[int] = []

    def work() -> None:
        results.append(len(review_due(at=noon(TRIGGERED))))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert ComplianceReview.objects.count() == sum(results)
    assert steps(seller) == [("", "DUE", "")]
    assert letters(seller) == [(TRIGGERED, REQUIRED, "")]
