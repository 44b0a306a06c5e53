"""A certificate's way in Chromium, with the real reader: it fits, it complains of nothing."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from claims.roles import INSURANCE
from insurance.certificates.reading_due import read_next
from insurance.models import CertificateFile, CoverRequest
from sellers.models import SellerMember
from tests.browser.test_admin import SIZES, open_page
from tests.browser.test_portal import (
    SHOTS,
    chromium,
    is_wider_than_its_window,
    open_context,
    watched,
)
from tests.claims.core.world import lay_down_market, require_cover
from tests.factories import make_member, make_seller, make_user
from tests.insurance.certificates.american import changed
from tests.insurance.certificates.form_paper import draw_form
from tests.insurance.certificates.free_paper import make_scan
from tests.insurance.certificates_flow.world import PDF, sound as sound_policy, submitted

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIXTURES = (chromium,)
DAY = timedelta(days=1)
NEXT_YEAR = timezone.now().year + 1


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "files")
    cache.clear()


@pytest.fixture
def member() -> SellerMember:
    lay_down_market("US")
    seller = make_seller("Brightside Goods LLC")
    CoverRequest.objects.create(
        seller=seller,
        marketplace_id="US",
        requested_on=timezone.now().date() - 19 * DAY,
        reason="Asked.",
    )
    return make_member(seller)


@pytest.fixture
def papers(tmp_path: Path) -> dict[str, Path]:
    """A sound certificate, one with an unclear date and two defects, and a scan."""
    dates = {"effective": "06/20/2026", "expires": f"06/20/{NEXT_YEAR}"}
    drawings = {
        "sound": changed("sound", row=dates),
        "wrong": changed(
            "wrong",
            row={"additional": "N", "effective": "02/03/2026", "expires": f"06/20/{NEXT_YEAR}"},
            said={"additional_insured": "", "rating": "B+"},
        ),
    }
    for name, drawing in drawings.items():
        draw_form(drawing, tmp_path / f"{name}.pdf")
    make_scan(tmp_path / "sound.pdf", tmp_path / "scan.pdf")
    return {name: tmp_path / f"{name}.pdf" for name in ("sound", "wrong", "scan")}


def send(page: Page, member: SellerMember, paper: Path) -> CertificateFile:
    """The file is sent and read; the page shows where it stands."""
    page.goto(reverse("insurance:upload", args=[member.seller_id, "US"]))
    page.get_by_label("Your certificate of insurance").set_input_files(paper)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="We read your certificate")).to_be_visible()
    assert read_next(at=timezone.now())
    return CertificateFile.objects.latest("pk")


def shoot(page: Page, name: str, size: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"certificate-{name}-{size}.png", full_page=True)
    assert not is_wider_than_its_window(page), name


@pytest.mark.parametrize("size", SIZES)
def test_the_way_of_a_certificate(
    chromium: Browser,
    live_server: LiveServer,
    member: SellerMember,
    papers: dict[str, Path],
    size: str,
) -> None:
    width, height = SIZES[size]
    look = {"viewport": {"width": width, "height": height}}
    page, complaints = watched(open_context(chromium, live_server, member, **look))
    page.goto("/portal/insurance/")
    shoot(page, "overview", size)
    page.get_by_role("link", name="Send a certificate").click()
    shoot(page, "upload", size)
    file = send(page, member, papers["wrong"])
    # The page looks again by itself, without a script.
    expect(page.get_by_role("heading", name="Your certificate is read")).to_be_visible()
    page.get_by_role("link", name="Check and send").click()
    expect(page.get_by_label("Policy number")).to_have_value("CGL-100")
    shoot(page, "confirm", size)
    page.get_by_role("button", name="Continue").last.click()
    expect(page.locator(".error-summary")).to_be_focused()
    shoot(page, "confirm-error", size)
    page.get_by_role("group", name="Policy begins").get_by_label("3 February 2026").check()
    page.get_by_role("button", name="Continue").last.click()
    expect(
        page.get_by_role("heading", name="Check what you say before you send it")
    ).to_be_visible()
    shoot(page, "check", size)
    page.get_by_role("button", name="Send as proof of insurance").click()
    expect(page.get_by_role("heading", name="2 things to correct")).to_be_visible()
    expect(page.get_by_label("Send this to your broker")).to_contain_text("additional insured")
    shoot(page, "result-defects", size)
    assert file.pages.count() == 1
    send(page, member, papers["sound"])
    page.goto(reverse("insurance:confirm", args=[CertificateFile.objects.latest("pk").pk]))
    page.get_by_role("button", name="Continue").last.click()
    page.get_by_role("button", name="Send as proof of insurance").click()
    expect(page.get_by_role("heading", name="We have your certificate")).to_be_visible()
    shoot(page, "result-sound", size)
    send(page, member, papers["scan"])
    page.goto(reverse("insurance:confirm", args=[CertificateFile.objects.latest("pk").pk]))
    expect(page.get_by_text("Your file is a picture without text")).to_be_visible()
    shoot(page, "confirm-scan", size)
    page.goto("/portal/insurance/")
    shoot(page, "overview-later", size)
    # A form that was refused is told by its status.
    assert [one for one in complaints if "status of 422" not in one] == []
    page.context.close()


def test_operations_compare_it(
    chromium: Browser, live_server: LiveServer, member: SellerMember, papers: dict[str, Path]
) -> None:
    require_cover(member.seller)
    today = timezone.now().date()
    dates = {"effective_on": today - 30 * DAY, "expires_on": today + 300 * DAY}
    page, _ = watched(open_context(chromium, live_server, member))
    send(page, member, papers["sound"])
    page.goto(reverse("insurance:confirm", args=[CertificateFile.objects.latest("pk").pk]))
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
    page.context.close()
    ines = make_user("ines", role=INSURANCE)
    for size in SIZES:
        console = open_page(chromium, live_server, ines, size, "light")
        console.goto(live_server.url + reverse("admin:insurance_certificate_review_queue"))
        shoot(console, "queue", size)
        console.get_by_role("link", name="CGL-100").click()
        expect(console.get_by_text("1 of 20 fields were not read so.")).to_be_visible()
        shoot(console, "review", size)
        console.context.close()
    console = open_page(chromium, live_server, ines, "1280", "light")
    console.goto(live_server.url + reverse("admin:insurance_certificate_review_queue"))
    console.get_by_role("link", name="CGL-100").click()
    console.get_by_label("Refuse", exact=True).check()
    console.get_by_label("Reason").fill("The aggregate is 2,000,000 on the paper.")
    console.get_by_role("button", name="Decide").click()
    assert console.get_by_text("is refused. The seller is written.").is_visible()
    console.context.close()
