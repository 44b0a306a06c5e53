"""Rules §4: what operations should consider once proof is late; a person decides."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from insurance.compliance import (
    ComplianceStatus,
    MonthlyProceeds,
    Recommendation,
    SellerFacts,
    SubmittedPolicy,
    Waiver,
    compliance_at,
    recommendation,
)
from insurance.terms import DEFAULT_REQUIREMENT_TERMS

TERMS = DEFAULT_REQUIREMENT_TERMS["US"]
POLICY = SubmittedPolicy(
    submitted_on=date(2026, 2, 10),
    defects=(),
    effective_on=date(2026, 1, 1),
    expires_on=date(2027, 1, 1),
    key=1,
)
FACTS = SellerFacts(proceeds=(MonthlyProceeds(date(2026, 1, 1), 1_200_000),))
INSURED = replace(FACTS, policies=(POLICY,))
WAIVED = replace(FACTS, waivers=(Waiver(date(2026, 2, 5), date(2026, 4, 1), "Under review"),))


@pytest.mark.parametrize(
    ("days_over", "expected"),
    [
        (1, Recommendation.NOTICE),
        (6, Recommendation.NOTICE),
        (7, Recommendation.RESTRICT),
        (29, Recommendation.RESTRICT),
        (30, Recommendation.SUSPEND),
    ],
)
@pytest.mark.parametrize(
    ("facts", "last_day"), [(FACTS, date(2026, 3, 2)), (INSURED, date(2027, 1, 1))]
)
def test_steps_when_overdue_or_lapsed(
    facts: SellerFacts, last_day: date, days_over: int, expected: Recommendation
) -> None:
    compliance = compliance_at(last_day + timedelta(days=days_over), facts=facts, terms=TERMS)
    assert recommendation(compliance, TERMS) is expected


@pytest.mark.parametrize(
    ("facts", "day"),
    [
        (FACTS, date(2026, 1, 1)),
        (FACTS, date(2026, 3, 2)),
        (INSURED, date(2026, 6, 1)),
        (INSURED, date(2027, 1, 1)),
        (WAIVED, date(2026, 3, 20)),
    ],
)
def test_nothing_before(facts: SellerFacts, day: date) -> None:
    assert recommendation(compliance_at(day, facts=facts, terms=TERMS), TERMS) is None


def test_thresholds_are_the_terms() -> None:
    terms = replace(TERMS, notice_after_days=2, restrict_after_days=3, suspend_after_days=4)
    steps = [
        recommendation(compliance_at(date(2026, 3, 2 + days), facts=FACTS, terms=terms), terms)
        for days in (1, 2, 3, 4)
    ]
    assert steps == [
        None,
        Recommendation.NOTICE,
        Recommendation.RESTRICT,
        Recommendation.SUSPEND,
    ]


def test_old_cover_that_ended_leaves_the_days_to_prove() -> None:
    old = replace(
        POLICY,
        submitted_on=date(2024, 1, 1),
        effective_on=date(2024, 1, 1),
        expires_on=date(2025, 1, 1),
    )
    facts = replace(FACTS, policies=(old,))
    compliance = compliance_at(date(2026, 2, 20), facts=facts, terms=TERMS)
    assert (compliance.status, compliance.days_left) == (ComplianceStatus.LAPSED, 10)
    assert recommendation(compliance, TERMS) is None
