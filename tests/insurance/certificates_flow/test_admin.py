"""Operations: the review queue, the review, plain records, and policies in a spreadsheet."""

from datetime import timedelta
from typing import Any

import pytest
import tablib  # type: ignore[import-untyped]
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.roles import ADJUSTER, AUDITOR, INSURANCE
from insurance.certificates.policy_sheet import PolicyResource
from insurance.models import Certificate, InsuranceLetter, Policy, Review
from insurance.policy_facts import DefectCode
from insurance.reading.facts import FileKind, Reading
from sellers.models import Seller
from tests.claims.core.world import require_cover
from tests.factories import make_seller, make_user
from tests.insurance.certificates.hostile import compound_file
from tests.insurance.certificates_flow.world import (
    PDF,
    PNG,
    READ_POLICY,
    confirmed,
    kept,
    read,
    reading,
    sound,
    submitted,
)
from tests.insurance.pages import words

pytestmark = pytest.mark.django_db
QUEUE = "/admin/insurance/certificate/review/"
HOUR = timedelta(hours=1)


def staff(role: str) -> Client:
    client = Client()
    client.force_login(make_user(role=role))
    return client


@pytest.fixture
def ines() -> Client:
    """A browser in which somebody of the insurance group is signed in."""
    return staff(INSURANCE)


@pytest.fixture
def certificate(seller: Seller) -> Certificate:
    """One that waits, sent an hour ago; its aggregate is not what was read."""
    require_cover(seller)
    (one,) = submitted(
        seller, sound(aggregate_minor=100_000_000, **in_force()), at=timezone.now() - HOUR
    )
    return one


def in_force() -> dict[str, Any]:
    today = timezone.now().date()
    return {
        "effective_on": today - timedelta(days=30),
        "expires_on": today + timedelta(days=300),
    }


def page_of(certificate: Certificate) -> str:
    return reverse("admin:insurance_certificate_review", args=[certificate.pk])


def test_the_queue_shows_what_waits_with_its_clocks_and_warnings(
    ines: Client, certificate: Certificate
) -> None:
    other = make_seller("Copper Pots LLC")
    submitted(other, sound(named_insured=other.legal_name, number="P-2", **in_force()))
    page = words(ines.get(QUEUE))
    assert "2 certificates to review." in page
    assert page.index("P-2") < page.index("CGL-100"), "the oldest first"
    assert "d overdue" in page
    assert "Later than promised" in page
    assert page.count("Same file as another seller") == 2


def test_an_empty_queue_says_so(ines: Client) -> None:
    assert "No certificate waits for a review." in words(ines.get(QUEUE))


@pytest.mark.parametrize("number", [1, 3])
def test_the_queue_asks_as_often_for_three_as_for_one(
    ines: Client, seller: Seller, django_assert_max_num_queries: Any, number: int
) -> None:
    for place in range(number):
        submitted(
            seller,
            sound(number=f"P-{place}", **in_force()),
            content=PDF + b"%d" % place,
            at=timezone.now(),
        )
    with django_assert_max_num_queries(32):
        assert f"{number} certificate" in words(ines.get(QUEUE))


def test_the_review_names_every_difference(ines: Client, certificate: Certificate) -> None:
    page = ines.get(page_of(certificate))
    differing = {one.name: one.words for one in page.context["compared"] if one.differs}
    assert differing == {
        "aggregate": "changed by the seller",
        "effective_on": "changed by the seller",
        "expires_on": "changed by the seller",
    }
    assert "3 of 20 fields were not read so." in words(page)
    assert f"/admin/insurance/certificatefile/{certificate.file_id}/pages/1/" in (
        page.content.decode()
    )


def test_a_scan_is_compared_field_by_field(ines: Client, seller: Seller) -> None:
    now = timezone.now()
    file = kept(seller, at=now)
    read(file, reading(policies=(), is_scan=True, named_insured=None, signed=None), at=now)
    (one,) = confirmed(file, sound(**in_force()), at=now)
    page = ines.get(page_of(one))
    assert {row.words for row in page.context["compared"] if row.differs} == {
        "typed by the seller, not read"
    }
    assert "Scan: typed by the seller" in words(ines.get(QUEUE))


def test_an_old_word_file_is_compared_by_a_person(ines: Client, seller: Seller) -> None:
    now = timezone.now()
    doc = compound_file("WordDocument", "1Table")
    file = kept(seller, at=now, content=doc, name="certificate.doc")
    read(file, Reading(kind=FileKind.DOC), at=now)
    assert "Old Word file" in words(ines.get(QUEUE)), "while it waits for its seller"
    (one,) = confirmed(file, sound(**in_force()), at=now)
    page = ines.get(page_of(one))
    assert {row.words for row in page.context["compared"] if row.differs} == {
        "typed by the seller, not read"
    }
    assert "Old Word file: typed by the seller" in words(ines.get(QUEUE))


def test_accepting_proves_and_leaves_the_queue(ines: Client, certificate: Certificate) -> None:
    answer = ines.post(page_of(certificate), {"decision": "accept"}, follow=True)
    assert answer.redirect_chain == [(QUEUE, 302)]
    certificate.refresh_from_db()
    assert (certificate.review, certificate.is_proof) == (Review.ACCEPTED, True)
    assert "is accepted: it proves from the moment it was sent" in words(answer)
    assert "No certificate waits for a review." in words(answer)


def test_refusing_takes_a_reason_and_tells_the_seller(
    ines: Client, certificate: Certificate
) -> None:
    bare = ines.post(page_of(certificate), {"decision": "refuse"})
    assert bare.status_code == 422
    assert "Reason: say why the certificate is refused." in words(bare)
    sent = {
        "decision": "refuse",
        "reason": "The column is empty.",
        "defects": [DefectCode.ADDITIONAL_INSURED.value, DefectCode.SIGNATURE.value],
    }
    ines.post(page_of(certificate), sent)
    certificate.refresh_from_db()
    assert certificate.review == Review.REFUSED
    assert [defect["code"] for defect in certificate.review_defects] == [
        "ADDITIONAL_INSURED",
        "SIGNATURE",
    ]
    assert InsuranceLetter.objects.get().kind == "CERTIFICATE_REFUSED"


def test_an_accepted_certificate_has_no_defect(ines: Client, certificate: Certificate) -> None:
    sent = {"decision": "accept", "defects": ["SIGNATURE"]}
    assert ines.post(page_of(certificate), sent).status_code == 422
    certificate.refresh_from_db()
    assert certificate.review == Review.PENDING


def test_sending_twice_decides_once(ines: Client, certificate: Certificate) -> None:
    assert ines.post(page_of(certificate), {"decision": "accept"}).status_code == 302
    again = ines.post(page_of(certificate), {"decision": "refuse", "reason": "No."})
    assert again.status_code == 409
    certificate.refresh_from_db()
    assert (certificate.review, certificate.review_reason) == (Review.ACCEPTED, "")
    assert InsuranceLetter.objects.count() == 1


@pytest.mark.parametrize("role", [ADJUSTER, AUDITOR])
def test_other_groups_look_and_do_not_decide(role: str, certificate: Certificate) -> None:
    client = staff(role)
    page = client.get(page_of(certificate))
    assert page.status_code == 200
    assert b"Decide" not in page.content
    assert client.post(page_of(certificate), {"decision": "accept"}).status_code == 403
    certificate.refresh_from_db()
    assert certificate.review == Review.PENDING


def test_the_file_and_its_pages_open_to_operations_only(
    ines: Client, certificate: Certificate
) -> None:
    assert certificate.file is not None
    base = f"/admin/insurance/certificatefile/{certificate.file.pk}"
    answer = ines.get(f"{base}/file/")
    assert b"".join(answer) == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    picture = ines.get(f"{base}/pages/1/")
    assert b"".join(picture) == PNG
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    nobody = Client()
    assert nobody.get(f"{base}/file/").status_code == 302
    powerless = Client()
    powerless.force_login(make_user(is_staff=True))
    assert powerless.get(f"{base}/file/").status_code == 403


@pytest.mark.parametrize("model", ["policy", "certificate", "certificatefile"])
def test_records_are_looked_at_only(ines: Client, certificate: Certificate, model: str) -> None:
    pk = {
        "policy": certificate.policy_id,
        "certificate": certificate.pk,
        "certificatefile": certificate.file_id,
    }[model]
    address = reverse(f"admin:insurance_{model}_change", args=[pk])
    page = ines.get(address)
    assert page.status_code == 200
    assert b'name="_save"' not in page.content
    assert ines.post(address, {"number": "X"}).status_code == 403
    assert ines.get(reverse(f"admin:insurance_{model}_add")).status_code == 403


def test_a_policy_shows_every_version(ines: Client, certificate: Certificate) -> None:
    page = ines.get(reverse("admin:insurance_policy_history", args=[certificate.policy_id]))
    assert page.status_code == 200
    assert "CGL-100" in words(page)


class TestSpreadsheet:
    def row(self, of: Seller, **departs: str) -> str:
        values = {
            "seller": of.external_reference,
            "marketplace": "US",
            "number": "X-1",
            "insurer": "Harborway",
            "rating": "A",
            "kind": "COMMERCIAL_GENERAL",
            "basis": "OCCURRENCE",
            "tail_years": "0",
            "each_occurrence_minor": "1000000.00",
            "aggregate_minor": "2000000.00",
            "deductible_minor": "5000.00",
            "products_completed_operations": "1",
            "bodily_injury": "1",
            "additional_insured": "Amazon.com Services LLC and its affiliates and assignees",
            "certificate_holder_only": "0",
            "named_insured": of.legal_name,
            "territory": "US; CA",
            "cancellation_notice_days": "30",
            "is_signed": "1",
            "effective_on": (timezone.now() - timedelta(days=30)).date().isoformat(),
            "expires_on": (timezone.now() + timedelta(days=300)).date().isoformat(),
            "products": "",
        } | departs
        return ",".join(values) + "\n" + ",".join(f'"{value}"' for value in values.values()) + "\n"

    def bring(self, sheet: str) -> bool:
        """Whether the rows came in; all of them or none."""
        rows = tablib.Dataset().load(sheet, format="csv")
        person = make_user(role=INSURANCE)
        return not PolicyResource().import_data(rows, user=person).has_errors()  # type: ignore[no-untyped-call]

    def test_a_policy_that_comes_in_is_submitted_and_checked(self, seller: Seller) -> None:
        assert self.bring(self.row(seller))
        policy = Policy.objects.get()
        assert (policy.each_occurrence_minor, policy.territory, policy.products) == (
            100_000_000,
            ["US", "CA"],
            None,
        )
        certificate = Certificate.objects.get()
        assert (certificate.policy, certificate.is_proof, certificate.defect_codes) == (
            policy,
            True,
            [],
        )

    def test_the_defects_of_what_comes_in_are_kept(self, seller: Seller) -> None:
        assert self.bring(self.row(seller, rating="", is_signed="0"))
        assert Certificate.objects.get().defect_codes == ["INSURER_RATING", "SIGNATURE"]

    @pytest.mark.parametrize(
        "departs", [{"seller": "nobody"}, {"each_occurrence_minor": "1e6"}, {"kind": "PET"}]
    )
    def test_a_wrong_row_brings_nothing_in(self, seller: Seller, departs: dict[str, str]) -> None:
        self.bring(self.row(seller, **departs))
        assert (Policy.objects.count(), Certificate.objects.count()) == (0, 0)

    def test_only_the_insurance_group_brings_policies_in(self, ines: Client) -> None:
        address = reverse("admin:insurance_policy_import")
        assert ines.get(address).status_code == 200
        assert staff(AUDITOR).get(address).status_code == 403
        assert staff(AUDITOR).get(reverse("admin:insurance_policy_export")).status_code == 200

    def test_what_goes_out_comes_in_again_as_it_was(self, certificate: Certificate) -> None:
        sheet = PolicyResource().export().csv  # type: ignore[no-untyped-call]
        assert "1000000.00" in sheet
        assert certificate.policy.seller.external_reference in sheet
        before = Policy.objects.values().get()
        assert self.bring(sheet)
        assert Policy.objects.values().get() == before
        assert Certificate.objects.get() == certificate


def test_what_was_read_is_still_there_to_compare(certificate: Certificate) -> None:
    assert certificate.file is not None
    assert READ_POLICY.number is not None
    assert certificate.file.suggested is not None
    (one,) = certificate.file.suggested["policies"]
    assert one["fields"]["number"]["value"] == READ_POLICY.number.value
