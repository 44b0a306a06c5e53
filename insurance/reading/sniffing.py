"""What a file is by its content. Its name is compared, and never believed."""

from pathlib import PurePath

from insurance.reading.facts import FileKind

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
# Readers accept a PDF header anywhere in the first kilobyte; some scanners write it so.
_PDF_HEAD = 1024


def sniff(content: bytes) -> FileKind | None:
    """The kind that the first bytes say, or None for anything that is no certificate.

    Any ZIP is a DOCX and any OLE file a DOC until it is opened: their readers look further.
    """
    if content.startswith(_OLE):
        return FileKind.DOC
    if content.startswith(_ZIP):
        return FileKind.DOCX
    head = content[:_PDF_HEAD]
    return FileKind.PDF if b"%PDF-" in head and not _is_page_of_web(head) else None


def name_agrees(name: str, kind: FileKind) -> bool:
    """Whether a file's name ends as files of this kind end."""
    return PurePath(name.strip()).suffix.lower() == f".{kind.lower()}"


def _is_page_of_web(head: bytes) -> bool:
    return head.lstrip().lower().startswith((b"<!doctype html", b"<html"))
