"""Certificates at every step, made by the product's own operations; only the reader is left out."""

from datetime import UTC, date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile

from insurance.certificates.confirming import ConfirmedPolicy, confirm_certificate, keep_draft
from insurance.certificates.keeping import keep_certificate_file
from insurance.certificates.reading_due import keep_reading, take_next
from insurance.models import Certificate, CertificateFile
from insurance.reading.facts import (
    Amount,
    DateField,
    DateRead,
    FileKind,
    Found,
    PolicySuggestion,
    Question,
    Reading,
)
from sellers.models import Marketplace, Seller
from tests.factories import make_market, make_member, make_seller
from tests.insurance.certificates import WORDING

AT = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
PDF = b"%PDF-1.7\n" + b"c" * 60
PNG = b"\x89PNG\r\n\x1a\n" + b"p" * 60
NAME = "Kettle House LLC"


def amount(figure: str) -> Amount:
    return Amount(figure, ("USD",), f"${int(figure):,}")


def day(iso: str, text: str) -> DateRead:
    return DateRead(date.fromisoformat(iso), text)


READ_POLICY = PolicySuggestion(
    insurer_letter="A",
    insurer=Found("Harborway", "INSURER A: Harborway"),
    number=Found("CGL-100", "CGL-100"),
    rating=Found("A", "Rated A by AM Best"),
    kind=Found("COMMERCIAL_GENERAL", "COMMERCIAL GENERAL LIABILITY"),
    basis=Found("OCCURRENCE", "X OCCUR"),
    each_occurrence=amount("1000000"),
    aggregate=amount("2000000"),
    deductible=amount("5000"),
    products_included=Found(value=True, text="PRODUCTS - COMP/OP AGG"),
    bodily_injury=Found(value=True, text="bodily injury"),
    additional_insured_marked=Found(value=True, text="ADDL INSD Y"),
    additional_insured=Found(WORDING, WORDING),
    effective=day("2026-01-01", "01/01/2026"),
    expires=day("2027-01-01", "01/01/2027"),
    cancellation_notice_days=Found(30, "30 days notice"),
    territory=Found(frozenset({"WORLDWIDE"}), "worldwide"),
)
AUTOMOBILE = PolicySuggestion(
    insurer=Found("Harborway", "INSURER A: Harborway"),
    number=Found("AUTO-7", "AUTO-7"),
    kind=Found("AUTOMOBILE", "AUTOMOBILE LIABILITY"),
)


def reading(*policies: PolicySuggestion, **fields: Any) -> Reading:
    """What the reader gives for a sound certificate of `NAME`."""
    values: dict[str, Any] = {
        "kind": FileKind.PDF,
        "pages": (PNG,),
        "page_count": 1,
        "policies": policies or (READ_POLICY,),
        "named_insured": Found(NAME, NAME.upper()),
        "certificate_holder": WORDING,
        "description": "Products liability for online sales.",
        "signed": True,
    }
    return Reading(**values | fields)


UNCLEAR = Question(
    policy=0,
    field=DateField.EFFECTIVE,
    text="02/03/2026",
    candidates=(date(2026, 2, 3), date(2026, 3, 2)),
    note="Other dates on it put the month first.",
)


def sound(**departs: Any) -> ConfirmedPolicy:
    """A policy without a defect, in the United States, for `NAME`."""
    values: dict[str, Any] = {
        "number": "CGL-100",
        "insurer": "Harborway",
        "rating": "A",
        "kind": "COMMERCIAL_GENERAL",
        "basis": "OCCURRENCE",
        "tail_years": 0,
        "each_occurrence_minor": 100_000_000,
        "aggregate_minor": 200_000_000,
        "deductible_minor": 500_000,
        "products_completed_operations": True,
        "bodily_injury": True,
        "additional_insured": WORDING,
        "certificate_holder_only": False,
        "named_insured": NAME,
        "territory": ["WORLDWIDE"],
        "cancellation_notice_days": 30,
        "is_signed": True,
        "effective_on": date(2026, 1, 1),
        "expires_on": date(2027, 1, 1),
        "dates_text": "",
        "products": None,
    }
    return ConfirmedPolicy(**values | departs)


def a_seller(name: str = NAME) -> Seller:
    return make_seller(name)


def given(name: str = "certificate.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    # What the browser claims about a file is never believed.
    return SimpleUploadedFile(name, content, content_type="text/html")


def kept(
    seller: Seller,
    *,
    by: User | None = None,
    content: bytes = PDF,
    at: datetime = AT,
    market: str = "US",
    name: str = "certificate.pdf",
    replaces: CertificateFile | None = None,
) -> CertificateFile:
    """A file as its seller sent it."""
    return keep_certificate_file(
        seller=seller,
        marketplace=Marketplace.objects.filter(pk=market).first() or make_market(market),
        file=given(name, content),
        at=at,
        by=by or make_member(seller).user,
        replaces=replaces,
    )


def read(file: CertificateFile, result: Reading | None = None, *, at: datetime = AT) -> None:
    """The file read: taken by a worker, with this result."""
    taken = take_next(at=at)
    assert taken == file
    keep_reading(file=taken, reading=result or reading(), at=at)
    file.refresh_from_db()


def confirmed(
    file: CertificateFile, *policies: ConfirmedPolicy, at: datetime = AT
) -> list[Certificate]:
    """The file sent as proof of these policies, of one sound one unless named."""
    number = keep_draft(file=file, draft={"section": ["p0"]})
    by = file.uploaded_by
    assert by is not None
    return confirm_certificate(
        file=file, draft_number=number, policies=policies or (sound(),), at=at, by=by
    )


def submitted(
    seller: Seller, *policies: ConfirmedPolicy, at: datetime = AT, content: bytes = PDF
) -> list[Certificate]:
    """A seller's certificate, kept, read and sent."""
    file = kept(seller, at=at, content=content)
    read(file, at=at)
    return confirmed(file, *policies, at=at)
