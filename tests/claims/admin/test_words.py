"""Codes, moments and amounts in words."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from claims.admin.words import amount, code_words, moment, short_words, time_left, urgency
from claims.authority import Bar, PaymentHold

AT = datetime(2026, 11, 22, 22, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minor", "currency", "words"),
    [(123_456, "USD", "$1,234.56"), (0, "EUR", "€0.00"), (500, "JPY", "¥500"), (None, "USD", "–")],
)
def test_amounts(minor: int | None, currency: str, words: str) -> None:
    assert amount(minor, currency) == words


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("America/Los_Angeles", "Sun 22 Nov 2026, 14:05 PST"),
        ("Asia/Tokyo", "Mon 23 Nov 2026, 07:05 JST"),
    ],
)
def test_moments_stand_in_their_zone(zone: str, words: str) -> None:
    assert moment(AT, ZoneInfo(zone)) == words


def test_no_moment_is_a_dash() -> None:
    assert moment(None, ZoneInfo("UTC")) == "–"


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=20, hours=3), "20 d left"),
        (timedelta(days=4, hours=3, minutes=59), "4 d 3 h left"),
        (timedelta(days=4), "4 d left"),
        (timedelta(hours=3, minutes=12), "3 h 12 min left"),
        (timedelta(minutes=12), "12 min left"),
        (timedelta(seconds=40), "under a minute left"),
        (timedelta(0), "under a minute overdue"),
        (-timedelta(hours=2), "2 h 0 min overdue"),
    ],
)
def test_time_left(left: timedelta, words: str) -> None:
    assert time_left(AT + left, now=AT) == words


@pytest.mark.parametrize(
    ("left", "tone"),
    [(timedelta(days=2), "calm"), (timedelta(days=1), "soon"), (timedelta(0), "overdue")],
)
def test_urgency(left: timedelta, tone: str) -> None:
    assert urgency(AT + left, now=AT) == tone


@pytest.mark.parametrize("code", [*Bar, *PaymentHold, "FILED_LATE", "SELLER_DEFENCE_UPHELD"])
def test_every_code_has_words_of_its_own(code: str) -> None:
    assert code_words(code) != short_words(code)


def test_an_unknown_code_is_spelt_out() -> None:
    assert code_words("SOMETHING_NEW") == short_words("SOMETHING_NEW") == "Something new"
