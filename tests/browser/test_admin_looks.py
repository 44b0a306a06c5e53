"""The pages of looks, clocks, backtest and instructions in Chromium, as every page of the console.

No error of the policy, no page wider than its window, and pictures to look at.
"""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

from claims.lifecycle import Status
from claims.models import FraudSignal, Heartbeat, PayoutSwitch
from claims.roles import ADMINISTRATOR, PAYMENTS, SENIOR_ADJUSTER
from tests.browser.test_admin import SHOTS, SIZES, chromium, open_page, staff, world
from tests.claims.admin.looks import beat_all, find_hit, instruct, open_case, set_aside
from tests.claims.admin.world import World
from tests.claims.core.world import lay_down_market

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIXTURES = (chromium, staff, world)


@pytest.fixture
def pages_to_see(world: World, tmp_path: Path) -> dict[str, tuple[str, str]]:
    """Name of the picture → who looks, and the address."""
    now = timezone.now()
    lay_down_market("US")
    case = open_case(now - timedelta(hours=20))
    claim = world.claims[Status.IN_ADJUDICATION]
    record = find_hit(claim, tmp_path, at=now)
    set_aside(world.claims[Status.AWAITING_SELLER], at=now)
    instruct(world.claims[Status.APPROVED], at=now)
    beat_all(now)
    period = f"first={now - timedelta(days=120):%Y-%m-%d}&last={now:%Y-%m-%d}"
    backtest = reverse("admin:claims_backtest_of", args=["US"])
    explain = reverse("admin:claims_explain", args=[claim.reference])
    return {
        "explain": (SENIOR_ADJUSTER, explain),
        "file-looks": (
            SENIOR_ADJUSTER,
            reverse("admin:claims_claim_change", args=[claim.reference]),
        ),
        "safety": (SENIOR_ADJUSTER, reverse("admin:claims_safety")),
        "safety-case": (SENIOR_ADJUSTER, reverse("admin:claims_safety_case", args=[case.pk])),
        "sanctions": (SENIOR_ADJUSTER, reverse("admin:claims_sanctions")),
        "screening": (SENIOR_ADJUSTER, reverse("admin:claims_screening", args=[record.pk])),
        "signals": (SENIOR_ADJUSTER, reverse("admin:claims_signals")),
        "signal": (
            SENIOR_ADJUSTER,
            reverse("admin:claims_signal", args=[FraudSignal.objects.all()[0].pk]),
        ),
        "clocks": (PAYMENTS, reverse("admin:claims_watch")),
        "withholding": (PAYMENTS, reverse("admin:claims_withholding")),
        "backtest": (ADMINISTRATOR, backtest),
        "backtest-result": (
            ADMINISTRATOR,
            f"{backtest}?{period}&ceiling_minor=5000&automatic_limit_minor=100",
        ),
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_every_page_obeys_the_policy_and_fits_its_window(  # noqa: PLR0917 - fixtures
    chromium: Browser,
    live_server: LiveServer,
    pages_to_see: dict[str, tuple[str, str]],
    staff: dict[str, User],
    size: str,
    scheme: str,
) -> None:
    complaints: list[str] = []
    pages = {
        role: watched_page(chromium, live_server, staff[role], size, scheme, complaints)
        for role in (SENIOR_ADJUSTER, PAYMENTS, ADMINISTRATOR)
    }
    too_wide = []
    for name, (role, url) in pages_to_see.items():
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
    assert (complaints, too_wide) == ([], [])


def watched_page(  # noqa: PLR0917 - what open_page takes, and where complaints go
    browser: Browser,
    server: LiveServer,
    user: User,
    size: str,
    scheme: str,
    complaints: list[str],
) -> Page:
    """A page signed in as somebody; what the browser complains of is written down."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page = open_page(browser, server, user, size, scheme)

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    page.on("console", note)
    return page


def test_the_menu_of_more_places_opens_and_warnings_stand_on_every_page(
    chromium: Browser, live_server: LiveServer, world: World, staff: dict[str, User]
) -> None:
    PayoutSwitch.objects.update_or_create(
        id=1, defaults={"is_paused": True, "reason": "The bank is closed."}
    )
    Heartbeat.objects.all().delete()
    for size in SIZES:
        page = open_page(chromium, live_server, staff[ADMINISTRATOR], size, "light")
        page.goto(live_server.url + reverse("admin:index"))
        assert page.get_by_text("Clocks stand still.").is_visible()
        assert page.get_by_text("Payouts are paused.").is_visible()
        page.get_by_text("More", exact=True).click()
        page.screenshot(path=SHOTS / f"admin-more-{size}-light.png")
        page.get_by_role("link", name="Safety cases").click()
        assert page.url.endswith(reverse("admin:claims_safety"))
        assert page.get_by_text("Payouts are paused.").is_visible()
        page.context.close()
