"""Rules §4, checks 4 to 10: who is insured and by whom, where, and for how long."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from insurance.checks import Defect, DefectCode, find_defects, territory_includes
from sellers.markets import MARKETS
from tests.insurance.certificates import (
    INSURED,
    SOUND,
    SUBMITTED,
    TERMS,
    WORDING,
    codes_of,
    defects_of,
    only_defect,
)


class TestAdditionalInsured:
    """Check 4."""

    @pytest.mark.parametrize(
        "text",
        [
            WORDING,
            WORDING.upper(),
            f"  {WORDING}. ",
            WORDING.replace(" and ", "\n  and "),
            f"{WORDING} .",
        ],
    )
    def test_case_space_and_a_final_stop_do_not_matter(self, text: str) -> None:
        assert defects_of(replace(SOUND, additional_insured=text)) == ()

    @pytest.mark.parametrize(
        "text", ["", "Amazon", WORDING.replace("assignees", "assigns"), f"not {WORDING}"]
    )
    def test_other_words_do_not_do(self, text: str) -> None:
        assert codes_of(replace(SOUND, additional_insured=text)) == ["ADDITIONAL_INSURED"]

    @pytest.mark.parametrize("text", ["", "Amazon", WORDING])
    def test_certificate_holder_only_is_the_one_defect(self, text: str) -> None:
        policy = replace(SOUND, additional_insured=text, certificate_holder_only=True)
        assert only_defect(policy) == Defect(
            DefectCode.CERTIFICATE_HOLDER_ONLY,
            "the marketplace is certificate holder only",
            f"additional insured: {WORDING}",
            f"Please add “{WORDING}” as additional insured, in exactly these words. "
            "Being named as certificate holder is not enough.",
        )

    def test_words(self) -> None:
        assert only_defect(replace(SOUND, additional_insured=" ")) == Defect(
            DefectCode.ADDITIONAL_INSURED,
            "nobody named",
            f"additional insured: {WORDING}",
            f"Please name “{WORDING}” as additional insured, in exactly these words.",
        )

    def test_wording_is_the_market_s(self) -> None:
        terms = replace(TERMS, additional_insured_wording="Marketplace EU S.à r.l.")
        policy = replace(SOUND, additional_insured="MARKETPLACE EU S.À R.L")
        assert find_defects(policy, insured=INSURED, terms=terms, submitted_on=SUBMITTED) == ()


class TestNamedInsured:
    """Check 5."""

    @pytest.mark.parametrize(
        "name", ["brightside goods llc", "Brightside  Goods, L.L.C.", "BRIGHTSIDE GOODS,LLC"]
    )
    def test_case_space_commas_and_stops_do_not_matter(self, name: str) -> None:
        assert defects_of(replace(SOUND, named_insured=name)) == ()

    @pytest.mark.parametrize(
        ("single", "trade_name", "codes"),
        [
            (True, "Brightside", []),
            (False, "Brightside", ["NAMED_INSURED"]),
            (True, "Other", ["NAMED_INSURED"]),
            (True, "", ["NAMED_INSURED"]),
        ],
    )
    def test_trade_name_only_of_a_single_member_llc(
        self, *, single: bool, trade_name: str, codes: list[str]
    ) -> None:
        insured = replace(INSURED, single_member_llc=single, trade_name=trade_name)
        assert codes_of(replace(SOUND, named_insured="BRIGHTSIDE."), insured) == codes

    def test_a_single_member_llc_may_use_its_legal_name(self) -> None:
        insured = replace(INSURED, single_member_llc=True, trade_name="Brightside")
        assert defects_of(SOUND, insured) == ()

    def test_nobody_named_is_a_defect_even_without_a_trade_name(self) -> None:
        insured = replace(INSURED, single_member_llc=True, trade_name="  ")
        assert codes_of(replace(SOUND, named_insured=""), insured) == ["NAMED_INSURED"]

    def test_words(self) -> None:
        insured = replace(INSURED, single_member_llc=True, trade_name="Brightside")
        assert only_defect(replace(SOUND, named_insured=" "), insured) == Defect(
            DefectCode.NAMED_INSURED,
            "not stated",
            "“Brightside Goods LLC” or “Brightside”",
            "Please show “Brightside Goods LLC” or “Brightside” as the named insured.",
        )
        assert (
            only_defect(replace(SOUND, named_insured="Brightside Trading")).found
            == "Brightside Trading"
        )


class TestInsurerRating:
    """Check 6."""

    @pytest.mark.parametrize(
        "rating", ["A++", "A+", "A", "A-", "AAA", "AA+", "AA", "AA-", " a- ", "A−", "A–"]
    )
    def test_good_ratings(self, rating: str) -> None:
        assert defects_of(replace(SOUND, rating=rating)) == ()

    @pytest.mark.parametrize("rating", ["B++", "BBB+", "NR", "", "A--"])
    def test_other_ratings(self, rating: str) -> None:
        assert codes_of(replace(SOUND, rating=rating)) == ["INSURER_RATING"]

    def test_words(self) -> None:
        words = (
            "Please place the policy with an insurer rated A- or better by AM Best or S&P, "
            "and state the rating."
        )
        needed = "rated A- or better by AM Best or S&P"
        code = DefectCode.INSURER_RATING
        assert only_defect(replace(SOUND, rating="B++")) == Defect(
            code, "Harborway, rated B++", needed, words
        )
        assert only_defect(replace(SOUND, rating="")) == Defect(
            code, "Harborway, not rated", needed, words
        )


class TestTerritory:
    """Check 7."""

    @pytest.mark.parametrize("market", MARKETS)
    def test_market_and_worldwide_count_in_every_market(self, market: str) -> None:
        assert territory_includes(frozenset({market}), market=market)
        assert territory_includes(frozenset({" worldwide "}), market=market)
        assert not territory_includes(frozenset(), market=market)

    def test_eu_counts_in_eu_countries_only(self) -> None:
        eu = {market for market in MARKETS if territory_includes(frozenset({"EU"}), market=market)}
        assert eu == {"DE", "FR", "IT", "ES", "NL", "BE", "SE", "PL"}

    def test_words(self) -> None:
        assert only_defect(replace(SOUND, territory=frozenset({"MX", "CA"}))) == Defect(
            DefectCode.TERRITORY,
            "CA, MX",
            "United States, or worldwide",
            "Please extend the coverage territory to include United States, or make it worldwide.",
        )
        assert only_defect(replace(SOUND, territory=frozenset())).found == "not stated"


class TestCancellationNotice:
    """Check 8."""

    @pytest.mark.parametrize(
        ("days", "found"), [(None, "not stated"), (0, "0 days"), (29, "29 days")]
    )
    def test_too_short_or_not_stated(self, days: int | None, found: str) -> None:
        assert only_defect(replace(SOUND, cancellation_notice_days=days)) == Defect(
            DefectCode.CANCELLATION_NOTICE,
            found,
            "at least 30 days",
            "Please give the marketplace at least 30 days’ notice of cancellation, change "
            "and non-renewal, and state it on the certificate.",
        )

    @pytest.mark.parametrize("days", [30, 60])
    def test_long_enough(self, days: int) -> None:
        assert defects_of(replace(SOUND, cancellation_notice_days=days)) == ()


class TestValiditySignatureAndDates:
    """Checks 9 and 10."""

    @pytest.mark.parametrize(("days", "codes"), [(60, []), (59, ["REMAINING_VALIDITY"])])
    def test_sixty_days_to_run(self, days: int, codes: list[str]) -> None:
        policy = replace(SOUND, expires_on=SUBMITTED + timedelta(days=days))
        assert codes_of(policy) == codes

    @pytest.mark.parametrize(
        ("expires_on", "found"),
        [
            (date(2026, 4, 10), "ends on 10 April 2026, 39 days to run"),
            (SUBMITTED, "ends on 2 March 2026, no days to run"),
            (date(2026, 2, 1), "ends on 1 February 2026, no days to run"),
        ],
    )
    def test_validity_words(self, expires_on: date, found: str) -> None:
        assert only_defect(replace(SOUND, expires_on=expires_on)) == Defect(
            DefectCode.REMAINING_VALIDITY,
            found,
            "at least 60 days to run on submission",
            "Please send the certificate of the renewed policy. It must have at least 60 days "
            "to run on the day it is submitted.",
        )

    @pytest.mark.parametrize(
        ("changes", "found"),
        [
            ({"signed": False}, "not signed"),
            ({"complete": False}, "not complete"),
            ({"file_kind": "jpg"}, "not a DOC, DOCX or PDF file"),
            (
                {"signed": False, "complete": False, "file_kind": "jpg"},
                "not signed, not complete, not a DOC, DOCX or PDF file",
            ),
        ],
    )
    def test_signature(self, changes: dict[str, Any], found: str) -> None:
        assert only_defect(replace(SOUND, **changes)) == Defect(
            DefectCode.SIGNATURE,
            found,
            "signed and complete, as a DOC, DOCX or PDF file",
            "Please send the certificate complete and signed by an authorised representative, "
            "as a DOC, DOCX or PDF file.",
        )

    @pytest.mark.parametrize("file_kind", [None, "pdf", "doc", "docx"])
    def test_accepted_files(self, file_kind: str | None) -> None:
        assert defects_of(replace(SOUND, file_kind=file_kind)) == ()

    @pytest.mark.parametrize(
        ("changes", "found"),
        [
            (
                {"dates_text": " 02/03/2026 "},
                "“02/03/2026”, which can be read in two ways or not at all",
            ),
            ({"effective_on": None, "expires_on": None}, "no start date and no end date"),
            ({"effective_on": None}, "no start date"),
            ({"expires_on": None}, "no end date"),
            ({"effective_on": date(2027, 1, 1)}, "from 1 January 2027 to 1 January 2027"),
            ({"effective_on": date(2027, 1, 2)}, "from 2 January 2027 to 1 January 2027"),
        ],
    )
    def test_dates(self, changes: dict[str, Any], found: str) -> None:
        assert only_defect(replace(SOUND, **changes)) == Defect(
            DefectCode.DATES,
            found,
            "a start date and a later end date, with the month in words",
            "Please state the start date and the end date of the policy with the month in words, "
            "for example 2 March 2026.",
        )

    def test_a_known_end_is_judged_although_the_start_is_unclear(self) -> None:
        policy = replace(
            SOUND, effective_on=None, dates_text="02/03/2026", expires_on=date(2026, 4, 1)
        )
        assert codes_of(policy) == ["REMAINING_VALIDITY", "DATES"]


def test_products_left_out_are_no_defect_of_one_policy() -> None:
    policy = replace(SOUND, products=frozenset({"toys"}))
    assert defects_of(policy) == ()
