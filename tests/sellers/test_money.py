"""Amounts: read strictly, kept as integers, written for people (rules §6, §8)."""

import pytest
from hypothesis import given, strategies as st

from sellers.markets import MARKETS
from sellers.money import (
    LONGEST_AMOUNT,
    MINOR_DIGITS,
    AmountNotUnderstood,
    CurrencyNotKnown,
    display_amount,
    format_amount,
    minor_units,
    parse_amount,
    scaled_limit,
    to_decimal_string,
)

currencies = st.sampled_from(sorted(MINOR_DIGITS))
storable = st.integers(min_value=0, max_value=10**LONGEST_AMOUNT - 1)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("1000", "USD", 100_000),
        ("1000.00", "USD", 100_000),
        ("1000.01", "USD", 100_001),
        ("0.50", "GBP", 50),
        ("0.5", "GBP", 50),
        ("0", "EUR", 0),
        ("0.01", "SEK", 1),
        ("007.10", "PLN", 710),
        ("  12.34 ", "CAD", 1_234),
        ("100000", "JPY", 100_000),
        ("9999999999999999.99", "USD", 999_999_999_999_999_999),
        ("999999999999999999", "JPY", 999_999_999_999_999_999),
    ],
)
def test_amounts_as_people_type_them(text: str, currency: str, minor: int) -> None:
    assert parse_amount(text, currency=currency) == minor


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        ".",
        "1.",
        ".5",
        "1.234",
        "1.2.3",
        "1e3",
        "1E3",
        "1_000",
        "1,000",
        "1,50",
        "1 000",
        "1\u00a0000",
        "1'000",
        "+1",
        "-1",
        "−1",
        "$5",
        "5 USD",
        "0x10",
        "１００",  # full-width figures
        "١٢٣",  # Arabic-Indic figures
        "²",
        "½",
        "NaN",
        "inf",
        "10\n",
        "\t10",
        "10\x00",
    ],
)
def test_what_could_be_read_two_ways_is_refused(text: str) -> None:
    with pytest.raises(AmountNotUnderstood) as refused:
        parse_amount(text, currency="USD")
    assert str(refused.value) == f"“{text}” is not an amount in USD: write it like 1234.56."


@pytest.mark.parametrize("text", ["1.0", "100.00", "1.5"])
def test_yen_have_no_decimals(text: str) -> None:
    with pytest.raises(AmountNotUnderstood) as refused:
        parse_amount(text, currency="JPY")
    assert str(refused.value) == f"“{text}” is not an amount in JPY: write it like 1234."


@pytest.mark.parametrize(
    ("text", "currency", "whole"),
    [
        ("1" + "0" * 16, "USD", 16),
        ("10000000000000000.00", "EUR", 16),
        ("1" + "0" * 18, "JPY", 18),
        ("0" * 19, "JPY", 18),
    ],
)
def test_an_amount_always_fits_the_database(text: str, currency: str, whole: int) -> None:
    with pytest.raises(AmountNotUnderstood) as refused:
        parse_amount(text, currency=currency)
    assert str(refused.value) == (
        f"“{text}” is too long: an amount in {currency} has at most "
        f"{whole} figures before the decimal point."
    )


def test_a_refusal_quotes_only_the_beginning_of_a_long_text() -> None:
    with pytest.raises(AmountNotUnderstood) as refused:
        parse_amount("9" * 5000, currency="USD")
    assert str(refused.value).startswith("“" + "9" * 40 + "…” is too long")


@pytest.mark.parametrize(
    "act",
    [
        lambda: parse_amount("1", currency="usd"),
        lambda: format_amount(1, currency="usd"),
        lambda: display_amount(1, currency="usd"),
        lambda: to_decimal_string(1, currency="usd"),
    ],
)
def test_an_unknown_currency_is_never_guessed(act: object) -> None:
    assert callable(act)
    with pytest.raises(CurrencyNotKnown) as refused:
        act()
    assert str(refused.value) == (
        "“usd” is not a currency of a marketplace: "
        "choose one of USD, CAD, GBP, EUR, SEK, PLN, MXN, JPY."
    )


def test_every_marketplace_trades_in_a_currency_that_is_known() -> None:
    assert {market.currency for market in MARKETS.values()} == set(MINOR_DIGITS)


@pytest.mark.parametrize(
    ("minor", "currency", "formatted", "displayed", "plain"),
    [
        (123_456, "USD", "1,234.56 USD", "$1,234.56", "1234.56"),
        (123_456, "CAD", "1,234.56 CAD", "CA$1,234.56", "1234.56"),
        (99_999, "GBP", "999.99 GBP", "£999.99", "999.99"),
        (1_234_567_89, "EUR", "1,234,567.89 EUR", "€1,234,567.89", "1234567.89"),
        (5, "SEK", "0.05 SEK", "0.05\u00a0kr", "0.05"),
        (450_000, "PLN", "4,500.00 PLN", "4,500.00\u00a0zł", "4500.00"),
        (0, "MXN", "0.00 MXN", "MX$0.00", "0.00"),
        (100_000, "JPY", "100,000 JPY", "¥100,000", "100000"),
        (-50, "GBP", "-0.50 GBP", "-£0.50", "-0.50"),
        (-123_456, "SEK", "-1,234.56 SEK", "-1,234.56\u00a0kr", "-1234.56"),
        (-1_234, "JPY", "-1,234 JPY", "-¥1,234", "-1234"),
    ],
)
def test_amounts_are_written_three_ways(
    minor: int, currency: str, formatted: str, displayed: str, plain: str
) -> None:
    assert (
        format_amount(minor, currency=currency),
        display_amount(minor, currency=currency),
        to_decimal_string(minor, currency=currency),
    ) == (formatted, displayed, plain)


@given(minor=storable, currency=currencies)
def test_what_is_written_is_read_back(minor: int, currency: str) -> None:
    assert parse_amount(to_decimal_string(minor, currency=currency), currency=currency) == minor


@given(minor=storable, currency=currencies)
def test_people_and_exports_see_the_same_figures(minor: int, currency: str) -> None:
    plain = to_decimal_string(minor, currency=currency)
    assert format_amount(minor, currency=currency).replace(",", "") == f"{plain} {currency}"
    assert plain in display_amount(minor, currency=currency).replace(",", "")


@given(minor=storable.filter(bool), currency=currencies)
def test_a_negative_amount_differs_by_its_minus_only(minor: int, currency: str) -> None:
    for write in (format_amount, display_amount, to_decimal_string):
        assert write(-minor, currency=currency) == "-" + write(minor, currency=currency)


@given(text=st.text(max_size=24) | st.from_regex(r"[0-9.]{1,21}"), currency=currencies)
def test_any_text_is_refused_or_is_an_amount_the_database_can_hold(
    text: str, currency: str
) -> None:
    try:
        minor = parse_amount(text, currency=currency)
    except AmountNotUnderstood:
        return
    assert 0 <= minor < 10**LONGEST_AMOUNT


@pytest.mark.parametrize(
    ("major", "currency", "minor"), [(12, "USD", 1_200), (12, "JPY", 12), (0, "EUR", 0)]
)
def test_minor_units(major: int, currency: str, minor: int) -> None:
    assert minor_units(major, currency=currency) == minor


@pytest.mark.parametrize(
    ("currency", "minor"), [("GBP", 2_500_000), ("SEK", 25_000_000), ("JPY", 2_500_000)]
)
def test_limits_published_in_dollars_are_scaled(currency: str, minor: int) -> None:
    """Rules §2, last row: 25,000 dollars elsewhere [D]."""
    assert scaled_limit(25_000, currency=currency) == minor


def test_an_unknown_currency_has_no_minor_unit() -> None:
    with pytest.raises(CurrencyNotKnown):
        minor_units(1, currency="XXX")
