"""Opens a DOCX as what it is, a ZIP archive of XML parts, and refuses what could act or burst.

Nothing is unpacked to disk, no part is believed about its size, and no relationship is followed.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from insurance.reading.facts import ProblemCode
from insurance.reading.refusal import FileNotRead

_MEGABYTE: Final = 1024 * 1024
_MOST_PARTS: Final = 2_000
_MOST_UNPACKED: Final = 60 * _MEGABYTE
_MOST_XML: Final = 8 * _MEGABYTE
# Plain text shrinks some fifteen times; beyond this an archive is made to burst.
_MOST_RATIO: Final = 150
_SMALL: Final = _MEGABYTE
_IS_LOCKED: Final = 0x1
_TYPES: Final = "[content_types].xml"
_ROOT: Final = "_rels/.rels"
# Parts of a Word document that hold programs, or files within the file.
_ACTIVE_PARTS: Final = ("vbaproject", "vbadata", "/activex/", "/embeddings/", "/afchunk")
_ACTIVE_ENDINGS: Final = (".bin", ".exe", ".dll", ".zip", ".docm", ".dotm", ".js", ".vbs")
# Printer settings are the one harmless binary part that Word writes.
_HARMLESS: Final = ("printersettings",)
_RELATIONSHIP: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_DECLARATIONS: Final = (b"<!DOCTYPE", b"<!ENTITY")


def open_document(content: bytes) -> Element:
    """The main part of a Word document, as XML without DTDs or entities.

    Raises:
        FileNotRead: ENCRYPTED, ZIP_BOMB, ACTIVE_CONTENT, WRONG_TYPE or DAMAGED.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _checked(archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError) as error:
        raise FileNotRead(ProblemCode.DAMAGED) from error


def _checked(archive: zipfile.ZipFile) -> Element:
    parts = archive.infolist()
    _check_sizes(parts)
    # Word does not tell capitals apart in the names of parts.
    named = {part.filename.lower(): part for part in parts}
    if len(named) != len(parts):
        raise FileNotRead(ProblemCode.DAMAGED)
    if _TYPES not in named or _ROOT not in named:
        raise FileNotRead(ProblemCode.WRONG_TYPE)
    if any(_is_active_part(name) for name in named):
        raise FileNotRead(ProblemCode.ACTIVE_CONTENT)
    for name, part in named.items():
        if name.endswith((".xml", ".rels")):
            _check_declarations(_unpacked(archive, part))
    if b"macroEnabled" in _unpacked(archive, named[_TYPES]):
        raise FileNotRead(ProblemCode.ACTIVE_CONTENT)
    for name, part in named.items():
        if name.endswith(".rels"):
            _check_relationships(_xml(_unpacked(archive, part)))
    main = _main_part(_xml(_unpacked(archive, named[_ROOT])))
    if main not in named:
        raise FileNotRead(ProblemCode.WRONG_TYPE)
    return _xml(_unpacked(archive, named[main]))


def _main_part(root: Element) -> str:
    """The part that Word opens: not always `word/document.xml`. A sheet's is no document."""
    for relationship in _relationships(root):
        if relationship.get("Type", "").endswith("/officeDocument"):
            target = relationship.get("Target", "").lower().lstrip("/")
            return target if target.startswith("word/") else ""
    return ""


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    if any(part.flag_bits & _IS_LOCKED for part in parts):
        raise FileNotRead(ProblemCode.ENCRYPTED)
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise FileNotRead(ProblemCode.ZIP_BOMB)
    for part in parts:
        if part.file_size > _SMALL and part.file_size > _MOST_RATIO * part.compress_size:
            raise FileNotRead(ProblemCode.ZIP_BOMB)


def _is_active_part(name: str) -> bool:
    if any(harmless in name for harmless in _HARMLESS):
        return False
    slashed = f"/{name}"
    return name.endswith(_ACTIVE_ENDINGS) or any(active in slashed for active in _ACTIVE_PARTS)


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """A part's bytes, as far as XML of a certificate can go, whatever its header says."""
    with archive.open(part) as stream:
        content = stream.read(_MOST_XML + 1)
    if len(content) > _MOST_XML:
        raise FileNotRead(ProblemCode.ZIP_BOMB)
    return content


def _check_declarations(content: bytes) -> None:
    """A part of Office has no DTD; in sixteen-bit text every other byte is nought."""
    plain = content.replace(b"\x00", b"")
    if any(declaration in plain for declaration in _DECLARATIONS):
        raise FileNotRead(ProblemCode.ACTIVE_CONTENT)


def _check_relationships(part: Element) -> None:
    """Nothing outside the file is part of it; plain links are text and are not followed."""
    for relationship in _relationships(part):
        kind = relationship.get("Type", "").rsplit("/", 1)[-1].lower()
        is_outside = relationship.get("TargetMode", "").lower() == "external"
        if (is_outside and kind != "hyperlink") or kind in {"afchunk", "oleobject", "control"}:
            raise FileNotRead(ProblemCode.ACTIVE_CONTENT)


def _relationships(part: Element) -> Iterator[Element]:
    return part.iter(_RELATIONSHIP)


def _xml(content: bytes) -> Element:
    try:
        return fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise FileNotRead(ProblemCode.ACTIVE_CONTENT) from error
    except (ParseError, ValueError, LookupError) as error:
        raise FileNotRead(ProblemCode.DAMAGED) from error
