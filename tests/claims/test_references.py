"""Claim references: random, readable, and never mistaken for another claim's."""

from itertools import combinations, product

import pytest
from hypothesis import given, strategies as st

from claims.references import (
    ALPHABET,
    ReferenceNotUnderstood,
    new_reference,
    parse_reference,
)

drawn_symbols = st.text(ALPHABET, min_size=7, max_size=7)


def reference_of(drawn: str) -> str:
    """Find the one reference that begins with seven symbols, by trying every check symbol."""
    found = []
    for check in ALPHABET:
        try:
            found.append(parse_reference(drawn + check))
        except ReferenceNotUnderstood:
            continue
    [reference] = found
    return reference


def bare(reference: str) -> str:
    return reference.removeprefix("RC-").replace("-", "")


def is_refused(text: str) -> bool:
    try:
        parse_reference(text)
    except ReferenceNotUnderstood:
        return True
    return False


def test_the_alphabet_is_29_symbols_none_of_which_looks_like_another() -> None:
    assert ALPHABET == "23456789ABCDEFGHJKMNPQRTVWXYZ"
    assert len(set(ALPHABET)) == 29
    assert not set(ALPHABET) & set("01OILSU")


def test_a_new_reference_has_the_written_form_and_reads_back() -> None:
    for _ in range(200):
        reference = new_reference()
        prefix, first, second = reference.split("-")
        assert (prefix, len(first), len(second)) == ("RC", 4, 4)
        assert set(first + second) <= set(ALPHABET)
        assert parse_reference(reference) == reference


def test_new_references_differ_and_use_every_symbol_in_every_place() -> None:
    references = [bare(new_reference()) for _ in range(2_000)]
    assert len(set(references)) == 2_000
    assert [set(place) for place in zip(*references, strict=True)] == [set(ALPHABET)] * 8


@pytest.mark.parametrize(
    "typed",
    [
        "RC-7K3M-92PW",
        "rc-7k3m-92pw",
        "RC7K3M92PW",
        "7K3M-92PW",
        "7k3m92pw",
        "  RC 7K3M 92PW\n",
        "R C - 7 K 3 M - 9 2 P W",
        "RC–7K3M–92PW",
        "RC\u20117K3M\u201192PW",
        "RC−7K3M—92PW",
        "RC\u00a07K3M\u00a092PW",
        "RC--7K3M--92PW",
    ],
)
def test_every_way_of_typing_it_finds_the_claim(typed: str) -> None:
    assert parse_reference(typed) == "RC-7K3M-92PW"


def test_look_alikes_that_can_mean_one_symbol_only_are_read_as_it() -> None:
    reference = reference_of("5V5V5V5")
    assert reference.startswith("RC-5V5V-5V5")
    assert parse_reference(reference.replace("5", "S").replace("V", "u")) == reference


def test_symbols_that_begin_like_the_prefix_are_not_taken_for_it() -> None:
    reference = reference_of("RC23456")
    assert reference.startswith("RC-RC23-456")
    assert parse_reference(bare(reference)) == reference


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "it has 0 letters and figures after RC, not 8"),
        ("RC", "it has 2 letters and figures after RC, not 8"),
        ("RC-7K3M-92P", "it has 7 letters and figures after RC, not 8"),
        ("RC-7K3M-92PWW", "it has 9 letters and figures after RC, not 8"),
        ("RC-RC-7K3M-92PW", "it has 10 letters and figures after RC, not 8"),
        ("RC-OK3M-92PW", "references never use 0, 1, I, L or O"),
        ("RC-7K3M-920W", "references never use 0, 1, I, L or O"),
        ("RC-7k3m-9lpw", "references never use 0, 1, I, L or O"),
        ("RC-7K3M-9IPW", "references never use 0, 1, I, L or O"),
        ("RC-7K3M-91PW", "references never use 0, 1, I, L or O"),
        ("RC-7K3M-92P*", "it has characters other than letters and figures"),
        ("RC-7K3M-92P_", "it has characters other than letters and figures"),
        ("RC-7K3M-92PÉ", "it has characters other than letters and figures"),
        ("RC-7K3M-9２PW", "it has characters other than letters and figures"),
        ("RC-7K3M-92Pß", "it has characters other than letters and figures"),
        ("RC-7K3M-92PX", "a letter or figure is wrong, or two are swapped"),
        ("RC-K73M-92PW", "a letter or figure is wrong, or two are swapped"),
    ],
)
def test_a_refusal_says_what_is_wrong(typed: str, reason: str) -> None:
    with pytest.raises(ReferenceNotUnderstood) as refused:
        parse_reference(typed)
    assert str(refused.value) == (
        f"“{typed}” is not a claim reference: {reason}. A reference looks like RC-7K3M-92PW."
    )


def test_a_refusal_quotes_only_the_beginning_of_a_long_text() -> None:
    with pytest.raises(ReferenceNotUnderstood) as refused:
        parse_reference("Z" * 1000)
    assert str(refused.value).startswith("“" + "Z" * 40 + "…” is not")


@given(drawn=drawn_symbols)
def test_every_single_wrong_symbol_is_found(drawn: str) -> None:
    symbols = bare(reference_of(drawn))
    for place, wrong in product(range(8), ALPHABET):
        if wrong != symbols[place]:
            assert is_refused(symbols[:place] + wrong + symbols[place + 1 :])


@given(drawn=drawn_symbols)
def test_every_swap_of_two_symbols_is_found_adjacent_or_not(drawn: str) -> None:
    symbols = bare(reference_of(drawn))
    for one, other in combinations(range(8), 2):
        swapped = list(symbols)
        swapped[one], swapped[other] = swapped[other], swapped[one]
        assert is_refused("".join(swapped)) is (symbols[one] != symbols[other])


def test_every_adjacent_swap_of_every_pair_in_every_place_is_found() -> None:
    # The check is linear, so a swap shows or hides whatever the other six symbols are: this
    # enumeration over one filling of them is a proof.
    for place in range(6):
        for one, other in combinations(ALPHABET, 2):
            drawn = "2" * place + one + other + "2" * (5 - place)
            symbols = bare(reference_of(drawn))
            swapped = symbols[:place] + other + one + symbols[place + 2 :]
            assert is_refused(swapped)


def test_every_adjacent_swap_with_the_check_symbol_is_found() -> None:
    for first, last in product(ALPHABET, ALPHABET):
        symbols = bare(reference_of(first + "22222" + last))
        swapped = symbols[:6] + symbols[7] + symbols[6]
        assert is_refused(swapped) is (symbols[6] != symbols[7])


@given(text=st.text(max_size=20))
def test_any_text_is_a_reference_in_written_form_or_is_refused(text: str) -> None:
    try:
        reference = parse_reference(text)
    except ReferenceNotUnderstood:
        return
    assert parse_reference(reference) == reference
