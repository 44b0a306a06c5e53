"""Positions, requests, waivers, decisions and letters as lists: acts write them, nobody edits."""

from typing import Any, override

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe
from import_export import resources
from import_export.admin import ExportMixin
from import_export.formats.base_formats import CSV

from insurance.models import (
    CompliancePosition,
    CoverRequest,
    CoverWaiver,
    InsuranceLetter,
    SalesEntry,
    SellerRestriction,
)
from insurance.requirement.admin.act_pages import act_page, end_waiver_page, lift_page
from insurance.requirement.admin.seller_page import seller_page
from insurance.requirement.admin.worklist_page import worklist_page
from sellers.admin import RecordAdmin, TrackedAdmin
from sellers.money import display_amount
from sellers.read_only import ReadOnly


@admin.register(CompliancePosition)
class CompliancePositionAdmin(ReadOnly, RecordAdmin):
    """Where each seller stands in each market; a row opens the seller's page."""

    list_display = [
        "seller",
        "marketplace",
        "status",
        "due_on",
        "counts_to",
        "cover_ends_on",
        "recommendation",
        "changed_at",
    ]
    list_filter = ["marketplace", "status", "recommendation", "cause"]
    list_select_related = ["seller", "marketplace"]
    search_fields = ["seller__legal_name", "seller__external_reference"]
    date_hierarchy = "due_on"
    show_full_result_count = False
    actions = None

    @override
    def change_view(self, request: HttpRequest, object_id: str, *_: Any, **__: Any) -> HttpResponse:
        """The seller's page."""
        row = get_object_or_404(CompliancePosition, pk=object_id)
        return redirect("admin:insurance_requirement_seller", row.seller_id, row.marketplace_id)

    @override
    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        about = "seller/<int:pk>/<str:market>/"
        pages: tuple[tuple[str, Any, str], ...] = (
            ("worklist/", require_safe(worklist_page), "insurance_requirement"),
            (about, require_safe(seller_page), "insurance_requirement_seller"),
            (f"{about}<slug:name>/", act_page, "insurance_requirement_act"),
            ("waiver/<int:pk>/end/", end_waiver_page, "insurance_waiver_end"),
            ("decision/<int:pk>/lift/", lift_page, "insurance_restriction_lift"),
        )
        ours = [path(at, guard(page), name=name) for at, page, name in pages]
        return [*ours, *super().get_urls()]


@admin.register(CoverRequest)
class CoverRequestAdmin(ReadOnly, RecordAdmin):
    """Sellers whom operations asked for cover."""

    list_display = ["seller", "marketplace", "requested_on", "reason", "requested_by"]
    list_filter = ["marketplace"]
    list_select_related = ["seller", "marketplace", "requested_by"]
    search_fields = ["seller__legal_name"]
    actions = None


@admin.register(CoverWaiver)
class CoverWaiverAdmin(ReadOnly, RecordAdmin):
    """Sellers for whom the requirement is waived, until when and why."""

    list_display = ["seller", "marketplace", "from_on", "until_on", "ended_on", "reason"]
    list_filter = ["marketplace"]
    list_select_related = ["seller", "marketplace"]
    search_fields = ["seller__legal_name"]
    actions = None


@admin.register(SalesEntry)
class SalesEntryAdmin(ReadOnly, RecordAdmin):
    """Monthly sales that people entered or corrected, with what they were before and why."""

    list_display = ["seller", "marketplace", "month", "was", "became", "reason", "entered_by"]
    list_filter = ["marketplace"]
    list_select_related = ["seller", "marketplace", "entered_by"]
    search_fields = ["seller__legal_name", "seller__external_reference"]
    date_hierarchy = "entered_at"
    actions = None

    @admin.display(description="Was", empty_value="Not known", ordering="was_minor")
    def was(self, entry: SalesEntry) -> str | None:
        """The proceeds before, in the marketplace's currency."""
        if entry.was_minor is None:
            return None
        return display_amount(entry.was_minor, currency=entry.marketplace.currency)

    @admin.display(description="Became", ordering="gross_minor")
    def became(self, entry: SalesEntry) -> str:
        """The proceeds that were entered."""
        return display_amount(entry.gross_minor, currency=entry.marketplace.currency)


class RestrictionResource(resources.ModelResource):
    """What the marketplace's store needs to act: who, where, what, from and until when."""

    class Meta:
        model = SellerRestriction
        fields = (
            "id",
            "seller__external_reference",
            "marketplace",
            "level",
            "from_on",
            "decided_at",
            "lifted_at",
        )


@admin.register(SellerRestriction)
class SellerRestrictionAdmin(ReadOnly, ExportMixin, TrackedAdmin):  # type: ignore[misc]
    """Decisions about sellers without proof; exported for the store that acts on them."""

    formats = [CSV]
    resource_classes = [RestrictionResource]
    list_display = ["seller", "marketplace", "level", "from_on", "decided_by", "lifted_at"]
    list_filter = ["marketplace", "level", ("lifted_at", admin.EmptyFieldListFilter)]
    list_select_related = ["seller", "marketplace", "decided_by"]
    search_fields = ["seller__legal_name", "seller__external_reference"]

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Whether this person may look at decisions."""
        return request.user.has_perm("insurance.view_sellerrestriction")


@admin.register(InsuranceLetter)
class InsuranceLetterAdmin(ReadOnly, RecordAdmin):
    """Letters about insurance as they stand: written, on their way, sent, or come back."""

    list_display = ["written_at", "kind", "recipient", "to", "seller", "state", "last_answer"]
    list_filter = ["state", "recipient", "kind"]
    list_select_related = ["seller"]
    search_fields = ["to", "seller__legal_name", "key"]
    show_full_result_count = False
    actions = None
