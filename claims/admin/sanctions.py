"""Sanctions screenings that wait for a person, and the page on which one is cleared."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from claims.admin.deciding import ReasonForm, need, take
from claims.admin.file_dealings import named
from claims.admin.words import moment
from claims.models import NameKind, SanctionsAddress, SanctionsName, ScreeningRecord
from claims.screening.queries import screenings_to_clear
from claims.screening.sanctions import clear_screening, current_list
from sellers.portal.arrival import arrived_at

LOOK, CLEAR = "claims.view_screeningrecord", "claims.place_hold"
LIST_IS_OLD_DAYS = 7


def sanctions_page(request: HttpRequest) -> HttpResponse:
    """The list that names are screened against, and the screenings that wait for a person."""
    need(request, LOOK)
    version = current_list()
    today = timezone.localdate(arrived_at(request), timezone.get_default_timezone())
    context = admin.site.each_context(request) | {
        "title": "Sanctions screening",
        "version": version,
        "is_old": version and (today - version.list_date).days > LIST_IS_OLD_DAYS,
        "screenings": [
            {"record": record, "nearest": _nearest(record)}
            for record in screenings_to_clear().select_related("claim__marketplace")
        ],
    }
    return TemplateResponse(request, "admin/redress/sanctions.html", context)


def _nearest(record: ScreeningRecord) -> dict[str, Any] | None:
    return next((hit for hit in record.hits if not hit["cleared_earlier"]), None)


def screening_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A screening with every listed party that is near; POST clears it.

    Raises:
        PermissionDenied: somebody who may not look, or not clear. Http404: no such screening.
    """
    need(request, CLEAR if request.method == "POST" else LOOK)
    records = ScreeningRecord.objects.select_related(
        "claim__claimant", "claim__marketplace", "sanctions_list", "cleared_by"
    )
    record = get_object_or_404(records, pk=pk)
    if request.method != "POST":
        return _show(request, record, ReasonForm())
    form = ReasonForm(request.POST)
    status = take(request, form, partial(clear_screening, screening=record))
    if not form.errors:
        messages.success(request, "Cleared. A sanctions hold is released on the claim's file.")
        return redirect("admin:claims_screening", pk)
    record.refresh_from_db()
    return _show(request, record, form, status=status)


def _show(
    request: HttpRequest, record: ScreeningRecord, form: forms.Form, *, status: int = 200
) -> HttpResponse:
    zone = record.claim.marketplace.zone
    waits = record.waits_for_a_person
    cleared = f"{named(record.cleared_by)}, {moment(record.cleared_at, zone)}"
    context = admin.site.each_context(request) | {
        "title": f"{record.get_role_display()}: {record.name}",
        "record": record,
        "claim": record.claim,
        "screened": moment(record.screened_at, zone),
        "cleared": cleared if record.cleared_at else "",
        "hits": _listed(record),
        "waits": waits,
        "form": form,
        "may_clear": waits and request.user.has_perm(CLEAR),
    }
    return TemplateResponse(request, "admin/redress/screening.html", context, status=status)


def _listed(record: ScreeningRecord) -> list[dict[str, Any]]:
    """Each hit with what the list says of the party: its type, remarks and addresses."""
    numbers = [hit["entity_number"] for hit in record.hits]
    within = {"sanctions_list": record.sanctions_list_id, "entity_number__in": numbers}
    names = SanctionsName.objects.filter(**within, kind=NameKind.PRIMARY)
    primary = {name.entity_number: name for name in names}
    addresses: dict[int, list[str]] = {}
    for address in SanctionsAddress.objects.filter(**within):
        addresses.setdefault(address.entity_number, []).append(str(address))
    return [
        hit
        | {
            "party": primary.get(hit["entity_number"]),
            "addresses": list(filter(None, addresses.get(hit["entity_number"], ()))),
        }
        for hit in record.hits
    ]
