"""Files that wait to be read: the database is the queue, a lease lets one worker read each.

The reader runs in a process of its own with limits (`insurance.reading`). A worker that dies in
between leaves a lease that runs out; a file that kills its readers is given up as unreadable.
"""

import logging
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from django.core.files.base import ContentFile
from django.db import transaction

from insurance.certificates.queries import terms_in_force
from insurance.certificates.suggesting import suggestions_of
from insurance.letter_forms import InsuranceLetterKind
from insurance.letters import write_letter
from insurance.models import CertificateFile, CertificatePage, FileState
from insurance.queries import read_requirement_terms
from insurance.reading import read_certificate
from insurance.reading.facts import Problem, ProblemCode, Reading, problem
from sellers.uploads import keep_with_row

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 3
_WAITING = (FileState.UPLOADED, FileState.READING)


def read_next(*, at: datetime) -> bool:
    """Read the file that has waited longest, if one is due; whether there was one.

    Call it outside any transaction: the lease is committed before the file is opened.
    """
    file = take_next(at=at)
    if file is None:
        return False
    try:
        reading = _read(file)
    except Exception:  # whatever is wrong with one file must not stop the others
        log.exception("Certificate file %s failed; it is tried again after its lease.", file.pk)
    else:
        keep_reading(file=file, reading=reading, at=at)
    return True


def take_next(*, at: datetime) -> CertificateFile | None:
    """The file that has waited longest, taken for this worker until its lease ends."""
    with transaction.atomic():
        due = CertificateFile.objects.filter(state__in=_WAITING, next_at__lte=at)
        waiting = due.select_for_update(skip_locked=True, of=("self",)).select_related(
            "seller", "marketplace"
        )
        file = waiting.order_by("next_at", "pk").first()
        if file is None:
            return None
        file.state, file.next_at, file.attempts = FileState.READING, at + LEASE, file.attempts + 1
        file.save(update_fields=["state", "next_at", "attempts"])
        return file


def _read(file: CertificateFile) -> Reading:
    if file.attempts > MOST_ATTEMPTS:
        return Reading(problem=problem(ProblemCode.NOT_READ))
    return read_certificate(Path(file.file.path), name=file.name)


@transaction.atomic
def keep_reading(*, file: CertificateFile, reading: Reading, at: datetime) -> None:
    """Write what was read from a taken file; the seller hears of one that could not be read.

    Nothing is written where the lease ran out or the seller took the file back meanwhile.
    """
    mine = CertificateFile.objects.filter(
        pk=file.pk, state=FileState.READING, attempts=file.attempts
    )
    if reading.problem is not None:
        if mine.update(**_unreadable(reading.problem, at=at)):
            _tell(file, reading.problem, at=at)
        return
    terms = terms_in_force(file.marketplace, at=at)
    suggested = suggestions_of(reading, terms=read_requirement_terms(terms))
    read = {"state": FileState.READ, "next_at": None, "read_at": at, "suggested": suggested}
    if mine.update(**read):
        _keep_pictures(file, reading.pages)


def _unreadable(found: Problem, *, at: datetime) -> dict[str, object]:
    return {
        "state": FileState.UNREADABLE,
        "next_at": None,
        "read_at": at,
        "problem_code": found.code,
        "problem_words": found.words,
    }


def _keep_pictures(file: CertificateFile, pages: Iterable[bytes]) -> None:
    for number, picture in enumerate(pages, start=1):
        page = CertificatePage(file=file, number=number)
        keep_with_row(
            page.picture,
            name=f"{uuid.uuid4().hex}.png",
            content=ContentFile(picture),
            write_row=page.save,
        )


def _tell(file: CertificateFile, found: Problem, *, at: datetime) -> None:
    write_letter(
        kind=InsuranceLetterKind.CERTIFICATE_UNREADABLE,
        key=f"certificate-file/{file.pk}/unreadable",
        seller=file.seller,
        marketplace=file.marketplace,
        facts={"file": file.name, "problem": found.words},
        at=at,
    )
