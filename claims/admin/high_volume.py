"""Sellers that are high-volume under the INFORM Consumers Act, with their three clocks."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from claims.admin.deciding import need
from claims.admin.words import amount, moment, urgency
from sellers.high_volume import HighVolumeSeller, high_volume_sellers, inform_terms
from sellers.models import Marketplace
from sellers.portal.arrival import arrived_at

LOOK = "sellers.view_seller"
MARKET = "US"


def high_volume_page(request: HttpRequest) -> HttpResponse:
    """Who is high-volume today and since when, and by when each thing is due. A person acts.

    Raises:
        PermissionDenied: somebody who may not see sellers.
    """
    need(request, LOOK)
    at = arrived_at(request)
    market = Marketplace.objects.get(pk=MARKET)
    today = at.astimezone(market.zone).date()
    terms = inform_terms(MARKET, on=today)
    context = admin.site.each_context(request) | {
        "title": "High-volume sellers",
        "terms": terms,
        "gross": amount(terms.gross_minor, market.currency) if terms else "",
        "sellers": [_line(one, market, at) for one in high_volume_sellers(MARKET, today=today)],
    }
    return TemplateResponse(request, "admin/redress/high_volume.html", context)


def _line(one: HighVolumeSeller, market: Marketplace, at: Any) -> dict[str, Any]:
    volume = one.volume
    dues = (
        ("Collect", volume.collect_due_at),
        ("Verify", volume.verify_due_at),
        ("Suspend", volume.suspend_due_at),
    )
    return {
        "seller": one.seller,
        "since": volume.since,
        "sales": volume.sales,
        "gross": amount(volume.gross_minor, market.currency),
        "clocks": [
            {"name": name, "due": moment(due, market.zone), "tone": urgency(due, now=at)}
            for name, due in dues
        ],
    }
