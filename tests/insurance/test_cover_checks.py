"""Rules §4, checks 1 to 3: kind and basis, limits and inclusions, deductible."""

from dataclasses import replace
from typing import Any

import pytest

from insurance.checks import Defect, DefectCode, find_defects
from insurance.terms import DEFAULT_REQUIREMENT_TERMS
from tests.insurance.certificates import (
    INSURED,
    SOUND,
    SUBMITTED,
    TERMS,
    codes_of,
    defects_of,
    only_defect,
)


class TestKindAndBasis:
    """Check 1."""

    @pytest.mark.parametrize("kind", sorted(TERMS.accepted_kinds))
    def test_accepted_kinds(self, kind: str) -> None:
        assert defects_of(replace(SOUND, kind=kind)) == ()

    def test_kind_words(self) -> None:
        assert only_defect(replace(SOUND, kind="PROPERTY")) == Defect(
            DefectCode.KIND,
            "property",
            "commercial general, excess, products or umbrella liability",
            "Please provide a commercial general, excess, products or umbrella liability policy. "
            "Other kinds of policy do not count.",
        )
        assert only_defect(replace(SOUND, kind="")).found == "not stated"

    def test_one_accepted_kind_reads_plainly(self) -> None:
        terms = replace(TERMS, accepted_kinds=frozenset({"PRODUCTS"}))
        (defect,) = find_defects(SOUND, insured=INSURED, terms=terms, submitted_on=SUBMITTED)
        assert defect.needed == "products liability"

    @pytest.mark.parametrize(
        ("covered", "listed", "tail_years", "codes"),
        [
            (None, {"kettles"}, 3, []),
            (None, {"kettles"}, 2, ["BASIS"]),
            (None, {"kettles", "toys"}, 3, ["BASIS"]),
            (None, set(), 3, ["BASIS"]),
            ({"kettles"}, {"kettles", "toys"}, 3, []),
            ({"kettles", "toys"}, {"kettles"}, 3, ["BASIS"]),
            (set(), {"kettles"}, 3, ["BASIS"]),
        ],
    )
    def test_claims_made_only_for_listed_categories_with_a_tail(
        self, covered: set[str] | None, listed: set[str], tail_years: int, codes: list[str]
    ) -> None:
        terms = replace(TERMS, claims_made_categories=frozenset({"kettles"}))
        policy = replace(
            SOUND,
            basis="CLAIMS_MADE",
            tail_years=tail_years,
            products=None if covered is None else frozenset(covered),
        )
        insured = replace(INSURED, products=frozenset(listed))
        found = find_defects(policy, insured=insured, terms=terms, submitted_on=SUBMITTED)
        assert [defect.code.value for defect in found] == codes

    def test_basis_words(self) -> None:
        assert only_defect(replace(SOUND, basis="CLAIMS_MADE")) == Defect(
            DefectCode.BASIS,
            "claims-made, tail of 0 years",
            "occurrence basis",
            "Please write the policy on occurrence basis.",
        )
        assert only_defect(replace(SOUND, basis="")).found == "not stated"

    def test_basis_words_where_claims_made_may_do(self) -> None:
        terms = replace(TERMS, claims_made_categories=frozenset({"kettles"}))
        (defect,) = find_defects(
            replace(SOUND, basis="CLAIMS_MADE"),
            insured=INSURED,
            terms=terms,
            submitted_on=SUBMITTED,
        )
        assert defect.needed == ("occurrence basis, or claims-made with a tail of at least 3 years")


class TestLimits:
    """Check 2."""

    @pytest.mark.parametrize("code", ["EACH_OCCURRENCE", "AGGREGATE"])
    @pytest.mark.parametrize(
        ("stated_minor", "is_defect"),
        [(None, True), (0, True), (99_999_999, True), (100_000_000, False)],
    )
    def test_limits_are_least_figures(
        self, code: str, stated_minor: int | None, *, is_defect: bool
    ) -> None:
        changes: dict[str, Any] = {f"{code.lower()}_minor": stated_minor}
        assert codes_of(replace(SOUND, **changes)) == ([code] if is_defect else [])

    def test_low_limit_words(self) -> None:
        assert only_defect(replace(SOUND, each_occurrence_minor=50_000_000)) == Defect(
            DefectCode.EACH_OCCURRENCE,
            "500,000.00 USD",
            "at least 1,000,000.00 USD",
            "Please raise the each-occurrence limit from 500,000.00 USD "
            "to at least 1,000,000.00 USD.",
        )

    def test_missing_limit_words(self) -> None:
        assert only_defect(replace(SOUND, aggregate_minor=None)) == Defect(
            DefectCode.AGGREGATE,
            "not stated",
            "at least 1,000,000.00 USD",
            "Please state the aggregate limit on the certificate. "
            "It must be at least 1,000,000.00 USD.",
        )

    def test_yen_have_no_minor_unit(self) -> None:
        terms = DEFAULT_REQUIREMENT_TERMS["JP"]
        policy = replace(
            SOUND,
            territory=frozenset({"JP"}),
            each_occurrence_minor=99_999_999,
            aggregate_minor=100_000_000,
        )
        (defect,) = find_defects(policy, insured=INSURED, terms=terms, submitted_on=SUBMITTED)
        assert (defect.found, defect.needed) == ("99,999,999 JPY", "at least 100,000,000 JPY")

    @pytest.mark.parametrize(
        ("products", "injury", "names"),
        [
            (False, True, "products/completed operations"),
            (True, False, "bodily injury"),
            (False, False, "products/completed operations and bodily injury"),
        ],
    )
    def test_inclusions_say_which_is_absent(
        self, *, products: bool, injury: bool, names: str
    ) -> None:
        policy = replace(SOUND, products_completed_operations=products, bodily_injury=injury)
        assert only_defect(policy) == Defect(
            DefectCode.PRODUCTS_COMPLETED_OPERATIONS,
            f"{names} not included",
            "products/completed operations and bodily injury included",
            f"Please include {names} in the cover and show it on the certificate.",
        )


class TestDeductible:
    """Check 3."""

    @pytest.mark.parametrize(
        ("stated_minor", "codes"),
        [(0, []), (1_000_000, []), (1_000_001, ["DEDUCTIBLE"]), (None, ["DEDUCTIBLE"])],
    )
    def test_at_most_and_stated(self, stated_minor: int | None, codes: list[str]) -> None:
        assert codes_of(replace(SOUND, deductible_minor=stated_minor)) == codes

    def test_words(self) -> None:
        assert only_defect(replace(SOUND, deductible_minor=1_500_000)) == Defect(
            DefectCode.DEDUCTIBLE,
            "15,000.00 USD",
            "stated, at most 10,000.00 USD",
            "Please lower the deductible from 15,000.00 USD to at most 10,000.00 USD.",
        )
        assert only_defect(replace(SOUND, deductible_minor=None)) == Defect(
            DefectCode.DEDUCTIBLE,
            "not stated",
            "stated, at most 10,000.00 USD",
            "Please state the deductible on the certificate, even if it is nil. "
            "It may be at most 10,000.00 USD.",
        )
