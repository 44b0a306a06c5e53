"""Sellers that are high-volume under the INFORM Consumers Act, and where each stands."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from claims.admin.deciding import need
from claims.admin.inform import LOOK, MARKET, clocks_of
from claims.admin.words import amount
from sellers.high_volume import HighVolumeSeller, high_volume_sellers, inform_terms
from sellers.inform_standing import InformStanding
from sellers.inform_steps import inform_standings
from sellers.models import Marketplace
from sellers.portal.arrival import arrived_at


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
    found = high_volume_sellers(MARKET, today=today)
    standings = inform_standings([one.seller.pk for one in found], market=MARKET, at=at)
    context = admin.site.each_context(request) | {
        "title": "High-volume sellers",
        "terms": terms,
        "gross": amount(terms.gross_minor, market.currency) if terms else "",
        "sellers": [_line(one, standings[one.seller.pk], market, at) for one in found],
        "mark": terms.marks.get("clock_days", "") if terms else "",
    }
    return TemplateResponse(request, "admin/redress/high_volume.html", context)


def _line(
    one: HighVolumeSeller, standing: InformStanding, market: Marketplace, at: Any
) -> dict[str, Any]:
    volume = one.volume
    return {
        "seller": one.seller,
        "since": volume.since,
        "sales": volume.sales,
        "gross": amount(volume.gross_minor, market.currency),
        "standing": standing,
        "clocks": clocks_of(standing, market, at),
    }
