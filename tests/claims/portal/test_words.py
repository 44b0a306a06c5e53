"""What a claim costs its seller, and what silence means, in words."""

from datetime import date

import pytest

from claims.launch_terms import launch_figures
from claims.lifecycle import Status
from claims.models import Answer, Claim, DeadlineKind, Recovery, RecoveryStatus, TermsVersion
from claims.portal.standing import SELLER_CLOCKS
from claims.portal.words import (
    NEXT_AFTER,
    STATUS_WORDS,
    choices_of,
    cost_to_seller,
    silence_means,
)
from sellers.markets import MARKETS


def claim(status: Status = Status.AWAITING_SELLER, **fields: object) -> Claim:
    values: dict[str, object] = {
        "status": status,
        "currency": "USD",
        "claimed_minor": 300_000,
        "assessed_minor": 250_000,
        "incident_on": date(2026, 2, 20),
        "terms": TermsVersion(figures=launch_figures(MARKETS["US"])),
    } | fields
    return Claim(**values)


def recovery(status: RecoveryStatus, collected_minor: int = 0) -> Recovery:
    return Recovery(
        status=status, amount_minor=250_000, collected_minor=collected_minor, currency="USD"
    )


def test_every_status_has_words_and_a_tone_the_stylesheet_knows() -> None:
    assert set(STATUS_WORDS) == set(Status)
    assert {words.tone for words in STATUS_WORDS.values()} == {"act", "wait", "good", "plain"}


@pytest.mark.parametrize(
    ("given", "figure"),
    [
        (claim(), "Up to $2,500.00"),
        (claim(Status.APPROVED, approved_minor=200_000), "Up to $2,000.00"),
        (claim(Status.IN_ASSESSMENT, assessed_minor=None), "Not known yet"),
        (claim(Status.APPROVED, is_within_ceiling=True, assessed_minor=90_000), "$0.00"),
        (claim(Status.DENIED), "$0.00"),
        (claim(Status.WITHDRAWN), "$0.00"),
        (claim(Status.ABANDONED), "$0.00"),
        (claim(Status.SETTLED), "$0.00"),
        (claim(currency="JPY"), "Up to ¥250,000"),
    ],
)
def test_the_cost_before_there_is_a_recovery(given: Claim, figure: str) -> None:
    cost = cost_to_seller(given, None)
    assert cost.figure == figure
    assert cost.why.endswith(".")


def test_a_claim_within_the_ceiling_says_why_it_costs_nothing() -> None:
    within = claim(Status.PAID, is_within_ceiling=True, assessed_minor=90_000)
    assert cost_to_seller(within, None).why == (
        "The programme pays claims of this size at no cost to sellers with proof of insurance, "
        "and it does not count against you."
    )


@pytest.mark.parametrize(
    ("status", "collected", "figure", "word"),
    [
        (RecoveryStatus.AWAITING_PROOF, 0, "$0.00", "Once you prove that you were insured on 20 "),
        (RecoveryStatus.WAIVED, 0, "$0.00", "The programme bears the cost"),
        (RecoveryStatus.DEMANDED, 50_000, "$2,500.00", "Received: $500.00"),
        (RecoveryStatus.WITHHELD, 0, "$2,500.00", "hold this back"),
        (RecoveryStatus.COLLECTED, 250_000, "$2,500.00", "Nothing more is due"),
        (RecoveryStatus.WRITTEN_OFF, 100_000, "$1,000.00", "no longer ask"),
        (RecoveryStatus.CANCELLED, 0, "$0.00", "Your appeal succeeded"),
    ],
)
def test_the_cost_while_it_is_recovered(
    status: RecoveryStatus, collected: int, figure: str, word: str
) -> None:
    cost = cost_to_seller(claim(Status.PAID), recovery(status, collected))
    assert cost.figure == figure
    assert word in cost.why


@pytest.mark.parametrize("kind", SELLER_CLOCKS)
def test_every_clock_of_a_seller_says_what_silence_means_and_the_amount(kind: str) -> None:
    assert "$2,500.00" in silence_means(kind, claim())


def test_silence_names_the_approved_amount_once_there_is_one() -> None:
    paid = claim(Status.PAID, approved_minor=200_000)
    assert silence_means(DeadlineKind.PROOF_OF_INSURANCE, paid) == (
        "If you do not prove that you were insured on 20 February 2026, we ask you to reimburse "
        "$2,000.00, and may hold it back from your disbursements."
    )


def test_the_four_answers_explain_their_consequence_from_the_claims_own_terms() -> None:
    figures = launch_figures(MARKETS["US"]) | {"handling_days": 45, "insurer_answer_days": 21}
    choices = choices_of(claim(terms=TermsVersion(figures=figures)))
    assert [choice.answer for choice in choices] == [
        Answer.ACCEPT,
        Answer.HANDLE,
        Answer.TENDER,
        Answer.REJECT,
    ]
    assert "$2,500.00" in choices[0].consequence
    assert "45 days" in choices[1].consequence
    assert "21 days" in choices[2].consequence


def test_every_answer_says_what_happens_next() -> None:
    assert set(NEXT_AFTER) == set(Answer)
