"""The inbox: whose claims, in which order, through which filters, at which price."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from claims.models import Answer, Claim
from claims.operations.intake import screen_out
from claims.operations.responding import respond_to_claim
from claims.queries import seller_actor
from sellers.models import Seller, SellerMember
from tests.copies import Original
from tests.factories import (
    make_member,
    make_order,
    make_product,
    make_seller,
    report,
    report_assessed,
    report_awaiting_seller,
    report_screened,
    staff_actor,
)

pytestmark = pytest.mark.django_db


def shown(client: Client, query: str = "") -> list[str]:
    """The references that the inbox shows, in its order."""
    page = client.get(f"/portal/{query}").content.decode()
    return re.findall(r'class="reference">(RC-[^<]+)<', page)


def awaiting(seller: Seller, *, days_ago: int, market: str = "US", **fields: object) -> Claim:
    at = timezone.now() - timedelta(days=days_ago)
    fields = {"incident_on": (at - timedelta(days=5)).date()} | fields
    return report_awaiting_seller(make_order(seller, market=market), at=at, **fields)


def test_what_needs_an_answer_comes_first_and_the_soonest_before_the_others(
    portal: Client, member: SellerMember
) -> None:
    seller = member.seller
    now = timezone.now()
    assessing = report_screened(make_order(seller), at=now)
    later = awaiting(seller, days_ago=1)
    soon = awaiting(seller, days_ago=5)
    handled = respond_to_claim(
        claim=awaiting(seller, days_ago=2),
        answer=Answer.HANDLE,
        at=now,
        by=seller_actor(member.user),
    )
    tendered = respond_to_claim(
        claim=awaiting(seller, days_ago=2),
        answer=Answer.TENDER,
        at=now,
        by=seller_actor(member.user),
    )
    claims = [soon, later, handled, tendered, assessing]
    assert shown(portal) == [claim.reference for claim in claims]


def test_it_shows_neither_other_sellers_claims_nor_unscreened_ones(
    portal: Client, member: SellerMember
) -> None:
    at = timezone.now()
    report(make_order(member.seller), at=at)
    out = report(make_order(member.seller), at=at)
    screen_out(claim=out, reason="Not believable.", at=at, by=staff_actor())
    report_awaiting_seller(make_order(make_seller()), at=at)
    assert shown(portal) == []
    assert "We write to you as soon as one does." in portal.get("/portal/").content.decode()


def test_a_member_of_several_sellers_sees_all_and_can_choose_one(
    portal: Client, member: SellerMember
) -> None:
    other = make_member(user=member.user).seller
    mine, theirs = awaiting(member.seller, days_ago=3), awaiting(other, days_ago=1)
    assert shown(portal) == [mine.reference, theirs.reference]
    assert shown(portal, f"?seller={other.pk}") == [theirs.reference]


def test_a_seller_one_does_not_act_for_cannot_be_chosen(
    portal: Client, member: SellerMember
) -> None:
    make_member(user=member.user)
    awaiting(member.seller, days_ago=1)
    response = portal.get(f"/portal/?seller={make_seller().pk}")
    assert "Select a valid choice" in response.content.decode()
    assert shown(portal, f"?seller={make_seller().pk}") == []


class TestFilters:
    @pytest.fixture
    def claims(self, seller: Seller) -> dict[str, Claim]:
        kettle = make_product(seller, title="Copper kettle", sku="CK-1")
        lamp = make_product(seller, title="Desk lamp", sku="DL-9")
        at = timezone.now() - timedelta(days=6)
        late = timezone.now() - timedelta(days=20)
        return {
            "soon": report_awaiting_seller(make_order(product=kettle), at=at),
            "late": report_awaiting_seller(
                make_order(product=lamp), at=late, claimed_minor=900_000
            ),
            "small": report_assessed(
                make_order(product=lamp, external_reference="111-222"),
                at=at,
                claimed_minor=25_050,
            ),
            "yen": report_awaiting_seller(
                make_order(product=lamp, market="JP"), at=timezone.now(), claimed_minor=300_000
            ),
        }

    def test_each_filter_finds_what_it_names(
        self, portal: Client, claims: dict[str, Claim]
    ) -> None:
        names = {claim.reference: name for name, claim in claims.items()}
        wanted: dict[str, set[str]] = {
            "": {"soon", "late", "small", "yen"},
            "?status=AWAITING_SELLER": {"soon", "late", "yen"},
            "?status=APPROVED": {"small"},
            "?status=WITHDRAWN": set(),
            "?due=3": {"soon"},
            "?due=30": {"soon", "yen"},
            "?due=late": {"late"},
            "?amount_min=250.50": {"soon", "late", "small", "yen"},
            "?amount_min=250.51": {"soon", "late", "yen"},
            "?amount_max=250.50": {"small"},
            "?amount_max=9000": {"soon", "late", "small"},
            "?amount_min=299999.50": {"yen"},
            "?amount_min=300000.50": set(),
            "?amount_max=299999.50": {"soon", "late", "small"},
            "?text=copper": {"soon"},
            "?text=DL-9": {"late", "small", "yen"},
            "?text=111-222": {"small"},
            "?text=customer": set(),
            "?status=AWAITING_SELLER&text=lamp&due=late": {"late"},
        }
        found = {
            query: {names[reference] for reference in shown(portal, query)} for query in wanted
        }
        assert found == wanted

    def test_a_reference_is_found_however_it_is_typed(
        self, portal: Client, claims: dict[str, Claim]
    ) -> None:
        reference = claims["soon"].reference
        typed = reference.removeprefix("RC-").replace("-", " ").lower()
        assert shown(portal, f"?text={typed}") == [reference]

    @pytest.mark.usefixtures("claims")
    def test_what_makes_no_sense_is_said_and_shows_nothing(self, portal: Client) -> None:
        for query in ("?status=REPORTED", "?due=x", "?amount_min=1e3"):
            page = portal.get(f"/portal/{query}").content.decode()
            assert ("There is a problem" in page, shown(portal, query)) == (True, []), query


def test_pages_keep_the_filter(portal: Client, seller: Seller) -> None:
    Original(awaiting(seller, days_ago=1)).copies(20)
    first, second = shown(portal, "?due=30"), shown(portal, "?due=30&page=2")
    assert (len(first), len(second)) == (20, 1)
    assert set(first) & set(second) == set()
    page = portal.get("/portal/?due=30").content.decode()
    assert 'href="?due=30&amp;page=2"' in page


@pytest.mark.parametrize("number", [1, 30])
def test_its_price_does_not_grow_with_the_claims(
    portal: Client,
    seller: Seller,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    Original(awaiting(seller, days_ago=1)).copies(number - 1)
    portal.get("/portal/")
    # session, person, memberships, how many, the page, the metrics
    with django_assert_num_queries(6):
        portal.get("/portal/")


def test_made_up_claims_say_so(portal: Client, seller: Seller) -> None:
    awaiting(seller, days_ago=1)
    assert "Made-up demo data" not in portal.get("/portal/").content.decode()
    awaiting(seller, days_ago=1, made_up_fields=["order"])
    assert portal.get("/portal/").content.decode().count("Made-up demo data") == 1


def test_the_summary_says_what_counts_and_how_many_were_answered() -> None:
    member = make_member()
    order = make_order(member.seller)
    at = timezone.now() - timedelta(days=20)
    report_assessed(order, claimed_minor=80_000, at=at)
    client = Client()
    client.force_login(member.user)

    page = " ".join(client.get("/portal/").content.decode().split())

    assert (
        "In the last 12 months, 1 claim reached you: 0 count against you, and 1 paid at or below "
        "the ceiling does not. None needed an answer whose time is over."
    ) in page
