"""The requirement's pages in Chromium: no page too wide, no complaint, pictures to look at."""

import os
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from claims.roles import INSURANCE
from insurance.models import RestrictionLevel
from insurance.requirement.asking import grant_waiver
from insurance.requirement.restricting import decide_restriction
from insurance.requirement.reviewing import review_market
from tests.browser.test_admin import SHOTS, SIZES, chromium
from tests.browser.test_admin_looks import watched_page
from tests.claims.core.world import lay_down_market
from tests.factories import make_market, make_user
from tests.insurance.requirement.world import make_required

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIXTURES = (chromium,)


@pytest.mark.parametrize("size", SIZES)
def test_the_requirements_pages_fit_their_window(
    chromium: Browser, live_server: LiveServer, size: str
) -> None:
    lay_down_market("US")
    market, now = make_market("US"), timezone.now()
    person = make_user(role=INSURANCE)
    late, waived = make_required(), make_required()
    today = now.astimezone(market.zone).date()
    decide_restriction(
        seller=late,
        marketplace=market,
        level=RestrictionLevel.NOTICE,
        from_on=today,
        reason="Two letters came back, and nobody answered the telephone.",
        at=now,
        by=person,
    )
    grant_waiver(
        seller=waived,
        marketplace=market,
        from_on=today,
        until_on=today + timedelta(days=90),
        reason="Sells gift cards only.",
        at=now,
        by=person,
    )
    review_market("US", at=now)
    seller = [late.pk, "US"]
    addresses = {
        "worklist": reverse("admin:insurance_requirement"),
        "positions": reverse("admin:insurance_complianceposition_changelist"),
        "seller": reverse("admin:insurance_requirement_seller", args=seller),
        "sales": reverse("admin:insurance_requirement_act", args=[*seller, "sales"]),
        "restrict": reverse("admin:insurance_requirement_act", args=[*seller, "restrict"]),
    }
    complaints: list[str] = []
    page = watched_page(chromium, live_server, person, size, "light", complaints)
    too_wide = []
    for name, address in addresses.items():
        answer = page.goto(live_server.url + address)
        assert answer is not None
        assert answer.status == 200, (name, answer.status)
        page.screenshot(path=SHOTS / f"admin-requirement-{name}-{size}.png", full_page=True)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > SIZES[size][0]:
            too_wide.append((name, width))
    page.context.close()
    assert (complaints, too_wide) == ([], [])
