"""What claims say of a seller, and who is high-volume under the INFORM Consumers Act."""

from datetime import date, timedelta
from http import HTTPStatus

import pytest
from django.urls import reverse
from django.utils import timezone

from claims.roles import ADJUSTER, ADMINISTRATOR, AUDITOR, INSURANCE
from sellers.models import InformStep, InformTerms, Order, Seller
from tests.claims.admin.conftest import SignIn
from tests.factories import (
    make_market,
    make_member,
    make_order,
    make_product,
    make_seller,
    report_assessed,
)

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
    assert [clock["name"] for clock in line["clocks"]] == ["Collect by", "Suspend by"]
    page = answer.content.decode()
    assert "2 or more sales and $1.00 or more gross in 12 months" in page
    assert "a person acts" in page
    assert "default, not published [D]" in page, "no mark says where these figures came from"
    assert reverse("admin:claims_inform", args=[seller.pk]) in page


# ── what was collected, verified and decided ───────────────────────────────


@pytest.fixture
def busy() -> Seller:
    """A seller that became high-volume twelve days ago."""
    InformTerms.objects.create(
        marketplace=make_market("US"),
        effective_on=date(2026, 1, 1),
        sales=2,
        gross_minor=100,
        months=12,
        clock_days=10,
        marks={},
    )
    seller = make_seller("Brightwater LLC")
    product = make_product(seller)
    for _ in range(2):
        make_order(product=product, delivered_on=timezone.now().date() - timedelta(days=12))
    return seller


def of(seller: Seller, act: str = "") -> str:
    if act:
        return reverse("admin:claims_inform_act", args=[seller.pk, act])
    return reverse("admin:claims_inform", args=[seller.pk])


def details(**changes: str) -> dict[str, str]:
    yesterday = timezone.now().date() - timedelta(days=1)
    return {
        "on": yesterday.isoformat(),
        "words": "Bank account and tax number.",
        "source": "The store's form",
    } | changes


@pytest.mark.parametrize("role", [ADMINISTRATOR, INSURANCE])
def test_each_step_is_one_operation_and_leads_back(
    sign_in: SignIn, busy: Seller, role: str
) -> None:
    client = sign_in(role)
    first = client.get(of(busy))
    assert "Details to be collected" in first.content.decode()
    assert [name for name, _ in first.context["acts"]] == ["collected", "suspend"]
    for act in ("collected", "verified"):
        assert client.get(of(busy, act)).status_code == HTTPStatus.OK
        answer = client.post(of(busy, act), details())
        assert (answer.status_code, answer["Location"]) == (HTTPStatus.FOUND, of(busy))
    page = client.get(of(busy)).content.decode()
    for words in ("Details verified", "Bank account and tax number.", "The store&#x27;s form"):
        assert words in page
    kinds = InformStep.objects.values_list("kind", "recorded_by__username")
    assert [kind for kind, _ in kinds] == ["COLLECTED", "VERIFIED"]
    metrics = client.get(reverse("admin:claims_seller_metrics", args=[busy.pk])).content.decode()
    assert ">Details verified</a>" in metrics
    assert "Details verified" in client.get(HIGH).content.decode()


def test_a_suspension_is_decided_with_a_reason_and_lifted(sign_in: SignIn, busy: Seller) -> None:
    client = sign_in(ADMINISTRATOR)
    assert "Late</span>" in client.get(HIGH).content.decode()
    client.post(of(busy, "suspend"), {"reason": "None came."})
    page = client.get(of(busy))
    assert "Suspended" in page.content.decode()
    assert [name for name, _ in page.context["acts"]] == ["collected", "lift"]
    client.post(of(busy, "lift"), {"reason": "They came."})
    rows = InformStep.objects.values_list("kind", "words")
    assert list(rows) == [("SUSPENDED", "None came."), ("LIFTED", "They came.")]


@pytest.mark.parametrize(
    ("act", "given", "answered"),
    [
        ("collected", details(source=""), (422, "Name the source")),
        ("collected", details(words=""), (422, "Say what was done")),
        ("collected", details(on="02/03/2026"), (422, "give a date like 2026-03-31")),
        ("verified", details(), (409, "No details were collected")),
        ("lift", {"reason": "x"}, (409, "not suspended")),
        ("suspend", {"reason": ""}, (422, "Error: ")),
    ],
)
def test_what_cannot_be_recorded_is_said(
    sign_in: SignIn, busy: Seller, act: str, given: dict[str, str], answered: tuple[int, str]
) -> None:
    status, words = answered
    answer = sign_in(ADMINISTRATOR).post(of(busy, act), given)
    assert (answer.status_code, words in answer.content.decode()) == (status, True)
    assert not InformStep.objects.exists()


def test_others_look_and_record_nothing(sign_in: SignIn, busy: Seller) -> None:
    client = sign_in(AUDITOR)
    page = client.get(of(busy))
    assert (page.status_code, "What you can do" in page.content.decode()) == (200, False)
    for act in ("collected", "verified", "suspend", "lift"):
        assert client.get(of(busy, act)).status_code == HTTPStatus.FORBIDDEN
        assert client.post(of(busy, act), details()).status_code == HTTPStatus.FORBIDDEN
    assert sign_in(ADMINISTRATOR).get(of(busy, "nothing")).status_code == HTTPStatus.NOT_FOUND
    assert not InformStep.objects.exists()
