"""What waits for a person's decision: sellers to restrict, decisions to lift; and finding one."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import (
    Case,
    Exists,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from insurance.accelerator.admin.acting import need
from insurance.models import CompliancePosition, RestrictionLevel, SellerRestriction
from insurance.requirement.admin.seller_page import LOOK
from insurance.requirement.restricting import LEVEL_OF
from insurance.standing import ComplianceStatus
from sellers.models import Marketplace, Seller
from sellers.portal.arrival import arrived_at

ROWS_A_PAGE = 50
_RANKS = {level: rank for rank, level in enumerate(RestrictionLevel.values, start=1)}
_SETTLED = (
    ComplianceStatus.PROVEN,
    ComplianceStatus.EXPIRING,
    ComplianceStatus.WAIVED,
    ComplianceStatus.NOT_REQUIRED,
)


class FindForm(forms.Form):
    """A seller by the marketplace's own number, and a market."""

    seller = forms.CharField(label="Seller’s number", max_length=80)
    market = forms.ModelChoiceField(
        label="Marketplace", queryset=Marketplace.objects.all(), empty_label=None
    )

    def clean_seller(self) -> Seller:
        """The seller of this number."""
        number = self.cleaned_data["seller"].strip()
        found = Seller.objects.filter(external_reference=number).first()
        if found is None:
            raise forms.ValidationError(f"Seller’s number: nobody has “{number}”.")
        return found


def worklist_page(request: HttpRequest) -> HttpResponse:
    """Recommendations that no decision meets, the longest overdue first; decisions to lift.

    Raises:
        PermissionDenied: somebody who may not look.
    """
    need(request, LOOK)
    form = FindForm(request.GET) if "seller" in request.GET else FindForm()
    if form.is_bound and form.is_valid():
        found = form.cleaned_data
        return redirect(
            "admin:insurance_requirement_seller", found["seller"].pk, found["market"].pk
        )
    page = Paginator(to_decide(), ROWS_A_PAGE).get_page(request.GET.get("page", "1"))
    context: dict[str, Any] = admin.site.each_context(request) | {
        "title": "Cover: what a person decides",
        "form": form,
        "page": page,
        "today": arrived_at(request).date(),
        "previous_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
        "to_lift": to_lift()[:ROWS_A_PAGE],
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "admin/redress/requirement.html", context, status=status)


def to_decide() -> QuerySet[CompliancePosition]:
    """Positions whose recommendation goes beyond the decision that holds, if any."""
    holding = SellerRestriction.objects.filter(
        seller=OuterRef("seller"), marketplace=OuterRef("marketplace"), lifted_at=None
    )
    return (
        CompliancePosition.objects.exclude(recommendation="")
        .select_related("seller", "marketplace")
        .annotate(
            asked=_rank(
                "recommendation", {name.value: _RANKS[to] for name, to in LEVEL_OF.items()}
            ),
            held=Coalesce(Subquery(holding.annotate(r=_rank("level", _RANKS)).values("r")), 0),
        )
        .filter(asked__gt=F("held"))
        .order_by("counts_to", "seller_id")
    )


def to_lift() -> QuerySet[SellerRestriction]:
    """Decisions that hold although cover is proven, waived or not required any more."""
    settled = CompliancePosition.objects.filter(
        seller=OuterRef("seller"), marketplace=OuterRef("marketplace"), status__in=_SETTLED
    )
    open_ones = SellerRestriction.objects.filter(Exists(settled), lifted_at=None)
    return open_ones.select_related("seller", "marketplace").order_by("decided_at")


def _rank(column: str, ranks: dict[Any, int]) -> Case:
    whens = (When(**{column: value}, then=Value(rank)) for value, rank in ranks.items())
    return Case(*whens, default=Value(0), output_field=IntegerField())
