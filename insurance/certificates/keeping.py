"""A seller sends a file: it is kept as it came, under a name nobody can guess, and then read.

What a file is, its first bytes say; its name must agree. Nothing is opened here.
"""

import uuid
from datetime import datetime
from functools import partial
from pathlib import PurePath
from typing import NamedTuple

from django.contrib.auth.models import User
from django.core.files.base import File
from django.db import transaction

from insurance.certificates.refusals import CertificateNotPossible, FileRefused
from insurance.models import CertificateFile, FileState
from insurance.reading import DEFAULT
from sellers.models import Marketplace, Seller
from sellers.uploads import Upload, keep_with_row, sha256_of, shown_name

# Files of one seller in one marketplace that may wait for it at once [D].
MOST_UNSENT = 20

_MEGABYTE = 1024 * 1024
_HEAD_BYTES = 16
# What is over: the same bytes may come again.
_ENDED = (FileState.ABANDONED, FileState.SUPERSEDED, FileState.UNREADABLE)
_UNSENT = (FileState.UPLOADED, FileState.READING, FileState.READ, FileState.UNREADABLE)


class Kind(NamedTuple):
    """A kind of file that is accepted: how it begins, its ending and its media type."""

    head: bytes
    extension: str
    media_type: str


KINDS = (
    Kind(b"%PDF-", ".pdf", "application/pdf"),
    Kind(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".doc", "application/msword"),
    Kind(
        b"PK\x03\x04",
        ".docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
)


def check_certificate_file(file: Upload) -> Kind:
    """What a given file is, when it can be kept.

    Raises:
        FileRefused: it is empty, too large, of another kind, or its name says otherwise.
    """
    name, size = shown_name(file.name or ""), file.size or 0
    if size == 0:
        raise FileRefused(f"“{name}” is empty.")
    if size > DEFAULT.bytes:
        most = DEFAULT.bytes // _MEGABYTE
        raise FileRefused(
            f"“{name}” has {size / _MEGABYTE:.1f} MB; a certificate may have at most {most} MB."
        )
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    file.seek(0)
    kind = next((kind for kind in KINDS if head.startswith(kind.head)), None)
    if kind is None:
        raise FileRefused(f"“{name}” is not a PDF, DOC or DOCX file.")
    if PurePath(name).suffix.lower() != kind.extension:
        raise FileRefused(
            f"“{name}” is really a {kind.extension[1:].upper()} file: give it a name that ends "
            f"in {kind.extension}."
        )
    return kind


def keep_certificate_file(
    *,
    seller: Seller,
    marketplace: Marketplace,
    file: Upload,
    at: datetime,
    by: User,
    replaces: CertificateFile | None = None,
) -> CertificateFile:
    """Keep a seller's file and let it be read. The same bytes again are the file that is there.

    A file that waited to be confirmed or could not be read is replaced at once; one that was sent
    stays what it is until the new one is sent.

    Raises:
        FileRefused: see `check_certificate_file`; or `MOST_UNSENT` files wait already.
    """
    kind = check_certificate_file(file)
    digest = sha256_of(file)
    theirs = CertificateFile.objects.filter(seller=seller, marketplace=marketplace)
    if kept := theirs.filter(sha256=digest).exclude(state__in=_ENDED).first():
        return kept
    if theirs.filter(state__in=_UNSENT).count() >= MOST_UNSENT:
        raise FileRefused(
            f"{MOST_UNSENT} of your files wait to be sent already. Send one or take one back."
        )
    row = CertificateFile(
        seller=seller,
        marketplace=marketplace,
        name=shown_name(file.name or ""),
        media_type=kind.media_type,
        size=file.size or 0,
        sha256=digest,
        uploaded_at=at,
        uploaded_by=by,
        replaces=replaces,
        next_at=at,
        is_made_up=seller.is_made_up,
    )
    return _store(row, file, kind)


def _store(row: CertificateFile, file: Upload, kind: Kind) -> CertificateFile:
    file.seek(0)
    keep_with_row(
        row.file,
        name=f"{uuid.uuid4().hex}{kind.extension}",
        content=File(file.file),
        write_row=partial(_write, row),
    )
    return row


@transaction.atomic
def _write(row: CertificateFile) -> None:
    row.save()
    if row.replaces is not None:
        _put_aside(row.replaces, FileState.SUPERSEDED)


def take_back_file(*, file: CertificateFile) -> None:
    """The seller does not send this file after all. What it typed stays with it.

    Raises:
        CertificateNotPossible: it was sent, or replaced, already.
    """
    if not _put_aside(file, FileState.ABANDONED):
        raise CertificateNotPossible(
            f"“{file.name}” was sent already and cannot be taken back. You can send a new one."
        )


def _put_aside(file: CertificateFile, state: FileState) -> bool:
    unsent = CertificateFile.objects.filter(pk=file.pk, state__in=_UNSENT)
    return bool(unsent.update(state=state, next_at=None))
