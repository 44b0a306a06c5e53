"""The seller's side: answering once, comparing, accepting, withdrawing; nobody else's quotes."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from insurance.accelerator.choosing import accept_quote
from insurance.models import InsuranceLetter, Policy, Provider, Quote, QuoteApplication
from insurance.operations import submit_policy
from sellers.models import MemberRole, Seller, SellerMember
from tests.factories import make_member, make_seller
from tests.insurance.accelerator.rows import apply, invitation, make_vetted, quote

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def harbour() -> Provider:
    return make_vetted("Harbour Mutual", at=timezone.now())


@pytest.fixture
def oak() -> Provider:
    return make_vetted("Oak Casualty", at=timezone.now())


@pytest.fixture
def application(seller: Seller, harbour: Provider, oak: Provider) -> QuoteApplication:
    now = timezone.now()
    return apply(harbour, oak, seller=seller, at=now, starts_on=(now + 30 * DAY).date())


def quoted(application: QuoteApplication, provider: Provider, **changes: Any) -> Quote:
    now = timezone.now()
    return quote(application, provider, at=now, valid_until=(now + 20 * DAY).date(), **changes)


def typed(*providers: Provider, **changes: Any) -> dict[str, Any]:
    return {
        "legal_entity": "Kettle House LLC",
        "country": "us",
        "years_trading": "4",
        "annual_sales_minor": "300000.00",
        "categories": "Kitchen",
        "products": "Copper kettles.",
        "countries_of_manufacture": "cn, US",
        "each_occurrence_minor": "1000000",
        "aggregate_minor": "2000000",
        "deductible_minor": "5000",
        "losses": "0",
        "losses_minor": "0",
        "starts_on": (timezone.now() + 30 * DAY).date().isoformat(),
        "contact_name": "Robin Vale",
        "contact_email": "robin@kettle.example",
        "shares": ["contact_name"],
        "providers": [str(one.pk) for one in providers],
        "agrees": "on",
    } | changes


def apply_url(seller: Seller, step: str = "apply") -> str:
    return reverse(f"insurance:{step}", args=[seller.pk, "US"])


def test_answering_checking_and_sending(portal: Client, seller: Seller, harbour: Provider) -> None:
    oak = make_vetted("Oak Casualty", at=timezone.now())

    answer = portal.post(apply_url(seller), typed(harbour))
    assert answer.headers["Location"] == apply_url(seller, "check_application")
    assert QuoteApplication.objects.count() == 0
    check = portal.get(apply_url(seller, "check_application")).content.decode()
    assert "Harbour Mutual" in check
    assert str(oak) not in check
    assert check.count("Not shown to providers") == 2
    page = portal.post(apply_url(seller, "check_application"), follow=True).content.decode()

    sent = QuoteApplication.objects.get()
    assert f"Your application {sent.reference} was sent." in page
    assert (sent.country, sent.countries_of_manufacture, sent.annual_sales_minor) == (
        "US",
        ["CN", "US"],
        30_000_000,
    )
    assert "contact_name" in sent.shared
    assert {"contact_email", "loss_history"}.isdisjoint(sent.shared)
    assert [str(row.provider) for row in sent.invitations.all()] == ["Harbour Mutual"]
    # The check cannot be sent a second time.
    portal.post(apply_url(seller, "check_application"))
    assert QuoteApplication.objects.count() == 1


def test_the_first_form_is_filled_with_what_we_know(
    portal: Client, seller: Seller, harbour: Provider
) -> None:
    form = portal.get(apply_url(seller)).context["form"]

    known = {name: form[name].initial for name in ("legal_entity", "annual_sales_minor")}
    assert known == {"legal_entity": "Kettle House LLC", "annual_sales_minor": 30_000_000}
    assert 'value="300000.00"' in str(form["annual_sales_minor"])
    assert 'value="Kitchen"' in str(form["categories"])


def test_a_new_form_starts_with_the_last_answers(
    portal: Client, seller: Seller, application: QuoteApplication
) -> None:
    page = portal.get(apply_url(seller))

    form = page.context["form"]
    assert form["products"].initial == application.products
    assert form["loss_history"].initial == application.loss_history
    assert form["years_trading"].initial == 4


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("annual_sales_minor", "1_000", "is not an amount in USD"),
        ("each_occurrence_minor", "0", "The limit is above zero"),
        ("aggregate_minor", "10", "The aggregate cannot be below the limit each"),
        ("countries_of_manufacture", "China", "two letters"),
        ("country", "USA", "Give the country in two letters"),
        ("categories", " , ", "Give the categories"),
        ("categories", "x" * 81, "none longer than 80"),
        ("providers", [], "Choose at least one provider"),
        ("agrees", "", "Agree, or leave the form"),
    ],
)
def test_a_wrong_line_is_said_and_nothing_is_sent(  # noqa: PLR0917 - fixtures
    field: str, value: Any, words: str, portal: Client, seller: Seller, harbour: Provider
) -> None:
    page = portal.post(apply_url(seller), typed(harbour) | {field: value}).content.decode()

    assert "There is a problem" in page
    assert words in page
    assert QuoteApplication.objects.count() == 0


def test_without_a_provider_that_fits_the_form_says_so(portal: Client, seller: Seller) -> None:
    page = portal.get(apply_url(seller)).content.decode()

    assert "No vetted provider fits" in page
    assert "<form method" not in page.partition("<main")[2]


def test_a_second_open_application_is_refused_in_words(
    portal: Client, seller: Seller, application: QuoteApplication, harbour: Provider
) -> None:
    portal.post(apply_url(seller), typed(harbour))

    page = portal.post(apply_url(seller, "check_application"), follow=True).content.decode()

    assert "open application in United States already" in page
    assert QuoteApplication.objects.count() == 1


def test_the_quotes_stand_side_by_side_with_their_dates(
    portal: Client, application: QuoteApplication, harbour: Provider, oak: Provider
) -> None:
    quoted(application, harbour, premium_minor=80_000)
    cheap = quoted(application, oak, premium_minor=52_500)

    answer = portal.get(reverse("insurance:application", args=[application.pk]))

    page = answer.content.decode()
    assert [row.quote.premium_minor for row in answer.context["rows"]] == [52_500, 80_000]
    for words in ("$525.00", "$800.00", "No toys.", "not a promise"):
        assert words in page
    assert f"Until the end of {cheap.valid_until:%-d %b %Y}" in page
    assert page.count("Quoted</span>") == 2


def test_accepting_goes_over_a_check(
    portal: Client, application: QuoteApplication, harbour: Provider
) -> None:
    offered = quoted(application, harbour)
    url = reverse("insurance:accept_quote", args=[application.pk, offered.pk])

    check = portal.get(url).content.decode()
    assert "a quote with a date, not a promise" in check
    assert Policy.objects.count() == 0
    page = portal.post(url, follow=True).content.decode()

    offered.refresh_from_db()
    assert (offered.state, offered.policy) == ("ACCEPTED", Policy.objects.get())
    assert "The policy waits for its certificate" in page
    assert "can no longer be accepted" in portal.post(url, follow=True).content.decode()


def test_the_certificate_is_compared_with_the_quote(
    portal: Client, application: QuoteApplication, harbour: Provider, member: SellerMember
) -> None:
    policy = accept_quote(quote=quoted(application, harbour), at=timezone.now(), by=member.user)
    policy.number, policy.rating = "GL-1", "A"
    policy.each_occurrence_minor, policy.deductible_minor = 50_000_000, 300_000
    policy.save()
    submit_policy(policy=policy, at=timezone.now())

    answer = portal.get(reverse("insurance:application", args=[application.pk]))

    ((_, differences),) = answer.context["certificates"]
    assert [(d.what, d.quoted, d.certified, d.is_worse) for d in differences] == [
        ("Limit each occurrence", "$1,000,000.00", "$500,000.00", True),
        ("Deductible", "$2,500.00", "$3,000.00", True),
    ]
    assert "Less than quoted" in answer.content.decode()


def test_withdrawing_and_taking_back_go_over_a_page(
    portal: Client, application: QuoteApplication, harbour: Provider
) -> None:
    row = invitation(application, harbour)
    back = reverse("insurance:take_back_link", args=[application.pk, row.pk])
    withdraw = reverse("insurance:withdraw", args=[application.pk])

    portal.get(back)
    portal.get(withdraw)
    row.refresh_from_db()
    application.refresh_from_db()
    assert (row.state, application.state) == ("SENT", "OPEN")

    portal.post(back)
    row.refresh_from_db()
    assert row.state == "REVOKED"
    assert "cannot be taken back" in portal.post(back, follow=True).content.decode()
    portal.post(withdraw)
    application.refresh_from_db()
    assert application.state == "WITHDRAWN"
    assert "no longer open" in portal.get(withdraw, follow=True).content.decode()


def test_nobody_reaches_the_quotes_of_another_seller(
    application: QuoteApplication, harbour: Provider
) -> None:
    offered = quoted(application, harbour)
    row = invitation(application, harbour)
    stranger = Client()
    stranger.force_login(make_member(make_seller()).user)
    urls = [
        reverse("insurance:application", args=[application.pk]),
        reverse("insurance:accept_quote", args=[application.pk, offered.pk]),
        reverse("insurance:withdraw", args=[application.pk]),
        reverse("insurance:take_back_link", args=[application.pk, row.pk]),
        reverse("insurance:apply", args=[application.seller_id, "US"]),
        reverse("insurance:check_application", args=[application.seller_id, "US"]),
    ]
    letters = InsuranceLetter.objects.count()

    assert [stranger.get(url).status_code for url in urls] == [404] * 6
    assert [stranger.post(url).status_code for url in urls[1:]] == [404] * 5
    assert Client().get(urls[0]).status_code == 302
    assert "A-0" not in stranger.get(reverse("insurance:quotes")).content.decode()
    offered.refresh_from_db()
    assert (offered.state, InsuranceLetter.objects.count()) == ("OFFERED", letters)


def test_a_viewer_reads_and_does_nothing(
    seller: Seller, application: QuoteApplication, harbour: Provider
) -> None:
    offered = quoted(application, harbour)
    viewer = Client()
    viewer.force_login(make_member(seller, role=MemberRole.VIEWER).user)

    page = viewer.get(reverse("insurance:application", args=[application.pk])).content.decode()
    assert "$525.00" in page
    assert "Withdraw the application" not in page
    for name, args in (
        ("accept_quote", [application.pk, offered.pk]),
        ("withdraw", [application.pk]),
        ("apply", [seller.pk, "US"]),
    ):
        assert viewer.post(reverse(f"insurance:{name}", args=args)).status_code == 403
    assert "Ask for quotes in" not in viewer.get(reverse("insurance:directory")).content.decode()


def test_a_quote_of_another_application_is_not_there(
    portal: Client, application: QuoteApplication, harbour: Provider
) -> None:
    other = apply(harbour, at=timezone.now(), starts_on=(timezone.now() + 30 * DAY).date())
    foreign = quoted(other, harbour)

    url = reverse("insurance:accept_quote", args=[application.pk, foreign.pk])

    assert (portal.get(url).status_code, portal.post(url).status_code) == (404, 404)


def test_more_quotes_take_no_more_queries(
    portal: Client,
    application: QuoteApplication,
    harbour: Provider,
    oak: Provider,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    url = reverse("insurance:application", args=[application.pk])
    portal.get(url)
    for provider in (harbour, oak):
        quoted(application, provider)
        with django_assert_max_num_queries(16):
            portal.get(url)
    with django_assert_max_num_queries(12):
        portal.get(reverse("insurance:quotes"))


def test_a_letter_that_came_back_is_said(
    portal: Client, application: QuoteApplication, harbour: Provider
) -> None:
    url = reverse("insurance:application", args=[application.pk])
    assert "Our letter came back" not in portal.get(url).content.decode()
    row = invitation(application, harbour)
    InsuranceLetter.objects.filter(key=f"quote-asked:{row.pk}:1").update(
        state="BOUNCED", next_at=None
    )

    answer = portal.get(url)

    assert answer.context["came_back"] == {row.pk}
    assert answer.content.decode().count("Our letter came back") == 1
