"""The home page of the console."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims.models import Claim, HoldKind, PayoutSwitch
from claims.operations.holds import place_hold
from claims.roles import ADJUSTER, AUDITOR, PAYMENTS
from tests.claims.admin.conftest import SignIn
from tests.claims.admin.world import make_world
from tests.factories import (
    make_member,
    make_order,
    make_user,
    report,
    report_awaiting_seller,
    report_screened,
    staff_actor,
)

pytestmark = pytest.mark.django_db
HOME = reverse("admin:index")


def test_rows_say_what_a_claims_professional_needs(sign_in: SignIn) -> None:
    now = timezone.now()
    claim = report_awaiting_seller(at=now - timedelta(days=5))
    place_hold(claim=claim, kind=HoldKind.FRAUD, reason="Twice seen.", at=now, by=staff_actor())
    Claim.objects.filter(pk=claim.pk).update(
        bars=["ABOVE_AUTOMATIC_LIMIT"], made_up_fields=["claimant_name"], severity="HOSPITAL"
    )

    answer = sign_in(ADJUSTER).get(HOME)

    (row,) = answer.context["rows"]
    assert (row.reference, row.market, row.status) == (claim.reference, "US", "Awaiting seller")
    assert (row.amount, row.amount_is, row.queue) == ("$2,500.00", "assessed", "")
    assert row.seller == claim.seller.legal_name
    assert row.clock.name == "The seller's response"
    assert row.clock.left.endswith("left")
    assert row.clock.due.endswith(("00:00 PST", "00:00 PDT"))
    assert [(tag.label, tag.tone) for tag in row.tags] == [
        ("Fraud hold", "hold"),
        ("Above automatic limit", "bar"),
        ("Hospital admission", "hold"),
        ("Made up", "quiet"),
    ]
    assert row.tags[1].title == "The amount is above the limit of automatic payouts."
    page = answer.content.decode()
    assert row.clock.due in page
    assert reverse("admin:claims_claim_change", args=[claim.reference]) in page


def test_chips_count_and_lead_to_their_rows(sign_in: SignIn) -> None:
    make_world()
    client = sign_in(ADJUSTER)

    chips = client.get(HOME).context["queue_chips"]

    assert [(chip.label, chip.count) for chip in chips[:3]] == [
        ("All", 8),
        ("Needs action", 4),
        ("Screening", 1),
    ]
    for chip in chips:
        assert len(client.get(chip.url).context["rows"]) == chip.count
        assert sum(c.is_on for c in client.get(chip.url).context["queue_chips"]) == 1


def test_a_second_click_takes_a_market_off(sign_in: SignIn) -> None:
    report(make_order(market="DE"))
    client = sign_in(ADJUSTER)

    (chip,) = client.get(HOME).context["market_chips"]
    (chosen,) = client.get(chip.url).context["market_chips"]

    assert (chip.label, chip.is_on, chip.url) == ("DE", False, f"{HOME}?market=DE")
    assert (chosen.is_on, chosen.url) == (True, HOME)


def test_mine_are_the_claims_i_took_a_step_on(sign_in: SignIn) -> None:
    report()
    client = sign_in(ADJUSTER)
    chip = client.get(HOME).context["mine_chip"]

    answer = client.get(chip.url)

    assert (chip.is_on, answer.context["mine_chip"].is_on) == (False, True)
    assert answer.context["rows"] == []
    assert b"Nothing stands in this queue" in answer.content


def test_a_reference_typed_by_hand_opens_its_file(sign_in: SignIn) -> None:
    claim = report()
    client = sign_in(ADJUSTER)

    for typed in (claim.reference, claim.reference.lower().replace("-", ""), claim.reference[3:]):
        answer = client.get(HOME, {"q": f" {typed} "})
        assert answer.headers["Location"] == reverse(
            "admin:claims_claim_change", args=[claim.reference]
        )


def test_search_by_words_and_by_nothing_known(sign_in: SignIn) -> None:
    claim = report()
    client = sign_in(ADJUSTER)

    found = client.get(HOME, {"q": claim.seller.legal_name.upper()})
    missed = client.get(HOME, {"q": "nobody of that name"})

    assert [row.reference for row in found.context["rows"]] == [claim.reference]
    assert b"1 claim found" in found.content
    assert b"No claim fits that" in missed.content


def test_a_banner_says_that_payouts_are_paused(sign_in: SignIn) -> None:
    report()
    PayoutSwitch.objects.update_or_create(
        id=1, defaults={"is_paused": True, "reason": "The bank is closed."}
    )

    theirs, ours = sign_in(PAYMENTS).get(HOME), sign_in(ADJUSTER).get(HOME)

    for answer in (theirs, ours):
        assert b"Payouts are paused." in answer.content
        assert b"The bank is closed." in answer.content
    assert b"Look at the switch" in theirs.content
    assert b"Look at the switch" not in ours.content


def test_long_queues_have_pages_that_keep_the_filter(sign_in: SignIn) -> None:
    order = make_order()
    for day in range(52):
        report_screened(order, at=timezone.now() - timedelta(days=day))
    client = sign_in(AUDITOR)

    first = client.get(HOME, {"market": "US"})
    second = client.get(first.context["next_url"])

    assert len(first.context["rows"]) == 50
    assert first.context["next_url"] == f"{HOME}?market=US&page=2"
    assert (len(second.context["rows"]), second.context["next_url"]) == (2, "")
    assert second.context["previous_url"] == f"{HOME}?market=US&page=1"


def test_the_page_takes_a_constant_number_of_queries(sign_in: SignIn) -> None:
    order, client = make_order(), sign_in(ADJUSTER)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(HOME)
        return len(captured)

    report_screened(order, at=timezone.now())
    with_one = queries()
    for day in range(1, 30):
        report_screened(order, at=timezone.now() - timedelta(days=day))

    assert queries() == with_one
    assert with_one <= 14


def test_staff_who_may_not_see_claims_find_records(db: None) -> None:
    client = Client()
    client.force_login(make_user(is_staff=True))

    answer = client.get(HOME)

    assert answer.status_code == 200
    assert answer.context["title"] == "All records"


def test_a_sellers_member_is_sent_to_sign_in(db: None) -> None:
    client = Client()
    client.force_login(make_member().user)

    assert client.get(HOME).status_code == 302
