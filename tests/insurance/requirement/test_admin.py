"""The requirement's pages in the admin: who may see and act, each POST one operation."""

import csv
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from insurance.models import (
    CoverRequest,
    CoverWaiver,
    InsuranceLetter,
    RestrictionLevel,
    SalesEntry,
    SellerRestriction,
)
from insurance.requirement.restricting import decide_restriction
from sellers.models import MonthlySales, Seller
from tests.factories import make_market, make_seller, make_user
from tests.insurance.requirement.world import (
    DAY,
    DUE,
    TRIGGERED,
    make_required,
    noon,
    prove,
    review,
    staff,
)

pytestmark = pytest.mark.django_db
TODAY = DUE + 8 * DAY
NOW = noon(TODAY)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def insurance(client: Client) -> Client:
    client.force_login(staff())
    return client


def about(seller: Seller, name: str = "") -> str:
    if name:
        return reverse("admin:insurance_requirement_act", args=[seller.pk, "US", name])
    return reverse("admin:insurance_requirement_seller", args=[seller.pk, "US"])


def restrict(seller: Seller, level: RestrictionLevel = RestrictionLevel.NOTICE) -> Any:
    return decide_restriction(
        seller=seller,
        marketplace=make_market("US"),
        level=level,
        from_on=TODAY,
        reason="None came.",
        at=NOW,
        by=staff(),
    )


def counts() -> tuple[int, ...]:
    rows = (CoverRequest, CoverWaiver, MonthlySales, SellerRestriction, InsuranceLetter)
    return tuple(model.objects.count() for model in rows)


# ── each act ───────────────────────────────────────────────────────────────

ACTS: list[tuple[str, dict[str, str], Callable[[], list[Any]], list[Any]]] = [
    (
        "request",
        {"reason": "Toys"},
        lambda: list(CoverRequest.objects.values_list("reason", "requested_on")),
        [("Toys", TODAY)],
    ),
    (
        "sales",
        {
            "month": "2026-02",
            "gross_minor": "12000.50",
            "crossed_on": "2026-02-20",
            "reason": "The store's report.",
        },
        lambda: list(MonthlySales.objects.values_list("gross_minor", "crossed_on")),
        [(1_200_050, DUE - 10 * DAY)],
    ),
    (
        "waive",
        {"from_on": "2026-03-10", "until_on": "2026-05-31", "reason": "Gift cards"},
        lambda: list(CoverWaiver.objects.values_list("reason", "from_on")),
        [("Gift cards", TODAY)],
    ),
]


@pytest.mark.parametrize(("name", "given", "rows", "expected"), ACTS, ids=lambda it: str(it)[:8])
def test_an_act_is_one_operation_and_leads_back(
    insurance: Client,
    name: str,
    given: dict[str, str],
    rows: Callable[[], list[Any]],
    expected: list[Any],
) -> None:
    make_market("US")
    seller = make_seller()
    assert insurance.get(about(seller, name)).status_code == HTTPStatus.OK
    assert rows() == [], "looking changes nothing"
    answer = insurance.post(about(seller, name), given)
    assert (answer.status_code, answer["Location"]) == (HTTPStatus.FOUND, about(seller))
    assert rows() == expected


def test_a_decision_is_taken_on_its_page(insurance: Client) -> None:
    seller = make_required()
    given = {"level": "RESTRICTED", "from_on": "2026-03-10", "reason": "None came."}
    answer = insurance.post(about(seller, "restrict"), given)
    assert answer["Location"] == about(seller)
    decided = SellerRestriction.objects.get()
    assert (decided.level, decided.recommended, decided.decided_by.username) == (
        "RESTRICTED",
        "restrict",
        "ines",
    )


def test_a_waiver_is_ended_and_a_decision_lifted(insurance: Client) -> None:
    seller = make_required()
    restriction = restrict(seller)
    answer = insurance.post(
        reverse("admin:insurance_restriction_lift", args=[restriction.pk]), {"reason": "Proven."}
    )
    assert answer["Location"] == about(seller)
    restriction.refresh_from_db()
    assert (restriction.lift_reason, restriction.lifted_at) == ("Proven.", NOW)
    waiver = CoverWaiver.objects.create(
        seller=seller, marketplace_id="US", from_on=TODAY, until_on=TODAY + DAY, reason="x"
    )
    page = reverse("admin:insurance_waiver_end", args=[waiver.pk])
    assert insurance.get(page).status_code == HTTPStatus.OK
    insurance.post(page, {"reason": "A mistake."})
    waiver.refresh_from_db()
    assert (waiver.ended_on, waiver.end_reason) == (TODAY, "A mistake.")


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("request", {"reason": ""}, "Give the reason"),
        ("sales", {"month": "2026-02", "gross_minor": "1,2"}, "is not an amount in USD"),
        ("sales", {"month": "02/2026", "gross_minor": "1"}, "give a month like 2026-03"),
        ("sales", {"month": "2026-02", "gross_minor": "1"}, "Give the reason"),
        ("waive", {"from_on": "", "until_on": "", "reason": "x"}, "First day: give a date"),
        (
            "waive",
            {"from_on": "02/03/2026", "reason": "x"},
            "First day: give a date like 2026-03-31",
        ),
        ("restrict", {"level": "BANNED", "from_on": "2026-03-10", "reason": "x"}, "BANNED"),
    ],
)
def test_what_is_not_understood_is_asked_again(
    insurance: Client, name: str, given: dict[str, str], words: str
) -> None:
    seller = make_required()
    before = counts()
    answer = insurance.post(about(seller, name), given)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words in answer.content.decode()
    assert "Error: " in answer.content.decode()
    assert counts() == before


def test_what_cannot_be_done_is_said_and_nothing_is_written(insurance: Client) -> None:
    seller = make_required()
    before = counts()
    answer = insurance.post(about(seller, "request"), {"reason": "Toys"})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Cover is required of this seller already" in answer.content.decode()
    assert counts() == before


# ── monthly sales: no way around the step ──────────────────────────────────


@pytest.mark.parametrize("role", ["Administrator", "Insurance"])
def test_sales_are_corrected_by_the_step_and_by_nothing_else(client: Client, role: str) -> None:
    """An administrator's stock form wrote past the operation: no reason, no letter, no history."""
    client.force_login(make_user(role=role))
    seller = make_required()
    sales = MonthlySales.objects.get()
    add = reverse("admin:sellers_monthlysales_add")
    change = reverse("admin:sellers_monthlysales_change", args=[sales.pk])
    delete = reverse("admin:sellers_monthlysales_delete", args=[sales.pk])
    given = {"seller": seller.pk, "marketplace": "US", "month": "2026-02-01", "gross_minor": "5"}
    before = counts()
    for page in (add, change, delete):
        assert client.post(page, given).status_code == HTTPStatus.FORBIDDEN
    assert (counts(), MonthlySales.objects.get().gross_minor) == (before, sales.gross_minor)

    listed = client.get(reverse("admin:sellers_monthlysales_changelist")).content.decode()
    assert about(seller) in listed
    typed = {"month": f"{sales.month:%Y-%m}", "gross_minor": "5.00", "reason": "Refunds."}
    assert client.post(about(seller, "sales"), typed).status_code == HTTPStatus.FOUND
    entry = SalesEntry.objects.get()
    assert (entry.was_minor, entry.gross_minor) == (sales.gross_minor, 500)
    page = client.get(about(seller)).content.decode()
    assert "became $5.00. Refunds." in page
    entries = client.get(reverse("admin:insurance_salesentry_changelist")).content.decode()
    assert "Refunds." in entries


# ── who may ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", ["Adjuster", "Auditor", "Payments"])
def test_others_look_and_may_not_act(client: Client, role: str) -> None:
    seller = make_required()
    restriction = restrict(seller)
    client.force_login(make_user(role=role))
    before = counts()
    page = client.get(about(seller))
    assert page.status_code == HTTPStatus.OK
    assert "Decide what follows" not in page.content.decode()
    for name in ("request", "sales", "waive", "restrict"):
        assert client.get(about(seller, name)).status_code == HTTPStatus.FORBIDDEN
        assert client.post(about(seller, name), {}).status_code == HTTPStatus.FORBIDDEN
    lift = reverse("admin:insurance_restriction_lift", args=[restriction.pk])
    assert client.post(lift, {"reason": "x"}).status_code == HTTPStatus.FORBIDDEN
    assert counts() == before


def test_sellers_and_strangers_do_not_come_in(client: Client) -> None:
    seller = make_required()
    client.force_login(make_user())
    for address in (about(seller), reverse("admin:insurance_requirement")):
        assert client.get(address).status_code == HTTPStatus.FOUND, "to the sign-in"


def test_what_is_not_there_is_not_found(insurance: Client) -> None:
    seller = make_required()
    for address in (about(seller, "x"), about(seller).replace("/US/", "/XX/")):
        assert insurance.get(address).status_code == HTTPStatus.NOT_FOUND


# ── looking ────────────────────────────────────────────────────────────────


def test_the_sellers_page_says_why_and_how_it_came_so(insurance: Client) -> None:
    seller = make_required()
    review(TRIGGERED)
    review(TODAY)
    restrict(seller)
    text = insurance.get(about(seller)).content.decode()
    for words in (
        "Gross proceeds of 12,000.00 USD in one month passed 10,000.00 USD on 31 January 2026.",
        "Proof of cover was due by 2 March 2026.",
        "Restrict",
        "Formal notice",
        "$12,000.00",
        "The nightly look",
        "8 days past",
        "You need product liability insurance",
    ):
        assert words in text


def test_the_worklist_holds_what_goes_beyond_the_decision_that_holds(insurance: Client) -> None:
    late, noticed, decided, fine = (make_required() for _ in range(4))
    prove(fine, on=TODAY)
    restrict(noticed)
    restrict(decided, RestrictionLevel.RESTRICTED)
    review(TODAY)
    page = insurance.get(reverse("admin:insurance_requirement"))
    assert [one.seller for one in page.context["page"]] == [late, noticed]
    assert list(page.context["to_lift"]) == []


def test_decisions_are_to_be_lifted_when_cover_is_proven(insurance: Client) -> None:
    seller = make_required()
    restriction = restrict(seller)
    prove(seller, on=TODAY)
    review(TODAY)
    page = insurance.get(reverse("admin:insurance_requirement"))
    assert list(page.context["to_lift"]) == [restriction]
    assert list(page.context["page"]) == []


def test_a_seller_is_found_by_its_number(insurance: Client) -> None:
    make_market("US")
    seller = make_seller()
    home = reverse("admin:insurance_requirement")
    given = {"seller": f" {seller.external_reference} ", "market": "US"}
    assert insurance.get(home, given)["Location"] == about(seller)
    nobody = insurance.get(home, {"seller": "S-none", "market": "US"})
    assert nobody.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "nobody has “S-none”" in nobody.content.decode()


@pytest.mark.parametrize(
    "given",
    [{"status": "OVERDUE"}, {"recommendation": "restrict"}, {"o": "4"}, {"q": "Seller"}],
    ids=str,
)
def test_positions_are_filtered_and_sorted(insurance: Client, given: dict[str, str]) -> None:
    seller = make_required()
    review(TODAY)
    address = reverse("admin:insurance_complianceposition_changelist")
    answer = insurance.get(address, given)
    assert [row.seller for row in answer.context["cl"].result_list] == [seller]
    row = answer.context["cl"].result_list[0]
    opened = insurance.get(reverse("admin:insurance_complianceposition_change", args=[row.pk]))
    assert opened["Location"] == about(seller)


def test_lists_take_as_many_queries_for_three_rows_as_for_one(
    insurance: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        restrict(make_required())
    review(TODAY + timedelta(days=30))
    for name in ("complianceposition", "sellerrestriction", "coverwaiver", "insuranceletter"):
        with django_assert_max_num_queries(12):
            address = reverse(f"admin:insurance_{name}_changelist")
            assert insurance.get(address).status_code == HTTPStatus.OK
    with django_assert_max_num_queries(12):
        insurance.get(reverse("admin:insurance_requirement"))


@pytest.mark.parametrize(
    "name", ["complianceposition", "coverrequest", "coverwaiver", "sellerrestriction"]
)
def test_no_record_is_written_past_its_operation(insurance: Client, name: str) -> None:
    add = reverse(f"admin:insurance_{name}_add")
    assert insurance.get(add).status_code == HTTPStatus.FORBIDDEN


def test_decisions_are_exported_for_the_store(insurance: Client) -> None:
    seller = make_required()
    restriction = restrict(seller)
    address = reverse("admin:insurance_sellerrestriction_export")
    form = insurance.get(address)
    assert form.status_code == HTTPStatus.OK
    names = ("id", "seller__external_reference", "marketplace", "level")
    chosen = {f"restrictionresource_{name}": "on" for name in names}
    answer = insurance.post(address, {"format": "0", "resource": "0", **chosen})
    (row,) = csv.DictReader(StringIO(answer.content.decode()))
    assert tuple(row[name] for name in names) == (
        str(restriction.pk),
        seller.external_reference,
        "US",
        "NOTICE",
    )
