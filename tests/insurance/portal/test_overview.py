"""The overview: per marketplace where a seller stands, why, until when, and what to do next."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from claims.roles import INSURANCE
from insurance.certificates.reviewing import review_certificate
from insurance.models import CoverRequest
from sellers.inform_steps import (
    lift_suspension,
    record_details_collected,
    record_details_verified,
    suspend_without_details,
)
from sellers.models import InformTerms, Seller, SellerMember
from tests.claims.core.world import prove_cover, require_cover
from tests.factories import make_market, make_order, make_user
from tests.insurance.certificates_flow.world import PDF, confirmed, kept, read, sound, submitted
from tests.insurance.pages import words

pytestmark = pytest.mark.django_db
ADDRESS = "/portal/insurance/"


def in_force(**departs: Any) -> Any:
    today = timezone.now().date()
    dates = {
        "effective_on": today - timedelta(days=30),
        "expires_on": today + timedelta(days=300),
    }
    return sound(**(dates | departs))


def asked(seller: Seller, *, days_ago: int = 10) -> None:
    make_market("US")
    CoverRequest.objects.create(
        seller=seller,
        marketplace_id="US",
        requested_on=timezone.now().date() - timedelta(days=days_ago),
        reason="Asked.",
    )


def test_a_seller_that_sells_nowhere_is_asked_nothing(portal: Client) -> None:
    assert "No sales yet" in words(portal.get(ADDRESS))


def test_below_the_trigger_nothing_is_required(portal: Client, seller: Seller) -> None:
    make_order(seller)
    page = words(portal.get(ADDRESS))
    assert "United States Not required" in page
    assert "You need not prove any cover here." in page


def test_due_says_why_until_when_and_what_to_do(portal: Client, seller: Seller) -> None:
    asked(seller)
    answer = portal.get(ADDRESS)
    page = words(answer)
    assert "United States Proof needed" in page
    assert re.search(r"(19|20|21) days left", page)
    assert "Cover was requested on" in page
    assert "Send us your certificate of insurance." in page
    assert f"/portal/insurance/{seller.pk}/US/send/" in answer.content.decode()


def test_overdue_says_how_late(portal: Client, seller: Seller) -> None:
    make_order(seller)
    require_cover(seller)
    assert re.search(r"United States Overdue \d+ days late", words(portal.get(ADDRESS)))


def test_a_file_that_waits_for_its_seller_comes_first(
    portal: Client, seller: Seller, member: SellerMember
) -> None:
    asked(seller)
    file = kept(seller, by=member.user, at=timezone.now())
    read(file, at=timezone.now())
    answer = portal.get(ADDRESS)
    assert "Check what we read in “certificate.pdf”, correct it and send it." in words(answer)
    assert f"/portal/insurance/certificates/{file.pk}/confirm/" in answer.content.decode()


def test_each_policy_stands_with_its_state(portal: Client, seller: Seller) -> None:
    asked(seller)
    now = timezone.now()
    submitted(seller, in_force(), at=now)
    submitted(seller, in_force(number="P-2", rating=""), content=PDF + b"2", at=now)
    (accepted,) = submitted(seller, in_force(number="P-3"), content=PDF + b"3", at=now)
    (refused,) = submitted(seller, in_force(number="P-4"), content=PDF + b"4", at=now)
    by = make_user(role=INSURANCE)
    review_certificate(certificate=accepted, accept=True, reason="", at=now, by=by)
    review_certificate(certificate=refused, accept=False, reason="No.", at=now, by=by)
    page = words(portal.get(ADDRESS))
    assert "Harborway, CGL-100 Being compared" in page
    assert "Harborway, P-2 To be corrected" in page
    assert "Harborway, P-3 Accepted" in page
    assert "Harborway, P-4 Refused" in page
    assert "United States Proven" in page


def test_while_we_compare_the_seller_need_not_do_anything(portal: Client, seller: Seller) -> None:
    asked(seller)
    submitted(seller, in_force(), at=timezone.now())
    page = words(portal.get(ADDRESS))
    assert "You need not do anything: we compare the certificate that you sent, by" in page
    assert "days left" in page


def test_what_operations_entered_is_shown_as_theirs(portal: Client, seller: Seller) -> None:
    make_order(seller)
    prove_cover(seller, at=timezone.now())
    page = words(portal.get(ADDRESS))
    assert "Harbour Mutual, GL-1" in page
    assert "entered by us" in page


def test_the_last_submission_of_a_policy_counts(
    portal: Client, seller: Seller, member: SellerMember
) -> None:
    asked(seller)
    now = timezone.now()
    file = kept(seller, by=member.user, at=now)
    read(file, at=now)
    confirmed(file, in_force(rating=""), at=now)
    confirmed(file, in_force(), at=now + timedelta(seconds=1))
    page = words(portal.get(ADDRESS))
    assert page.count("CGL-100") == 1
    assert "Harborway, CGL-100 Being compared" in page


def test_a_high_volume_seller_reads_where_its_details_stand(
    portal: Client, seller: Seller, member: SellerMember
) -> None:
    """Rules §7: 10-day clocks to collect, verify, suspend; here with figures of our own."""
    now = timezone.now()
    InformTerms.objects.create(
        marketplace=make_market("US"),
        effective_on=now.date() - timedelta(days=100),
        sales=2,
        gross_minor=1,
        months=12,
        clock_days=10,
        marks={},
    )
    assert "high-volume seller" not in words(portal.get(ADDRESS))
    order = make_order(seller, delivered_on=now.date() - timedelta(days=12))
    assert "high-volume seller" not in words(portal.get(ADDRESS)), "one sale is not enough"
    make_order(product=order.product, delivered_on=now.date() - timedelta(days=12))

    page = words(portal.get(ADDRESS))
    assert "Your details as a high-volume seller Details needed" in page
    assert "A seller that gives none may be suspended." in page

    about: dict[str, Any] = {"seller": seller, "marketplace": make_market("US"), "at": now}
    by = make_user()
    suspend_without_details(**about, reason="None came.", by=by)
    assert re.search(r"suspend your account from [^:]+: None came\.", words(portal.get(ADDRESS)))

    lift_suspension(**about, reason="They came.", by=by)
    day = now.date() - timedelta(days=1)
    said: dict[str, Any] = {"on": day, "words": "Bank account.", "source": "Form", "by": by}
    record_details_collected(**about, **said)
    assert "high-volume seller Being verified" in words(portal.get(ADDRESS))
    record_details_verified(**about, **said)
    page = words(portal.get(ADDRESS))
    assert "high-volume seller Verified" in page
    assert "Bank account" not in page


def test_other_sellers_see_nothing_of_it(stranger: Client, seller: Seller) -> None:
    asked(seller)
    submitted(seller, in_force(), at=timezone.now())
    page = words(stranger.get(ADDRESS))
    assert "CGL-100" not in page
    assert seller.legal_name not in page


def test_a_viewer_looks_and_has_no_button(viewer: Client, seller: Seller) -> None:
    asked(seller)
    answer = viewer.get(ADDRESS)
    assert "You may look at this, not change it." in words(answer)
    assert "/send/" not in answer.content.decode()


def test_staff_review_in_the_console() -> None:
    client = Client()
    client.force_login(make_user(role=INSURANCE))
    assert client.get(ADDRESS).status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_more_certificates_ask_no_more_questions(
    portal: Client, seller: Seller, django_assert_max_num_queries: Any, number: int
) -> None:
    asked(seller)
    now = timezone.now()
    for place in range(number):
        submitted(seller, in_force(number=f"P-{place}"), content=PDF + b"%d" % place, at=now)
    with django_assert_max_num_queries(26):
        assert portal.get(ADDRESS).status_code == 200
