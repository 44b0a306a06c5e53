"""A period decided again, from stored claims: months, totals, changed paths, the spreadsheet."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.backtest.report import Backtest, Total, as_csv, draft_terms, run_backtest
from claims.models import Answer, Claim, TermsVersion
from claims.providers.sandbox import SandboxProvider
from claims.terms import TermsNotUnderstood
from tests.claims.core.stories import paid_within_ceiling, settled
from tests.claims.core.world import (
    DAY,
    answer_seller,
    lay_down_market,
    letters_leave,
    require_cover,
    snapshot,
)
from tests.claims.operations.conftest import clock, provider, server
from tests.factories import (
    NOON,
    make_market,
    make_order,
    make_seller,
    report,
    report_assessed,
    report_awaiting_seller,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("market")]
FIXTURES = (clock, provider, server)
MARCH, FEBRUARY = date(2026, 3, 1), date(2026, 2, 1)


@pytest.fixture
def market() -> None:
    lay_down_market("US")


def run(changes: dict[str, Any] | None = None, **period: date) -> Backtest:
    letters_leave()
    bounds = {"first": date(2026, 1, 1), "last": date(2026, 12, 31)} | period
    return run_backtest(market="US", draft=draft_terms("US", changes or {}), **bounds)


def two_claims() -> tuple[Claim, Claim]:
    """A conceded claim in February, and one above the ceiling in March."""
    return (
        report_assessed(claimed_minor=80_000, at=NOON - 20 * DAY),
        report_awaiting_seller(),
    )


def test_a_draft_of_the_same_figures_changes_nothing() -> None:
    two_claims()
    before = snapshot()

    result = run()

    assert (result.months, result.changed) == ([FEBRUARY, MARCH], [])
    assert (
        dict(result.before)
        == dict(result.after)
        == {
            FEBRUARY: Total(claims=1, programme_minor=80_000),
            MARCH: Total(claims=1, automatic=1, seller_minor=250_000),
        }
    )
    assert result.total(result.after) == Total(
        claims=2, automatic=1, programme_minor=80_000, seller_minor=250_000
    )
    assert {k: v for k, v in snapshot().items() if "notice" not in k} == {
        k: v for k, v in before.items() if "notice" not in k
    }


def test_a_higher_ceiling_moves_the_cost_to_the_programme() -> None:
    _, above = two_claims()

    result = run({"ceiling_minor": 300_000})

    assert result.after[MARCH] == Total(claims=1, programme_minor=250_000)
    (changed,) = result.changed
    assert (changed.reference, changed.month, changed.amount_minor) == (
        above.reference,
        MARCH,
        250_000,
    )
    assert (changed.before, changed.after) == (
        "Paid automatically: the seller stayed silent",
        "Paid within the ceiling, absorbed",
    )


def test_the_period_s_bounds_are_both_within() -> None:
    report(at=NOON)
    report(at=NOON + DAY)
    days = [(NOON + n * DAY).date() for n in range(2)]

    assert run(first=days[0], last=days[1]).total(run().before).claims == 2
    assert run(first=days[1], last=days[1]).before[MARCH].claims == 1
    assert run(first=days[1] + DAY, last=days[1] + DAY).months == []


def test_the_daily_cap_counts_automatic_payments_in_order_of_report() -> None:
    first = report_awaiting_seller(claimed_minor=200_000)
    second = report_awaiting_seller(claimed_minor=200_000, at=NOON + timedelta(minutes=1))

    result = run({"daily_cap_minor": 300_000})

    assert (first.pk < second.pk, result.after[MARCH].automatic) == (True, 1)
    assert [c.reference for c in result.changed] == [second.reference]


def test_what_sellers_and_insurers_settled_stays_as_it_was() -> None:
    settled()

    assert run({"automatic_limit_minor": 1}).after[MARCH] == Total(claims=1, seller_minor=200_000)


def test_a_paid_claim_keeps_the_cover_that_was_looked_at(provider: SandboxProvider) -> None:
    paid_within_ceiling(provider)

    assert run().before[MARCH] == Total(claims=1, programme_minor=80_000)


def test_a_seller_without_its_required_cover_bears_the_cost() -> None:
    seller = make_seller()
    require_cover(seller)
    report_assessed(make_order(seller), claimed_minor=80_000)

    assert run().before[MARCH] == Total(claims=1, seller_minor=80_000)


def test_batches_cost_the_same_queries_however_many_claims() -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            run()
        return len(captured)

    report()
    run()
    one = cost()
    for _ in range(3):
        report()
    assert cost() == one


def test_unpaid_claims_ask_for_the_cover_of_all_sellers_at_once() -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            run()
        return len(captured)

    report_assessed(claimed_minor=80_000)
    run()
    one = cost()
    for _ in range(3):
        report_assessed(claimed_minor=80_000)
    assert cost() == one


def test_the_draft_is_the_latest_terms_with_figures_changed() -> None:
    make_market("US")

    draft = draft_terms("US", {"ceiling_minor": 150_000})

    assert (draft.ceiling_minor, draft.maximum_minor, draft.currency) == (
        150_000,
        100_000_000,
        "USD",
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ceiling_major": 1}, "These figures are not known: ceiling_major."),
        ({"ceiling_minor": 200_000_000}, "The ceiling cannot exceed the maximum per claim."),
        ({"response_days": -1}, "response_days is a whole number"),
    ],
)
def test_figures_that_make_no_sense_are_refused(changes: dict[str, Any], words: str) -> None:
    make_market("US")
    with pytest.raises(TermsNotUnderstood, match=words):
        draft_terms("US", changes)


def test_a_market_without_terms_has_no_draft() -> None:
    with pytest.raises(TermsVersion.DoesNotExist, match="no terms for XX"):
        draft_terms("XX", {})


def test_the_spreadsheet_has_each_month_and_the_total_on_both_sides() -> None:
    two_claims()

    assert as_csv(run({"ceiling_minor": 300_000})).splitlines() == [
        "month,terms,claims,automatic,programme,sellers,insurers,currency",
        "2026-02,as they were,1,0,800.00,0.00,0.00,USD",
        "2026-02,draft,1,0,800.00,0.00,0.00,USD",
        "2026-03,as they were,1,1,0.00,2500.00,0.00,USD",
        "2026-03,draft,1,0,2500.00,0.00,0.00,USD",
        "total,as they were,2,1,800.00,2500.00,0.00,USD",
        "total,draft,2,0,3300.00,0.00,0.00,USD",
    ]


def test_answers_given_in_time_count() -> None:
    answer_seller(report_awaiting_seller(), Answer.ACCEPT)

    assert run().before[MARCH] == Total(claims=1, automatic=1, seller_minor=250_000)
