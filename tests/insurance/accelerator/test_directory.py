"""Rules §5: a directory of vetted providers, and why each fits this seller or does not."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from insurance.accelerator.participants import PARTICIPANTS, lay_down_participants
from insurance.models import Appetite, Provider
from sellers.models import MonthlySales, Seller, SellerMember
from tests.factories import make_member, make_seller
from tests.insurance.accelerator.rows import lay_down_figures, make_provider, make_vetted

pytestmark = pytest.mark.django_db
URL = reverse("insurance:directory")


@pytest.fixture(autouse=True)
def _no_participants() -> None:
    """Only the providers that a test makes."""
    Appetite.objects.all().delete()
    Provider.objects.all().delete()


def names(answer: Any) -> list[str]:
    return [card.provider.legal_name for card in answer.context["cards"]]


def test_a_card_says_what_is_stated_with_dates_and_sources(portal: Client) -> None:
    make_vetted(at=timezone.now())

    page = portal.get(URL).content.decode()

    for words in (
        "Vetted",
        "by AM Best",
        "4 May 2026",
        "Source: AM Best, press release",
        "US; states: CA, NY",
        "1 Oct 2026",
        "California Department of Insurance",
        "Quote within 5 days; certificate within 24 hours",
        "Up to $2,000,000.00 each occurrence, $4,000,000.00 in aggregate",
        "From $1,000.00 to $10,000.00",
        "English, Spanish",
        "It insures in United States.",
        "It accepts every category that you sell.",
        "Using this directory is your free choice.",
        "An insurer of your own counts the same",
        "Nothing of yours is shown to a provider until you apply.",
    ):
        assert words in page


def test_vetted_come_first_then_candidates_who_cannot_be_asked(portal: Client) -> None:
    make_provider("Ambler Ltd", quote_contact="")
    make_vetted("Zeal Insurance", at=timezone.now())
    for status in ("SUSPENDED", "RETIRED"):
        make_provider(f"{status} Ltd", status=status)

    answer = portal.get(URL)

    assert names(answer) == ["Zeal Insurance", "Ambler Ltd"]
    assert "We have not vetted this provider" in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Broad", "Narrow", "Quiet"]),
        ("category=garden", ["Broad", "Quiet"]),
        ("category=toys", ["Quiet"]),
        ("category=kitchen", ["Broad", "Narrow", "Quiet"]),
        ("sales=90000", ["Broad", "Quiet"]),
        ("limit=1500000", ["Broad", "Quiet"]),
        ("kind=BROKER", ["Quiet"]),
        ("language=de", ["Narrow"]),
        ("language=de&kind=BROKER", []),
    ],
)
def test_filters(query: str, found: list[str], portal: Client) -> None:
    make_provider("Broad")
    make_provider(
        "Narrow",
        categories_accepted=["Kitchen"],
        categories_refused=["Toys and games"],
        languages=["de"],
        appetite={
            "annual_sales_from_minor": 20_000_000,
            "each_occurrence_to_minor": 100_000_000,
        },
    )
    quiet = make_provider("Quiet", kind="BROKER", categories_accepted=[], languages=[])
    Appetite.objects.filter(provider=quiet).update(
        annual_sales_from_minor=None, annual_sales_to_minor=None, each_occurrence_to_minor=None
    )

    assert names(portal.get(f"{URL}?market=US&{query}")) == found


def test_a_filter_that_makes_no_sense_is_said(portal: Client) -> None:
    make_provider()

    answer = portal.get(f"{URL}?sales=1e3")

    assert names(answer) == []
    assert "is not an amount in USD" in answer.content.decode()


def test_the_market_decides_currency_and_providers(portal: Client, seller: Seller) -> None:
    make_provider("American")
    make_provider("Japanese", market="JP")
    MonthlySales.objects.create(
        seller=seller,
        marketplace=lay_down_figures("JP"),
        month=date(2026, 10, 1),
        gross_minor=100,
    )

    answer = portal.get(f"{URL}?market=JP")

    assert names(answer) == ["Japanese"]
    assert "Annual sales (JPY)" in answer.content.decode()
    # A market that is not the seller's is not shown: the first of its own is.
    assert names(portal.get(f"{URL}?market=DE")) in (["American"], ["Japanese"])


def test_who_acts_for_several_sellers_chooses_one(portal: Client, member: SellerMember) -> None:
    make_provider()
    other = make_member(make_seller("Another LLC"), user=member.user).seller
    stranger = make_seller("Stranger LLC")

    assert portal.get(f"{URL}?seller={other.pk}").context["seller"] == other
    assert portal.get(f"{URL}?seller={stranger.pk}").context["seller"] != stranger


def test_more_providers_take_no_more_queries(
    portal: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make_provider("Provider 0")
    portal.get(URL)
    with django_assert_max_num_queries(24) as one:
        portal.get(URL)
    for number in range(1, 15):
        make_provider(f"Provider {number}")
    with django_assert_max_num_queries(24) as many:
        answer = portal.get(URL)

    assert len(many) == len(one)
    assert (len(names(answer)), answer.context["page"].paginator.num_pages) == (12, 2)
    assert len(names(portal.get(f"{URL}?page=2"))) == 3


def test_an_old_rating_is_shown_as_expired(portal: Client) -> None:
    today = timezone.now().date()
    make_provider("Fresh", rated_on=today - timedelta(days=360))
    make_provider("Stale", rated_on=today - timedelta(days=370))

    answer = portal.get(URL)

    assert [card.rating_expired for card in answer.context["cards"]] == [False, True]
    assert answer.content.decode().count("Expired: too old to rely on") == 1


def test_the_participants_at_launch_are_candidates_without_contacts() -> None:
    """Rules §5: known participants, each with its mark and date, and nothing made up."""
    models = {"provider_model": Provider, "appetite_model": Appetite}
    for code in ("US", "CA", "UK", "DE", "FR", "IT", "ES", "NL", "BE", "SE", "PL"):
        lay_down_figures(code)

    assert (lay_down_participants(**models), lay_down_participants(**models)) == (10, 0)

    assert list(Provider.objects.order_by("legal_name").values_list("legal_name", flat=True)) == [
        *("Chubb", "Harborway", "Hiscox", "Liberty Mutual", "Markel", "Marsh", "NEXT"),
        *("Simply Business", "Travelers", "Zensurance"),
    ]
    stated = Provider.objects.values_list(
        "status", "source_mark", "sourced_on", "quote_contact", "claims_contact", "rating"
    )
    assert set(stated) == {("CANDIDATE", "S", date(2021, 9, 1), "", "", "")}
    assert Provider.objects.get(legal_name="Harborway").paper_insurer == "Spinnaker"
    assert Provider.objects.get(legal_name="Marsh").kind == "BROKER"
    assert Appetite.objects.count() == sum(len(one.markets) for one in PARTICIPANTS)
