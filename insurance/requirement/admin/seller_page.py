"""One seller in one market: where it stands and why, how it came so, and what can be done."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from insurance.accelerator.admin.acting import need
from insurance.compliance import recommendation
from insurance.letter_forms import FORMS
from insurance.models import (
    CoverRequest,
    CoverWaiver,
    InsuranceLetter,
    PositionChange,
    SalesEntry,
    SellerRestriction,
)
from insurance.models.position import RECOMMENDATION_WORDS, STATUS_WORDS
from insurance.queries import compliance_of, read_requirement_terms, terms_row
from insurance.requirement.admin.act_pages import ACTS
from sellers.models import Marketplace, MonthlySales, Seller
from sellers.money import display_amount
from sellers.portal.arrival import arrived_at

LOOK = "insurance.view_complianceposition"
MONTHS, LATEST = 24, 50


def seller_page(request: HttpRequest, pk: int, market: str) -> HttpResponse:
    """A seller's standing in a market today, its facts, its changes and its letters.

    Raises:
        PermissionDenied: somebody who may not look. Http404: no such seller or market.
    """
    need(request, LOOK)
    seller = get_object_or_404(Seller, pk=pk)
    place = get_object_or_404(Marketplace, pk=market)
    context = admin.site.each_context(request) | {
        "title": f"{seller.legal_name} in {place.name}",
        "seller": seller,
        "market": place,
        "zone": place.zone,
        **_standing(request, seller, place),
        **_facts(seller, place),
        "acts": [
            (name, act) for name, act in ACTS.items() if request.user.has_perm(act.permission)
        ],
        "may_end": request.user.has_perm("insurance.change_coverwaiver"),
        "may_lift": request.user.has_perm("insurance.change_sellerrestriction"),
    }
    return TemplateResponse(request, "admin/redress/requirement_seller.html", context)


def _standing(request: HttpRequest, seller: Seller, place: Marketplace) -> dict[str, Any]:
    today = arrived_at(request).astimezone(place.zone).date()
    found = compliance_of(seller.pk, place.pk, on=today)
    terms = read_requirement_terms(terms_row(place.pk, on=today))
    recommended = recommendation(found, terms)
    return {
        "today": today,
        "compliance": found,
        "days_past": -(found.days_left or 0),
        "status": STATUS_WORDS[found.status],
        "recommended": RECOMMENDATION_WORDS[recommended] if recommended else "",
        "trigger": None
        if terms.monthly_trigger_minor is None
        else display_amount(terms.monthly_trigger_minor, currency=terms.currency),
    }


def _facts(seller: Seller, place: Marketplace) -> dict[str, Any]:
    keys = {"seller": seller, "marketplace": place}
    sales = MonthlySales.objects.filter(**keys).order_by("-month")[:MONTHS]
    entries = SalesEntry.objects.filter(**keys).select_related("entered_by")
    changes = PositionChange.objects.filter(
        position__seller=seller, position__marketplace=place
    ).select_related("by")
    letters = InsuranceLetter.objects.filter(**keys).order_by("-written_at")[:LATEST]
    return {
        "entries": [_entry(one, place) for one in entries[:MONTHS]],
        "sales": [(row, display_amount(row.gross_minor, currency=place.currency)) for row in sales],
        "requests": CoverRequest.objects.filter(**keys).select_related("requested_by"),
        "waivers": CoverWaiver.objects.filter(**keys).select_related("granted_by", "ended_by"),
        "restrictions": SellerRestriction.objects.filter(**keys).select_related(
            "decided_by", "lifted_by"
        ),
        "changes": changes[:LATEST],
        "letters": [(letter, FORMS[letter.kind].title) for letter in letters],
    }


def _entry(one: SalesEntry, place: Marketplace) -> dict[str, Any]:
    return {
        "row": one,
        "was": "not known"
        if one.was_minor is None
        else display_amount(one.was_minor, currency=place.currency),
        "became": display_amount(one.gross_minor, currency=place.currency),
    }
