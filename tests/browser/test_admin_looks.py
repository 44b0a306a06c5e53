"""The pages of looks, clocks, backtest and instructions in Chromium, as every page of the console.

No error of the policy, and no page wider than its window.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Route

from claims.lifecycle import Status
from claims.models import FraudSignal, Heartbeat, InvariantReport, PayoutSwitch
from claims.operations.bank_files import take_bank_answer
from claims.operations.limits import change_limits
from claims.queries import actor_for
from claims.roles import ADMINISTRATOR, PAYMENTS, SENIOR_ADJUSTER
from sellers.inform_steps import record_details_collected
from sellers.models import InformTerms, Marketplace, Seller
from sellers.portal.not_kept import NotKept
from tests.browser.window import SIZES, Window
from tests.claims.admin.looks import beat_all, find_hit, instruct, open_case, set_aside
from tests.claims.admin.world import World
from tests.claims.core.world import lay_down_market
from tests.claims.providers.bank.messages import account_notice
from tests.factories import make_order

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def pages_to_see(
    world: World, staff: dict[str, User], tmp_path_factory: pytest.TempPathFactory
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
    seller = sell_a_lot(claim.seller, at=now, by=staff[ADMINISTRATOR])
    give_bank_file(staff[PAYMENTS], at=now)
    report_breach(at=now)
    limits = change_limits(
        changes={"hourly_count": 3000, "USD": 500_000_000},
        reason="The backlog of the month's end.",
        at=now,
        by=actor_for(staff[ADMINISTRATOR]),
    )
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
        "bank-files": (PAYMENTS, reverse("admin:claims_bank_files")),
        "high-volume": (ADMINISTRATOR, reverse("admin:claims_high_volume")),
        "inform": (ADMINISTRATOR, reverse("admin:claims_inform", args=[seller.pk])),
        "inform-step": (
            ADMINISTRATOR,
            reverse("admin:claims_inform_act", args=[seller.pk, "verified"]),
        ),
        "limits": (ADMINISTRATOR, reverse("admin:claims_limits")),
        "limits-form": (ADMINISTRATOR, reverse("admin:claims_limits_change")),
        "limits-draft": (SENIOR_ADJUSTER, reverse("admin:claims_limits_draft", args=[limits.pk])),
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


def sell_a_lot(seller: Seller, *, at: datetime, by: User) -> Seller:
    """A seller that is high-volume by figures of these tests, and gave its details."""
    us = Marketplace.objects.get(pk="US")
    InformTerms.objects.create(
        marketplace=us,
        effective_on=at.date() - timedelta(days=40),
        sales=1,
        gross_minor=1,
        months=12,
        clock_days=10,
        marks={},
    )
    make_order(seller, delivered_on=at.date() - timedelta(days=15))
    record_details_collected(
        seller=seller,
        marketplace=us,
        on=at.date() - timedelta(days=2),
        words="Bank account, tax number, working e-mail address and telephone number.",
        source="The store's form of that day",
        at=at,
        by=by,
    )
    return seller


def give_bank_file(user: User, *, at: datetime) -> None:
    """A message of the bank that fits none of our transfers."""
    line = ("RC-7K3M-92PX-1", "DBIT", "400.00", "")
    take_bank_answer(content=account_notice(line), at=at, by=actor_for(user))


def report_breach(*, at: datetime) -> None:
    """A nightly check that found something."""
    found = "I3 RC-7K3M-92PX-1: the payout is QUEUED, and should have been looked at before"
    line = {"code": "I3", "title": "nothing that is due waits", "words": "violated 1 time"}
    InvariantReport.objects.create(
        at=at,
        seconds=1,
        asked_by="nightly check",
        violations=1,
        lines=[line | {"violations": 1, "first": [found]}],
    )


def test_pages_of_errors_obey_the_policy_and_fit_their_window(window: Window, world: World) -> None:
    """Those that a server only shows when it fails are given to the browser with its policy."""
    policy = Client().get("/accounts/login/").headers["Content-Security-Policy"]
    context = {
        "request_reference": "Q-7K3M-92PX",
        "path": "/",
        "most": 50,
        "not_kept": NotKept("Your answer", "Mon 30 November 2026, 00:00 PST", "6 days left"),
    }

    def refuse(route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        route.fulfill(
            status=int(name[:3]),
            content_type="text/html",
            headers={"Content-Security-Policy": policy},
            body=render_to_string(f"{name}.html", context),
        )

    window.page.route("**/refused/*", refuse)
    for name in ("400", "403_csrf", "413", "429", "500", "507"):
        window.visit(f"/refused/{name}", f"error-{name}", status=int(name[:3]))
        assert window.page.get_by_text("Q-7K3M-92PX").is_visible()
    window.page.unroute("**/refused/*")
    window.visit("/nowhere/", "error-404", status=404)
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
