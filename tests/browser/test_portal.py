"""The portal and sign-in in Chromium: every page in every look, and what only a browser shows."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from playwright.sync_api import FilePayload, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from claims.models import Answer, Claim, Harm, Notice, NoticeState, Recipient
from claims.operations.evidence import keep_evidence
from claims.operations.responding import respond_to_claim
from claims.outcome import CLAIMANT
from claims.queries import seller_actor
from sellers.models import MemberRole, Product, SellerMember
from tests.browser.window import SIZES, Window
from tests.claims.portal.conftest import JPEG, PDF
from tests.factories import (
    PASSWORD,
    make_member,
    make_order,
    make_product,
    make_seller,
    make_user,
    report_assessed,
    report_awaiting_seller,
    report_screened,
)

pytestmark = pytest.mark.browser

# What the browser's clock counts in: milliseconds.
HOUR = 3_600_000
NARRATIVE = (
    "I filled the kettle and switched it on. After about a minute there was a bang, and flames "
    "came out of the base. The worktop is burnt through and the tiles behind it are cracked.\n"
    "Nobody was hurt. I have kept the kettle."
)


@pytest.fixture(scope="module")
def member(transactional_db: None) -> SellerMember:
    """A seller's person, and claims of that seller at every stage that looks different."""
    seller = make_seller("Kettle House LLC", timezone="America/New_York")
    return make_member(seller, user=make_user("robin", first_name="Robin", last_name="Vale"))


@pytest.fixture(scope="module")
def kettle(member: SellerMember) -> Product:
    return make_product(member.seller, title="Copper gooseneck kettle, 1.2 l", sku="KH-KETTLE-12")


def report_asked(kettle: Product, *, days: int, minor: int, **fields: object) -> Claim:
    """A claim whose seller was asked some days ago."""
    at = timezone.now() - timedelta(days=days, hours=5)
    order = make_order(product=kettle)
    return report_awaiting_seller(order, at=at, claimed_minor=minor, narrative=NARRATIVE, **fields)


@pytest.fixture(scope="module")
def claims(member: SellerMember, kettle: Product) -> dict[str, Claim]:
    """A seller's claims at every stage that looks different; no test changes one."""
    scale = make_product(member.seller, title="Kitchen scale with USB charging", sku="KH-SCALE-3")
    now = timezone.now()
    by = seller_actor(member.user)
    asked = report_asked(kettle, days=5, minor=412_050)
    Notice.objects.filter(claim=asked, recipient=Recipient.SELLER).update(
        subject=f"Claim {asked.reference} needs your answer",
        body="Dear Kettle House LLC,\n\na customer reported damage. Please answer in time.",
        state=NoticeState.SENT,
        sent_at=asked.reported_at,
    )
    for name, content in (("kitchen.jpg", JPEG), ("repair-estimate.pdf", PDF)):
        file = SimpleUploadedFile(name, content)
        keep_evidence(claim=asked, file=file, at=asked.reported_at, by=CLAIMANT)
    handled = report_asked(kettle, days=3, minor=230_000)
    rejected = report_asked(kettle, days=4, minor=660_000)
    return {
        "asked": asked,
        "late": report_asked(kettle, days=12, minor=150_000, made_up_fields=["claimant"]),
        "fresh": report_asked(kettle, days=0, minor=1_999_900),
        "within": report_assessed(
            make_order(product=scale), at=now, claimed_minor=18_900, harm=Harm.BATTERY
        ),
        "handled": respond_to_claim(claim=handled, answer=Answer.HANDLE, at=now, by=by),
        "rejected": respond_to_claim(
            claim=rejected,
            answer=Answer.REJECT,
            reason="The photos show a kettle of another brand.",
            at=now,
            by=by,
        ),
        "assessing": report_screened(make_order(product=scale), at=now, claimed_minor=88_000),
    }


def portal_pages(claims: dict[str, Claim]) -> dict[str, str]:
    """Name of the picture → address, for a member."""

    def of(name: str, act: str = "") -> str:
        return f"/portal/claims/{claims[name].reference}/{act}"

    return {
        "inbox": "/portal/",
        "inbox-filtered": "/portal/?status=AWAITING_SELLER&due=7",
        "inbox-nothing": "/portal/?text=teapot",
        "inbox-error": "/portal/?amount_min=lots",
        "claim-asked": of("asked"),
        "claim-late": of("late"),
        "claim-within": of("within"),
        "claim-handled": of("handled"),
        "claim-rejected": of("rejected"),
        "claim-assessing": of("assessing"),
        "answer": of("asked", "answer/"),
        "answer-late": of("late", "answer/"),
        "done": of("rejected", "answer/done/"),
        "settlement": of("handled", "settlement/"),
        "information": of("asked", "information/"),
        "appeal": of("within", "appeal/"),
        "account": "/account/",
        "password": "/accounts/password/change/",
        "second-step": "/accounts/2fa/",
        "confirm": "/accounts/reauthenticate/",
        "sign-out": "/accounts/logout/",
        "not-found": "/portal/claims/RC-2222-2222/",
    }


# A page that says why something cannot be had, or what was wrong with the question.
REFUSED = {"not-found": 404}
OPEN_PAGES = {
    "sign-in": "/accounts/login/",
    "reset": "/accounts/password/reset/",
    "reset-sent": "/accounts/password/reset/done/",
    "reset-spent": "/accounts/password/reset/key/1-dead/",
    "no-sign-up": "/accounts/signup/",
    "closed": "/accounts/inactive/",
}


def test_every_page_fits_and_the_policy_blocks_nothing(
    window: Window, member: SellerMember, claims: dict[str, Claim]
) -> None:
    for name, address in OPEN_PAGES.items():
        window.visit(address, f"portal-{name}")
    window.sign_in(member.user)
    for name, address in portal_pages(claims).items():
        window.visit(address, f"portal-{name}", status=REFUSED.get(name, 200))
    assert window.wrong == []


@pytest.mark.parametrize("size", SIZES)
def test_the_way_through_an_answer(
    window: Window, member: SellerMember, kettle: Product, size: str
) -> None:
    asked = report_asked(kettle, days=5, minor=412_050)
    window.sign_in(member.user)
    window.fit(size)
    page = window.page
    page.goto(f"/portal/claims/{asked.reference}/answer/")
    page.get_by_role("button", name="Continue").click()
    # The summary of errors takes the focus and leads to the field.
    expect(page.locator(".error-summary")).to_be_focused()
    window.look("portal-answer-error")
    page.get_by_role("link", name="Choose how you answer the claim").press("Enter")
    assert page.url.endswith("#id_answer_0")
    page.get_by_role("radio", name="Reject the claim").check()
    page.get_by_label("Your reasons").fill("The kettle in the photos is not ours.")
    photo: FilePayload = {
        "name": "our-kettle.jpg",
        "mimeType": "image/jpeg",
        "buffer": JPEG + b"ours",
    }
    page.get_by_label("Documents and photos").set_input_files([photo])
    page.get_by_role("button", name="Continue").click()
    assert "our-kettle.jpg" in page.inner_text("main")
    window.look("portal-check")
    page.get_by_role("button", name="Send this answer").click()
    assert page.inner_text("h1") == "We have your answer"
    window.look("portal-confirmation")
    page.get_by_role("link", name="Back to this claim").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="our-kettle.jpg").click()
    assert download.value.suggested_filename == "our-kettle.jpg"
    assert window.wrong == []


def test_it_works_without_javascript_on_a_small_screen(
    new_page: Callable[..., Page], member: SellerMember, kettle: Product
) -> None:
    asked = report_asked(kettle, days=5, minor=412_050)
    page = new_page(java_script_enabled=False, viewport={"width": 375, "height": 812})
    page.goto("/")
    page.get_by_label("Username or e-mail address").fill("robin")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name=asked.reference).click()
    assert "left" in page.inner_text(".now .left")
    page.get_by_role("link", name="Answer this claim").click()
    page.get_by_text("Pass it to your insurer").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send this answer").click()
    assert page.inner_text("h1") == "We have your answer"
    page.get_by_role("button", name="Sign out").click()
    assert "/accounts/login/" in page.url


def test_the_keyboard_alone_reaches_the_claim(
    window: Window, member: SellerMember, claims: dict[str, Claim]
) -> None:
    window.sign_in(member.user)
    page = window.page
    page.goto("/portal/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "reference"
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_the_clock_counts_down_in_the_words_of_the_server(
    new_page: Callable[..., Page],
    live_server: LiveServer,
    member: SellerMember,
    claims: dict[str, Claim],
) -> None:
    # The clock of a page stays moved, so this page is not the one of all tests.
    window = Window(new_page(), server=live_server)
    window.sign_in(member.user)
    page = window.page
    page.clock.install()
    page.goto(f"/portal/claims/{claims['asked'].reference}/")
    before = page.inner_text(".now .left")
    page.clock.fast_forward(25 * HOUR)
    after = page.inner_text(".now .left")
    assert before != after
    assert after.endswith("left")
    page.clock.fast_forward(72 * HOUR)
    assert page.inner_text(".now .left").endswith("late")


def test_a_viewer_and_several_sellers(
    window: Window, member: SellerMember, claims: dict[str, Claim]
) -> None:
    both = make_member(member.seller)
    lamps = make_member(make_seller("Lamp & Co"), user=both.user, role=MemberRole.VIEWER)
    theirs = report_awaiting_seller(make_order(lamps.seller), at=timezone.now())
    window.sign_in(both.user)
    window.visit("/portal/?status=AWAITING_SELLER", "portal-inbox-sellers")
    assert "Lamp & Co" in window.page.inner_text("main")
    window.visit(f"/portal/claims/{theirs.reference}/", "portal-claim-viewer")
    window.visit(f"/portal/claims/{theirs.reference}/answer/", "portal-refused", status=403)
    assert window.wrong == []


def test_staff_set_up_their_second_step(window: Window, settings: Settings) -> None:
    settings.STAFF_MFA_REQUIRED = True
    make_user("sam", role="Adjuster")
    page = window.page
    page.goto("/admin/")
    page.get_by_label("Username or e-mail address").fill("sam")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    window.look("portal-sign-in-error")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    assert page.inner_text("h1") == "Set up a second step"
    window.look("portal-set-up-second-step")
    assert window.wrong == []
