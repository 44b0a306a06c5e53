"""Rules §4: who must hold cover, by when, and where a seller stands on any day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from insurance.compliance import (
    Compliance,
    ComplianceStatus,
    InsuranceRequest,
    MonthlyProceeds,
    Requirement,
    RequirementCause,
    SellerFacts,
    SubmittedPolicy,
    Waiver,
    compliance_at,
    requirement_at,
)
from insurance.terms import DEFAULT_REQUIREMENT_TERMS

TERMS = DEFAULT_REQUIREMENT_TERMS["US"]
JANUARY = MonthlyProceeds(date(2026, 1, 1), 1_200_000)
REQUIRED = Requirement(date(2026, 1, 31), date(2026, 3, 2), RequirementCause.PROCEEDS, 1_200_000)
WHY = "Gross proceeds of 12,000.00 USD in one month passed 10,000.00 USD on 31 January 2026."
POLICY = SubmittedPolicy(
    submitted_on=date(2026, 2, 10),
    defects=(),
    effective_on=date(2026, 1, 1),
    expires_on=date(2027, 1, 1),
    key=1,
)
REFUSED_POLICY = replace(POLICY, defects=("DEDUCTIBLE", "TERRITORY"))
FACTS = SellerFacts(proceeds=(JANUARY,))
INSURED = replace(FACTS, policies=(POLICY,))


def status_on(day: date, facts: SellerFacts) -> str:
    return compliance_at(day, facts=facts, terms=TERMS).status.value


class TestRequirement:
    @pytest.mark.parametrize(("gross_minor", "passed"), [(1_000_000, False), (1_000_001, True)])
    def test_strictly_above_the_trigger(self, gross_minor: int, *, passed: bool) -> None:
        facts = SellerFacts(proceeds=(MonthlyProceeds(date(2026, 1, 1), gross_minor),))
        found = requirement_at(date(2026, 12, 31), facts=facts, terms=TERMS)
        assert found == (replace(REQUIRED, figure=gross_minor) if passed else None)

    @pytest.mark.parametrize(
        ("month", "last_day"),
        [
            (date(2026, 2, 1), date(2026, 2, 28)),
            (date(2028, 2, 1), date(2028, 2, 29)),
            (date(2026, 4, 1), date(2026, 4, 30)),
            (date(2026, 12, 1), date(2026, 12, 31)),
        ],
    )
    def test_the_month_s_last_day_where_only_the_total_is_known(
        self, month: date, last_day: date
    ) -> None:
        facts = SellerFacts(proceeds=(MonthlyProceeds(month, 1_200_000),))
        assert requirement_at(last_day - timedelta(days=1), facts=facts, terms=TERMS) is None
        assert requirement_at(last_day, facts=facts, terms=TERMS) == Requirement(
            last_day, last_day + timedelta(days=30), RequirementCause.PROCEEDS, 1_200_000
        )

    def test_the_day_the_figure_was_passed_where_known(self) -> None:
        crossed = MonthlyProceeds(date(2026, 1, 1), 1_200_000, date(2026, 1, 11))
        facts = SellerFacts(proceeds=(crossed,))
        assert requirement_at(date(2026, 1, 10), facts=facts, terms=TERMS) is None
        assert requirement_at(date(2026, 1, 11), facts=facts, terms=TERMS) == Requirement(
            date(2026, 1, 11), date(2026, 2, 10), RequirementCause.PROCEEDS, 1_200_000
        )

    def test_a_request_counts_below_the_trigger(self) -> None:
        facts = SellerFacts(requests=(InsuranceRequest(date(2026, 5, 4)),))
        assert requirement_at(date(2026, 5, 3), facts=facts, terms=TERMS) is None
        assert requirement_at(date(2026, 5, 4), facts=facts, terms=TERMS) == Requirement(
            date(2026, 5, 4), date(2026, 6, 3), RequirementCause.REQUEST, None
        )

    def test_the_earliest_trigger_stands(self) -> None:
        facts = SellerFacts(
            proceeds=(replace(JANUARY, month=date(2026, 3, 1)), JANUARY),
            requests=(InsuranceRequest(date(2026, 2, 1)),),
        )
        assert requirement_at(date(2026, 12, 1), facts=facts, terms=TERMS) == REQUIRED

    def test_proceeds_are_the_cause_when_both_fall_on_one_day(self) -> None:
        facts = replace(FACTS, requests=(InsuranceRequest(date(2026, 1, 31)),))
        assert requirement_at(date(2026, 2, 1), facts=facts, terms=TERMS) == REQUIRED

    def test_only_a_request_counts_in_japan(self) -> None:
        terms = DEFAULT_REQUIREMENT_TERMS["JP"]
        facts = SellerFacts(proceeds=(MonthlyProceeds(date(2026, 1, 1), 900_000_000),))
        day = date(2026, 6, 1)
        compliance = compliance_at(day, facts=facts, terms=terms)
        assert (compliance.status, compliance.reason) == (
            ComplianceStatus.NOT_REQUIRED,
            "Cover is required only on request, and was not requested.",
        )
        asked = replace(facts, requests=(InsuranceRequest(date(2026, 5, 20)),))
        compliance = compliance_at(day, facts=asked, terms=terms)
        assert (compliance.status, compliance.reason) == (
            ComplianceStatus.DUE,
            "Cover was requested on 20 May 2026. Proof of cover is due by 19 June 2026.",
        )

    def test_the_days_to_prove_are_the_terms(self) -> None:
        found = requirement_at(
            date(2026, 2, 1), facts=FACTS, terms=replace(TERMS, days_to_prove=10)
        )
        assert found == replace(REQUIRED, due_on=date(2026, 2, 10))

    def test_impossible_facts_are_refused(self) -> None:
        with pytest.raises(ValueError, match="first day"):
            MonthlyProceeds(date(2026, 1, 2), 1)
        with pytest.raises(ValueError, match="another month"):
            MonthlyProceeds(date(2026, 1, 1), 1, date(2026, 2, 1))
        with pytest.raises(ValueError, match="DATES"):
            replace(POLICY, effective_on=None)
        with pytest.raises(ValueError, match="DATES"):
            replace(POLICY, expires_on=None)


class TestStatus:
    def test_not_required(self) -> None:
        assert compliance_at(date(2026, 1, 30), facts=INSURED, terms=TERMS) == Compliance(
            status=ComplianceStatus.NOT_REQUIRED,
            requirement=None,
            days_left=None,
            cover_ends_on=None,
            defects=(),
            reason="No month’s gross proceeds passed 10,000.00 USD, and cover was not requested.",
        )

    @pytest.mark.parametrize(("day", "days_left"), [(date(2026, 1, 31), 30), (date(2026, 3, 2), 0)])
    def test_due_through_the_end_of_the_last_day(self, day: date, days_left: int) -> None:
        assert compliance_at(day, facts=FACTS, terms=TERMS) == Compliance(
            status=ComplianceStatus.DUE,
            requirement=REQUIRED,
            days_left=days_left,
            cover_ends_on=None,
            defects=(),
            reason=f"{WHY} Proof of cover is due by 2 March 2026.",
        )

    def test_overdue_from_the_day_after(self) -> None:
        assert compliance_at(date(2026, 3, 3), facts=FACTS, terms=TERMS) == Compliance(
            status=ComplianceStatus.OVERDUE,
            requirement=REQUIRED,
            days_left=-1,
            cover_ends_on=None,
            defects=(),
            reason=f"{WHY} Proof of cover was due by 2 March 2026.",
        )

    def test_proven(self) -> None:
        assert status_on(date(2026, 2, 9), INSURED) == "DUE"
        assert compliance_at(date(2026, 2, 10), facts=INSURED, terms=TERMS) == Compliance(
            status=ComplianceStatus.PROVEN,
            requirement=REQUIRED,
            days_left=325,
            cover_ends_on=date(2027, 1, 1),
            defects=(),
            reason=f"{WHY} Proven cover runs until 1 January 2027.",
        )

    def test_expiring(self) -> None:
        assert status_on(date(2026, 12, 1), INSURED) == "PROVEN"
        assert compliance_at(date(2026, 12, 2), facts=INSURED, terms=TERMS) == Compliance(
            status=ComplianceStatus.EXPIRING,
            requirement=REQUIRED,
            days_left=30,
            cover_ends_on=date(2027, 1, 1),
            defects=(),
            reason=f"{WHY} Proven cover ends on 1 January 2027 and no renewal is proven.",
        )
        assert status_on(date(2026, 12, 31), INSURED) == "EXPIRING"

    @pytest.mark.parametrize(
        ("day", "days_left"), [(date(2027, 1, 1), 0), (date(2027, 1, 11), -10)]
    )
    def test_lapsed(self, day: date, days_left: int) -> None:
        assert compliance_at(day, facts=INSURED, terms=TERMS) == Compliance(
            status=ComplianceStatus.LAPSED,
            requirement=REQUIRED,
            days_left=days_left,
            cover_ends_on=date(2027, 1, 1),
            defects=(),
            reason=f"{WHY} Proven cover ended on 1 January 2027.",
        )

    def test_refused_while_the_days_run(self) -> None:
        facts = replace(FACTS, policies=(REFUSED_POLICY,))
        assert compliance_at(date(2026, 3, 2), facts=facts, terms=TERMS) == Compliance(
            status=ComplianceStatus.REFUSED,
            requirement=REQUIRED,
            days_left=0,
            cover_ends_on=None,
            defects=("DEDUCTIBLE", "TERRITORY"),
            reason=(
                f"{WHY} The last certificate was refused (DEDUCTIBLE, TERRITORY). "
                "Proof of cover is due by 2 March 2026."
            ),
        )

    def test_a_refused_certificate_is_overdue_after_the_days(self) -> None:
        facts = replace(FACTS, policies=(REFUSED_POLICY,))
        compliance = compliance_at(date(2026, 3, 3), facts=facts, terms=TERMS)
        assert compliance.status is ComplianceStatus.OVERDUE
        assert compliance.defects == ("DEDUCTIBLE", "TERRITORY")

    def test_proof_after_the_days_is_proof(self) -> None:
        facts = replace(FACTS, policies=(replace(POLICY, submitted_on=date(2026, 5, 1)),))
        assert status_on(date(2026, 4, 30), facts) == "OVERDUE"
        assert status_on(date(2026, 5, 1), facts) == "PROVEN"


class TestWaiver:
    WAIVED = replace(
        FACTS, waivers=(Waiver(date(2026, 2, 5), date(2026, 4, 1), "Sells gift cards only"),)
    )

    @pytest.mark.parametrize(
        ("day", "status"),
        [
            (date(2026, 1, 30), "NOT_REQUIRED"),
            (date(2026, 2, 4), "DUE"),
            (date(2026, 2, 5), "WAIVED"),
            (date(2026, 4, 1), "WAIVED"),
            (date(2026, 4, 2), "OVERDUE"),
        ],
    )
    def test_both_ends_are_included(self, day: date, status: str) -> None:
        assert status_on(day, self.WAIVED) == status

    def test_whole_answer_with_the_latest_end(self) -> None:
        shorter = Waiver(date(2026, 2, 1), date(2026, 3, 10), "Under review")
        facts = replace(self.WAIVED, waivers=(*self.WAIVED.waivers, shorter))
        assert compliance_at(date(2026, 3, 2), facts=facts, terms=TERMS) == Compliance(
            status=ComplianceStatus.WAIVED,
            requirement=REQUIRED,
            days_left=30,
            cover_ends_on=None,
            defects=(),
            reason=f"{WHY} Proof is waived until 1 April 2026.",
        )

    def test_cover_shows_through_a_waiver(self) -> None:
        facts = replace(self.WAIVED, policies=(POLICY,))
        compliance = compliance_at(date(2026, 3, 2), facts=facts, terms=TERMS)
        assert (compliance.status, compliance.days_left, compliance.cover_ends_on) == (
            ComplianceStatus.WAIVED,
            30,
            date(2027, 1, 1),
        )
