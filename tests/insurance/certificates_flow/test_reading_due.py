"""Files wait in the database to be read: once each, under a lease, and given up at last."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from insurance import tasks
from insurance.certificates.reading_due import (
    LEASE,
    MOST_ATTEMPTS,
    keep_reading,
    read_next,
    take_next,
)
from insurance.models import CertificateFile, CertificatePage, FileState, InsuranceLetter
from insurance.reading.facts import ProblemCode, Reading, problem
from sellers.models import Seller
from tests.insurance.certificates.american import SOUND
from tests.insurance.certificates.form_paper import draw_form
from tests.insurance.certificates_flow.world import AT, PDF, PNG, kept, read, reading

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
LOCKED = Reading(problem=problem(ProblemCode.ENCRYPTED))


def state_of(file: CertificateFile) -> tuple[str, object, int]:
    file.refresh_from_db()
    return file.state, file.next_at, file.attempts


def test_nothing_waits() -> None:
    assert read_next(at=AT) is False


def test_the_file_that_waited_longest_is_taken_under_a_lease(seller: Seller) -> None:
    later = kept(seller, at=AT + SECOND)
    first = kept(seller, content=PDF + b"2", at=AT)
    assert take_next(at=AT + SECOND) == first
    assert state_of(first) == (FileState.READING, AT + SECOND + LEASE, 1)
    assert take_next(at=AT + SECOND) == later
    assert take_next(at=AT + SECOND) is None


def test_what_was_read_is_kept_with_its_pictures(seller: Seller) -> None:
    file = kept(seller)
    read(file, reading(pages=(PNG, PNG + b"2")))
    assert state_of(file) == (FileState.READ, None, 1)
    assert file.read_at == AT
    assert file.suggested is not None
    assert file.suggested["policies"][0]["fields"]["number"] == {
        "value": "CGL-100",
        "text": "CGL-100",
    }
    pages = {page.number: Path(page.picture.path).read_bytes() for page in file.pages.all()}
    assert pages == {1: PNG, 2: PNG + b"2"}
    assert not InsuranceLetter.objects.exists()


def test_a_file_that_cannot_be_read_says_why_and_the_seller_is_written(seller: Seller) -> None:
    file = kept(seller)
    read(file, LOCKED)
    assert state_of(file) == (FileState.UNREADABLE, None, 1)
    words = problem(ProblemCode.ENCRYPTED).words
    assert (file.problem_code, file.problem_words) == ("ENCRYPTED", words)
    letter = InsuranceLetter.objects.get()
    assert (letter.kind, letter.to, letter.facts) == (
        "CERTIFICATE_UNREADABLE",
        seller.email,
        {"file": "certificate.pdf", "problem": words},
    )


def test_a_worker_that_died_leaves_its_file_to_the_next(seller: Seller) -> None:
    file = kept(seller)
    take_next(at=AT)
    assert take_next(at=AT + LEASE - SECOND) is None
    taken = take_next(at=AT + LEASE)
    assert taken == file
    assert state_of(file) == (FileState.READING, AT + 2 * LEASE, 2)


def test_who_comes_back_after_the_lease_writes_nothing(seller: Seller) -> None:
    file = kept(seller)
    slow = take_next(at=AT)
    quick = take_next(at=AT + LEASE)
    assert slow is not None
    assert quick is not None
    keep_reading(file=quick, reading=reading(), at=AT + LEASE)
    keep_reading(file=slow, reading=LOCKED, at=AT + LEASE)
    assert state_of(file)[0] == FileState.READ
    assert CertificatePage.objects.count() == 1
    assert not InsuranceLetter.objects.exists()


def test_a_file_taken_back_while_it_was_read_stays_so(seller: Seller) -> None:
    file = kept(seller)
    taken = take_next(at=AT)
    assert taken is not None
    CertificateFile.objects.filter(pk=file.pk).update(state=FileState.ABANDONED, next_at=None)
    keep_reading(file=taken, reading=reading(), at=AT)
    assert state_of(file)[0] == FileState.ABANDONED
    assert not CertificatePage.objects.exists()


def test_a_file_that_fails_every_time_is_given_up(seller: Seller) -> None:
    """Nobody waits for ever: after three tries it is unreadable, in words."""
    file = kept(seller)
    Path(file.file.path).unlink()
    at = AT
    for _ in range(MOST_ATTEMPTS):
        assert read_next(at=at) is True
        assert state_of(file)[0] == FileState.READING
        at += LEASE
    assert read_next(at=at) is True
    assert state_of(file)[0] == FileState.UNREADABLE
    assert file.problem_words == problem(ProblemCode.NOT_READ).words
    assert read_next(at=at + LEASE) is False


def test_the_task_reads_a_real_certificate_in_its_own_process(
    seller: Seller, tmp_path: Path
) -> None:
    """The one test of this folder in which the reader itself reads."""
    draw_form(SOUND, tmp_path / "sound.pdf")
    now = timezone.now()
    file = kept(seller, content=(tmp_path / "sound.pdf").read_bytes(), at=now)
    tasks.read_certificates()
    assert state_of(file) == (FileState.READ, None, 1)
    assert file.suggested is not None
    (policy,) = file.suggested["policies"]
    assert policy["fields"]["each_occurrence"]["value"] == "1000000"
    assert file.pages.count() == 1
    assert Path(file.pages.get().picture.path).read_bytes().startswith(b"\x89PNG")
