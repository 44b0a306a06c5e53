"""Rows that these tests stand on: vetted providers, a seller, an application, its answers."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User

from claims.roles import INSURANCE
from insurance.accelerator.answering import Offer, give_quote
from insurance.accelerator.answers import Answers
from insurance.accelerator.applying import apply_for_quotes
from insurance.accelerator.links import make_token
from insurance.accelerator.vetting_acts import decide_provider, record_check
from insurance.models import (
    AcceleratorTerms,
    Appetite,
    InsuranceTerms,
    PolicyBasis,
    PolicyKind,
    Provider,
    ProviderKind,
    ProviderMove,
    Quote,
    QuoteApplication,
    QuoteInvitation,
    VettingStep,
)
from insurance.terms import DEFAULT_REQUIREMENT_TERMS
from sellers.models import Marketplace, MonthlySales, Seller
from tests.factories import make_market, make_member, make_product, make_seller, make_user

# A Monday, 10:00 in Los Angeles.
AT = datetime(2026, 11, 16, 18, 0, tzinfo=UTC)
TODAY = date(2026, 11, 16)
LAUNCH = date(2021, 9, 1)
FIGURES = (
    "monthly_trigger_minor",
    "each_occurrence_minor",
    "aggregate_minor",
    "deductible_max_minor",
    "additional_insured_wording",
)


def lay_down_figures(code: str = "US") -> Marketplace:
    """A marketplace with the figures that the migrations lay down (a flush takes them)."""
    market = make_market(code)
    terms = DEFAULT_REQUIREMENT_TERMS[code]
    InsuranceTerms.objects.get_or_create(
        marketplace=market,
        effective_on=LAUNCH,
        defaults={name: getattr(terms, name) for name in FIGURES},
    )
    AcceleratorTerms.objects.get_or_create(
        marketplace=market, effective_on=LAUNCH, defaults={"provider_reminder_days": [7, 2]}
    )
    return market


def make_provider(name: str = "Harbour Mutual", *, market: str = "US", **fields: Any) -> Provider:
    """A provider that states everything and fits a small seller of kitchen goods; not vetted."""
    appetite = fields.pop("appetite", {})
    slug = name.split(maxsplit=1)[0].lower()
    values: dict[str, Any] = {
        "kind": ProviderKind.INSURER,
        "paper_insurer": name,
        "countries": ["US"],
        "licence_states": ["CA", "NY"],
        "licences_on": date(2026, 10, 1),
        "licences_source": "California Department of Insurance, look-up",
        "rating": "A",
        "rating_agency": "AM Best",
        "rated_on": date(2026, 5, 4),
        "rating_source": "AM Best, press release",
        "lines": [PolicyKind.COMMERCIAL_GENERAL.value],
        "categories_accepted": ["Kitchen", "Garden"],
        "languages": ["en", "es"],
        "quote_within_days": 5,
        "certificate_within_hours": 24,
        "quote_contact": f"quotes@{slug}.example",
        "claims_contact": f"claims@{slug}.example",
        "source": "Entered by operations",
        "sourced_on": date(2026, 10, 1),
    } | fields
    provider = Provider.objects.create(legal_name=name, **values)
    Appetite.objects.create(
        provider=provider,
        marketplace=lay_down_figures(market),
        **{
            "annual_sales_from_minor": 0,
            "annual_sales_to_minor": 500_000_000,
            "each_occurrence_to_minor": 200_000_000,
            "aggregate_to_minor": 400_000_000,
            "deductible_from_minor": 100_000,
            "deductible_to_minor": 1_000_000,
            "minimum_premium_minor": 30_000,
        }
        | appetite,
    )
    return provider


def check_all(provider: Provider, *, by: User, at: datetime = AT) -> None:
    """Every step of vetting, passed by one person."""
    for step in VettingStep:
        record_check(
            provider=provider,
            step=step,
            passed=True,
            reason="In order.",
            source="The register of the day",
            at=at,
            by=by,
        )


def vet(provider: Provider, *, at: datetime = AT) -> Provider:
    """A provider vetted by two people."""
    check_all(provider, by=make_user(role=INSURANCE), at=at)
    return decide_provider(
        provider=provider,
        move=ProviderMove.VET,
        reason="All in order.",
        at=at,
        by=make_user(role=INSURANCE),
    )


def make_vetted(name: str = "Harbour Mutual", *, at: datetime = AT, **fields: Any) -> Provider:
    """A vetted provider that fits."""
    return vet(make_provider(name, **fields), at=at)


def make_kitchen_seller() -> Seller:
    """A seller of kitchen goods in the US with 100,000.00 a month."""
    seller = make_seller("Kettle House LLC")
    make_product(seller, category="Kitchen")
    market = lay_down_figures()
    MonthlySales.objects.bulk_create(
        MonthlySales(
            seller=seller, marketplace=market, month=date(2026, month, 1), gross_minor=10_000_000
        )
        for month in (8, 9, 10)
    )
    return seller


ANSWERS = Answers(
    legal_entity="Kettle House LLC",
    country="US",
    years_trading=4,
    annual_sales_minor=30_000_000,
    categories=["Kitchen"],
    products="Copper kettles and kitchen scales.",
    countries_of_manufacture=["CN", "US"],
    each_occurrence_minor=100_000_000,
    aggregate_minor=200_000_000,
    deductible_minor=500_000,
    losses=1,
    losses_minor=250_000,
    loss_history="A kettle caught fire in 2024.",
    starts_on=TODAY + timedelta(days=20),
    contact_name="Robin Vale",
    contact_email="robin@kettle.example",
    shares=[],
)


def apply(
    *providers: Provider, seller: Seller | None = None, at: datetime = AT, **changes: Any
) -> QuoteApplication:
    """An application sent to these providers."""
    seller = seller or make_kitchen_seller()
    return apply_for_quotes(
        seller=seller,
        marketplace=lay_down_figures(),
        answers=replace(ANSWERS, **changes),
        providers=providers,
        at=at,
        by=make_member(seller).user,
    )


def invitation(application: QuoteApplication, provider: Provider) -> QuoteInvitation:
    """The invitation of one provider."""
    return QuoteInvitation.objects.select_related("provider", "application").get(
        application=application, provider=provider
    )


def token_of(row: QuoteInvitation) -> str:
    """The token that stands in the provider's latest letter."""
    return make_token(row.pk, link_number=row.link_number)


OFFER = Offer(
    insurer="Harbour Mutual",
    kind=PolicyKind.COMMERCIAL_GENERAL,
    basis=PolicyBasis.OCCURRENCE,
    premium_minor=52_500,
    each_occurrence_minor=100_000_000,
    aggregate_minor=200_000_000,
    deductible_minor=250_000,
    valid_until=TODAY + timedelta(days=30),
    assumptions="No toys.",
)


def quote(
    application: QuoteApplication, provider: Provider, *, at: datetime = AT, **changes: Any
) -> Quote:
    """A provider's quote."""
    return give_quote(
        invitation=invitation(application, provider),
        offer=replace(OFFER, **changes),
        given_by="Kim Osei",
        at=at,
    )
