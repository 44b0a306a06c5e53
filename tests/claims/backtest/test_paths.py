"""The path of a past claim under given terms, branch by branch (rules §2, §3)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from claims.backtest.paths import AUTOMATIC, PATH_WORDS, PastClaim, Path, Verdict, decide_again
from tests.claims.core.facts_made import facts, terms

CENT = 1
CEILING = 100_000


def past(*, assessed: int | None = 250_000, changes: Any = None, **more: Any) -> PastClaim:
    """A claim of 2,500.00 USD whose silent seller is not covered and was never asked to be."""
    plain = PastClaim(
        facts=facts(assessed_minor=assessed, **(changes or {})),
        month=date(2026, 3, 1),
        is_physical=True,
        payable_minor=assessed or 0,
        was_duplicate=False,
        answer="",
        answered_at=None,
        outcome="PAID",
        insurer_paid_minor=None,
        settled_minor=None,
        cover_required=False,
        cover_proven=False,
    )
    return replace(plain, **more)


def test_every_path_has_words() -> None:
    assert set(PATH_WORDS) == set(Path)


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (past(is_physical=False), Verdict(Path.INELIGIBLE)),
        (past(was_duplicate=True), Verdict(Path.INELIGIBLE)),
        (past(assessed=None), Verdict(Path.CLOSED_BEFORE_ASSESSMENT)),
        (past(assessed=0), Verdict(Path.NOT_PROVEN)),
        (past(outcome="WITHDRAWN"), Verdict(Path.WITHDRAWN)),
        (past(assessed=CEILING), Verdict(Path.CONCEDED_ABSORBED, programme_minor=CEILING)),
        (
            past(assessed=CEILING, cover_required=True, cover_proven=True),
            Verdict(Path.CONCEDED_ABSORBED, programme_minor=CEILING),
        ),
        (
            past(assessed=CEILING, cover_required=True),
            Verdict(Path.CONCEDED_RECOVERED, seller_minor=CEILING),
        ),
        (
            past(assessed=CEILING + CENT, cover_proven=True),
            Verdict(Path.LAPSED, seller_minor=CEILING + CENT),
        ),
        (past(answer="ACCEPT"), Verdict(Path.ACCEPTED, seller_minor=250_000)),
        (
            past(answer="HANDLE", outcome="SETTLED", settled_minor=190_000),
            Verdict(Path.SETTLED_BY_SELLER, seller_minor=190_000),
        ),
        (
            past(answer="HANDLE", outcome="SETTLED"),
            Verdict(Path.SETTLED_BY_SELLER, seller_minor=250_000),
        ),
        (
            past(answer="TENDER", outcome="SETTLED", insurer_paid_minor=150_000),
            Verdict(Path.PAID_BY_INSURER, insurer_minor=150_000),
        ),
        (
            past(answer="TENDER", outcome="SETTLED"),
            Verdict(Path.PAID_BY_INSURER, insurer_minor=250_000),
        ),
        (past(answer="REJECT", outcome="DENIED"), Verdict(Path.DEFENCE_UPHELD)),
        (past(answer="REJECT"), Verdict(Path.DECIDED_BY_PEOPLE, seller_minor=250_000)),
        (past(answer="HANDLE"), Verdict(Path.DECIDED_BY_PEOPLE, seller_minor=250_000)),
        (past(answer="TENDER"), Verdict(Path.DECIDED_BY_PEOPLE, seller_minor=250_000)),
    ],
)
def test_the_path_under_the_launch_terms(claim: PastClaim, verdict: Verdict) -> None:
    assert decide_again(claim, terms=terms()) == verdict


def test_only_silence_and_acceptance_are_automatic() -> None:
    assert {Path.ACCEPTED, Path.LAPSED} == AUTOMATIC
    assert decide_again(past(), terms=terms()).is_automatic
    assert not decide_again(past(assessed=CEILING), terms=terms()).is_automatic


@pytest.mark.parametrize(
    ("figures", "path"),
    [
        ({"ceiling_minor": 250_000}, Path.CONCEDED_ABSORBED),
        ({"ceiling_minor": 250_000, "ceiling_includes_itself": False}, Path.LAPSED),
        ({"automatic_limit_minor": 249_999}, Path.DECIDED_BY_PEOPLE),
        ({"automatic_limit_minor": 250_000}, Path.LAPSED),
        ({"daily_cap_minor": 249_999}, Path.DECIDED_BY_PEOPLE),
        ({"maximum_minor": 249_999}, Path.INELIGIBLE),
        ({"filing_window_days": 8}, Path.INELIGIBLE),
        ({"programme_start": "2026-02-21"}, Path.INELIGIBLE),
        ({"adult_age": 50}, Path.DECIDED_BY_PEOPLE),
    ],
)
def test_other_figures_lead_the_same_claim_elsewhere(figures: dict[str, Any], path: Path) -> None:
    assert decide_again(past(), terms=terms(**figures)).path == path


def test_a_switch_of_the_terms_decides_who_bears_an_uncovered_sellers_claim() -> None:
    claim = past(assessed=CEILING)
    draft = terms(absorb_when_not_required=False)
    assert decide_again(claim, terms=draft) == Verdict(
        Path.CONCEDED_RECOVERED, seller_minor=CEILING
    )


def test_the_day_s_cap_counts_what_went_before() -> None:
    left = terms().daily_cap_minor - 250_000
    assert decide_again(past(), terms=terms(), spent_today_minor=left).is_automatic
    barred = decide_again(past(), terms=terms(), spent_today_minor=left + CENT)
    assert barred == Verdict(Path.DECIDED_BY_PEOPLE, seller_minor=250_000)


def test_the_draft_counts_and_not_the_claim_s_own_terms() -> None:
    strict = terms(automatic_limit_minor=100)
    claim = past(changes={"terms": strict})
    assert decide_again(claim, terms=strict).path == Path.DECIDED_BY_PEOPLE
    assert decide_again(claim, terms=terms()).path == Path.LAPSED
