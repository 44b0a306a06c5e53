"""Who is listed, and why each fits a seller: the facts loaded for the pure rules."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db.models import Case, IntegerField, Prefetch, QuerySet, Sum, Value, When

from insurance.accelerator.answers import Answers
from insurance.accelerator.figures import figures_of
from insurance.accelerator.fit import AppetiteFacts, Fit, ProviderFacts, SellerNeeds, fit_of
from insurance.models import Appetite, Provider, ProviderKind, ProviderStatus
from insurance.queries import terms_row
from sellers.models import Marketplace, MonthlySales, Product, Seller

LISTED = (ProviderStatus.VETTED, ProviderStatus.CANDIDATE)
_MONTHS_OF_A_YEAR = 12


def listed_providers() -> QuerySet[Provider]:
    """Vetted providers, then the known participants that nobody vetted, with their appetites."""
    vetted_first = Case(
        When(status=ProviderStatus.VETTED, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    return (
        Provider.objects.filter(status__in=LISTED)
        .prefetch_related(Prefetch("appetites", Appetite.objects.select_related("marketplace")))
        .order_by(vetted_first, "legal_name")
    )


def annual_sales(seller: Seller, market: str, *, on: date) -> int | None:
    """Gross proceeds of the twelve latest months on record, in minor units; None: none are."""
    first = date(on.year - 1, on.month, 1)
    rows = MonthlySales.objects.filter(
        seller=seller, marketplace_id=market, month__gt=first, month__lte=on
    )
    total: int | None = rows.aggregate(total=Sum("gross_minor"))["total"]
    return total


def categories_of(seller: Seller) -> list[str]:
    """The categories of a seller's physical products, by name."""
    rows = Product.objects.filter(seller=seller, is_physical=True).exclude(category="")
    return list(rows.order_by("category").values_list("category", flat=True).distinct())


def needs_of(
    seller: Seller, marketplace: Marketplace, *, at: datetime, answers: Answers | None = None
) -> SellerNeeds:
    """What a seller sells and must have in a market; where it answered, by its answers."""
    today = at.astimezone(marketplace.zone).date()
    terms = terms_row(marketplace.pk, on=today)
    figures = figures_of(marketplace.pk, on=today)
    return SellerNeeds(
        market_name=marketplace.name,
        currency=marketplace.currency,
        on=today,
        categories=frozenset(answers.categories if answers else categories_of(seller)),
        annual_sales_minor=(
            answers.annual_sales_minor
            if answers
            else annual_sales(seller, marketplace.pk, on=today)
        ),
        each_occurrence_minor=(answers or terms).each_occurrence_minor,
        aggregate_minor=(answers or terms).aggregate_minor,
        deductible_max_minor=answers.deductible_minor if answers else terms.deductible_max_minor,
        rating_good_for_days=figures.rating_good_for_days,
    )


def provider_facts(provider: Provider, market: str) -> ProviderFacts:
    """What the directory states of a provider in a market. No query where appetites are loaded."""
    stated = next((one for one in provider.appetites.all() if one.marketplace_id == market), None)
    return ProviderFacts(
        is_vetted=provider.status == ProviderStatus.VETTED,
        has_quote_contact=bool(provider.quote_contact),
        is_broker=provider.kind == ProviderKind.BROKER,
        appetite=_appetite(stated) if stated else None,
        lines=frozenset(provider.lines),
        accepts=frozenset(provider.categories_accepted),
        refuses=frozenset(provider.categories_refused),
        rating=provider.rating,
        rated_on=provider.rated_on,
    )


def fits_for(
    providers: Iterable[Provider],
    *,
    seller: Seller,
    marketplace: Marketplace,
    at: datetime,
    answers: Answers | None = None,
) -> Mapping[int, Fit]:
    """Why each provider fits a seller, by its number."""
    needs = needs_of(seller, marketplace, at=at, answers=answers)
    return {one.pk: fit_of(provider_facts(one, marketplace.pk), needs=needs) for one in providers}


def _appetite(row: Appetite) -> AppetiteFacts:
    return AppetiteFacts(
        sales_from_minor=row.annual_sales_from_minor,
        sales_to_minor=row.annual_sales_to_minor,
        each_occurrence_to_minor=row.each_occurrence_to_minor,
        aggregate_to_minor=row.aggregate_to_minor,
        deductible_from_minor=row.deductible_from_minor,
    )
