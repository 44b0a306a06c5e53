"""The page of one claim: what a seller reads, and what stays inside."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from claims.models import (
    Answer,
    Appeal,
    AppealParty,
    AppealStatus,
    Claim,
    HoldKind,
    Notice,
    NoticeState,
    Recipient,
)
from claims.operations.extending import add_information
from claims.operations.holds import place_hold
from claims.operations.intake import ask_claimant, screen_out
from claims.operations.responding import respond_to_claim
from claims.queries import seller_actor
from sellers.models import SellerMember
from tests.factories import (
    NOON,
    make_member,
    make_order,
    make_seller,
    report,
    report_assessed,
    report_awaiting_seller,
    report_screened,
    staff_actor,
)

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=1)


@pytest.fixture(autouse=True)
def _today() -> object:
    with time_machine.travel(LATER, tick=False) as traveller:
        yield traveller


@pytest.fixture
def claim(member: SellerMember) -> Claim:
    return report_awaiting_seller(make_order(member.seller))


def read(client: Client, claim: Claim) -> str:
    response = client.get(f"/portal/claims/{claim.reference}/")
    assert response.status_code == 200
    return response.content.decode()


def test_it_says_until_when_in_the_sellers_zone_and_what_silence_means(
    portal: Client, claim: Claim
) -> None:
    page = read(portal, claim)
    # Day 0 is Monday 2 March in California; clocks change on the 8th; 7 days end with the 9th.
    assert "Tuesday 10 March 2026, 00:00 PDT (Los Angeles time), which is the end of" in page
    assert "6 days 11 hours left" in page
    assert "If you do not answer, the claim goes on without you" in page
    assert "up to $2,500.00" in page
    assert f'href="/portal/claims/{claim.reference}/answer/"' in page


def test_a_seller_elsewhere_reads_its_own_zone(portal: Client, member: SellerMember) -> None:
    member.seller.timezone = "Europe/Berlin"
    member.seller.save()
    page = read(portal, report_awaiting_seller(make_order(member.seller)))
    assert "Tuesday 10 March 2026, 08:00 CET (Berlin time)" in page


def test_it_says_what_happened_with_the_product_and_the_order(portal: Client, claim: Claim) -> None:
    page = read(portal, claim)
    order = claim.order
    for words in (
        "The kettle caught fire and burnt the worktop.",
        "Fire or heat",
        order.product.title,
        order.product.sku,
        order.external_reference,
        "$49.99",
        claim.claimant.name,
        "Property damage",
        "$2,500.00",
        "We asked you to answer",
        "The customer reported the claim",
    ):
        assert words in page


def test_a_claim_within_the_ceiling_costs_nothing_and_waits_for_nothing(
    portal: Client, member: SellerMember
) -> None:
    page = read(portal, report_assessed(make_order(member.seller), claimed_minor=90_000))
    assert '<p class="figure">$0.00</p>' in page
    assert "does not count against you" in page
    assert "Answer this claim" not in page
    assert "Appeal with new facts" in page


def test_nothing_from_inside_is_on_the_page(portal: Client, member: SellerMember) -> None:
    by = staff_actor()
    claim = report_awaiting_seller(make_order(member.seller))
    add_information(claim=claim, text="SECRET staff note", at=LATER, by=by, is_internal=True)
    add_information(claim=claim, text="SECRET open staff note", at=LATER, by=by)
    place_hold(claim=claim, kind=HoldKind.FRAUD, reason="SECRET suspicion", at=LATER, by=by)
    page = read(portal, claim)
    payee = claim.payee_details.get()
    for words in (
        "SECRET",
        "raud",
        claim.claimant.email,
        "1980",
        payee.account,
        "Medicare",
        "automatic_limit",
    ):
        assert words not in page


def test_a_question_to_the_customer_is_not_shown(portal: Client, member: SellerMember) -> None:
    claim = report_screened(make_order(member.seller))
    ask_claimant(claim=claim, question="SECRET question", at=LATER, by=staff_actor())
    page = read(portal, claim)
    assert "SECRET" not in page
    assert "We asked the customer something" in page


def test_letters_to_the_seller_are_shown_and_letters_to_the_customer_are_not(
    portal: Client, claim: Claim
) -> None:
    letters = Notice.objects.filter(claim=claim)
    letters.filter(recipient=Recipient.SELLER).update(
        subject="A claim needs your answer",
        body="Dear seller",
        state=NoticeState.SENT,
        sent_at=NOON,
    )
    letters.filter(recipient=Recipient.CLAIMANT).update(
        subject="SECRET", body="SECRET", state=NoticeState.SENT, sent_at=NOON
    )
    page = read(portal, claim)
    assert "A claim needs your answer" in page
    assert "Dear seller" in page
    assert "SECRET" not in page


def test_what_a_customer_wrote_is_text_and_never_markup(
    portal: Client, member: SellerMember
) -> None:
    claim = report_awaiting_seller(
        make_order(member.seller), narrative="<script>alert(1)</script>{{ 7 }}"
    )
    page = read(portal, claim)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 }}" in page


def test_a_viewer_reads_and_is_offered_nothing(viewer: SellerMember, claim: Claim) -> None:
    client = Client()
    client.force_login(viewer.user)
    page = read(client, claim)
    assert "You may read this claim, not answer it." in page
    assert "/answer/" not in page
    assert "/information/" not in page


@pytest.mark.parametrize(
    "act",
    ["", "answer/", "answer/check/", "answer/done/", "settlement/", "information/", "appeal/"],
)
def test_claims_of_others_and_unscreened_claims_are_not_there(
    portal: Client, member: SellerMember, act: str
) -> None:
    others = report_awaiting_seller(make_order(make_seller()))
    reported = report(make_order(member.seller))
    refused = report(make_order(member.seller))
    screen_out(claim=refused, reason="Not believable.", at=NOON, by=staff_actor())
    too_late = report(make_order(member.seller), incident_on=date(2025, 1, 1))
    for claim in (others, reported, refused, too_late):
        for call in (portal.get, portal.post):
            assert call(f"/portal/claims/{claim.reference}/{act}").status_code == 404
    assert portal.get(f"/portal/claims/RC-0000-0000/{act}").status_code == 404


def test_the_time_to_appeal_is_named_and_ends(portal: Client, member: SellerMember) -> None:
    claim = report_assessed(make_order(member.seller), claimed_minor=90_000)
    assert "Until Thursday 2 April 2026, 00:00 PDT (Los Angeles time)" in read(portal, claim)
    with time_machine.travel(datetime(2026, 4, 2, 7, 0, tzinfo=UTC), tick=False):
        portal.force_login(member.user)
        assert "Appeal with new facts" not in read(portal, claim)


def test_an_appeal_that_closed_undecided_says_so_and_leaves_the_next_one_open(
    portal: Client, member: SellerMember
) -> None:
    """The decision to pay is gone: an appeal against a later one is another appeal."""
    claim = report_assessed(make_order(member.seller), claimed_minor=90_000)
    Appeal.objects.create(
        claim=claim,
        party=AppealParty.SELLER,
        new_facts="A test report.",
        status=AppealStatus.CLOSED,
        opened_at=NOON,
        decided_at=NOON,
    )
    page = read(portal, claim)
    assert "Your appeal: closed, because we do not pay the claim as we had decided" in page
    assert "Appeal with new facts" in page


def test_made_up_data_is_marked(portal: Client, member: SellerMember) -> None:
    assert "Made-up" not in read(portal, report_awaiting_seller(make_order(member.seller)))
    made_up = report_awaiting_seller(make_order(member.seller), made_up_fields=["claimant"])
    assert "Made-up demo data." in read(portal, made_up)
    seller = make_seller(is_made_up=True)
    make_member(seller, user=member.user)
    portal.force_login(member.user)
    assert "Made-up demo data." in read(portal, report_awaiting_seller(make_order(seller)))


def test_its_price_does_not_grow_with_the_file(
    portal: Client,
    member: SellerMember,
    claim: Claim,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    read(portal, claim)
    with django_assert_num_queries(11):
        read(portal, claim)
    for number in range(5):
        add_information(claim=claim, text=f"note {number}", at=LATER, by=seller_actor(member.user))
    with django_assert_num_queries(11):
        read(portal, claim)


def test_an_answered_claim_shows_the_sellers_own_reason(
    portal: Client, member: SellerMember, claim: Claim
) -> None:
    respond_to_claim(
        claim=claim,
        answer=Answer.REJECT,
        reason="The customer modified it.",
        at=LATER,
        by=seller_actor(member.user),
    )
    page = read(portal, claim)
    assert "<blockquote>The customer modified it.</blockquote>" in page
    assert "One of our adjusters reads the file and decides." in page
    assert "Answer this claim" not in page
