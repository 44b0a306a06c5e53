"""Certificates that the demo's sellers sent: to be confirmed, to be corrected, under review.

Each goes through the product's own operations; what the reader would say of our own paper is
written down here, so that loading parses nothing.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile

from claims.demo.paper import draw_page, picture_of
from insurance.certificates.confirming import ConfirmedPolicy, confirm_certificate, keep_draft
from insurance.certificates.fields import LABELS, in_words, values_of
from insurance.certificates.keeping import keep_certificate_file
from insurance.certificates.queries import terms_in_force
from insurance.certificates.reading_due import keep_reading, take_next
from insurance.dates import date_text
from insurance.models import CertificateFile
from insurance.reading.facts import (
    Amount,
    DateField,
    DateRead,
    FileKind,
    Found,
    PolicySuggestion,
    ProblemCode,
    Question,
    Reading,
    problem,
)
from sellers.models import Marketplace, Seller, SellerMember

_INSURER = "Harbour Mutual (made up)"
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_TITLE = "CERTIFICATE OF LIABILITY INSURANCE (made up)"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sent:
    """A file that a seller sent, and how long ago."""

    seller: Seller
    market: str
    name: str
    ago: timedelta
    policy: ConfirmedPolicy
    replaces: CertificateFile | None = None

    @property
    def by(self) -> User:
        """Whoever signs in for the seller."""
        return SellerMember.objects.filter(seller=self.seller).earliest("pk").user


def lay_out_certificates(sellers: Mapping[str, Seller], now: datetime) -> None:
    """Make the files that are not there yet: one in every state that a person acts on."""
    if CertificateFile.objects.filter(is_made_up=True).exists():
        return
    _to_be_confirmed(sellers["brightwater"], now)
    _corrected_once(sellers["volt"], now)
    _locked(sellers["thornbury"], now)


def _to_be_confirmed(seller: Seller, now: datetime) -> None:
    """A renewal that was read, whose start can be read in two ways."""
    start = date(now.year + 1, 3, 2)
    policy = replace(_sound(seller, now), effective_on=start, expires_on=date(start.year + 1, 3, 2))
    sent = _Sent(seller=seller, market="US", name="renewal.pdf", ago=2 * _HOUR, policy=policy)
    text = f"02/03/{start.year}"
    unclear = Question(0, DateField.EFFECTIVE, text, (date(start.year, 2, 3), start))
    suggestion = replace(_suggestion(policy), effective=DateRead(None, text))
    _read(sent, now, suggestion=suggestion, questions=(unclear,))


def _corrected_once(seller: Seller, now: datetime) -> None:
    """A certificate with two defects, and the corrected one, which waits for operations."""
    sound = _sound(seller, now)
    weak = replace(sound, rating="B+", certificate_holder_only=True, additional_insured="")
    first = _Sent(seller=seller, market="US", name="certificate.pdf", ago=3 * _DAY, policy=weak)
    kept = _send(first, now)
    second = _Sent(
        seller=seller,
        market="US",
        name="certificate-corrected.pdf",
        ago=5 * _HOUR,
        # The seller corrected what was read: operations see that it did.
        policy=replace(sound, deductible_minor=100_000),
        replaces=kept,
    )
    _send(second, now, read=sound)


def _locked(seller: Seller, now: datetime) -> None:
    """A file that could not be read, because it is locked."""
    sent = _Sent(
        seller=seller,
        market="UK",
        name="policy.pdf",
        ago=26 * _HOUR,
        policy=_sound(seller, now),
    )
    _keep(sent, now)
    file = take_next(at=now - sent.ago)
    if file is not None:
        locked = Reading(problem=problem(ProblemCode.ENCRYPTED))
        keep_reading(file=file, reading=locked, at=now - sent.ago)


def _send(sent: _Sent, now: datetime, *, read: ConfirmedPolicy | None = None) -> CertificateFile:
    file = _read(sent, now, suggestion=_suggestion(read or sent.policy))
    number = keep_draft(file=file, draft=_typed(sent.policy))
    confirm_certificate(
        file=file,
        draft_number=number,
        policies=[sent.policy],
        at=now - sent.ago,
        by=sent.by,
    )
    return file


def _keep(sent: _Sent, now: datetime) -> bytes:
    rows = [
        (LABELS[name], in_words(name, value, currency="USD"))
        for name, value in _values(sent.policy).items()
    ]
    page = draw_page(_TITLE, [*rows, ("Producer", "Tidewater Brokers (made up)")])
    keep_certificate_file(
        seller=sent.seller,
        marketplace=Marketplace.objects.get(pk=sent.market),
        file=SimpleUploadedFile(sent.name, page),
        at=now - sent.ago,
        by=sent.by,
        replaces=sent.replaces,
    )
    return page


def _read(
    sent: _Sent,
    now: datetime,
    *,
    suggestion: PolicySuggestion,
    questions: tuple[Question, ...] = (),
) -> CertificateFile:
    page = _keep(sent, now)
    file = take_next(at=now - sent.ago)
    if file is None:
        raise LookupError(f"Nothing waits to be read: {sent.name}.")
    reading = Reading(
        kind=FileKind.PDF,
        pages=(picture_of(page),),
        page_count=1,
        policies=(suggestion,),
        named_insured=Found(sent.policy.named_insured, sent.policy.named_insured),
        certificate_holder=sent.policy.additional_insured or "Amazon.com Services LLC",
        signed=True,
        questions=questions,
    )
    keep_reading(file=file, reading=reading, at=now - sent.ago)
    file.refresh_from_db()
    return file


def _sound(seller: Seller, now: datetime) -> ConfirmedPolicy:
    terms = terms_in_force(Marketplace.objects.get(pk="US"), at=now)
    today = now.date()
    return ConfirmedPolicy(
        number=f"HM-{seller.pk:04}-{now.year}",
        insurer=_INSURER,
        rating="A",
        kind="COMMERCIAL_GENERAL",
        basis="OCCURRENCE",
        tail_years=0,
        each_occurrence_minor=terms.each_occurrence_minor,
        aggregate_minor=2 * terms.aggregate_minor,
        deductible_minor=terms.deductible_max_minor // 2,
        products_completed_operations=True,
        bodily_injury=True,
        additional_insured=terms.additional_insured_wording,
        certificate_holder_only=False,
        named_insured=seller.legal_name,
        territory=["US", "WORLDWIDE"],
        cancellation_notice_days=30,
        is_signed=True,
        effective_on=today - 20 * _DAY,
        expires_on=today + 345 * _DAY,
        dates_text="",
        products=None,
    )


def _suggestion(policy: ConfirmedPolicy) -> PolicySuggestion:
    """What the reader says of our own paper."""
    return PolicySuggestion(
        insurer=Found(policy.insurer, f"Insurer {policy.insurer}"),
        number=Found(policy.number, policy.number),
        rating=Found(policy.rating, f"Rated {policy.rating} by AM Best"),
        kind=Found(policy.kind, "COMMERCIAL GENERAL LIABILITY"),
        basis=Found(policy.basis, "OCCURRENCE"),
        each_occurrence=_amount(policy.each_occurrence_minor),
        aggregate=_amount(policy.aggregate_minor),
        deductible=_amount(policy.deductible_minor),
        products_included=Found(value=True, text="Products and completed operations: Yes"),
        bodily_injury=Found(value=True, text="Bodily injury: Yes"),
        additional_insured=Found(policy.additional_insured, policy.additional_insured)
        if policy.additional_insured
        else None,
        effective=_day(policy.effective_on),
        expires=_day(policy.expires_on),
        cancellation_notice_days=Found(30, "30 days’ notice"),
        territory=Found(frozenset(policy.territory), "United States, Worldwide"),
    )


def _amount(minor: int | None) -> Amount | None:
    return None if minor is None else Amount(f"{minor // 100}", ("USD",), f"${minor // 100:,}")


def _day(on: date | None) -> DateRead | None:
    return None if on is None else DateRead(on, date_text(on))


def _values(policy: ConfirmedPolicy) -> dict[str, Any]:
    days = {name: day and day.isoformat() for name, day in _days(policy).items()}
    facts = asdict(policy) | days | {"signed": policy.is_signed}
    return values_of(facts, currency="USD")


def _days(policy: ConfirmedPolicy) -> dict[str, date | None]:
    return {"effective_on": policy.effective_on, "expires_on": policy.expires_on}


def _typed(policy: ConfirmedPolicy) -> dict[str, list[Any]]:
    """The form as its seller typed it, so that it can be corrected."""
    whole = {"named_insured", "cancellation_notice_days", "is_signed"}
    typed = {
        f"{'whole' if name in whole else 'p0'}-{name}": value
        for name, value in _values(policy).items()
    }
    return {"section": ["p0"]} | {
        name: value if isinstance(value, list) else [value] for name, value in typed.items()
    }
