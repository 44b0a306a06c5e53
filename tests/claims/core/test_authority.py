"""Who may approve how much, what bars automatic approval, what holds a payment (rules §2, §3)."""

from datetime import date, timedelta
from itertools import combinations_with_replacement
from typing import Any

import pytest

from claims.authority import (
    BAR_WORDS,
    HOLD_WORDS,
    TWO_PEOPLE_BARS,
    Bar,
    PaymentHold,
    authority_minor,
    automatic_bars,
    is_enough_authority,
    payment_holds,
    people_needed,
    two_people_bars,
)
from claims.facts import PayeeFacts
from claims.outcome import Rank
from tests.claims.core.facts_made import NOON, facts, terms

US = terms()
NONE, ADJUSTER, SENIOR = Rank.NONE, Rank.ADJUSTER, Rank.SENIOR
NO_BARS: frozenset[str] = frozenset()
ONE_BAR = frozenset({Bar.CLAIMANT_MINOR.value})


def bars(*, amount_minor: int = 250_000, spent: int = 0, **changes: Any) -> set[str]:
    return set(
        automatic_bars(
            facts(**changes), amount_minor=amount_minor, at=NOON, spent_today_minor=spent
        )
    )


# Each bar alone, from a claim that nothing else bars.
ALONE: dict[Bar, dict[str, Any]] = {
    Bar.ABOVE_AUTOMATIC_LIMIT: {"amount_minor": 2_500_001},
    Bar.DAILY_CAP_REACHED: {"spent": 24_750_001},
    Bar.FRAUD_HOLD: {"holds": frozenset({"FRAUD"})},
    Bar.SANCTIONS_HOLD: {"holds": frozenset({"SANCTIONS"})},
    Bar.LEGAL_HOLD: {"holds": frozenset({"LEGAL"})},
    Bar.CLAIMANT_MINOR: {"claimant_born_on": date(2010, 1, 1)},
    Bar.CLAIMANT_REPRESENTED: {"is_represented": True},
    Bar.DEATH_OR_GRIEVOUS_INJURY: {"severity": "DEATH", "medicare": "NO"},
    Bar.MEDICARE_STATUS_UNKNOWN: {"medicare": "UNKNOWN", "has_injury_lines": True},
    Bar.NOTICE_NOT_DELIVERED: {"notice_delivered": False},
    Bar.SELLER_ANSWERED_LATE: {"answered_late": True},
}


def test_nothing_bars_a_plain_claim() -> None:
    assert bars() == set()


@pytest.mark.parametrize("bar", Bar)
def test_each_bar_alone_is_named(bar: Bar) -> None:
    assert bars(**ALONE[bar]) == {bar}


def test_all_bars_together_are_all_named() -> None:
    together: dict[str, Any] = {}
    for changes in ALONE.values():
        together |= changes
    together["holds"] = frozenset({"FRAUD", "SANCTIONS", "LEGAL"})

    assert bars(**together) == set(Bar)


@pytest.mark.parametrize("bar", Bar)
def test_the_two_people_bars_stop_one_person_too(bar: Bar) -> None:
    """Rules §3: the two-people ones also stop an adjuster from conceding alone."""
    changes = {k: v for k, v in ALONE[bar].items() if k not in {"amount_minor", "spent"}}
    found = two_people_bars(facts(**changes), amount_minor=250_000, at=NOON)

    assert found == ({bar} if bar in TWO_PEOPLE_BARS else set())


def test_the_two_people_bars_are_the_rules_own() -> None:
    assert set(Bar) - TWO_PEOPLE_BARS == {
        Bar.ABOVE_AUTOMATIC_LIMIT,
        Bar.DAILY_CAP_REACHED,
        Bar.NOTICE_NOT_DELIVERED,
        Bar.SELLER_ANSWERED_LATE,
    }


def test_every_bar_and_hold_has_words() -> None:
    assert set(BAR_WORDS) == set(Bar)
    assert set(HOLD_WORDS) == set(PaymentHold)
    assert all(words.endswith(".") for words in [*BAR_WORDS.values(), *HOLD_WORDS.values()])


@pytest.mark.parametrize("severity", ["GRIEVOUS", "DEATH"])
def test_death_and_grievous_injury_bar(severity: str) -> None:
    assert bars(severity=severity) == {Bar.DEATH_OR_GRIEVOUS_INJURY}


@pytest.mark.parametrize("severity", ["NONE", "FIRST_AID", "TREATMENT", "HOSPITAL"])
def test_lesser_injuries_do_not(severity: str) -> None:
    assert bars(severity=severity) == set()


@pytest.mark.parametrize(
    ("amount_minor", "expected"), [(2_499_999, set()), (2_500_000, set()), (2_500_001, {1})]
)
def test_the_automatic_limit_is_included(amount_minor: int, expected: set[int]) -> None:
    assert bars(amount_minor=amount_minor) == ({Bar.ABOVE_AUTOMATIC_LIMIT} if expected else set())


@pytest.mark.parametrize(
    ("spent", "expected"),
    [(24_749_999, set()), (24_750_000, set()), (24_750_001, {Bar.DAILY_CAP_REACHED})],
)
def test_the_daily_cap_may_be_reached_and_not_passed(spent: int, expected: set[Bar]) -> None:
    assert bars(amount_minor=250_000, spent=spent) == expected


@pytest.mark.parametrize(
    ("amount_minor", "medicare", "injury", "market", "barred"),
    [
        (75_000, "UNKNOWN", True, "US", False),
        (75_001, "UNKNOWN", True, "US", True),
        (75_001, "NO", True, "US", False),
        (75_001, "YES", True, "US", False),
        (75_001, "UNKNOWN", False, "US", False),
        (75_001, "UNKNOWN", True, "DE", False),
    ],
)
def test_medicare_is_asked_of_us_injuries_above_750(
    amount_minor: int, medicare: str, market: str, *, injury: bool, barred: bool
) -> None:
    found = two_people_bars(
        facts(terms=terms(market), medicare=medicare, has_injury_lines=injury),
        amount_minor=amount_minor,
        at=NOON,
    )

    assert found == ({Bar.MEDICARE_STATUS_UNKNOWN} if barred else set())


@pytest.mark.parametrize(
    ("rank", "expected"), [(NONE, 0), (ADJUSTER, 500_000), (SENIOR, 2_500_000)]
)
def test_authority_by_rank(rank: Rank, expected: int) -> None:
    assert authority_minor(rank, terms=US) == expected


AMOUNTS = (1, 499_999, 500_000, 500_001, 2_499_999, 2_500_000, 2_500_001, 100_000_000)


def expected_authority(ranks: tuple[Rank, ...], amount: int, *, barred: bool) -> bool:
    """The rules' paragraph on authority, written out a second time as plain cases."""
    people = [rank for rank in ranks if rank is not NONE]
    if amount > 2_500_000:
        return len(people) >= 2 and SENIOR in people
    if amount > 500_000:
        return SENIOR in people and len(people) >= (2 if barred else 1)
    return len(people) >= (2 if barred else 1)


@pytest.mark.parametrize("amount_minor", AMOUNTS)
@pytest.mark.parametrize("barred", [False, True])
def test_authority_of_every_combination_of_people(amount_minor: int, *, barred: bool) -> None:
    ranks = [(rank,) for rank in Rank]
    pairs = list(combinations_with_replacement(Rank, 2))
    for people in [(), *ranks, *pairs]:
        found = is_enough_authority(
            people, amount_minor=amount_minor, bars=ONE_BAR if barred else NO_BARS, terms=US
        )
        assert found is expected_authority(people, amount_minor, barred=barred), people


@pytest.mark.parametrize(
    ("amount_minor", "found_bars", "people"),
    [
        (2_500_000, NO_BARS, 1),
        (2_500_001, NO_BARS, 2),
        (1, ONE_BAR, 2),
        (2_500_001, ONE_BAR, 2),
        (1, frozenset({Bar.DAILY_CAP_REACHED.value}), 1),
    ],
)
def test_how_many_people_it_takes(
    amount_minor: int, found_bars: frozenset[str], people: int
) -> None:
    assert people_needed(amount_minor, bars=found_bars, terms=US) == people


def holds(
    *, is_paused: bool = False, is_screened: bool = True, placed_later: bool = False, **changes: Any
) -> tuple[str, ...]:
    return payment_holds(
        facts(**changes),
        at=NOON,
        is_paused=is_paused,
        is_screened=is_screened,
        holds_after_approval=placed_later,
    )


def changed(hours_ago: float) -> PayeeFacts:
    return PayeeFacts(1, "Customer", NOON - timedelta(hours=hours_ago), given_with_report=False)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ()),
        ({"is_paused": True}, (PaymentHold.PAYOUTS_PAUSED,)),
        ({"payee": None}, (PaymentHold.NO_PAYEE_DETAILS,)),
        ({"payee": changed(0)}, (PaymentHold.PAYEE_DETAILS_CHANGED,)),
        ({"payee": changed(71.999)}, (PaymentHold.PAYEE_DETAILS_CHANGED,)),
        ({"payee": changed(72)}, ()),
        ({"payee": PayeeFacts(1, "Customer", NOON, given_with_report=True)}, ()),
        ({"is_screened": False}, (PaymentHold.SCREENING_NOT_DONE,)),
        ({"holds": frozenset({"SANCTIONS"})}, (PaymentHold.SANCTIONS_HOLD,)),
        ({"placed_later": True}, (PaymentHold.HOLD_PLACED,)),
        # a fraud hold that two people overruled when they approved holds nothing back
        ({"holds": frozenset({"FRAUD", "LEGAL"})}, ()),
    ],
)
def test_each_hold_alone_is_named(changes: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert holds(**changes) == expected


def test_all_holds_together_in_the_order_people_should_look() -> None:
    found = holds(
        is_paused=True,
        is_screened=False,
        placed_later=True,
        payee=changed(1),
        holds=frozenset({"SANCTIONS"}),
    )

    assert found == (
        PaymentHold.PAYOUTS_PAUSED,
        PaymentHold.PAYEE_DETAILS_CHANGED,
        PaymentHold.SCREENING_NOT_DONE,
        PaymentHold.SANCTIONS_HOLD,
        PaymentHold.HOLD_PLACED,
    )
