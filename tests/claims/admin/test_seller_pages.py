"""What claims say of a seller, and who is high-volume under the INFORM Consumers Act."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from claims.roles import ADJUSTER, ADMINISTRATOR, AUDITOR
from sellers.models import InformTerms, Order
from tests.claims.admin.conftest import SignIn
from tests.factories import make_member, make_order, make_product, make_seller, report_assessed

pytestmark = pytest.mark.django_db
HIGH = reverse("admin:claims_high_volume")


def test_a_sellers_metrics_over_three_periods(sign_in: SignIn) -> None:
    seller = make_seller("Brightwater LLC")
    now = timezone.now()
    report_assessed(make_order(seller), claimed_minor=80_000, at=now - timedelta(days=5))
    report_assessed(make_order(seller), claimed_minor=80_000, at=now - timedelta(days=60))
    address = reverse("admin:claims_seller_metrics", args=[seller.pk])

    answer = sign_in(AUDITOR).get(address)

    shown = [
        (period["name"], period["metrics"].claims, period["metrics"].not_counting)
        for period in answer.context["periods"]
    ]
    assert shown == [("30 days", 1, 1), ("90 days", 2, 2), ("12 months", 2, 2)]
    assert "does not count against the seller" in answer.content.decode()
    listed = sign_in(ADMINISTRATOR).get(reverse("admin:sellers_seller_changelist"))
    assert address in listed.content.decode()


def test_who_may_not_look_is_kept_out(sign_in: SignIn) -> None:
    seller, client = make_seller(), sign_in(ADJUSTER)
    member = make_member(seller).user
    client.force_login(member)
    for page in (HIGH, reverse("admin:claims_seller_metrics", args=[seller.pk])):
        assert client.get(page).status_code in {302, 403}


def test_high_volume_sellers_with_their_clocks(sign_in: SignIn) -> None:
    client = sign_in(AUDITOR)
    assert "No seller is high-volume." in client.get(HIGH).content.decode()
    seller = make_seller("Brightwater LLC")
    today = timezone.now().date() - timedelta(days=1)
    InformTerms.objects.create(
        marketplace_id="US",
        effective_on=date(2026, 1, 1),
        sales=2,
        gross_minor=100,
        months=12,
        clock_days=10,
        marks={},
    )
    product = make_product(seller)
    for _ in range(2):
        make_order(product=product, delivered_on=today)
    assert Order.objects.filter(seller=seller).count() == 2

    answer = client.get(HIGH)

    (line,) = answer.context["sellers"]
    assert (line["seller"], line["since"], line["sales"]) == (seller, today, 2)
    assert [clock["name"] for clock in line["clocks"]] == ["Collect", "Verify", "Suspend"]
    page = answer.content.decode()
    assert "2 or more sales and $1.00 or more gross in 12 months" in page
    assert "a person acts" in page
