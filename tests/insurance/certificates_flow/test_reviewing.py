"""Operations accept or refuse what a seller confirmed; proof counts from its submission."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User

from claims.roles import INSURANCE
from insurance import operations
from insurance.certificates.queries import waiting_for_review
from insurance.certificates.refusals import ReviewRefused
from insurance.certificates.reviewing import FINDABLE, ON_THE_PAPER, review_certificate
from insurance.models import Certificate, InsuranceLetter, Review
from insurance.policy_facts import DefectCode
from insurance.queries import compliance_of
from sellers.models import Seller
from tests.factories import make_user
from tests.insurance.certificates import WORDING
from tests.insurance.certificates_flow.world import AT, PDF, sound, submitted

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=2)


@pytest.fixture
def reviewer() -> User:
    return make_user("ines", role=INSURANCE)


@pytest.fixture
def heard() -> Iterator[list[tuple[int, str, datetime]]]:
    """What the listeners of proofs hear."""
    told: list[tuple[int, str, datetime]] = []

    def listen(seller_id: int, market: str, at: datetime) -> None:
        told.append((seller_id, market, at))

    operations.proof_listeners.append(listen)
    yield told
    operations.proof_listeners.remove(listen)


def review_of(certificate: Certificate) -> tuple[str, str, datetime | None, User | None]:
    certificate.refresh_from_db()
    return (
        certificate.review,
        certificate.review_reason,
        certificate.reviewed_at,
        certificate.reviewed_by,
    )


def test_accepted_it_proves_from_the_moment_it_was_submitted(
    seller: Seller, reviewer: User, heard: list[tuple[int, str, datetime]]
) -> None:
    (certificate,) = submitted(seller)
    assert heard == []
    review_certificate(certificate=certificate, accept=True, reason="", at=LATER, by=reviewer)
    assert review_of(certificate) == (Review.ACCEPTED, "", LATER, reviewer)
    assert certificate.is_proof
    assert certificate.submitted_at == AT
    assert heard == [(seller.pk, "US", LATER)]
    assert compliance_of(seller.pk, "US", on=AT.date()).cover_ends_on is not None
    letter = InsuranceLetter.objects.get()
    assert (letter.kind, letter.facts) == (
        "CERTIFICATE_ACCEPTED",
        {
            "policy": "Harborway CGL-100",
            "submitted_at": AT.isoformat(),
            "effective_on": "2026-01-01",
            "last_on": "2026-12-31",
        },
    )


def test_refused_it_says_why_and_what_to_tell_the_broker(
    seller: Seller, reviewer: User, heard: list[tuple[int, str, datetime]]
) -> None:
    (certificate,) = submitted(seller)
    review_certificate(
        certificate=certificate,
        accept=False,
        reason="The column ADDL INSD is empty.",
        defects=[DefectCode.ADDITIONAL_INSURED],
        at=LATER,
        by=reviewer,
    )
    assert review_of(certificate) == (
        Review.REFUSED,
        "The column ADDL INSD is empty.",
        LATER,
        reviewer,
    )
    found = {
        "code": "ADDITIONAL_INSURED",
        "found": ON_THE_PAPER,
        "needed": f"additional insured: {WORDING}",
        "words_for_broker": f"Please name “{WORDING}” as additional insured, in exactly these "
        "words.",
    }
    assert (certificate.defects, certificate.review_defects) == ([], [found])
    assert (heard, certificate.is_proof) == ([], False)
    letter = InsuranceLetter.objects.get()
    assert (letter.kind, letter.facts["reason"]) == (
        "CERTIFICATE_REFUSED",
        "The column ADDL INSD is empty.",
    )
    (told,) = letter.facts["policies"]
    assert [defect["words"] for defect in told["defects"]] == [found["words_for_broker"]]


@pytest.mark.parametrize("code", FINDABLE)
def test_every_defect_that_a_person_finds_has_the_words_of_the_checks(
    seller: Seller, reviewer: User, code: DefectCode
) -> None:
    (certificate,) = submitted(seller)
    review_certificate(
        certificate=certificate, accept=False, reason="No.", defects=[code], at=LATER, by=reviewer
    )
    (defect,) = certificate.review_defects
    assert (defect["code"], defect["found"]) == (code, ON_THE_PAPER)
    assert defect["words_for_broker"].startswith("Please ")


def test_the_days_left_are_counted_and_not_found(seller: Seller, reviewer: User) -> None:
    (certificate,) = submitted(seller)
    with pytest.raises(ReviewRefused, match="counted by the checks"):
        review_certificate(
            certificate=certificate,
            accept=False,
            reason="No.",
            defects=[DefectCode.REMAINING_VALIDITY],
            at=LATER,
            by=reviewer,
        )
    assert review_of(certificate)[0] == Review.PENDING


def test_a_refusal_gives_its_reason(seller: Seller, reviewer: User) -> None:
    (certificate,) = submitted(seller)
    with pytest.raises(ReviewRefused, match="Say why"):
        review_certificate(certificate=certificate, accept=False, reason=" ", at=LATER, by=reviewer)
    assert review_of(certificate) == (Review.PENDING, "", None, None)
    assert not InsuranceLetter.objects.exists()


@pytest.mark.parametrize("accept", [True, False])
def test_of_two_people_the_second_is_told_and_nothing_is_written_twice(
    seller: Seller, reviewer: User, heard: list[tuple[int, str, datetime]], *, accept: bool
) -> None:
    (certificate,) = submitted(seller)
    review_certificate(certificate=certificate, accept=True, reason="", at=LATER, by=reviewer)
    with pytest.raises(ReviewRefused, match="does not wait for a review any more"):
        review_certificate(
            certificate=certificate,
            accept=accept,
            reason="Mine.",
            at=LATER + timedelta(minutes=1),
            by=make_user("other", role=INSURANCE),
        )
    assert review_of(certificate) == (Review.ACCEPTED, "", LATER, reviewer)
    assert len(heard) == 1
    assert InsuranceLetter.objects.count() == 1


def test_a_certificate_with_defects_waits_for_nobody(seller: Seller, reviewer: User) -> None:
    (certificate,) = submitted(seller, sound(rating=""))
    assert list(waiting_for_review()) == []
    with pytest.raises(ReviewRefused):
        review_certificate(certificate=certificate, accept=True, reason="", at=LATER, by=reviewer)
    assert not certificate.is_proof


def test_the_queue_has_the_oldest_first(seller: Seller) -> None:
    (late,) = submitted(seller, at=LATER)
    (early,) = submitted(seller, sound(number="CGL-2"), content=PDF + b"2", at=AT)
    submitted(seller, sound(number="CGL-3", rating=""), content=PDF + b"3", at=AT)
    assert list(waiting_for_review()) == [early, late]


def test_what_the_policy_says_later_does_not_change_what_was_accepted(
    seller: Seller, reviewer: User
) -> None:
    (certificate,) = submitted(seller)
    review_certificate(certificate=certificate, accept=True, reason="", at=LATER, by=reviewer)
    submitted(seller, sound(rating=""), content=PDF + b"2", at=LATER)
    ends = compliance_of(seller.pk, "US", on=LATER.date()).cover_ends_on
    assert ends == certificate.expires_on
