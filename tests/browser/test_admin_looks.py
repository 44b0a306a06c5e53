"""The pages of looks, clocks, backtest and instructions in Chromium, as every page of the console.

No error of the policy, and no page wider than its window.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from claims.lifecycle import Status
from claims.models import FraudSignal, Heartbeat, PayoutSwitch
from claims.roles import ADMINISTRATOR, PAYMENTS, SENIOR_ADJUSTER
from tests.browser.window import SIZES, Window
from tests.claims.admin.looks import beat_all, find_hit, instruct, open_case, set_aside
from tests.claims.admin.world import World
from tests.claims.core.world import lay_down_market

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-looks")]


@pytest.fixture(scope="module")
def pages_to_see(
    world: World, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[str, str]]:
    """Name of the picture → who looks, and the address."""
    now = timezone.now()
    lay_down_market("US")
    case = open_case(now - timedelta(hours=20))
    claim = world.claims[Status.IN_ADJUDICATION]
    record = find_hit(claim, tmp_path_factory.mktemp("list"), at=now)
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


def test_every_page_obeys_the_policy_and_fits_its_window(
    window: Window, pages_to_see: dict[str, tuple[str, str]], staff: dict[str, User]
) -> None:
    for role in (SENIOR_ADJUSTER, PAYMENTS, ADMINISTRATOR):
        window.sign_in(staff[role])
        for name in [name for name, (who, _) in pages_to_see.items() if who == role]:
            window.visit(pages_to_see[name][1], f"admin-{name}")
    assert window.wrong == []


@pytest.fixture
def standstill(world: World) -> Iterator[None]:
    """Payouts are paused, and no clock runs; afterwards both are as before."""
    PayoutSwitch.objects.update_or_create(
        id=1, defaults={"is_paused": True, "reason": "The bank is closed."}
    )
    Heartbeat.objects.all().delete()
    yield
    PayoutSwitch.objects.update(is_paused=False, reason="")
    beat_all(timezone.now())


@pytest.mark.parametrize("size", SIZES)
def test_the_menu_of_more_places_opens_and_warnings_stand_on_every_page(
    window: Window, standstill: None, staff: dict[str, User], size: str
) -> None:
    window.sign_in(staff[ADMINISTRATOR])
    window.fit(size)
    page = window.page
    page.goto(reverse("admin:index"))
    assert page.get_by_text("Clocks stand still.").is_visible()
    assert page.get_by_text("Payouts are paused.").is_visible()
    page.get_by_text("More", exact=True).click()
    window.look("admin-more")
    page.get_by_role("link", name="Safety cases").click()
    assert page.url.endswith(reverse("admin:claims_safety"))
    assert page.get_by_text("Payouts are paused.").is_visible()
    assert window.wrong == []
