"""The files of a sanctions list as OFAC publishes them: no header, `-0- ` is null. Pure.

`sdn.csv` holds the parties, `alt.csv` their aliases, `add.csv` their addresses. The files may end
in a Ctrl-Z, as they do at the source.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_NULL = "-0-"
_END_OF_FILE = "\x1a"
_PARTY_CELLS, _ALIAS_CELLS, _ADDRESS_CELLS = 12, 5, 6
_REMARKS = 11
_PARTY_TYPES = {
    "": "ENTITY",
    "individual": "INDIVIDUAL",
    "vessel": "VESSEL",
    "aircraft": "AIRCRAFT",
}


class ListNotUnderstood(ValueError):
    """A file is not a sanctions list in OFAC's format. The message names the file and line."""


@dataclass(frozen=True, slots=True)
class ListedParty:
    """A party of the list; `party_type` is a value of `PartyType`."""

    entity_number: int
    name: str
    party_type: str
    programme: str
    remarks: str


@dataclass(frozen=True, slots=True)
class ListedAlias:
    """Another name of a party: also, formerly or now known as (`aka`, `fka`, `nka`)."""

    entity_number: int
    name: str
    relation: str


@dataclass(frozen=True, slots=True)
class ListedAddress:
    """Where a party is."""

    entity_number: int
    address: str
    city: str
    country: str


def read_parties(lines: Iterable[str], *, file: str) -> Iterator[ListedParty]:
    """The parties, one at a time.

    Raises:
        ListNotUnderstood: see there.
    """
    for line, cells in _rows(lines, cells=_PARTY_CELLS, file=file):
        kind = cells[2].lower()
        if kind not in _PARTY_TYPES:
            raise ListNotUnderstood(f"{file}, line {line}: “{cells[2]}” is no kind of party.")
        yield ListedParty(
            entity_number=_number(cells[0], file=file, line=line),
            name=_name(cells[1], file=file, line=line),
            party_type=_PARTY_TYPES[kind],
            programme=cells[3],
            remarks=cells[_REMARKS],
        )


def read_aliases(lines: Iterable[str], *, file: str) -> Iterator[ListedAlias]:
    """The aliases, one at a time.

    Raises:
        ListNotUnderstood: see there.
    """
    for line, cells in _rows(lines, cells=_ALIAS_CELLS, file=file):
        yield ListedAlias(
            entity_number=_number(cells[0], file=file, line=line),
            name=_name(cells[3], file=file, line=line),
            relation=cells[2],
        )


def read_addresses(lines: Iterable[str], *, file: str) -> Iterator[ListedAddress]:
    """The addresses that say anything, one at a time.

    Raises:
        ListNotUnderstood: see there.
    """
    for line, cells in _rows(lines, cells=_ADDRESS_CELLS, file=file):
        address, city, country = cells[2:5]
        if address or city or country:
            number = _number(cells[0], file=file, line=line)
            yield ListedAddress(number, address, city, country)


def _rows(lines: Iterable[str], *, cells: int, file: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, strict=True)
    try:
        for row in reader:
            if not row or row == [_END_OF_FILE]:
                continue
            if len(row) != cells:
                raise ListNotUnderstood(
                    f"{file}, line {reader.line_num}: {cells} cells were expected, "
                    f"{len(row)} found."
                )
            yield reader.line_num, [_cell(text) for text in row]
    except csv.Error as error:
        raise ListNotUnderstood(f"{file}, line {reader.line_num}: {error}.") from error


def _cell(text: str) -> str:
    bare = text.strip().rstrip(_END_OF_FILE)
    # The last null of the file comes cut short.
    return "" if bare in {_NULL, "-0"} else bare


def _number(text: str, *, file: str, line: int) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ListNotUnderstood(f"{file}, line {line}: “{text}” is not a party's number.")
    return int(text)


def _name(text: str, *, file: str, line: int) -> str:
    if not text:
        raise ListNotUnderstood(f"{file}, line {line}: the name is missing.")
    return text
