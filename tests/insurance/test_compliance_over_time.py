"""Rules §4 over time: renewals, gaps, several policies, and facts that are not known yet."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings, strategies as st

from insurance.compliance import (
    ComplianceStatus,
    InsuranceRequest,
    MonthlyProceeds,
    SellerFacts,
    SubmittedPolicy,
    Waiver,
    compliance_at,
)
from insurance.terms import DEFAULT_REQUIREMENT_TERMS

TERMS = DEFAULT_REQUIREMENT_TERMS["US"]
ONE_DAY = timedelta(days=1)
POLICY = SubmittedPolicy(
    submitted_on=date(2026, 2, 10),
    defects=(),
    effective_on=date(2026, 1, 1),
    expires_on=date(2027, 1, 1),
    key=1,
)
RENEWAL = replace(
    POLICY,
    submitted_on=date(2026, 12, 10),
    effective_on=date(2027, 1, 1),
    expires_on=date(2028, 1, 1),
    key=2,
)


def required_with(*policies: SubmittedPolicy, products: Iterable[str] = ()) -> SellerFacts:
    return SellerFacts(
        proceeds=(MonthlyProceeds(date(2026, 1, 1), 1_200_000),),
        policies=policies,
        products=frozenset(products),
    )


def standing(day: date, facts: SellerFacts) -> tuple[str, date | None]:
    compliance = compliance_at(day, facts=facts, terms=TERMS)
    return compliance.status.value, compliance.cover_ends_on


def test_a_proven_renewal_that_begins_by_the_end_extends() -> None:
    facts = required_with(RENEWAL, POLICY)
    assert standing(date(2026, 12, 9), facts) == ("EXPIRING", date(2027, 1, 1))
    assert standing(date(2026, 12, 10), facts) == ("PROVEN", date(2028, 1, 1))
    assert standing(date(2027, 1, 1), facts) == ("PROVEN", date(2028, 1, 1))


def test_a_renewal_one_day_late_leaves_a_gap() -> None:
    late = replace(RENEWAL, effective_on=date(2027, 1, 2))
    facts = required_with(POLICY, late)
    assert standing(date(2026, 12, 20), facts) == ("EXPIRING", date(2027, 1, 1))
    assert standing(date(2027, 1, 1), facts) == ("LAPSED", date(2027, 1, 1))
    assert standing(date(2027, 1, 2), facts) == ("PROVEN", date(2028, 1, 1))


def test_a_refused_renewal_extends_nothing_and_shows_its_defects() -> None:
    facts = required_with(POLICY, replace(RENEWAL, defects=("SIGNATURE",)))
    compliance = compliance_at(date(2026, 12, 10), facts=facts, terms=TERMS)
    assert (compliance.status, compliance.cover_ends_on, compliance.defects) == (
        ComplianceStatus.EXPIRING,
        date(2027, 1, 1),
        ("SIGNATURE",),
    )


def test_a_shorter_policy_within_a_longer_one_changes_nothing() -> None:
    shorter = replace(POLICY, effective_on=date(2026, 2, 1), expires_on=date(2026, 6, 1), key=3)
    facts = required_with(POLICY, shorter)
    assert standing(date(2026, 5, 20), facts) == ("PROVEN", date(2027, 1, 1))


def test_cover_that_begins_later_is_not_cover_yet() -> None:
    later = replace(POLICY, effective_on=date(2026, 3, 10))
    facts = required_with(later)
    assert standing(date(2026, 3, 2), facts) == ("DUE", None)
    assert standing(date(2026, 3, 3), facts) == ("OVERDUE", None)
    assert standing(date(2026, 3, 10), facts) == ("PROVEN", date(2027, 1, 1))


def test_a_policy_submitted_after_its_end_never_was_proven_cover() -> None:
    past = replace(POLICY, submitted_on=date(2027, 1, 1))
    assert standing(date(2027, 2, 1), required_with(past)) == ("OVERDUE", None)


@pytest.mark.parametrize(("better_key", "defects"), [(2, ()), (0, ("KIND",))])
def test_the_latest_submission_of_a_day_has_the_highest_key(
    better_key: int, defects: tuple[str, ...]
) -> None:
    worse = replace(POLICY, defects=("KIND",))
    facts = required_with(worse, replace(POLICY, key=better_key))
    compliance = compliance_at(date(2026, 2, 10), facts=facts, terms=TERMS)
    assert (compliance.status, compliance.defects) == (ComplianceStatus.PROVEN, defects)


def test_a_later_submission_replaces_the_defects() -> None:
    first = replace(POLICY, defects=("KIND",))
    second = replace(POLICY, submitted_on=date(2026, 2, 12), defects=("BASIS",), key=2)
    facts = required_with(second, first)
    found = [
        compliance_at(date(2026, 2, day), facts=facts, terms=TERMS).defects
        for day in (9, 10, 11, 12)
    ]
    assert found == [(), ("KIND",), ("KIND",), ("BASIS",)]


def test_several_policies_cover_together() -> None:
    toys = replace(POLICY, products=frozenset({"toys"}))
    kettles = replace(
        POLICY,
        submitted_on=date(2026, 2, 20),
        expires_on=date(2026, 9, 1),
        products=frozenset({"kettles"}),
        key=2,
    )
    facts = required_with(toys, kettles, products=("toys", "kettles"))
    assert standing(date(2026, 2, 19), facts) == ("DUE", None)
    assert standing(date(2026, 2, 20), facts) == ("PROVEN", date(2026, 9, 1))
    assert standing(date(2026, 9, 1), facts) == ("LAPSED", date(2026, 9, 1))
    alone = required_with(toys, products=("toys", "kettles"))
    assert standing(date(2026, 12, 1), alone) == ("OVERDUE", None)


def test_a_policy_for_all_products_covers_each() -> None:
    facts = required_with(POLICY, products=("toys", "kettles"))
    assert standing(date(2026, 2, 20), facts) == ("PROVEN", date(2027, 1, 1))


FIRST = date(2026, 1, 1)
DAYS = st.integers(0, 200).map(lambda days: FIRST + timedelta(days=days))
MONTHS = st.builds(
    MonthlyProceeds,
    month=st.integers(1, 6).map(lambda number: date(2026, number, 1)),
    gross_minor=st.sampled_from([0, 1_000_000, 1_000_001, 3_000_000]),
    crossed_on=st.none(),
) | st.builds(lambda day: MonthlyProceeds(day.replace(day=1), 2_000_000, day), DAYS)


@st.composite
def policies(draw: st.DrawFn) -> SubmittedPolicy:
    begins = draw(DAYS)
    return SubmittedPolicy(
        submitted_on=draw(DAYS),
        defects=draw(st.sampled_from([(), (), ("DATES",), ("KIND", "BASIS")])),
        effective_on=begins,
        expires_on=begins + timedelta(days=draw(st.integers(1, 90))),
        key=draw(st.integers(0, 5)),
        products=draw(st.sampled_from([None, frozenset({"toys"}), frozenset({"kettles"})])),
    )


SELLERS = st.builds(
    SellerFacts,
    proceeds=st.lists(MONTHS, max_size=2).map(tuple),
    requests=st.lists(st.builds(InsuranceRequest, DAYS), max_size=1).map(tuple),
    policies=st.lists(policies(), max_size=5, unique_by=lambda policy: policy.key).map(tuple),
    waivers=st.lists(
        st.builds(
            lambda day, days: Waiver(day, day + timedelta(days=days), "Under review"),
            DAYS,
            st.integers(0, 20),
        ),
        max_size=1,
    ).map(tuple),
    products=st.sampled_from([frozenset(), frozenset({"toys"}), frozenset({"toys", "kettles"})]),
)


def known_by(day: date, facts: SellerFacts) -> SellerFacts:
    return replace(
        facts,
        proceeds=tuple(month for month in facts.proceeds if month.counts_from <= day),
        requests=tuple(asked for asked in facts.requests if asked.requested_on <= day),
        policies=tuple(policy for policy in facts.policies if policy.submitted_on <= day),
        waivers=tuple(waiver for waiver in facts.waivers if waiver.from_on <= day),
    )


def is_covered(day: date, *, known_on: date, facts: SellerFacts) -> bool:
    """The rule in its plainest words, one day at a time."""
    sound = [
        policy
        for policy in facts.policies
        if not policy.defects
        and policy.submitted_on <= known_on
        and policy.effective_on is not None
        and policy.expires_on is not None
        and policy.effective_on <= day < policy.expires_on
    ]
    listed = facts.products
    if not listed:
        return bool(sound)
    return all(
        any(policy.products is None or product in policy.products for policy in sound)
        for product in listed
    )


def end_by_walking(day: date, facts: SellerFacts) -> date | None:
    """The first day without cover after `day`, else the last one that follows a covered day."""
    if is_covered(day, known_on=day, facts=facts):
        ahead = day
        while is_covered(ahead, known_on=day, facts=facts):
            ahead += ONE_DAY
        return ahead
    for back in (day - timedelta(days=days) for days in range(400)):
        before = back - ONE_DAY
        if is_covered(before, known_on=before, facts=facts):
            return back
    return None


@settings(max_examples=400, deadline=None)
@given(facts=SELLERS, day=DAYS)
def test_the_end_of_cover_is_that_of_walking_day_by_day(facts: SellerFacts, day: date) -> None:
    compliance = compliance_at(day, facts=facts, terms=TERMS)
    assert compliance.cover_ends_on == end_by_walking(day, facts)


@settings(max_examples=400, deadline=None)
@given(facts=SELLERS, day=DAYS)
def test_only_facts_known_by_the_day_count(facts: SellerFacts, day: date) -> None:
    assert compliance_at(day, facts=facts, terms=TERMS) == compliance_at(
        day, facts=known_by(day, facts), terms=TERMS
    )


@settings(max_examples=200, deadline=None)
@given(facts=SELLERS, day=DAYS, order=st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(facts: SellerFacts, day: date, order: Random) -> None:
    shuffled = replace(facts, policies=tuple(order.sample(facts.policies, k=len(facts.policies))))
    assert compliance_at(day, facts=facts, terms=TERMS) == compliance_at(
        day, facts=shuffled, terms=TERMS
    )


@settings(max_examples=400, deadline=None)
@given(facts=SELLERS, day=DAYS)
def test_every_status_keeps_its_promise(facts: SellerFacts, day: date) -> None:
    found = compliance_at(day, facts=facts, terms=TERMS)
    covered = is_covered(day, known_on=day, facts=facts)
    required = found.requirement
    waived = any(waiver.from_on <= day <= waiver.until_on for waiver in facts.waivers)
    assert (found.status == "NOT_REQUIRED") is (required is None) is (found.days_left is None)
    assert (found.status == "WAIVED") is (required is not None and waived)
    if required is not None and not waived:
        assert (found.status in {"PROVEN", "EXPIRING"}) is covered
        assert (found.status == "OVERDUE") is (
            found.cover_ends_on is None and day > required.due_on
        )
        assert found.status != "REFUSED" or found.defects
        assert found.status != "EXPIRING" or 0 < (found.days_left or 0) <= 30
        assert found.status != "PROVEN" or (found.days_left or 0) > 30
