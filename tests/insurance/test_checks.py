"""Rules §4: every defect of a certificate alone, in pairs, and all at once."""

from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, strategies as st

from insurance.checks import DefectCode, PolicyFacts
from tests.insurance.certificates import SOUND, codes_of, defects_of

# One fault for each code. The two that share the additional-insured line exclude each other.
FAULTS: dict[str, dict[str, Any]] = {
    "KIND": {"kind": "PROPERTY"},
    "BASIS": {"basis": "CLAIMS_MADE"},
    "EACH_OCCURRENCE": {"each_occurrence_minor": 50_000_000},
    "AGGREGATE": {"aggregate_minor": 99_999_999},
    "PRODUCTS_COMPLETED_OPERATIONS": {"products_completed_operations": False},
    "DEDUCTIBLE": {"deductible_minor": 1_500_000},
    "ADDITIONAL_INSURED": {"additional_insured": "Amazon Inc"},
    "CERTIFICATE_HOLDER_ONLY": {"additional_insured": "", "certificate_holder_only": True},
    "NAMED_INSURED": {"named_insured": "Brightside Trading"},
    "INSURER_RATING": {"rating": "B++"},
    "TERRITORY": {"territory": frozenset({"CA"})},
    "CANCELLATION_NOTICE": {"cancellation_notice_days": 10},
    "REMAINING_VALIDITY": {"expires_on": date(2026, 4, 10)},
    "SIGNATURE": {"signed": False},
    "DATES": {"dates_text": "02/03/2026"},
}
EXCLUSIVE = {"ADDITIONAL_INSURED", "CERTIFICATE_HOLDER_ONLY"}
PAIRS = [pair for pair in combinations(FAULTS, 2) if set(pair) != EXCLUSIVE]


def faulty(*codes: str) -> PolicyFacts:
    changes: dict[str, Any] = {}
    for code in codes:
        changes |= FAULTS[code]
    return replace(SOUND, **changes)


def test_a_sound_certificate_has_no_defect() -> None:
    assert defects_of(SOUND) == ()


def test_every_code_has_a_fault_here() -> None:
    assert list(FAULTS) == [code.value for code in DefectCode]


@pytest.mark.parametrize("code", FAULTS)
def test_each_defect_alone(code: str) -> None:
    assert codes_of(faulty(code)) == [code]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_defects_in_pairs(first: str, second: str) -> None:
    assert codes_of(faulty(first, second)) == [first, second]


@pytest.mark.parametrize("left_out", sorted(EXCLUSIVE))
def test_all_defects_at_once_in_stable_order(left_out: str) -> None:
    codes = [code for code in FAULTS if code != left_out]
    assert codes_of(faulty(*codes)) == codes


def test_scenario_12_all_defects_at_once() -> None:
    policy = PolicyFacts(
        number="CGL-100",
        insurer="Harborway",
        each_occurrence_minor=50_000_000,
        aggregate_minor=200_000_000,
        deductible_minor=1_500_000,
        additional_insured="",
        certificate_holder_only=True,
        named_insured="Brightside Trading",
        territory=frozenset({"US"}),
        effective_on=date(2026, 1, 1),
        expires_on=date(2026, 4, 10),
    )
    assert codes_of(policy) == [
        "EACH_OCCURRENCE",
        "DEDUCTIBLE",
        "CERTIFICATE_HOLDER_ONLY",
        "NAMED_INSURED",
        "REMAINING_VALIDITY",
    ]


@given(
    codes=st.sets(st.sampled_from(sorted(set(FAULTS) - {"CERTIFICATE_HOLDER_ONLY"}))),
    added=st.sampled_from(sorted(set(FAULTS) - {"CERTIFICATE_HOLDER_ONLY"})),
)
def test_adding_a_defect_never_removes_another(codes: set[str], added: str) -> None:
    before = set(codes_of(faulty(*sorted(codes))))
    after = set(codes_of(faulty(*sorted(codes | {added}))))
    assert before == codes
    assert after == before | {added}


@given(codes=st.sets(st.sampled_from(sorted(FAULTS)), min_size=1))
def test_every_defect_tells_the_broker_what_to_do(codes: set[str]) -> None:
    for defect in defects_of(faulty(*sorted(codes))):
        assert defect.found
        assert defect.needed
        assert defect.words_for_broker.startswith("Please ")
        assert defect.words_for_broker.endswith(".")
