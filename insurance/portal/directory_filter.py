"""What a member asked the directory for: market, category, sales, limit, kind, language."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django_filters.filters import CharFilter, ChoiceFilter, Filter
from django_filters.filterset import FilterSet

from insurance.accelerator.fields import AmountField
from insurance.models import Appetite, Provider, ProviderKind
from sellers.models import Marketplace

# What people call them; other codes are shown as they are.
LANGUAGE_NAMES = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "it": "Italian",
    "es": "Spanish",
    "nl": "Dutch",
    "sv": "Swedish",
    "pl": "Polish",
    "ja": "Japanese",
    "zh": "Chinese",
}


class _AmountFilter(Filter):
    field_class: type[forms.Field] = AmountField


class DirectoryFilter(FilterSet):
    """The filters of the directory in one marketplace, whose currency its amounts are in.

    A provider that does not state something is kept: it can still be asked.
    """

    # The library's constructors carry no types.
    market = ChoiceFilter(  # type: ignore[no-untyped-call]
        label="Market", empty_label=None, method="filter_market"
    )
    category = CharFilter(  # type: ignore[no-untyped-call]
        label="Category", max_length=80, method="filter_category"
    )
    sales = _AmountFilter(  # type: ignore[no-untyped-call]
        label="Annual sales", method="filter_sales"
    )
    limit = _AmountFilter(  # type: ignore[no-untyped-call]
        label="Limit each occurrence", method="filter_limit"
    )
    kind = ChoiceFilter(  # type: ignore[no-untyped-call]
        label="Kind", choices=ProviderKind.choices, empty_label="All"
    )
    language = ChoiceFilter(  # type: ignore[no-untyped-call]
        label="Language", empty_label="All", method="filter_language"
    )

    class Meta:
        model = Provider
        fields: list[str] = []

    def __init__(
        self, *args: Any, marketplace: Marketplace, choices: list[Marketplace], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]
        self.marketplace = marketplace
        self.filters["market"].extra["choices"] = [(one.pk, one.name) for one in choices]
        self.filters["language"].extra["choices"] = _languages()
        for name in ("sales", "limit"):
            self.filters[name].extra["currency"] = marketplace.currency
            self.filters[name].label = f"{self.filters[name].label} ({marketplace.currency})"

    def filter_market(
        self, providers: QuerySet[Provider], _name: str, value: str
    ) -> QuerySet[Provider]:
        """Providers that write in the market."""
        return providers.filter(self._writes(marketplace=value))

    def filter_category(
        self, providers: QuerySet[Provider], _name: str, value: str
    ) -> QuerySet[Provider]:
        """Providers that accept a category, or do not say, and do not refuse it."""
        words = value.strip()
        accepts = Q(categories_accepted=[]) | Q(categories_accepted__icontains=words)
        return providers.filter(accepts).exclude(categories_refused__icontains=words)

    def filter_sales(
        self, providers: QuerySet[Provider], _name: str, value: int
    ) -> QuerySet[Provider]:
        """Providers whose range of sales holds this figure, or who state none."""
        return providers.filter(
            self._writes(
                Q(annual_sales_from_minor=None) | Q(annual_sales_from_minor__lte=value),
                Q(annual_sales_to_minor=None) | Q(annual_sales_to_minor__gte=value),
                marketplace=self.marketplace,
            )
        )

    def filter_limit(
        self, providers: QuerySet[Provider], _name: str, value: int
    ) -> QuerySet[Provider]:
        """Providers that offer this limit each occurrence, or state none."""
        offers = Q(each_occurrence_to_minor=None) | Q(each_occurrence_to_minor__gte=value)
        return providers.filter(self._writes(offers, marketplace=self.marketplace))

    def filter_language(
        self, providers: QuerySet[Provider], _name: str, value: str
    ) -> QuerySet[Provider]:
        """Providers that speak a language."""
        return providers.filter(languages__contains=[value])

    @staticmethod
    def _writes(*conditions: Q, **fields: Any) -> Exists:
        return Exists(Appetite.objects.filter(*conditions, provider=OuterRef("pk"), **fields))


def _languages() -> list[tuple[str, str]]:
    spoken = Provider.objects.exclude(languages=[]).values_list("languages", flat=True)
    codes = sorted({code for codes in spoken for code in codes})
    return [(code, LANGUAGE_NAMES.get(code, code)) for code in codes]
