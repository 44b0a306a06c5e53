"""Providers in the admin: what each states with date and source, and the way to its vetting."""

from typing import TYPE_CHECKING, override

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import CSV

from insurance.accelerator.admin.acting import ACT, LOOK
from insurance.accelerator.admin.scorecard_page import scorecard_page
from insurance.accelerator.admin.vetting_page import vetting_page, vetting_queue
from insurance.accelerator.resources import AppetiteResource, ProviderResource
from insurance.models import AcceleratorTerms, Appetite, KnownInsurer, Provider
from sellers.admin import RecordAdmin, TrackedAdmin
from sellers.money import display_amount
from sellers.read_only import ReadOnly

if TYPE_CHECKING:
    AppetiteBase = admin.StackedInline[Appetite, Provider]
else:
    AppetiteBase = admin.StackedInline


class DirectoryImportExport(ImportExportMixin):
    """CSV in and out, for those who may change the directory, and those who may look at it."""

    formats = [CSV]

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Whether this person may change the directory."""
        return request.user.has_perm(ACT)

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Whether this person may look at the directory."""
        return request.user.has_perm(LOOK)


class AppetiteInline(AppetiteBase):
    """What the provider writes, market by market, in minor units of each market's currency."""

    model = Appetite
    extra = 0


@admin.register(Provider)
class ProviderAdmin(DirectoryImportExport, TrackedAdmin):  # type: ignore[misc]
    """The directory of providers. Where one stands is written by its vetting only."""

    resource_classes = [ProviderResource]
    change_form_template = "admin/redress/provider_change.html"
    import_export_change_list_template = "admin/redress/provider_list.html"
    list_display = [
        "legal_name",
        "kind",
        "status",
        "rated",
        "licensed",
        "vetted_on",
        "vet_again_by",
    ]
    list_filter = ["status", "kind", "is_made_up"]
    search_fields = ["legal_name", "paper_insurer", "naic_code"]
    readonly_fields = ["status", "vetted_on", "vet_again_by", "is_made_up"]
    inlines = [AppetiteInline]
    fieldsets = [
        (None, {"fields": ["legal_name", "kind", "paper_insurer", "naic_code"]}),
        ("Vetting", {"fields": ["status", "vetted_on", "vet_again_by", "is_made_up"]}),
        (
            "Licences, with their date and source",
            {"fields": ["countries", "licence_states", "licences_on", "licences_source"]},
        ),
        (
            "Rating, with its agency, date and source",
            {"fields": ["rating", "rating_agency", "rated_on", "rating_source"]},
        ),
        ("What it writes", {"fields": ["lines", "categories_accepted", "categories_refused"]}),
        (
            "Service",
            {
                "fields": [
                    "languages",
                    "quote_within_days",
                    "certificate_within_hours",
                    "quote_contact",
                    "claims_contact",
                ]
            },
        ),
        ("Source of this entry", {"fields": ["source", "source_mark", "sourced_on"]}),
    ]

    @override
    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("scorecard/", guard(scorecard_page), name="insurance_provider_scorecard"),
            path("vetting/", guard(vetting_queue), name="insurance_provider_vetting_queue"),
            path("<int:pk>/vetting/", guard(vetting_page), name="insurance_provider_vetting"),
            *super().get_urls(),  # type: ignore[no-untyped-call]
        ]

    @admin.display(description="Rating", ordering="rating")
    def rated(self, provider: Provider) -> SafeString | str:
        """The rating with its agency, date and source, or a dash."""
        if not provider.rating:
            return "–"
        return format_html(
            '<span data-stated="rating">{} by {}, {}<br><span class="is">{}</span></span>',
            provider.rating,
            provider.rating_agency,
            provider.rated_on,
            provider.rating_source,
        )

    @admin.display(description="Licences")
    def licensed(self, provider: Provider) -> SafeString | str:
        """Licence countries and states with their date and source, or a dash."""
        places = [*provider.countries, *provider.licence_states]
        if not places:
            return "–"
        return format_html(
            '<span data-stated="licences">{}, {}<br><span class="is">{}</span></span>',
            ", ".join(places),
            provider.licences_on,
            provider.licences_source,
        )


@admin.register(Appetite)
class AppetiteAdmin(DirectoryImportExport, TrackedAdmin):  # type: ignore[misc]
    """What providers write, market by market."""

    resource_classes = [AppetiteResource]
    list_display = ["provider", "marketplace", "sales", "limit", "minimum_premium"]
    list_filter = ["marketplace"]
    list_select_related = ["provider", "marketplace"]
    search_fields = ["provider__legal_name"]
    autocomplete_fields = ["provider"]

    @admin.display(description="Annual sales")
    def sales(self, appetite: Appetite) -> str:
        """From which sales to which."""
        lowest = _money(appetite, appetite.annual_sales_from_minor)
        return f"{lowest} to {_money(appetite, appetite.annual_sales_to_minor)}"

    @admin.display(description="Each occurrence, up to")
    def limit(self, appetite: Appetite) -> str:
        """The highest limit offered."""
        return _money(appetite, appetite.each_occurrence_to_minor)

    @admin.display(description="Lowest premium")
    def minimum_premium(self, appetite: Appetite) -> str:
        """The lowest premium."""
        return _money(appetite, appetite.minimum_premium_minor)


@admin.register(AcceleratorTerms)
class AcceleratorTermsAdmin(TrackedAdmin):
    """The Accelerator's figures of each marketplace from a day on. Default, not published."""

    list_display = [
        "marketplace",
        "effective_on",
        "rating_good_for_days",
        "vetting_lasts_days",
        "invitation_open_days",
        "application_open_days",
    ]
    list_filter = ["marketplace"]
    list_select_related = ["marketplace"]


@admin.register(KnownInsurer)
class KnownInsurerAdmin(ReadOnly, RecordAdmin):
    """Insurers and NAIC codes of the imported table; unverified, a suggestion only."""

    list_display = ["legal_name", "naic_code", "listed_on", "source"]
    search_fields = ["legal_name", "naic_code"]


def _money(appetite: Appetite, minor: int | None) -> str:
    if minor is None:
        return "not stated"
    return display_amount(minor, currency=appetite.marketplace.currency)
