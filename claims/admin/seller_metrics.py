"""What claims say of one seller: which count against it, and how it answers."""

from datetime import datetime, timedelta

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from claims.admin.deciding import need
from claims.admin.inform import MARKET
from claims.seller_records import metrics_of
from sellers.inform_steps import inform_standings
from sellers.models import Seller
from sellers.portal.arrival import arrived_at

LOOK = "claims.view_claim"
# The periods that are shown side by side, in days; our own choice [D].
PERIODS = ((30, "30 days"), (90, "90 days"), (365, "12 months"))


def metrics_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A seller's metrics over three periods that end now.

    Raises:
        PermissionDenied: somebody who may not see claims. Http404: no such seller.
    """
    need(request, LOOK)
    seller = get_object_or_404(Seller, pk=pk)
    at = arrived_at(request)
    context = admin.site.each_context(request) | {
        "title": seller.legal_name,
        "seller": seller,
        "inform": inform_standings([seller.pk], market=MARKET, at=at).get(seller.pk),
        "periods": [
            {"name": name, "metrics": metrics_of_last(seller.pk, days=days, at=at)}
            for days, name in PERIODS
        ],
    }
    return TemplateResponse(request, "admin/redress/seller_metrics.html", context)


def metrics_of_last(seller_id: int, *, days: int, at: datetime) -> object:
    """A seller's metrics over the days that end at a moment."""
    return metrics_of([seller_id], start=at - timedelta(days=days), end=at)[seller_id]
