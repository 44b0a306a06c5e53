"""Sellers, their people, products, orders and sales in the admin."""

from typing import TYPE_CHECKING, Any, override

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from import_export.admin import ExportMixin
from import_export.formats.base_formats import CSV

from sellers.history import versions_of
from sellers.models import (
    Closure,
    InformTerms,
    Marketplace,
    MonthlySales,
    Order,
    Product,
    Seller,
    SellerMember,
)
from sellers.money import display_amount
from sellers.read_only import ReadOnly

# Generic for the type checker only; Django's own classes take no parameter.
if TYPE_CHECKING:
    RecordBase = admin.ModelAdmin[Any]
    MembersBase = admin.TabularInline[SellerMember, Seller]
else:
    RecordBase = admin.ModelAdmin
    MembersBase = admin.TabularInline


class RecordAdmin(RecordBase):
    """Records in lists that are called by their name."""

    list_per_page = 50

    @override
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """The list, under the records' own name."""
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))


class TrackedAdmin(RecordAdmin):
    """Records whose every version is kept: their history shows what changed, when, by whom."""

    actions = None

    @override
    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The versions of a record, the latest first.

        Raises:
            PermissionDenied: somebody who may not look at the record.
        """
        record = get_object_or_404(self.model, pk=object_id)
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {
            "title": f"History of {record}",
            "opts": self.opts,
            "record": record,
            "versions": versions_of(record),
        }
        return TemplateResponse(request, "admin/redress/history.html", context)


class MemberInline(MembersBase):
    """The people who act for a seller."""

    model = SellerMember
    extra = 0
    autocomplete_fields = ["user"]


@admin.register(Seller)
class SellerAdmin(ExportMixin, TrackedAdmin):  # type: ignore[misc]
    """Sellers, with the people who act for them."""

    formats = [CSV]
    list_display = [
        "legal_name",
        "trade_name",
        "country",
        "external_reference",
        "email",
        "is_made_up",
        "metrics",
    ]
    list_filter = ["country", "is_made_up"]
    search_fields = ["legal_name", "trade_name", "external_reference", "email"]
    inlines = [MemberInline]
    exclude = ["created_at"]

    @admin.display(description="Claims")
    def metrics(self, seller: Seller) -> str:
        """The way to what claims say of the seller."""
        page = reverse("admin:claims_seller_metrics", args=[seller.pk])
        return format_html('<a href="{}">Metrics</a>', page)

    @override
    def save_model(self, request: HttpRequest, obj: Seller, form: Any, change: Any) -> None:
        """A seller exists from the moment it is first saved."""
        obj.created_at = obj.created_at or timezone.now()
        super().save_model(request, obj, form, change)


@admin.register(SellerMember)
class SellerMemberAdmin(TrackedAdmin):
    """Who acts for which seller, in which role."""

    list_display = ["user", "seller", "role"]
    list_filter = ["role"]
    list_select_related = ["user", "seller"]
    search_fields = ["user__username", "user__email", "seller__legal_name"]
    autocomplete_fields = ["user", "seller"]


@admin.register(Product)
class ProductAdmin(RecordAdmin):
    """What sellers list."""

    list_display = ["title", "sku", "seller", "category", "is_physical"]
    list_filter = ["is_physical"]
    list_select_related = ["seller"]
    search_fields = ["title", "sku", "seller__legal_name"]
    autocomplete_fields = ["seller"]
    actions = None


@admin.register(Order)
class OrderAdmin(RecordAdmin):
    """What customers bought."""

    list_display = [
        "external_reference",
        "marketplace",
        "seller",
        "product",
        "price",
        "delivered_on",
        "fulfilment",
        "is_made_up",
    ]
    list_filter = ["marketplace", "fulfilment", "is_made_up"]
    list_select_related = ["marketplace", "seller", "product"]
    search_fields = ["external_reference", "seller__legal_name", "product__title"]
    autocomplete_fields = ["seller", "product"]
    show_full_result_count = False
    actions = None

    @admin.display(description="Price", ordering="price_minor")
    def price(self, order: Order) -> str:
        """The price with its currency."""
        return display_amount(order.price_minor, currency=order.currency)


@admin.register(MonthlySales)
class MonthlySalesAdmin(ReadOnly, RecordAdmin):
    """Gross proceeds a month; they decide who must hold cover. Read here, corrected by a step.

    A correction takes a reason and tells the seller what follows; imports bring the rest.
    """

    list_display = ["seller", "marketplace", "month", "gross", "crossed_on", "correct"]
    list_filter = ["marketplace"]
    list_select_related = ["seller", "marketplace"]
    search_fields = ["seller__legal_name"]
    autocomplete_fields = ["seller"]
    date_hierarchy = "month"

    @admin.display(description="Correct")
    def correct(self, sales: MonthlySales) -> str:
        """The way to the seller's page, where a step corrects a month."""
        page = reverse(
            "admin:insurance_requirement_seller", args=[sales.seller_id, sales.marketplace_id]
        )
        return format_html('<a href="{}">Seller’s page</a>', page)

    @admin.display(description="Gross proceeds", ordering="gross_minor")
    def gross(self, sales: MonthlySales) -> str:
        """The proceeds in the marketplace's currency."""
        return display_amount(sales.gross_minor, currency=sales.marketplace.currency)


@admin.register(Closure)
class ClosureAdmin(RecordAdmin):
    """Days on which a marketplace does not work; clocks started later leave them out."""

    list_display = ["marketplace", "on", "reason"]
    list_filter = ["marketplace"]
    list_select_related = ["marketplace"]


@admin.register(Marketplace)
class MarketplaceAdmin(ReadOnly, RecordAdmin):
    """The thirteen stores. Their currency and zone are part of every claim: nobody edits them."""

    list_display = ["name", "code", "currency", "timezone", "region"]


@admin.register(InformTerms)
class InformTermsAdmin(RecordAdmin):
    """When a seller is high-volume: a change is a new version from a day on."""

    list_display = ["marketplace", "effective_on", "sales", "gross", "months", "clock_days"]
    list_filter = ["marketplace"]
    list_select_related = ["marketplace"]
    actions = None

    @admin.display(description="Gross proceeds", ordering="gross_minor")
    def gross(self, terms: InformTerms) -> str:
        """The proceeds in the marketplace's currency."""
        return display_amount(terms.gross_minor, currency=terms.marketplace.currency)

    @override
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A version is never edited."""
        return False

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A version is never deleted."""
        return False
