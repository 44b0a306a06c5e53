"""A certificate's way in Chromium, with the real reader: it fits, it complains of nothing."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from claims.roles import INSURANCE
from insurance.certificates.reading_due import read_next
from insurance.models import CertificateFile, CoverRequest
from sellers.models import SellerMember
from tests.browser.window import Window
from tests.claims.core.world import lay_down_market, require_cover
from tests.factories import make_member, make_seller, make_user
from tests.insurance.certificates.american import changed
from tests.insurance.certificates.form_paper import draw_form
from tests.insurance.certificates.free_paper import make_scan
from tests.insurance.certificates_flow.world import PDF, sound as sound_policy, submitted

pytestmark = pytest.mark.browser
DAY = timedelta(days=1)
NEXT_YEAR = timezone.now().year + 1


@pytest.fixture
def member(transactional_db: None) -> SellerMember:
    lay_down_market("US")
    seller = make_seller("Brightside Goods LLC")
    CoverRequest.objects.create(
        seller=seller,
        marketplace_id="US",
        requested_on=timezone.now().date() - 19 * DAY,
        reason="Asked.",
    )
    return make_member(seller)


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A sound certificate, one with an unclear date and two defects, and a scan."""
    folder = tmp_path_factory.mktemp("papers")
    dates = {"effective": "06/20/2026", "expires": f"06/20/{NEXT_YEAR}"}
    drawings = {
        "sound": changed("sound", row=dates),
        "other": changed("other", row={**dates, "number": "CGL-200"}),
        "wrong": changed(
            "wrong",
            row={"additional": "N", "effective": "02/03/2026", "expires": f"06/20/{NEXT_YEAR}"},
            said={"additional_insured": "", "rating": "B+"},
        ),
    }
    for name, drawing in drawings.items():
        draw_form(drawing, folder / f"{name}.pdf")
    make_scan(folder / "sound.pdf", folder / "scan.pdf")
    return {name: folder / f"{name}.pdf" for name in ("sound", "other", "wrong", "scan")}


def send(window: Window, member: SellerMember, paper: Path) -> CertificateFile:
    """The file is sent and read; the window shows what was read of it."""
    page = window.page
    page.goto(reverse("insurance:upload", args=[member.seller_id, "US"]))
    page.get_by_label("Your certificate of insurance").set_input_files(paper)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="We read your certificate")).to_be_visible()
    assert read_next(at=timezone.now())
    # The page looks again by itself, without a script.
    expect(page.get_by_role("heading", name="Your certificate is read")).to_be_visible()
    page.get_by_role("link", name="Check and send").click()
    return CertificateFile.objects.latest("pk")


def test_the_way_of_a_certificate(
    window: Window, member: SellerMember, papers: dict[str, Path]
) -> None:
    window.sign_in(member.user)
    page = window.page
    window.visit("/portal/insurance/", "certificate-overview")
    page.get_by_role("link", name="Send a certificate").click()
    window.look("certificate-upload")
    file = send(window, member, papers["wrong"])
    expect(page.get_by_label("Policy number")).to_have_value("CGL-100")
    window.look("certificate-confirm")
    page.get_by_role("button", name="Continue").last.click()
    expect(page.locator(".error-summary")).to_be_focused()
    window.look("certificate-confirm-error")
    page.get_by_role("group", name="Policy begins").get_by_label("3 February 2026").check()
    page.get_by_role("button", name="Continue").last.click()
    expect(
        page.get_by_role("heading", name="Check what you say before you send it")
    ).to_be_visible()
    window.look("certificate-check")
    page.get_by_role("button", name="Send as proof of insurance").click()
    expect(page.get_by_role("heading", name="2 things to correct")).to_be_visible()
    expect(page.get_by_label("Send this to your broker")).to_contain_text("additional insured")
    window.look("certificate-result-defects")
    assert file.pages.count() == 1
    send(window, member, papers["sound"])
    page.get_by_role("button", name="Continue").last.click()
    page.get_by_role("button", name="Send as proof of insurance").click()
    expect(page.get_by_role("heading", name="We have your certificate")).to_be_visible()
    window.look("certificate-result-sound")
    send(window, member, papers["scan"])
    expect(page.get_by_text("Your file is a picture without text")).to_be_visible()
    window.look("certificate-confirm-scan")
    window.visit("/portal/insurance/", "certificate-overview-later")
    assert window.wrong == []


def test_operations_compare_it(
    window: Window, member: SellerMember, papers: dict[str, Path]
) -> None:
    require_cover(member.seller)
    today = timezone.now().date()
    dates = {"effective_on": today - 30 * DAY, "expires_on": today + 300 * DAY}
    window.sign_in(member.user)
    page = window.page
    send(window, member, papers["other"])
    page.get_by_label("Aggregate limit").fill("1000000")
    page.get_by_role("button", name="Continue").last.click()
    page.get_by_role("button", name="Send as proof of insurance").click()
    other = make_seller("Copper Pots LLC")
    submitted(
        other,
        sound_policy(named_insured=other.legal_name, number="P-2", **dates),
        content=PDF,
        at=timezone.now() - 9 * DAY,
    )
    window.sign_in(make_user(role=INSURANCE))
    window.visit(reverse("admin:insurance_certificate_review_queue"), "certificate-queue")
    page.get_by_role("link", name="CGL-200").click()
    expect(page.get_by_text("1 of 20 fields were not read so.")).to_be_visible()
    window.look("certificate-review")
    page.get_by_label("Refuse", exact=True).check()
    page.get_by_label("Reason").fill("The aggregate is 2,000,000 on the paper.")
    page.get_by_role("button", name="Decide").click()
    assert page.get_by_text("is refused. The seller is written.").is_visible()
    assert window.wrong == []
