"""One query over all sellers says of each what the pure rule says (rules §4)."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from insurance.compliance import Compliance, compliance_at, recommendation
from insurance.models import InsuranceTerms
from insurance.queries import NoTerms, facts_of_sellers, read_requirement_terms, terms_row
from insurance.requirement.standings import Judged, ask, judge
from insurance.standing import ComplianceStatus
from insurance.terms import RequirementTerms
from tests.insurance.requirement.random_sellers import YEAR, RandomSellers

pytestmark = pytest.mark.django_db
MONTH_ENDS = [date(YEAR, month, 1) - timedelta(days=1) for month in range(2, 13)]
DAYS = [*MONTH_ENDS, date(YEAR, 3, 31), date(YEAR + 1, 2, 14)]


def as_judged(judged: Judged, day: date) -> tuple[Any, ...]:
    return (
        judged.status,
        judged.cause,
        judged.triggered_on,
        judged.figure_minor,
        judged.due_on,
        judged.days_left(day),
        judged.cover_ends_on,
        tuple(judged.latest_defects or ()),
        judged.recommendation,
    )


def as_pure(found: Compliance, terms: RequirementTerms) -> tuple[Any, ...]:
    required = found.requirement
    return (
        found.status.value,
        required.cause.value if required else "",
        required.triggered_on if required else None,
        required.figure if required else None,
        required.due_on if required else None,
        found.days_left,
        found.cover_ends_on,
        found.defects,
        recommendation(found, terms) or "",
    )


def compare(sellers: RandomSellers, days: list[date], *, words: bool = False) -> Counter[str]:
    """Judge all sellers on each day in both ways; how often each status was found."""
    facts = facts_of_sellers(sellers.ids, sellers.market)
    statuses: Counter[str] = Counter()
    for day in days:
        terms = read_requirement_terms(terms_row(sellers.market, on=day))
        judged = {
            one.seller_id: one for one in judge(ask(sellers.market, day=day, sellers=sellers.ids))
        }
        assert judged.keys() == facts.keys()
        for pk, one in judged.items():
            pure = compliance_at(day, facts=facts[pk], terms=terms)
            assert as_judged(one, day) == as_pure(pure, terms), (pk, day, facts[pk])
            if words:
                assert one.reason(day, terms) == pure.reason
        statuses.update(one.status for one in judged.values())
    return statuses


def test_ten_thousand_random_sellers_are_judged_alike() -> None:
    sellers = RandomSellers(10_000, market="US", seed=1)
    statuses = compare(sellers, [date(YEAR, 7, 31)])
    assert min(statuses[status] for status in ComplianceStatus) > 10, statuses


@pytest.mark.parametrize(("market", "seed"), [("DE", 2), ("JP", 3)])
def test_random_sellers_are_judged_alike_on_every_month_of_a_year(market: str, seed: int) -> None:
    """Two thousand in all, in zones ahead of UTC; in Japan only a request counts."""
    sellers = RandomSellers(1_000, market=market, seed=seed)
    statuses = compare(sellers, DAYS, words=True)
    assert set(statuses) == set(ComplianceStatus)


def test_terms_of_the_day_count() -> None:
    """A version takes effect with its day: other figures, other days."""
    first = InsuranceTerms.objects.get(marketplace_id="US")
    first.pk, first.effective_on = None, date(YEAR, 6, 1)
    first.monthly_trigger_minor = (first.monthly_trigger_minor or 0) * 9 // 10
    first.days_to_prove, first.expiring_days = 45, 60
    first.notice_after_days, first.restrict_after_days, first.suspend_after_days = 3, 5, 9
    first.save()
    sellers = RandomSellers(200, market="US", seed=4)
    before, after = date(YEAR, 5, 31), date(YEAR, 6, 1)
    assert compare(sellers, [before, after, date(YEAR, 8, 5)], words=True)
    assert ask("US", day=before).terms.days_to_prove == 30
    assert ask("US", day=after).terms.days_to_prove == 45


def test_without_asking_for_sellers_those_are_judged_of_whom_cover_is_required() -> None:
    sellers = RandomSellers(200, market="US", seed=5)
    RandomSellers(50, market="UK", seed=6)
    day = date(YEAR, 9, 30)
    everybody = {one.seller_id: one for one in judge(ask("US", day=day, sellers=sellers.ids))}
    required = {pk: one for pk, one in everybody.items() if one.status != "NOT_REQUIRED"}
    assert {one.seller_id: one for one in judge(ask("US", day=day))} == required
    assert 0 < len(required) < len(everybody)


def test_a_market_without_terms_is_told_in_words() -> None:
    InsuranceTerms.objects.filter(marketplace_id="BE").delete()
    with pytest.raises(NoTerms, match="The marketplace BE has no insurance terms"):
        ask("BE", day=date(YEAR, 1, 1))
