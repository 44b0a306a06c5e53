"""Every signal of the rules, at its boundary and one step beyond (rules §3, fraud signals)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from claims.launch_terms import launch_figures
from claims.models import SignalCode
from claims.screening.signals import (
    LookedAt,
    OtherClaim,
    Signal,
    burst_since,
    find_signals,
    is_severe,
    months_before,
    narrative_digest,
    normalise_narrative,
)
from claims.terms import Terms, read_terms
from sellers.markets import MARKETS

DAY = timedelta(days=1)
REPORTED = date(2026, 3, 2)


def terms_of(market: str) -> Terms:
    row = MARKETS[market]
    return read_terms(
        version_id=1,
        market=market,
        currency=row.currency,
        effective_on=date(2021, 9, 1),
        figures=launch_figures(row),
    )


# A claim that gives no cause to look, and another that has nothing in common with it.
QUIET = LookedAt(
    id=1,
    terms=terms_of("US"),
    claimant_key="ann@mail.example",
    order_id=10,
    incident_on=REPORTED - 10 * DAY,
    reported_on=REPORTED,
    delivered_on=REPORTED - 30 * DAY,
    severity="TREATMENT",
    amount_minor=50_000,
    payee_account="tok_ann",
    narrative_sha256="a" * 64,
    evidence_sha256=frozenset({"e1"}),
)
STRANGER = OtherClaim(
    id=2,
    reference="RD-2",
    claimant_key="bob@mail.example",
    order_id=20,
    incident_on=REPORTED - 5 * DAY,
    reported_on=REPORTED - DAY,
    payee_account="tok_bob",
    narrative_sha256="b" * 64,
    evidence_sha256=frozenset({"e2"}),
)


def codes(claim: LookedAt, *others: OtherClaim) -> list[str]:
    return [signal.code.value for signal in find_signals(replace(claim, others=others))]


def test_a_quiet_claim_beside_a_strangers_gives_no_cause() -> None:
    assert codes(QUIET, STRANGER) == []


@pytest.mark.parametrize(
    ("reported_on", "found"),
    [
        (REPORTED, True),
        (date(2025, 3, 3), True),
        (date(2025, 3, 2), False),
        (date(2027, 3, 1), True),
        (date(2027, 3, 2), False),
    ],
)
def test_same_claimant_twice_in_12_months(reported_on: date, *, found: bool) -> None:
    other = replace(STRANGER, claimant_key=QUIET.claimant_key, reported_on=reported_on)
    assert codes(QUIET, other) == (["REPEAT_CLAIMANT"] if found else [])


def test_same_order_twice() -> None:
    assert find_signals(replace(QUIET, others=(replace(STRANGER, order_id=10),))) == (
        Signal(SignalCode.SAME_ORDER, "RD-2 is on the same order.", 2),
    )


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"e1"}, "RD-2 has a file that this claim has too, byte for byte."),
        ({"e1", "e3"}, "RD-2 has 2 files that this claim has too, byte for byte."),
    ],
)
def test_exact_image_reuse(files: set[str], words: str) -> None:
    claim = replace(QUIET, evidence_sha256=frozenset({"e1", "e3"}))
    other = replace(STRANGER, evidence_sha256=frozenset(files | {"e9"}))
    assert find_signals(replace(claim, others=(other,))) == (
        Signal(SignalCode.IMAGE_REUSED, words, 2, {"sha256": sorted(files)}),
    )


@pytest.mark.parametrize(
    ("market", "amount_minor", "found"),
    [
        ("US", 89_999, False),
        ("US", 90_000, True),
        ("US", 100_000, True),
        ("US", 100_001, False),
        ("DE", 100_000, True),
        ("JP", 90_000, True),
        ("JP", 89_999, False),
    ],
)
def test_amount_from_90_to_100_percent_of_the_ceiling(
    market: str, amount_minor: int, *, found: bool
) -> None:
    claim = replace(QUIET, terms=terms_of(market), amount_minor=amount_minor)
    assert codes(claim) == (["NEAR_CEILING"] if found else [])


def test_the_words_of_an_amount_near_the_ceiling() -> None:
    (signal,) = find_signals(replace(QUIET, amount_minor=95_050))
    assert signal == Signal(
        SignalCode.NEAR_CEILING,
        "$950.50 is claimed, 90 to 100 % of the ceiling of $1,000.00.",
        None,
        {"amount_minor": 95_050, "ceiling_minor": 100_000},
    )


def test_split_claims_on_one_incident() -> None:
    """An incident of the same day by the same claimant, even where the report is long ago."""
    other = replace(
        STRANGER,
        claimant_key=QUIET.claimant_key,
        incident_on=QUIET.incident_on,
        reported_on=date(2024, 1, 1),
    )
    assert codes(QUIET, other) == ["SPLIT_INCIDENT"]
    assert codes(QUIET, replace(other, incident_on=QUIET.incident_on + DAY)) == []
    assert codes(QUIET, replace(other, claimant_key="bob@mail.example")) == []


@pytest.mark.parametrize(
    ("delivered_on", "found"),
    [
        (QUIET.incident_on, []),
        (QUIET.incident_on + DAY, ["BEFORE_DELIVERY"]),
        (None, []),
        (REPORTED - 3 * DAY, ["BEFORE_DELIVERY"]),
        (REPORTED - 2 * DAY, ["BEFORE_DELIVERY", "SOON_AFTER_DELIVERY"]),
        (REPORTED, ["BEFORE_DELIVERY", "SOON_AFTER_DELIVERY"]),
        (REPORTED + DAY, ["BEFORE_DELIVERY"]),
    ],
)
def test_incident_before_delivery_and_report_within_2_days(
    delivered_on: date | None, found: list[str]
) -> None:
    assert codes(replace(QUIET, delivered_on=delivered_on)) == found


@pytest.mark.parametrize(("claims", "found"), [(2, []), (3, ["PRODUCT_BURST"])])
def test_three_claims_on_one_product_are_a_burst(claims: int, found: list[str]) -> None:
    assert codes(replace(QUIET, product_claims=claims)) == found


def test_the_burst_days_end_with_the_report() -> None:
    """30 days: the report's own and 29 before it."""
    assert burst_since(date(2026, 3, 30), terms=QUIET.terms) == date(2026, 3, 1)
    none = replace(QUIET.terms, burst_days=0)
    assert burst_since(REPORTED, terms=none) == REPORTED


def test_payee_shared_by_claimants() -> None:
    shared = replace(STRANGER, payee_account=QUIET.payee_account)
    assert codes(QUIET, shared) == ["SHARED_PAYEE"]
    own = replace(shared, claimant_key=QUIET.claimant_key, reported_on=date(2024, 1, 1))
    assert codes(QUIET, own) == [], "a claimant's own account is no shared one"
    no_account = replace(STRANGER, payee_account="")
    assert codes(replace(QUIET, payee_account=""), no_account) == []


@pytest.mark.parametrize(
    ("digest", "percent", "found"),
    [("a" * 64, 0, [100]), ("b" * 64, 80, [80]), ("b" * 64, 79, []), ("", 0, [])],
)
def test_narrative_copied(digest: str, percent: int, found: list[int]) -> None:
    other = replace(STRANGER, narrative_sha256=digest, narrative_percent=percent)
    signals = find_signals(replace(QUIET, others=(other,)))
    assert [s.detail["percent"] for s in signals] == found
    assert all(s.code == SignalCode.NARRATIVE_COPIED for s in signals)


def test_no_narrative_is_no_copy_of_no_narrative() -> None:
    assert codes(replace(QUIET, narrative_sha256=""), replace(STRANGER, narrative_sha256="")) == []


@pytest.mark.parametrize(
    ("severity", "severe"),
    [
        ("NONE", False),
        ("FIRST_AID", False),
        ("TREATMENT", False),
        ("HOSPITAL", True),
        ("GRIEVOUS", True),
        ("DEATH", True),
    ],
)
def test_hospital_admission_or_worse(severity: str, *, severe: bool) -> None:
    assert is_severe(severity) is severe
    assert codes(replace(QUIET, severity=severity)) == (["SEVERE_INJURY"] if severe else [])


def test_everything_at_once_in_the_order_of_the_rules() -> None:
    other = replace(
        STRANGER,
        claimant_key=QUIET.claimant_key,
        order_id=QUIET.order_id,
        incident_on=QUIET.incident_on,
        narrative_sha256=QUIET.narrative_sha256,
        evidence_sha256=QUIET.evidence_sha256,
    )
    payee = replace(STRANGER, id=3, payee_account=QUIET.payee_account)
    claim = replace(
        QUIET,
        amount_minor=99_900,
        delivered_on=REPORTED,
        product_claims=4,
        severity="DEATH",
        others=(other, payee),
    )
    found = find_signals(claim)
    assert [s.code for s in found] == list(SignalCode)
    assert [s.other_id for s in found] == [2, 2, 2, None, 2, None, None, None, 3, 2, None]
    assert all(s.words.endswith(".") for s in found)


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        (date(2026, 3, 2), 12, date(2025, 3, 2)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 12, 15), 0, date(2026, 12, 15)),
    ],
)
def test_months_before(day: date, months: int, earlier: date) -> None:
    assert months_before(day, months) == earlier


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("  The KETTLE\ncaught fire!!  ", "the kettle caught fire"),
        ("Café—burnt", "cafe burnt"),
        ("", ""),
        ("x" * 3000, "x" * 2000),
    ],
)
def test_normalised_narratives(text: str, normal: str) -> None:
    assert normalise_narrative(text) == normal


def test_a_short_narrative_has_no_digest() -> None:
    assert narrative_digest("It broke.") == ""
    assert narrative_digest("The kettle caught fire.") == narrative_digest("the KETTLE caught fire")
    assert len(narrative_digest("The kettle caught fire.")) == 64


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 240))
def test_months_before_never_passes_the_month(day: date, months: int) -> None:
    earlier = months_before(day, months)
    assert (day.year - earlier.year) * 12 + day.month - earlier.month == months
    assert earlier.day <= day.day
