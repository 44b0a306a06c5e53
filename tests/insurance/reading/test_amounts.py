"""Amounts as insurers write them: one meaning, or none."""

import pytest

from insurance.reading.amounts import find_amounts, read_amount, read_nil_or_amount
from insurance.reading.facts import Amount

DOLLARS = ("USD", "CAD", "MXN")


@pytest.mark.parametrize(
    ("text", "figure", "currencies"),
    [
        ("$ 1,000,000", "1000000", DOLLARS),
        ("$1,000,000.00", "1000000.00", DOLLARS),
        ("US$ 500,000", "500000", ("USD",)),
        ("$1,000,000 CAD", "1000000", ("CAD",)),
        ("CA$1,000", "1000", ("CAD",)),
        ("GBP 5,000,000", "5000000", ("GBP",)),
        ("£250,000", "250000", ("GBP",)),
        ("EUR 1.000.000", "1000000", ("EUR",)),
        ("1.000.000,50 EUR", "1000000.50", ("EUR",)),
        ("1 000 000 €", "1000000", ("EUR",)),
        ("1\u202f000\u202f000 euros", "1000000", ("EUR",)),
        ("1’000’000 EUR", "1000000", ("EUR",)),
        ("EUR 1 Mio.", "1000000", ("EUR",)),
        ("€5.5 million", "5500000", ("EUR",)),
        ("EUR 2m", "2000000", ("EUR",)),
        ("5 000 000 kr", "5000000", ("SEK",)),
        ("2 250 000 zł", "2250000", ("PLN",)),
        ("¥100,000,000", "100000000", ("JPY",)),
        ("100,000,000円", "100000000", ("JPY",)),
        ("1,000,000", "1000000", ()),
        ("10000", "10000", ()),
    ],
)
def test_an_amount_is_read(text: str, figure: str, currencies: tuple[str, ...]) -> None:
    assert read_amount(text) == Amount(figure, currencies, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Included",
        "$",
        "1,000,000 / 2,000,000",
        "$1,000,000 EUR",  # two currencies contradict each other
        "12-3456",
        "1e6",
        "１００",
        "9" * 16,
    ],
)
def test_what_is_not_one_amount_is_none(text: str) -> None:
    assert read_amount(text) is None


def test_amounts_in_a_sentence_are_found_and_other_figures_are_not() -> None:
    text = "Policy 12-345 of 2026: $1,000,000 each of 3 losses, EUR 2.000.000 in 12 months."

    assert [placed.amount.figure for placed in find_amounts(text)] == ["1000000", "2000000"]


def test_a_place_is_where_the_amount_stands() -> None:
    (placed,) = find_amounts("at most EUR 500 each")

    assert "at most EUR 500 each"[placed.start : placed.end] == "EUR 500"


@pytest.mark.parametrize("text", ["Nil", "none", "No deductible", "keine", "Néant", "aucune", "$0"])
def test_nil_is_an_amount(text: str) -> None:
    amount = read_nil_or_amount(text)

    assert amount is not None
    assert (amount.figure, amount.minor(currency="EUR")) == ("0", 0)


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        (Amount("1000000", DOLLARS, ""), "USD", 100_000_000),
        (Amount("1000000", DOLLARS, ""), "MXN", 100_000_000),
        (Amount("1000000", DOLLARS, ""), "EUR", None),
        (Amount("1000.5", ("EUR",), ""), "EUR", 100_050),
        (Amount("1000.50", (), ""), "GBP", 100_050),
        (Amount("1000000", ("JPY",), ""), "JPY", 1_000_000),
        (Amount("1000.00", (), ""), "JPY", 1_000),
        (Amount("1000.50", (), ""), "JPY", None),
        (Amount("0", ("USD",), ""), "EUR", 0),
    ],
)
def test_minor_units_are_those_of_the_market_or_nothing(
    amount: Amount, currency: str, minor: int | None
) -> None:
    """An amount in another currency is not converted: it is not stated in this one."""
    assert amount.minor(currency=currency) == minor
