"""The demo's certificates: one file in every state that a person acts on, all made up."""

import pytest
from django.test import Client

from claims.demo.certificates import lay_out_certificates
from claims.demo.load import Loaded
from claims.demo.paper import draw_page, picture_of
from insurance.models import Certificate, CertificateFile, CertificatePage
from sellers.models import Seller, SellerMember
from tests.claims.demo.conftest import NOW

pytestmark = pytest.mark.django_db


def test_one_file_stands_in_every_state(demo: Loaded) -> None:
    files = CertificateFile.objects.order_by("uploaded_at").values_list("name", "state")
    assert list(files) == [
        ("certificate.pdf", "SUPERSEDED"),
        ("policy.pdf", "UNREADABLE"),
        ("certificate-corrected.pdf", "CONFIRMED"),
        ("renewal.pdf", "READ"),
    ]
    sent = Certificate.objects.exclude(file=None).order_by("submitted_at")
    assert [(one.defect_codes, one.waits_for_review) for one in sent] == [
        (["CERTIFICATE_HOLDER_ONLY", "INSURER_RATING"], False),
        ([], True),
    ]
    assert all(file.is_made_up for file in CertificateFile.objects.all())
    assert CertificatePage.objects.count() == 3


def test_a_second_load_makes_no_second_file(demo: Loaded) -> None:
    lay_out_certificates({seller.legal_name: seller for seller in Seller.objects.all()}, NOW)
    assert CertificateFile.objects.count() == 4


def test_their_sellers_see_them_and_can_go_on(demo: Loaded) -> None:
    for file in CertificateFile.objects.select_related("seller"):
        client = Client()
        client.force_login(SellerMember.objects.filter(seller=file.seller).earliest("pk").user)
        page = client.get("/portal/insurance/")
        assert file.name in page.content.decode()
        answer = client.get(f"/portal/insurance/certificates/{file.pk}/", follow=True)
        assert answer.status_code == 200
        if file.may_be_confirmed:
            form = client.get(f"/portal/insurance/certificates/{file.pk}/confirm/")
            assert form.status_code == 200


def test_the_paper_is_a_page_with_its_words() -> None:
    page = draw_page("CERTIFICATE", [("Insurer", "Harbour (made up)")])
    assert page.startswith(b"%PDF-1.4")
    assert rb"(Harbour \(made up\)) Tj" in page
    assert picture_of(page).startswith(b"\x89PNG")
