"""OFAC's format is read exactly, and everything else is refused with its line."""

from collections.abc import Callable, Iterator

import pytest

from claims.screening.list_files import (
    ListedAddress,
    ListedAlias,
    ListedParty,
    ListNotUnderstood,
    read_addresses,
    read_aliases,
    read_parties,
)
from tests.claims.screening.list_rows import ADDRESSES, ALIASES, PARTIES


def test_parties_with_their_kind_programme_and_remarks() -> None:
    assert list(read_parties(PARTIES.splitlines(keepends=True), file="sdn.csv")) == [
        ListedParty(36, "AEROCARIBBEAN AIRLINES", "ENTITY", "CUBA", ""),
        ListedParty(587, "CRUZ, Juan M. de la", "INDIVIDUAL", "CUBA", "DOB 1950."),
        ListedParty(9011, "MARIA LOPEZ", "VESSEL", "IRAN", ""),
        ListedParty(
            26235,
            "MALKEVICH, Alexander Aleksandrovich",
            "INDIVIDUAL",
            "CYBER2",
            "DOB 14 Jun 1975; POB Leningrad, Russia.",
        ),
    ]


def test_aliases_with_their_relation() -> None:
    assert list(read_aliases(ALIASES.splitlines(keepends=True), file="alt.csv")) == [
        ListedAlias(36, "AERO-CARIBBEAN", "aka"),
        ListedAlias(587, "DE LA CRUZ, Johannes", "fka"),
    ]


def test_addresses_that_say_nothing_are_left_out() -> None:
    """The last null of OFAC's own file is cut short to `-0`."""
    assert list(read_addresses(ADDRESSES.splitlines(keepends=True), file="add.csv")) == [
        ListedAddress(36, "", "Havana", "Cuba")
    ]


def test_a_quoted_name_may_hold_quotes_commas_and_line_ends() -> None:
    lines = ['7,1,"aka","THE ""FOX"", A\n', 'B",-0- \n']
    assert list(read_aliases(lines, file="alt.csv")) == [ListedAlias(7, 'THE "FOX", A\nB', "aka")]


@pytest.mark.parametrize(
    ("read", "line", "words"),
    [
        (read_aliases, "36,12,aka\n", "alt.csv, line 1: 5 cells were expected, 3 found."),
        (read_aliases, "x,12,aka,NAME,-0-\n", "alt.csv, line 1: “x” is not a party's number."),
        (read_aliases, "²,12,aka,NAME,-0-\n", "alt.csv, line 1: “²” is not a party's number."),
        (read_aliases, "36,12,aka,-0- ,-0-\n", "alt.csv, line 1: the name is missing."),
        (
            read_parties,
            "1,NAME,robot" + ",-0-" * 9 + "\n",
            "alt.csv, line 1: “robot” is no kind of party.",
        ),
        (read_aliases, '36,12,aka,"NA"ME,-0-\n', "alt.csv, line 1: ',' expected after '\"'."),
    ],
)
def test_another_format_is_refused_with_its_line(
    read: Callable[..., Iterator[object]], line: str, words: str
) -> None:
    with pytest.raises(ListNotUnderstood) as refused:
        list(read([line], file="alt.csv"))
    assert str(refused.value) == words
