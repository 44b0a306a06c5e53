"""The provider's page: one link, one application, nothing else, and no side effects of looking."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from insurance.accelerator.ending import revoke_invitation
from insurance.accelerator.links import make_token
from insurance.models import InsuranceLetter, Provider, Quote, QuoteApplication, QuoteInvitation
from tests.factories import make_user
from tests.insurance.accelerator.rows import ANSWERS, apply, invitation, make_vetted, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_earlier_requests() -> None:
    cache.clear()


@pytest.fixture
def harbour() -> Provider:
    return make_vetted("Harbour Mutual", at=timezone.now())


@pytest.fixture
def application(harbour: Provider) -> QuoteApplication:
    oak = make_vetted("Oak Casualty", at=timezone.now())
    now = timezone.now()
    return apply(harbour, oak, at=now, starts_on=(now + timedelta(days=30)).date())


@pytest.fixture
def row(application: QuoteApplication, harbour: Provider) -> QuoteInvitation:
    return invitation(application, harbour)


def address(row: QuoteInvitation) -> str:
    return reverse("quote_request", args=[token_of(row)])


def a_quote(**changes: Any) -> dict[str, Any]:
    return {
        "answer": "quote",
        "insurer": "Harbour Mutual",
        "kind": "COMMERCIAL_GENERAL",
        "basis": "OCCURRENCE",
        "premium": "525.00",
        "each_occurrence": "1000000",
        "aggregate": "2000000",
        "deductible": "2500",
        "assumptions": "No toys.",
        "valid_until": (timezone.now() + timedelta(days=30)).date().isoformat(),
        "given_by": "Kim Osei",
    } | changes


def rows() -> list[Any]:
    models = (QuoteApplication, QuoteInvitation, Quote, InsuranceLetter)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def test_the_page_shows_what_was_shared_and_nothing_else(row: QuoteInvitation) -> None:
    page = Client().get(address(row)).content.decode()

    for words in ("Kettle House LLC", "Copper kettles", "$300,000.00", "CN, US", "Kitchen"):
        assert words in page
    # Not ticked, another provider, and what the programme knows beside.
    for words in (ANSWERS.loss_history, ANSWERS.contact_email, "Robin Vale", "Oak Casualty"):
        assert words not in page


def test_what_the_seller_ticked_is_shown_too(harbour: Provider) -> None:
    now = timezone.now()
    application = apply(
        harbour,
        at=now,
        starts_on=(now + timedelta(days=30)).date(),
        shares=["contact_email", "loss_history"],
    )

    page = Client().get(address(invitation(application, harbour))).content.decode()

    assert "robin@kettle.example" in page
    assert "A kettle caught fire in 2024." in page
    assert "Robin Vale" not in page


def test_looking_notes_the_first_opening_and_changes_nothing_else(row: QuoteInvitation) -> None:
    client = Client()
    assert client.head(address(row)).status_code == 200
    row.refresh_from_db()
    assert (row.state, row.opened_at) == ("SENT", None)

    client.get(address(row))
    row.refresh_from_db()
    assert row.state == "OPENED"
    before = rows()
    client.get(address(row))
    assert rows() == before
    assert client.cookies == {}


def test_the_address_is_kept_from_others(row: QuoteInvitation) -> None:
    for url in (address(row), reverse("quote_request", args=["unknown"])):
        answer = Client().get(url)
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Robots-Tag"] == "noindex, nofollow, noarchive"
        assert "no-store" in answer["Cache-Control"]
        # Nothing on the page leads to another site.
        assert re.findall(r'(?:href|src|action)="(?:https?:)?//', answer.content.decode()) == []


def test_a_quote_is_given(row: QuoteInvitation) -> None:
    client = Client(enforce_csrf_checks=True)

    answer = client.post(address(row), a_quote(), follow=True)

    quote = Quote.objects.get()
    assert answer.redirect_chain == [(address(row), 302)]
    assert "We have your quote" in answer.content.decode()
    assert (quote.premium_minor, quote.each_occurrence_minor, quote.deductible_minor) == (
        52_500,
        100_000_000,
        250_000,
    )
    assert (quote.invitation.state, quote.invitation.given_by) == ("QUOTED", "Kim Osei")
    before = rows()
    client.post(address(row), a_quote(premium="1"))
    assert rows() == before


def test_a_decline_is_given(row: QuoteInvitation) -> None:
    given = {"answer": "decline", "decline_reason": "CATEGORY", "given_by": "Kim"}

    page = Client().post(address(row), given, follow=True).content.decode()

    row.refresh_from_db()
    assert (row.state, row.decline_reason, row.given_by) == ("DECLINED", "CATEGORY", "Kim")
    assert "We do not insure these products" in page


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        ({}, 422, "Choose whether you quote or decline"),
        (a_quote(premium=""), 422, "Give the premium"),
        (a_quote(premium="1e3"), 422, "is not an amount in USD"),
        (a_quote(premium="１００"), 422, "is not an amount in USD"),
        (a_quote(premium="0"), 409, "above zero"),
        (a_quote(aggregate="10"), 409, "aggregate limit cannot be below"),
        (a_quote(valid_until="2020-01-01"), 409, "valid today or longer"),
        (a_quote(valid_until="02/03/2030"), 422, "Give the day like 2026-03-31"),
        (a_quote(kind="OTHER"), 422, "Select a valid choice"),
        ({"answer": "decline", "given_by": "Kim"}, 422, "Choose why you decline"),
        (
            {"answer": "decline", "decline_reason": "OTHER", "given_by": "Kim"},
            409,
            "Say why you do not quote",
        ),
        (a_quote(given_by=""), 422, "Give your name"),
    ],
)
def test_a_wrong_answer_is_said_and_changes_nothing(
    given: dict[str, Any], status: int, words: str, row: QuoteInvitation
) -> None:
    before = rows()

    answer = Client().post(address(row), given)

    assert (answer.status_code, words in answer.content.decode()) == (status, True)
    assert rows() == before


def test_only_this_very_link_works(row: QuoteInvitation) -> None:
    token = token_of(row)
    forged = [
        "unknown",
        token[:-1],
        f"{token}x",
        make_token(row.pk, link_number=2),
        make_token(row.pk + 1000, link_number=1),
        token.partition(":")[0],
    ]

    for one in forged:
        answer = Client().get(reverse("quote_request", args=[one]))
        assert (answer.status_code, "This link does not work" in answer.content.decode()) == (
            404,
            True,
        )
    row.refresh_from_db()
    assert row.state == "SENT"


def test_a_link_taken_back_or_over_shows_nothing_and_takes_nothing(row: QuoteInvitation) -> None:
    url = address(row)
    revoke_invitation(invitation=row, reason="x", at=timezone.now(), by=make_user())
    before = rows()

    for answer in (Client().get(url), Client().post(url, a_quote())):
        assert answer.status_code == 404
        assert "taken back" in answer.content.decode()
        assert "Kettle House" not in answer.content.decode()
    assert rows() == before


def test_an_ended_link_shows_nothing(row: QuoteInvitation) -> None:
    QuoteInvitation.objects.filter(pk=row.pk).update(expires_at=timezone.now())

    answer = Client().get(address(row))

    assert (answer.status_code, "time to answer is over" in answer.content.decode()) == (404, True)


def test_trying_addresses_is_slowed_down(row: QuoteInvitation) -> None:
    client = Client()
    url = reverse("quote_request", args=["unknown"])

    statuses = [client.get(url).status_code for _ in range(61)]

    assert statuses == [404] * 60 + [429]
    assert client.get(address(row))["Referrer-Policy"] == "no-referrer"
