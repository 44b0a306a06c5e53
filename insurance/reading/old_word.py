"""Looks into an old Word file (DOC) as far as it takes to know what is in it; reads no text.

An OLE compound file is a small file system ([MS-CFB]); its directory says whether the file holds
a Word document, macros or other files.
"""

import struct
from collections.abc import Iterator
from typing import Final

from insurance.reading.facts import ProblemCode
from insurance.reading.refusal import FileNotRead

_HEADER: Final = struct.Struct("<8s16s5H6s9I")
_ENTRIES_IN_HEADER: Final = 109
_ENTRY_BYTES: Final = 128
_NAME_BYTES: Final = 64
_LAST_SECTOR: Final = 0xFFFFFFFA
_SECTOR_SHIFTS: Final = (9, 12)
_MOST_ENTRIES: Final = 4_000
_ACTIVE: Final = frozenset(
    {"macros", "vba", "_vba_project", "_vba_project_cur", "objectpool", "\x01ole10native"}
)
_LOCKED: Final = frozenset({"encryptedpackage", "encryptioninfo"})
_DOCUMENT: Final = "worddocument"
# The file information block: [MS-DOC] 2.5.2, bit fEncrypted.
_FLAGS: Final = slice(10, 12)
_IS_LOCKED: Final = 0x0100


def check_old_word(content: bytes) -> None:
    """Refuse an OLE file that is locked, could act, or is no Word document.

    Raises:
        FileNotRead: ENCRYPTED, ACTIVE_CONTENT, WRONG_TYPE or DAMAGED.
    """
    try:
        entries = dict(_entries(content))
    except (struct.error, IndexError) as error:
        raise FileNotRead(ProblemCode.DAMAGED) from error
    if _LOCKED & entries.keys():
        raise FileNotRead(ProblemCode.ENCRYPTED)
    if _ACTIVE & entries.keys():
        raise FileNotRead(ProblemCode.ACTIVE_CONTENT)
    if _DOCUMENT not in entries:
        raise FileNotRead(ProblemCode.WRONG_TYPE)
    head = _sector(content, entries[_DOCUMENT], shift=_shift(content))
    if int.from_bytes(head[_FLAGS], "little") & _IS_LOCKED:
        raise FileNotRead(ProblemCode.ENCRYPTED)


def _shift(content: bytes) -> int:
    shift = int(_HEADER.unpack_from(content)[5])
    if shift not in _SECTOR_SHIFTS:
        raise FileNotRead(ProblemCode.DAMAGED)
    return shift


def _sector(content: bytes, number: int, *, shift: int) -> bytes:
    start = (number + 1) << shift
    sector = content[start : start + (1 << shift)]
    if not sector:
        raise FileNotRead(ProblemCode.DAMAGED)
    return sector


def _entries(content: bytes) -> Iterator[tuple[str, int]]:
    """Name, in lower case, and first sector of everything in the directory."""
    shift = _shift(content)
    start = _HEADER.unpack_from(content)[10]
    count = 0
    for number in _chain(content, start, shift=shift):
        sector = _sector(content, number, shift=shift)
        for offset in range(0, len(sector) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
            entry = sector[offset : offset + _ENTRY_BYTES]
            length = int.from_bytes(entry[_NAME_BYTES : _NAME_BYTES + 2], "little")
            name = entry[: max(0, min(length, _NAME_BYTES) - 2)].decode("utf-16-le", "replace")
            count += 1
            if count > _MOST_ENTRIES:
                raise FileNotRead(ProblemCode.TOO_BIG_TO_READ)
            if name:
                yield name.lower(), int.from_bytes(entry[116:120], "little")


def _chain(content: bytes, start: int, *, shift: int) -> Iterator[int]:
    """The sectors of a stream, one after the other; a chain that bites its tail is damage."""
    seen: set[int] = set()
    number = start
    while number < _LAST_SECTOR:
        if number in seen:
            raise FileNotRead(ProblemCode.DAMAGED)
        seen.add(number)
        yield number
        number = _next(content, number, shift=shift)


def _next(content: bytes, number: int, *, shift: int) -> int:
    """What the allocation table has behind a sector.

    The header lists the first tables, enough for seven megabytes; a directory beyond that is not
    followed, and the file is refused.
    """
    per_table = (1 << shift) // 4
    table, place = divmod(number, per_table)
    if table >= _ENTRIES_IN_HEADER:
        raise FileNotRead(ProblemCode.TOO_BIG_TO_READ)
    where = struct.unpack_from("<I", content, _HEADER.size + 4 * table)[0]
    sector = _sector(content, where, shift=shift)
    return int(struct.unpack_from("<I", sector, 4 * place)[0])
