"""A seller's file is kept as it came, under a random name, once, and waits to be read."""

import hashlib
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from insurance.certificates import keeping
from insurance.certificates.keeping import check_certificate_file, take_back_file
from insurance.certificates.refusals import CertificateNotPossible, FileRefused
from insurance.models import CertificateFile, FileState
from insurance.reading import DEFAULT
from sellers.models import Seller
from tests.factories import make_member
from tests.insurance.certificates_flow.world import AT, PDF, confirmed, given, kept, read

pytestmark = pytest.mark.django_db
DOC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"d" * 60
DOCX = b"PK\x03\x04" + b"x" * 60


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("a.PDF", PDF, "application/pdf"),
        ("a.doc", DOC, "application/msword"),
        (
            "a.docx",
            DOCX,
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
    ],
)
def test_the_three_kinds_are_known_by_their_first_bytes(
    name: str, content: bytes, media_type: str
) -> None:
    assert check_certificate_file(given(name, content)).media_type == media_type


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("empty.pdf", b"", "“empty.pdf” is empty."),
        ("page.pdf", b"<html><script>", "“page.pdf” is not a PDF, DOC or DOCX file."),
        ("photo.jpg", b"\xff\xd8\xff\xe0jpeg", "“photo.jpg” is not a PDF, DOC or DOCX file."),
        ("a.docx", PDF, "“a.docx” is really a PDF file: give it a name that ends in .pdf."),
        ("a.pdf", DOCX, "“a.pdf” is really a DOCX file: give it a name that ends in .docx."),
        ("a.html", DOC, "“a.html” is really a DOC file: give it a name that ends in .doc."),
    ],
)
def test_anything_else_is_refused_by_name_and_reason(name: str, content: bytes, why: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        check_certificate_file(given(name, content))
    assert str(refusal.value) == why


def test_a_file_over_the_cap_is_refused() -> None:
    assert check_certificate_file(given(content=PDF.ljust(DEFAULT.bytes, b"\0")))
    over = given(content=PDF.ljust(DEFAULT.bytes + 200_000, b"\0"))
    with pytest.raises(FileRefused, match=r"20\.2 MB; a certificate may have at most 20 MB"):
        check_certificate_file(over)


def test_a_file_is_kept_with_its_digest_and_waits_to_be_read(
    seller: Seller, settings: Settings
) -> None:
    member = make_member(seller)
    file = kept(seller, by=member.user)
    row = CertificateFile.objects.get()
    assert row == file
    assert {
        "seller": row.seller,
        "market": row.marketplace_id,
        "name": row.name,
        "media_type": row.media_type,
        "size": row.size,
        "sha256": row.sha256,
        "uploaded": (row.uploaded_at, row.uploaded_by),
        "state": (row.state, row.next_at, row.attempts),
    } == {
        "seller": seller,
        "market": "US",
        "name": "certificate.pdf",
        "media_type": "application/pdf",
        "size": len(PDF),
        "sha256": hashlib.sha256(PDF).hexdigest(),
        "uploaded": (AT, member.user),
        "state": (FileState.UPLOADED, AT, 0),
    }
    stored = Path(settings.MEDIA_ROOT) / str(row.file.name)
    assert stored.read_bytes() == PDF
    assert len(stored.stem) == 32


def test_the_same_bytes_again_are_the_file_that_is_there(seller: Seller) -> None:
    first = kept(seller)
    assert kept(seller) == first
    read(first)
    confirmed(first)
    assert kept(seller) == first
    assert CertificateFile.objects.count() == 1


def test_the_same_bytes_of_another_seller_or_market_are_their_own(seller: Seller) -> None:
    first = kept(seller)
    elsewhere = kept(seller, market="CA")
    others = kept(make_member().seller)
    assert len({first.pk, elsewhere.pk, others.pk}) == 3


def test_what_was_taken_back_may_be_sent_again(seller: Seller) -> None:
    first = kept(seller)
    take_back_file(file=first)
    first.refresh_from_db()
    assert (first.state, first.next_at) == (FileState.ABANDONED, None)
    again = kept(seller)
    assert again != first
    assert again.state == FileState.UPLOADED


def test_what_was_sent_cannot_be_taken_back(seller: Seller) -> None:
    file = kept(seller)
    read(file)
    confirmed(file)
    with pytest.raises(CertificateNotPossible, match="was sent already and cannot be taken back"):
        take_back_file(file=file)
    file.refresh_from_db()
    assert file.state == FileState.CONFIRMED


def test_a_newer_file_replaces_one_that_waited(seller: Seller) -> None:
    first = kept(seller)
    read(first)
    second = kept(seller, content=PDF + b"2", replaces=first)
    first.refresh_from_db()
    assert (first.state, second.state) == (FileState.SUPERSEDED, FileState.UPLOADED)
    assert second.replaces == first


def test_a_file_that_was_sent_stays_until_the_newer_one_is_sent(seller: Seller) -> None:
    first = kept(seller)
    read(first)
    confirmed(first)
    second = kept(seller, content=PDF + b"2", replaces=first)
    first.refresh_from_db()
    assert first.state == FileState.CONFIRMED
    read(second)
    confirmed(second)
    first.refresh_from_db()
    assert first.state == FileState.SUPERSEDED


def test_a_seller_cannot_fill_the_store_without_end(
    seller: Seller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST_UNSENT", 2)
    for number in range(2):
        kept(seller, content=PDF + b"%d" % number)
    with pytest.raises(FileRefused, match="2 of your files wait to be sent already"):
        kept(seller)
    assert CertificateFile.objects.count() == 2


def test_a_row_that_cannot_be_written_leaves_no_file(seller: Seller, settings: Settings) -> None:
    with pytest.raises(Exception, match="uploaded_at"):
        kept(seller, at=None)  # type: ignore[arg-type]
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []
