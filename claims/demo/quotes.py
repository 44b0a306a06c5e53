"""The demo's directory and quotes: made-up providers, and one seller that compares three quotes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User

from insurance.accelerator.answering import (
    Offer,
    decline_application,
    give_quote,
    note_opened,
)
from insurance.accelerator.answers import Answers
from insurance.accelerator.applying import apply_for_quotes
from insurance.accelerator.vetting_acts import decide_provider, record_check
from insurance.models import (
    Appetite,
    DeclineReason,
    PolicyBasis,
    PolicyKind,
    Provider,
    ProviderKind,
    ProviderMove,
    QuoteApplication,
    QuoteInvitation,
    VettingStep,
)
from sellers.models import Marketplace, Seller

_VETTED_DAYS_AGO = 40
_APPLIED_DAYS_AGO = 6
_MADE_UP = "(made up)"
_HARBOUR, _OAK = f"Harbour Mutual {_MADE_UP}", f"Old Oak Casualty {_MADE_UP}"
_TIDEWATER, _QUARRY = f"Tidewater Brokers {_MADE_UP}", f"Quarry Specialty {_MADE_UP}"
# Legal name, kind, rating, days for a quote, hours for a certificate, lowest premium in cents.
_PROVIDERS: tuple[tuple[str, str, str, int, int, int], ...] = (
    (_HARBOUR, ProviderKind.INSURER, "A", 3, 24, 20_000),
    (_OAK, ProviderKind.INSURER, "A+", 5, 48, 35_000),
    (_TIDEWATER, ProviderKind.BROKER, "", 7, 72, 25_000),
    (_QUARRY, ProviderKind.MANAGING_AGENT, "A-", 5, 24, 50_000),
)
# Provider, insurer behind the quote, premium, deductible (cents), answered after days, assumptions.
_QUOTES: tuple[tuple[str, str, int, int, int, str], ...] = (
    (_HARBOUR, _HARBOUR, 54_000, 250_000, 2, "No children's products. Sales up to 1,000,000 USD."),
    (_OAK, _OAK, 71_500, 100_000, 3, "Includes worldwide products made in the last five years."),
    (_TIDEWATER, "Elbe Versicherung (made up)", 48_900, 500_000, 5, "Subject to a loss run."),
)


def lay_out_quotes(sellers: Mapping[str, Seller], now: datetime) -> None:
    """Make the vetted providers and the application, as far as they are not there."""
    market = Marketplace.objects.get(pk="US")
    providers = [_lay_out_provider(row, market, now) for row in _PROVIDERS]
    seller = sellers["volt"]
    if not QuoteApplication.objects.filter(seller=seller).exists():
        _apply(seller, market, providers, now)


def _lay_out_provider(
    row: tuple[str, str, str, int, int, int], market: Marketplace, now: datetime
) -> Provider:
    name, kind, rating, quote_days, certificate_hours, lowest = row
    day = (now - timedelta(days=_VETTED_DAYS_AGO)).date()
    slug = name.partition(" ")[0].lower()
    rated: dict[str, Any] = {}
    if rating:
        rated = {
            "rating": rating,
            "rating_agency": "AM Best",
            "rated_on": day - timedelta(days=90),
            "rating_source": "Made up for the demo",
        }
    provider, is_new = Provider.objects.get_or_create(
        legal_name=name,
        defaults={
            "kind": kind,
            "paper_insurer": "Old Oak Casualty (made up)" if name == _QUARRY else "",
            "countries": ["US"],
            "licence_states": ["CA", "NY", "TX", "WA"],
            "licences_on": day,
            "licences_source": "Made up for the demo",
            "lines": [PolicyKind.COMMERCIAL_GENERAL.value, PolicyKind.PRODUCTS.value],
            "languages": ["en", "zh"] if name == _HARBOUR else ["en"],
            "quote_within_days": quote_days,
            "certificate_within_hours": certificate_hours,
            "quote_contact": f"quotes@{slug}.example",
            "claims_contact": f"claims@{slug}.example",
            "source": "Made up for the demo",
            "sourced_on": day,
            "is_made_up": True,
            **rated,
        },
    )
    if is_new:
        _lay_out_appetite(provider, market, lowest)
        _vet(provider, now - timedelta(days=_VETTED_DAYS_AGO))
    return provider


def _lay_out_appetite(provider: Provider, market: Marketplace, lowest_minor: int) -> None:
    Appetite.objects.create(
        provider=provider,
        marketplace=market,
        annual_sales_from_minor=0,
        annual_sales_to_minor=5_000_000_00,
        each_occurrence_to_minor=2_000_000_00,
        aggregate_to_minor=4_000_000_00,
        deductible_from_minor=1_000_00,
        deductible_to_minor=10_000_00,
        minimum_premium_minor=lowest_minor,
    )


def _vet(provider: Provider, at: datetime) -> None:
    checks = User.objects.get(username="insurance")
    decides = User.objects.get(username="administrator")
    for step in VettingStep:
        record_check(
            provider=provider,
            step=step,
            passed=True,
            reason="In order (made up).",
            source="Made up for the demo",
            at=at,
            by=checks,
        )
    decide_provider(
        provider=provider,
        move=ProviderMove.VET,
        reason="Every step stands (made up).",
        at=at + timedelta(hours=3),
        by=decides,
    )


def _apply(seller: Seller, market: Marketplace, providers: list[Provider], now: datetime) -> None:
    at = now - timedelta(days=_APPLIED_DAYS_AGO)
    application = apply_for_quotes(
        seller=seller,
        marketplace=market,
        answers=_answers(seller, at),
        providers=providers,
        at=at,
        by=None,
    )
    for name, insurer, premium, deductible, days, assumptions in _QUOTES:
        answered_at = at + timedelta(days=days)
        invitation = _opened(application, name, answered_at - timedelta(hours=2))
        offer = Offer(
            insurer=insurer,
            kind=PolicyKind.COMMERCIAL_GENERAL,
            basis=PolicyBasis.OCCURRENCE,
            premium_minor=premium,
            each_occurrence_minor=1_000_000_00,
            aggregate_minor=2_000_000_00,
            deductible_minor=deductible,
            valid_until=(answered_at + timedelta(days=30)).date(),
            assumptions=assumptions,
        )
        give_quote(invitation=invitation, offer=offer, given_by="A. Person", at=answered_at)
    decline_application(
        invitation=_opened(application, _QUARRY, at + timedelta(days=1)),
        reason=DeclineReason.CATEGORY,
        words="We write no battery products at present.",
        given_by="B. Person",
        at=at + timedelta(days=1, hours=1),
    )


def _opened(application: QuoteApplication, name: str, at: datetime) -> QuoteInvitation:
    rows = QuoteInvitation.objects.select_related("provider", "application__marketplace")
    invitation = rows.get(application=application, provider__legal_name=name)
    note_opened(invitation=invitation, at=at)
    return invitation


def _answers(seller: Seller, at: datetime) -> Answers:
    return Answers(
        legal_entity=seller.legal_name,
        country=seller.country,
        years_trading=6,
        annual_sales_minor=732_000_00,
        categories=["Batteries"],
        products="Chargers, power banks and battery lights for the home.",
        countries_of_manufacture=["CN", "US"],
        each_occurrence_minor=1_000_000_00,
        aggregate_minor=2_000_000_00,
        deductible_minor=5_000_00,
        losses=1,
        losses_minor=1_850_00,
        loss_history="One power bank overheated in 2024; a desk was scorched.",
        starts_on=(at + timedelta(days=30)).date(),
        contact_name="Sam Whitlock",
        contact_email="claims@volt.example",
        shares=["loss_history"],
    )
