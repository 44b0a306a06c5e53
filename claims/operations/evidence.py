"""Evidence: files that people give to a claim, kept as they came and never changed.

What a file is, its first bytes say; its name must agree. Nothing is opened, drawn or re-encoded
here: evidence is only ever handed out again as a download.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePath
from typing import NamedTuple

from django.conf import settings
from django.core.files.base import File

from claims.lifecycle import Refused
from claims.models import Claim, Evidence
from claims.outcome import Actor
from claims.screening.signal_rows import look_for_signals
from sellers.uploads import Upload, keep_with_row, sha256_of, shown_name

# Files that one party may keep in one claim, and give at once [D].
MOST_FILES = 60
MOST_FILES_AT_ONCE = 10

_MEGABYTE = 1024 * 1024
_HEAD_BYTES = 16


class Kind(NamedTuple):
    """A kind of file that is accepted: its media type and the endings its name may have."""

    media_type: str
    extensions: tuple[str, ...]


JPEG = Kind("image/jpeg", (".jpg", ".jpeg"))
PNG = Kind("image/png", (".png",))
WEBP = Kind("image/webp", (".webp",))
PDF = Kind("application/pdf", (".pdf",))
KINDS = (JPEG, PNG, WEBP, PDF)


class EvidenceRefused(Refused):
    """A file cannot be kept as evidence. The message names the file and says why."""


def sniff(head: bytes) -> Kind | None:
    """What a file is by its first 16 bytes, or None when it is nothing that is accepted."""
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    return PDF if head.startswith(b"%PDF-") else None


def check_evidence(file: Upload) -> Kind:
    """What a given file is, when it can be kept.

    Raises:
        EvidenceRefused: it is empty, too large, of another kind, or its name says otherwise.
    """
    name = shown_name(file.name or "")
    _check_size(name, file.size or 0)
    file.seek(0)
    kind = sniff(file.read(_HEAD_BYTES))
    file.seek(0)
    if kind is None:
        raise EvidenceRefused(f"“{name}” is not a JPEG, PNG or WEBP picture or a PDF.")
    if PurePath(name).suffix.lower() not in kind.extensions:
        expected = " or ".join(kind.extensions)
        raise EvidenceRefused(
            f"“{name}” is really {kind.media_type}: give it a name that ends in {expected}."
        )
    return kind


def _check_size(name: str, size: int) -> None:
    if size == 0:
        raise EvidenceRefused(f"“{name}” is empty.")
    if size > settings.EVIDENCE_MAX_BYTES:
        most = settings.EVIDENCE_MAX_BYTES / _MEGABYTE
        raise EvidenceRefused(
            f"“{name}” has {size / _MEGABYTE:.1f} MB; a file may have at most {most:.0f} MB."
        )


def check_number(files: Iterable[Upload]) -> None:
    """Refuse more files at once than a person can mean.

    Raises:
        EvidenceRefused: there are more than `MOST_FILES_AT_ONCE`.
    """
    number = sum(1 for _ in files)
    if number > MOST_FILES_AT_ONCE:
        raise EvidenceRefused(
            f"You chose {number} files; give at most {MOST_FILES_AT_ONCE} at once."
        )


def keep_evidence(
    *, claim: Claim, file: Upload, at: datetime, by: Actor, is_internal: bool = False
) -> Evidence:
    """Keep a file with a claim, under a name on disk that nobody can guess.

    The same bytes given again by the same party are the evidence that is there already, so
    sending a form twice keeps nothing twice.

    Raises:
        EvidenceRefused: see `check_evidence`; or the party has `MOST_FILES` there already.
    """
    kind = check_evidence(file)
    digest = sha256_of(file)
    theirs = claim.evidence.filter(given_by_kind=by.kind, is_internal=is_internal)
    if (kept := theirs.filter(sha256=digest).first()) is not None:
        return kept
    if theirs.count() >= MOST_FILES:
        raise EvidenceRefused(f"This claim has {MOST_FILES} of your files already.")
    evidence = _store(
        Evidence(
            claim=claim,
            name=shown_name(file.name or ""),
            media_type=kind.media_type,
            size=file.size or 0,
            sha256=digest,
            given_at=at,
            given_by_kind=by.kind,
            given_by_id=by.user_id,
            is_internal=is_internal,
        ),
        file,
        kind,
    )
    # The same picture in two claims is a reason to look (rules §1, screening).
    look_for_signals(claim_id=claim.pk, at=at)
    return evidence


def _store(evidence: Evidence, file: Upload, kind: Kind) -> Evidence:
    file.seek(0)
    keep_with_row(
        evidence.file,
        name=f"{uuid.uuid4().hex}{kind.extensions[0]}",
        content=File(file.file),
        write_row=evidence.save,
    )
    return evidence
