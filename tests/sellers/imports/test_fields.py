"""Readers of values: each accepts what it says, refuses the rest with words, and never guesses."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from sellers.imports import fields
from sellers.imports.fields import NotUnderstood, Reader
from sellers.imports.sources import Source

US = {"market": "US"}
CPSC = Source(columns=("Report Date",), formats=("%m/%d/%Y",))
PLAIN = Source(columns=("c",))


def refusal(reader: Reader, text: str, source: Source = PLAIN, **before: Any) -> tuple[str, str]:
    with pytest.raises(NotUnderstood) as caught:
        reader(text, source, before)
    return caught.value.wrong, caught.value.expected


def test_text_is_bounded_and_storable() -> None:
    assert fields.text(5)("héllo", PLAIN, {}) == "héllo"
    assert fields.text()("x" * 10_000, PLAIN, {}) == "x" * 10_000
    assert refusal(fields.text(5), "sixsix") == ("has 6 characters", "at most 5")
    assert refusal(fields.text(), "a\0b")[0] == "has a character that cannot be stored (NUL)"
    assert refusal(fields.text(), "a\udcff")[0] == "has bytes that the map's encoding does not know"


def test_choice_ignores_case_and_lists_what_it_knows() -> None:
    reader = fields.choice("FIRE", "WATER")
    assert reader("fire", PLAIN, {}) == "FIRE"
    assert refusal(reader, "smoke") == ("is not known", "one of FIRE, WATER")


def test_day_reads_the_formats_of_the_map() -> None:
    assert fields.day("5/26/2025", CPSC, {}) == date(2025, 5, 26)
    assert fields.day("2025-05-26", PLAIN, {}) == date(2025, 5, 26)
    assert refusal(fields.day, "26/5/2025", CPSC) == ("is not a date", "a date like 03/31/2026")
    assert refusal(fields.day, "soon") == ("is not a date", "a date like 2026-03-31")
    assert refusal(fields.day, "２/2/2025", CPSC)[0] == "is not a date"


def test_day_that_two_formats_read_differently_is_asked_about() -> None:
    both = Source(columns=("c",), formats=("%m/%d/%Y", "%d/%m/%Y"))
    assert fields.day("02/02/2026", both, {}) == date(2026, 2, 2)
    assert fields.day("02/13/2026", both, {}) == date(2026, 2, 13)
    assert refusal(fields.day, "02/03/2026", both) == (
        "can be read as 2026-02-03 or 2026-03-02",
        "a date that can be read one way only",
    )


def test_month_is_its_first_day() -> None:
    assert fields.month("2026-03", PLAIN, {}) == date(2026, 3, 1)
    assert fields.month("3/31/2026", CPSC, {}) == date(2026, 3, 1)
    assert refusal(fields.month, "2026-13") == ("is not a date", "a date like 2026-03")


def test_moment_without_a_time_is_the_first_instant_of_the_local_day() -> None:
    assert fields.moment("5/26/2025", CPSC, US) == datetime(2025, 5, 26, 7, tzinfo=UTC)
    assert fields.moment("2025-01-10", PLAIN, {"market": "JP"}) == datetime(
        2025, 1, 9, 15, tzinfo=UTC
    )


def test_moment_with_a_time_is_local_unless_it_carries_an_offset() -> None:
    assert fields.moment("2025-05-26T10:00:00", PLAIN, US) == datetime(2025, 5, 26, 17, tzinfo=UTC)
    assert fields.moment("2025-05-26T10:00:00Z", PLAIN, {}) == datetime(2025, 5, 26, 10, tzinfo=UTC)
    assert fields.moment("2025-05-26T10:00:00", PLAIN, {}) is None


@pytest.mark.parametrize(
    ("market", "given", "minor"), [("US", "12.34", 1234), ("JP", "1200", 1200), ("DE", "7", 700)]
)
def test_amount_is_in_the_currency_of_the_market(market: str, given: str, minor: int) -> None:
    assert fields.amount(given, PLAIN, {"market": market}) == minor


@pytest.mark.parametrize("given", ["1e3", "1,000", "-5", "1_000", "1.234", "１００", "$5"])
def test_amount_is_strict(given: str) -> None:
    assert refusal(fields.amount, given, market="US") == (
        "is not an amount in USD",
        "an amount like 1234.50",
    )


def test_amount_and_currency_wait_for_a_market() -> None:
    assert fields.amount("nonsense", PLAIN, {}) is None
    assert fields.currency("eur", PLAIN, {}) == "EUR"


def test_currency_is_the_markets() -> None:
    assert fields.currency("usd", PLAIN, US) == "USD"
    assert refusal(fields.currency, "EUR", market="US") == ("is not the currency of US", "USD")


def test_market_country_zone_and_address() -> None:
    assert fields.market("uk", PLAIN, {}) == "UK"
    assert refusal(fields.market, "XX")[0] == "is not a marketplace"
    assert fields.country("de", PLAIN, {}) == "DE"
    assert refusal(fields.country, "Germany") == ("is not a country", "two letters, like US or DE")
    assert refusal(fields.country, "ÄÖ")[0] == "is not a country"
    assert fields.timezone_name("Asia/Tokyo", PLAIN, {}) == "Asia/Tokyo"
    assert refusal(fields.timezone_name, "Tokyo")[0] == "is not a time zone"
    assert fields.email("a@b.example", PLAIN, {}) == "a@b.example"
    assert refusal(fields.email, "a at b")[0] == "is not an e-mail address"
    # Every part is in order; only the whole is too long for the column.
    long = f"{'a' * 64}@{'.'.join(['b' * 60] * 4)}.example"
    assert refusal(fields.email, long)[1] in {"at most 254", "an address like name@shop.example"}


@pytest.mark.parametrize(
    ("given", "read"), [("Yes", True), ("1", True), ("TRUE", True), ("no", False), ("0", False)]
)
def test_yes_no(given: str, read: bool) -> None:
    assert fields.yes_no(given, PLAIN, {}) is read


def test_yes_no_refuses_the_rest() -> None:
    assert refusal(fields.yes_no, "maybe") == ("is neither yes nor no", "yes or no")
