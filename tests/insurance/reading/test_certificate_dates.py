"""Dates on certificates: found in text, read in three languages, asked about when open."""

from datetime import date

import pytest

from insurance.reading.certificate_dates import date_words, find_date, order_note
from insurance.reading.facts import DateRead


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("01/15/2026", date(2026, 1, 15)),
        ("15/01/2026", date(2026, 1, 15)),
        ("31.12.2026", date(2026, 12, 31)),
        ("2026-01-02", date(2026, 1, 2)),
        ("2 March 2026", date(2026, 3, 2)),
        ("March 2, 2026", date(2026, 3, 2)),
        ("2nd of March 2026", date(2026, 3, 2)),
        ("02-Mar-2026", date(2026, 3, 2)),
        ("1. Januar 2026", date(2026, 1, 1)),
        ("15. März 2026", date(2026, 3, 15)),
        ("1er janvier 2026", date(2026, 1, 1)),
        ("3 août 2026", date(2026, 8, 3)),
        ("2026年3月2日", date(2026, 3, 2)),
    ],
)
def test_a_date_is_found_in_a_text_and_read(words: str, day: date) -> None:
    assert date_words(f"from {words} at noon") == [words]
    assert find_date(words).read == DateRead(day, words)


@pytest.mark.parametrize(
    ("words", "candidates"),
    [
        ("02/03/2026", (date(2026, 2, 3), date(2026, 3, 2))),
        ("02.03.2026", (date(2026, 2, 3), date(2026, 3, 2))),
        ("01/15/26", (date(2026, 1, 15),)),
        ("30/30/2026", ()),
        ("Continuous", ()),
    ],
)
def test_an_open_date_keeps_its_words_and_what_they_can_mean(
    words: str, candidates: tuple[date, ...]
) -> None:
    """Rules §4, check 10."""
    found = find_date(words)

    assert (found.read, found.candidates, found.is_open) == (
        DateRead(None, words),
        candidates,
        True,
    )


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("Issued 01/20/2026", "Elsewhere on this certificate the month comes first: 01/20/2026."),
        ("Fait le 20/01/2026", "Elsewhere on this certificate the day comes first: 20/01/2026."),
        (
            "POLICY EFF (MM/DD/YYYY)",
            "Elsewhere on this certificate the month comes first: the heading MM/DD/YYYY.",
        ),
        ("Issued 01/20/2026, printed 20/01/2026", ""),  # they prove nothing together
        ("(MM/DD/YYYY) 20/01/2026", ""),
        (
            "Period (DD/MM/YYYY)",
            "Elsewhere on this certificate the day comes first: the heading DD/MM/YYYY.",
        ),
        ("Issued 04/05/2026", ""),
        ("Issued 20 January 2026", ""),
        ("No dates", ""),
    ],
)
def test_other_dates_prove_the_order_or_do_not(text: str, note: str) -> None:
    assert order_note(f"{text} 02/03/2026", asked=["02/03/2026"]) == note


def test_figures_that_are_no_dates_are_left_alone() -> None:
    assert date_words("Policy 12/3456/78901, phone 206-555-0100, NAIC 12345, 2026/27") == []
