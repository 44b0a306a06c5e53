"""The portal and sign-in in Chromium: pictures of every page, and what only a browser can show."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from playwright.sync_api import (
    Browser,
    BrowserContext,
    FilePayload,
    Page,
    Playwright,
    expect,
)
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from claims.models import Answer, Claim, Harm, Notice, NoticeState, Recipient
from claims.operations.evidence import keep_evidence
from claims.operations.responding import respond_to_claim
from claims.outcome import CLAIMANT
from claims.queries import seller_actor
from sellers.models import MemberRole, SellerMember
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

# Playwright's own loop runs in this thread; Django would refuse to touch its database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOTS = Path(settings.BASE_DIR) / "var" / "screenshots"
SIZES = {"1280": (1280, 900), "375": (375, 812)}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
# What the browser's clock counts in: milliseconds.
HOUR = 3_600_000
NARRATIVE = (
    "I filled the kettle and switched it on. After about a minute there was a bang, and flames "
    "came out of the base. The worktop is burnt through and the tiles behind it are cracked.\n"
    "Nobody was hurt. I have kept the kettle."
)


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
    yield browser
    browser.close()


class Look(NamedTuple):
    """A window: how pictures taken in it are called, and what Chromium needs to know."""

    name: str
    options: dict[str, Any]


def look_of(size: str, scheme: str) -> Look:
    width, height = SIZES[size]
    viewport = {"width": width, "height": height}
    return Look(f"{size}-{scheme}", {"viewport": viewport, "color_scheme": scheme})


LOOKS = [look_of(size, scheme) for size in SIZES for scheme in ("light", "dark")]


@pytest.fixture(params=LOOKS, ids=lambda look: str(look.name))
def look(request: pytest.FixtureRequest) -> Look:
    """Small and large, light and dark."""
    chosen: Look = request.param
    return chosen


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    cache.clear()


@pytest.fixture
def member() -> SellerMember:
    seller = make_seller("Kettle House LLC", timezone="America/New_York")
    return make_member(seller, user=make_user("robin", first_name="Robin", last_name="Vale"))


@pytest.fixture
def claims(member: SellerMember) -> dict[str, Claim]:
    """A seller's claims at every stage that looks different."""
    return make_claims(member)


def make_claims(member: SellerMember) -> dict[str, Claim]:
    """A seller's claims at every stage that looks different."""
    kettle = make_product(member.seller, title="Copper gooseneck kettle, 1.2 l", sku="KH-KETTLE-12")
    scale = make_product(member.seller, title="Kitchen scale with USB charging", sku="KH-SCALE-3")
    now = timezone.now()
    by = seller_actor(member.user)

    def awaiting(days: int, minor: int, **fields: object) -> Claim:
        at = now - timedelta(days=days, hours=5)
        return report_awaiting_seller(
            make_order(product=kettle), at=at, claimed_minor=minor, narrative=NARRATIVE, **fields
        )

    asked = awaiting(5, 412_050)
    Notice.objects.filter(claim=asked, recipient=Recipient.SELLER).update(
        subject=f"Claim {asked.reference} needs your answer",
        body="Dear Kettle House LLC,\n\na customer reported damage. Please answer in time.",
        state=NoticeState.SENT,
        sent_at=asked.reported_at,
    )
    for name, content in (("kitchen.jpg", JPEG), ("repair-estimate.pdf", PDF)):
        file = SimpleUploadedFile(name, content)
        keep_evidence(claim=asked, file=file, at=asked.reported_at, by=CLAIMANT)
    within = report_assessed(
        make_order(product=scale), at=now, claimed_minor=18_900, harm=Harm.BATTERY
    )
    handled = respond_to_claim(claim=awaiting(3, 230_000), answer=Answer.HANDLE, at=now, by=by)
    rejected = respond_to_claim(
        claim=awaiting(4, 660_000),
        answer=Answer.REJECT,
        reason="The photos show a kettle of another brand.",
        at=now,
        by=by,
    )
    return {
        "asked": asked,
        "late": awaiting(12, 150_000, made_up_fields=["claimant"]),
        "fresh": awaiting(0, 1_999_900),
        "within": within,
        "handled": handled,
        "rejected": rejected,
        "assessing": report_screened(make_order(product=scale), at=now, claimed_minor=88_000),
    }


def open_context(
    browser: Browser, server: LiveServer, member: SellerMember | None, **options: Any
) -> BrowserContext:
    """A browser of its own, signed in as a member."""
    context = browser.new_context(base_url=server.url, **options)
    if member is not None:
        client = Client()
        client.force_login(member.user)
        name = settings.SESSION_COOKIE_NAME
        cookie = client.cookies[name].value
        context.add_cookies([{"name": name, "value": cookie, "url": server.url}])
    return context


def watched(context: BrowserContext) -> tuple[Page, list[str]]:
    """A page, and what its console and the policy complain about."""
    page = context.new_page()
    complaints: list[str] = []
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text)
            # A page that is not there, and a form that was refused, are told by their status.
            if message.type in {"error", "warning"} and "status of 40" not in message.text
            else None
        ),
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, complaints


def shoot(page: Page, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"portal-{name}.png", full_page=True)


def is_wider_than_its_window(page: Page) -> bool:
    wide: bool = page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    return wide


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


OPEN_PAGES = {
    "sign-in": "/accounts/login/",
    "reset": "/accounts/password/reset/",
    "reset-sent": "/accounts/password/reset/done/",
    "reset-spent": "/accounts/password/reset/key/1-dead/",
    "no-sign-up": "/accounts/signup/",
    "closed": "/accounts/inactive/",
}


def test_every_page_fits_and_the_policy_blocks_nothing(
    chromium: Browser,
    live_server: LiveServer,
    member: SellerMember,
    claims: dict[str, Claim],
    look: Look,
) -> None:
    for who, pages in ((member, portal_pages(claims)), (None, OPEN_PAGES)):
        page, complaints = watched(open_context(chromium, live_server, who, **look.options))
        for name, address in pages.items():
            page.goto(address)
            shoot(page, f"{name}-{look.name}")
            assert not is_wider_than_its_window(page), name
            assert complaints == [], name
        page.context.close()


def test_the_way_through_an_answer(
    chromium: Browser,
    live_server: LiveServer,
    member: SellerMember,
    claims: dict[str, Claim],
    look: Look,
) -> None:
    page, complaints = watched(open_context(chromium, live_server, member, **look.options))
    page.goto(f"/portal/claims/{claims['asked'].reference}/answer/")
    page.get_by_role("button", name="Continue").click()
    # The summary of errors takes the focus and leads to the field.
    expect(page.locator(".error-summary")).to_be_focused()
    shoot(page, f"answer-error-{look.name}")
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
    shoot(page, f"check-{look.name}")
    page.get_by_role("button", name="Send this answer").click()
    assert page.inner_text("h1") == "We have your answer"
    shoot(page, f"confirmation-{look.name}")
    page.get_by_role("link", name="Back to this claim").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="our-kettle.jpg").click()
    assert download.value.suggested_filename == "our-kettle.jpg"
    assert complaints == []
    page.context.close()


def test_it_works_without_javascript_on_a_small_screen(
    chromium: Browser, live_server: LiveServer, member: SellerMember, claims: dict[str, Claim]
) -> None:
    context = open_context(
        chromium,
        live_server,
        None,
        java_script_enabled=False,
        viewport={"width": 375, "height": 812},
    )
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Username or e-mail address").fill("robin")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name=claims["asked"].reference).click()
    assert "left" in page.inner_text(".now .left")
    page.get_by_role("link", name="Answer this claim").click()
    page.get_by_text("Pass it to your insurer").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send this answer").click()
    assert page.inner_text("h1") == "We have your answer"
    page.get_by_role("button", name="Sign out").click()
    assert "/accounts/login/" in page.url
    context.close()


def test_the_keyboard_alone_reaches_the_claim(
    chromium: Browser, live_server: LiveServer, member: SellerMember, claims: dict[str, Claim]
) -> None:
    page, _ = watched(open_context(chromium, live_server, member))
    page.goto("/portal/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "reference"
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.context.close()


def test_the_clock_counts_down_in_the_words_of_the_server(
    chromium: Browser, live_server: LiveServer, member: SellerMember, claims: dict[str, Claim]
) -> None:
    page, _ = watched(open_context(chromium, live_server, member))
    page.clock.install()
    page.goto(f"/portal/claims/{claims['asked'].reference}/")
    before = page.inner_text(".now .left")
    page.clock.fast_forward(25 * HOUR)
    after = page.inner_text(".now .left")
    assert before != after
    assert after.endswith("left")
    page.clock.fast_forward(72 * HOUR)
    assert page.inner_text(".now .left").endswith("late")
    page.context.close()


def test_a_viewer_and_several_sellers(
    chromium: Browser, live_server: LiveServer, member: SellerMember, claims: dict[str, Claim]
) -> None:
    other = make_member(make_seller("Lamp & Co"), user=member.user, role=MemberRole.VIEWER)
    theirs = report_awaiting_seller(make_order(other.seller), at=timezone.now())
    for size, (width, height) in SIZES.items():
        look = {"viewport": {"width": width, "height": height}}
        page, complaints = watched(open_context(chromium, live_server, member, **look))
        page.goto("/portal/?status=AWAITING_SELLER")
        assert "Lamp & Co" in page.inner_text("main")
        shoot(page, f"inbox-sellers-{size}-light")
        page.goto(f"/portal/claims/{theirs.reference}/")
        shoot(page, f"claim-viewer-{size}-light")
        page.goto(f"/portal/claims/{theirs.reference}/answer/")
        shoot(page, f"refused-{size}-light")
        assert complaints == []
        page.context.close()


def test_staff_set_up_their_second_step(
    chromium: Browser, live_server: LiveServer, settings: Settings, look: Look
) -> None:
    settings.STAFF_MFA_REQUIRED = True
    make_user("sam", role="Adjuster")
    page, complaints = watched(open_context(chromium, live_server, None, **look.options))
    page.goto("/admin/")
    page.get_by_label("Username or e-mail address").fill("sam")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    shoot(page, f"sign-in-error-{look.name}")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    assert page.inner_text("h1") == "Set up a second step"
    shoot(page, f"set-up-second-step-{look.name}")
    assert not is_wider_than_its_window(page)
    assert complaints == []
    page.context.close()
