"""Every page of the console in Chromium: no error of the policy, and pictures to look at."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright
from pytest_django.live_server_helper import LiveServer

from claims.lifecycle import Status
from claims.models import TermsDraft
from claims.operations.terms import propose_terms
from claims.queries import actor_for
from claims.roles import ADMINISTRATOR, PAYMENTS, SENIOR_ADJUSTER
from sellers.models import Marketplace, Seller
from tests.claims.admin.looks import beat_all
from tests.claims.admin.world import World, make_staff, make_world

# Playwright's own loop runs in this thread; Django would refuse to touch its database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOTS = Path(settings.BASE_DIR) / "var" / "screenshots"
SIZES = {"1280": (1280, 900), "375": (375, 812)}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def staff(db: None) -> dict[str, User]:
    return make_staff()


@pytest.fixture
def world(staff: dict[str, User]) -> World:
    beat_all(timezone.now())
    return make_world()


def open_page(browser: Browser, server: LiveServer, user: User, size: str, scheme: str) -> Page:
    """A page signed in as somebody, that fails on any complaint of the console."""
    client = Client()
    client.force_login(user)
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": server.url}]
    )
    return context.new_page()


def addresses(world: World, draft: TermsDraft) -> dict[str, tuple[str, str]]:
    """Name of the picture → who looks, and the address."""
    standing = world.claims

    def claim_file(status: Status) -> str:
        return reverse("admin:claims_claim_change", args=[standing[status].reference])

    def step(reference: str, slug: str) -> str:
        return reverse("admin:claims_claim_step", args=[reference, slug])

    assessed = standing[Status.IN_ASSESSMENT].reference
    rejected = standing[Status.IN_ADJUDICATION].reference
    return {
        "queue": (SENIOR_ADJUSTER, reverse("admin:index")),
        "queue-adjudication": (SENIOR_ADJUSTER, reverse("admin:index") + "?queue=ADJUDICATION"),
        "queue-empty": (SENIOR_ADJUSTER, reverse("admin:index") + "?q=nobody"),
        "file-adjudication": (SENIOR_ADJUSTER, claim_file(Status.IN_ADJUDICATION)),
        "file-approved": (PAYMENTS, claim_file(Status.APPROVED)),
        "file-proposed": (
            SENIOR_ADJUSTER,
            reverse("admin:claims_claim_change", args=[world.proposed.reference]),
        ),
        "step-assess": (SENIOR_ADJUSTER, step(assessed, "assess")),
        "step-uphold": (SENIOR_ADJUSTER, step(rejected, "uphold")),
        "step-place-hold": (SENIOR_ADJUSTER, step(rejected, "place-hold")),
        "claims": (SENIOR_ADJUSTER, reverse("admin:claims_claim_changelist")),
        "payouts": (PAYMENTS, reverse("admin:claims_payouts")),
        "payout-list": (PAYMENTS, reverse("admin:claims_payout_changelist")),
        "records": (ADMINISTRATOR, reverse("admin:records")),
        "sellers": (ADMINISTRATOR, reverse("admin:sellers_seller_changelist")),
        "seller": (
            ADMINISTRATOR,
            reverse("admin:sellers_seller_change", args=[Seller.objects.all()[0].pk]),
        ),
        "seller-history": (
            ADMINISTRATOR,
            reverse("admin:sellers_seller_history", args=[Seller.objects.all()[0].pk]),
        ),
        "terms": (ADMINISTRATOR, reverse("admin:claims_termsversion_changelist")),
        "terms-version": (
            ADMINISTRATOR,
            reverse("admin:claims_termsversion_change", args=[standing[Status.REPORTED].terms_id]),
        ),
        "terms-propose": (ADMINISTRATOR, reverse("admin:claims_terms_propose", args=["US"])),
        "terms-draft": (
            SENIOR_ADJUSTER,
            reverse("admin:claims_termsdraft_change", args=[draft.pk]),
        ),
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_every_page_obeys_the_policy_and_fits_its_window(  # noqa: PLR0917 - fixtures
    chromium: Browser,
    live_server: LiveServer,
    world: World,
    staff: dict[str, User],
    size: str,
    scheme: str,
) -> None:
    draft = propose_terms(
        marketplace=Marketplace.objects.get(code="US"),
        effective_on=date(2090, 1, 1),
        changes={"ceiling_minor": 150_000, "response_days": 10},
        reason="The board wants quicker payment of small claims.",
        at=timezone.now(),
        by=actor_for(staff[ADMINISTRATOR]),
    )
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    SHOTS.mkdir(parents=True, exist_ok=True)
    pages = {
        role: open_page(chromium, live_server, staff[role], size, scheme)
        for role in (SENIOR_ADJUSTER, PAYMENTS, ADMINISTRATOR)
    }
    too_wide = []
    for page in pages.values():
        page.on("console", note)
    for name, (role, url) in addresses(world, draft).items():
        page = pages[role]
        answer = page.goto(live_server.url + url)
        assert answer is not None
        assert answer.status == 200, (name, answer.status)
        page.screenshot(path=SHOTS / f"admin-{name}-{size}-{scheme}.png", full_page=True)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > SIZES[size][0]:
            too_wide.append((name, width))
    for page in pages.values():
        page.context.close()
    assert complaints == []
    assert too_wide == []
