"""What a seller confirms becomes policies and certificates, checked at once, and sent once."""

from dataclasses import asdict
from datetime import date, timedelta

import pytest

from insurance.certificates.confirming import MOST_POLICIES, confirm_certificate, keep_draft
from insurance.certificates.refusals import ConfirmationRefused
from insurance.models import Certificate, FileState, InsuranceLetter, Policy, Review
from insurance.queries import compliance_of
from sellers.models import Seller
from tests.insurance.certificates_flow.world import (
    AT,
    PDF,
    confirmed,
    kept,
    read,
    sound,
    submitted,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_a_sound_certificate_waits_for_operations(seller: Seller) -> None:
    file = kept(seller)
    read(file)
    (certificate,) = confirmed(file)
    policy = Policy.objects.get()
    assert {name: getattr(policy, name) for name in asdict(sound())} == asdict(sound())
    assert (policy.seller, policy.marketplace_id) == (seller, "US")
    assert {
        "file": certificate.file,
        "submitted": (certificate.submitted_at, certificate.submitted_by),
        "dates": (certificate.effective_on, certificate.expires_on),
        "defects": (certificate.defects, certificate.defect_codes),
        "review": (certificate.review, certificate.waits_for_review, certificate.is_proof),
    } == {
        "file": file,
        "submitted": (AT, file.uploaded_by),
        "dates": (date(2026, 1, 1), date(2027, 1, 1)),
        "defects": ([], []),
        "review": (Review.PENDING, True, False),
    }
    file.refresh_from_db()
    assert (file.state, file.confirmed_at, file.confirmed_by) == (
        FileState.CONFIRMED,
        AT,
        file.uploaded_by,
    )
    assert (file.draft, file.confirmed) == (None, {"section": ["p0"]})
    assert not InsuranceLetter.objects.exists()


def test_every_defect_of_every_policy_is_told_at_once(seller: Seller) -> None:
    """Rules §4: the seller gets all defects in one list."""
    weak = sound(number="CGL-1", rating="", aggregate_minor=50_000_000)
    holder = sound(number="CGL-2", certificate_holder_only=True, additional_insured="")
    certificates = submitted(seller, weak, holder, sound())
    assert [certificate.defect_codes for certificate in certificates] == [
        ["AGGREGATE", "INSURER_RATING"],
        ["CERTIFICATE_HOLDER_ONLY"],
        [],
    ]
    assert [certificate.waits_for_review for certificate in certificates] == [False, False, True]
    letter = InsuranceLetter.objects.get()
    assert letter.kind == "CERTIFICATE_REFUSED"
    assert [
        (one["policy"], [defect["found"] for defect in one["defects"]])
        for one in letter.facts["policies"]
    ] == [
        ("Harborway CGL-1", ["500,000.00 USD", "Harborway, not rated"]),
        ("Harborway CGL-2", ["the marketplace is certificate holder only"]),
    ]


def test_a_form_that_is_sent_twice_sends_once(seller: Seller) -> None:
    file = kept(seller)
    read(file)
    number = keep_draft(file=file, draft={})
    assert file.uploaded_by is not None
    for _ in range(2):
        try:
            confirm_certificate(
                file=file, draft_number=number, policies=[sound()], at=AT, by=file.uploaded_by
            )
        except ConfirmationRefused as refusal:
            why = str(refusal)
    assert why == (
        "“certificate.pdf” was sent or changed meanwhile. Nothing was sent now: see how it stands."
    )
    assert Certificate.objects.count() == 1


def test_what_a_colleague_changed_meanwhile_is_not_sent(seller: Seller) -> None:
    file = kept(seller)
    read(file)
    number = keep_draft(file=file, draft={"mine": ["1"]})
    assert keep_draft(file=file, draft={"theirs": ["2"]}) == number + 1
    assert file.uploaded_by is not None
    with pytest.raises(ConfirmationRefused):
        confirm_certificate(
            file=file, draft_number=number, policies=[sound()], at=AT, by=file.uploaded_by
        )
    file.refresh_from_db()
    assert (file.state, file.draft) == (FileState.READ, {"theirs": ["2"]})
    assert not Certificate.objects.exists()


def test_only_a_file_that_was_read_can_be_confirmed(seller: Seller) -> None:
    with pytest.raises(ConfirmationRefused, match="cannot be sent as it stands now"):
        keep_draft(file=kept(seller), draft={})


@pytest.mark.parametrize("number", [0, MOST_POLICIES + 1])
def test_one_policy_at_least_and_not_without_end(seller: Seller, number: int) -> None:
    file = kept(seller)
    read(file)
    draft = keep_draft(file=file, draft={})
    policies = [sound(number=f"P-{place}") for place in range(number)]
    assert file.uploaded_by is not None
    with pytest.raises(ConfirmationRefused, match="one policy at least and 8 at most"):
        confirm_certificate(
            file=file, draft_number=draft, policies=policies, at=AT, by=file.uploaded_by
        )
    file.refresh_from_db()
    assert file.state == FileState.READ


def test_the_same_policy_again_is_a_new_version_of_its_row(seller: Seller) -> None:
    """A new version keeps the history: `pghistory` has what the policy said before."""
    submitted(seller, sound(rating="B"))
    submitted(seller, sound(rating="A"), content=PDF + b"2", at=AT + DAY)
    policy = Policy.objects.get()
    assert policy.rating == "A"
    versions = type(policy).pgh_event_model.objects.order_by("pgh_id")  # type: ignore[attr-defined]
    assert list(versions.values_list("rating", flat=True)) == ["B", "A"]
    assert [c.defect_codes for c in Certificate.objects.order_by("pk")] == [["INSURER_RATING"], []]


def test_a_start_that_was_unclear_is_the_same_policy_once_it_is_clear(seller: Seller) -> None:
    unclear = sound(effective_on=None, dates_text="02/03/2026")
    (first,) = submitted(seller, unclear)
    assert first.defect_codes == ["DATES"]
    (second,) = submitted(seller, sound(), content=PDF + b"2", at=AT + DAY)
    assert second.policy == first.policy
    assert (second.policy.effective_on, second.policy.dates_text) == (date(2026, 1, 1), "")


def test_a_renewal_under_the_same_number_is_another_policy(seller: Seller) -> None:
    submitted(seller)
    renewal = sound(effective_on=date(2027, 1, 1), expires_on=date(2028, 1, 1))
    submitted(seller, renewal, content=PDF + b"2", at=AT + DAY)
    assert Policy.objects.count() == 2


def test_entries_can_be_corrected_under_the_same_file(seller: Seller) -> None:
    """Who typed something wrong sends the same file again; both submissions stay."""
    file = kept(seller)
    read(file)
    confirmed(file, sound(rating=""))
    confirmed(file, sound(), at=AT + DAY)
    first, second = Certificate.objects.order_by("pk")
    assert (first.file, second.file) == (file, file)
    assert (first.defect_codes, second.defect_codes) == (["INSURER_RATING"], [])
    file.refresh_from_db()
    assert file.confirmed_at == AT + DAY


def test_what_waits_for_review_proves_nothing_yet(seller: Seller) -> None:
    submitted(seller)
    assert compliance_of(seller.pk, "US", on=AT.date()).cover_ends_on is None
