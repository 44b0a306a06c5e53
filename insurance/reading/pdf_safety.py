"""Looks through a PDF's objects before anything is read: locks, size, and whatever could act.

Only what can be reached from the trailer counts: a viewer follows nothing else.
"""

import zlib
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.errors import DependencyError, LimitReachedError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from insurance.reading.facts import ProblemCode
from insurance.reading.refusal import FileNotRead

# A page of text has some dozens of objects; a certificate with this many is something else.
_MOST_OBJECTS = 40_000
# What a viewer could be told to do (ISO 32000-2, 12.6.4), besides going somewhere or to a web page.
_ACTING = frozenset(
    {
        *("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR"),
        *("/Movie", "/Sound", "/Rendition", "/RichMediaExecute", "/GoTo3DView"),
    }
)
_ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/AF", "/XFA"})
_ACTIVE_ANNOTATIONS = frozenset({"/FileAttachment", "/RichMedia", "/Movie", "/Screen", "/3D"})


def check_pdf(reader: PdfReader) -> None:
    """Refuse a PDF that is locked or could act.

    Raises:
        FileNotRead: ENCRYPTED, ACTIVE_CONTENT, TOO_BIG_TO_READ or DAMAGED.
    """
    _unlock(reader)
    if "/Root" not in reader.trailer:
        raise FileNotRead(ProblemCode.DAMAGED)
    for found in _dictionaries(reader.trailer):
        if _is_active(found):
            raise FileNotRead(ProblemCode.ACTIVE_CONTENT)
        _check_unpacked(found)


def _unlock(reader: PdfReader) -> None:
    """Open what has a password for changes only, as brokers' files often do."""
    if not reader.is_encrypted:
        return
    try:
        opened = reader.decrypt("")
    except (DependencyError, NotImplementedError) as error:
        raise FileNotRead(ProblemCode.ENCRYPTED) from error
    if not opened:
        raise FileNotRead(ProblemCode.ENCRYPTED)


def _is_active(found: DictionaryObject) -> bool:
    if not _ACTIVE_KEYS.isdisjoint(found):
        return True
    return (
        _name(found, "/S") in _ACTING
        or _name(found, "/Subtype") in _ACTIVE_ANNOTATIONS
        or _name(found, "/Type") == "/EmbeddedFile"
    )


def _check_unpacked(found: DictionaryObject) -> None:
    """Unpack what PDFium will unpack without a limit; pictures are left to the process's own.

    Raises:
        LimitReachedError: the stream bursts.
    """
    if not isinstance(found, StreamObject) or _name(found, "/Subtype") == "/Image":
        return
    try:
        found.get_data()
    except LimitReachedError:
        raise
    except (PyPdfError, DependencyError, NotImplementedError, ValueError, zlib.error):
        # A broken font spoils no certificate; what cannot be unpacked cannot burst here.
        return


def _name(found: DictionaryObject, key: str) -> str:
    value = found.get(key)
    if isinstance(value, IndirectObject):
        value = value.get_object()
    return value if isinstance(value, str) else ""


def _dictionaries(start: DictionaryObject) -> Iterator[DictionaryObject]:
    """Every dictionary that can be reached, each object once, however they point in circles."""
    waiting: list[Any] = [start]
    seen: set[tuple[int, int]] = set()
    visited = 0
    while waiting:
        item = waiting.pop()
        if isinstance(item, IndirectObject):
            key = (item.idnum, item.generation)
            if key in seen:
                continue
            seen.add(key)
            item = item.get_object()
        visited += 1
        if visited > _MOST_OBJECTS:
            raise FileNotRead(ProblemCode.TOO_BIG_TO_READ)
        if isinstance(item, DictionaryObject):
            yield item
            waiting.extend(_parts(item.values()))
        elif isinstance(item, ArrayObject):
            waiting.extend(_parts(item))


def _parts(values: Any) -> Iterator[Any]:
    """What can hold further dictionaries; numbers and texts hold none."""
    containers = (IndirectObject, DictionaryObject, ArrayObject, StreamObject)
    return (value for value in values if isinstance(value, containers))
