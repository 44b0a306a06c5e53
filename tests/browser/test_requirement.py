"""The requirement's pages in Chromium: no page too wide, no complaint."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from claims.roles import INSURANCE
from insurance.models import RestrictionLevel
from insurance.requirement.asking import grant_waiver
from insurance.requirement.restricting import decide_restriction
from insurance.requirement.reviewing import review_market
from tests.browser.window import Window
from tests.claims.core.world import lay_down_market
from tests.factories import make_market, make_user
from tests.insurance.requirement.world import make_required

pytestmark = pytest.mark.browser


def test_the_requirements_pages_fit_their_window(window: Window) -> None:
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
    window.sign_in(person)
    for name, address in addresses.items():
        window.visit(address, f"admin-requirement-{name}")
    assert window.wrong == []
