"""The acts of people: GET shows a form, POST does one operation, a refusal becomes a message."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from insurance.accelerator.admin.acting import ReasonForm, need
from insurance.models import CoverWaiver, SellerRestriction
from insurance.queries import compliance_of
from insurance.requirement.admin.act_forms import RestrictForm, SalesForm, WaiveForm
from insurance.requirement.asking import (
    end_waiver,
    grant_waiver,
    record_monthly_sales,
    request_cover,
)
from insurance.requirement.refusals import RequirementRefused
from insurance.requirement.restricting import decide_restriction, lift_restriction
from sellers.models import Marketplace, Seller
from sellers.portal.arrival import arrived_at


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that a person may do: its name, what it does and has done, who may, how.

    Its button has the name too, where nothing else is said.
    """

    title: str
    says: str
    done: str
    permission: str
    operation: Callable[..., object]
    form: Callable[..., forms.Form] = ReasonForm
    is_grave: bool = False
    button: str = ""


ACTS: Mapping[str, Act] = MappingProxyType(
    {
        "request": Act(
            "Ask for cover",
            "The seller is told at once, and has the days of the terms to prove cover.",
            "The seller's days run from now, and its letter is on the way.",
            "insurance.add_coverrequest",
            request_cover,
        ),
        "sales": Act(
            "Enter monthly sales",
            "An amount above the monthly figure requires cover, and the seller is told at once. A "
            "month known before is corrected: what it was stays in the record, with your reason.",
            "The month counts, and the seller's standing below was judged anew.",
            "sellers.change_monthlysales",
            record_monthly_sales,
            SalesForm,
        ),
        "waive": Act(
            "Waive the requirement",
            "Cover is not asked for on these days. The seller is told at once.",
            "Nothing is asked of the seller on these days. Its letter is on the way.",
            "insurance.add_coverwaiver",
            grant_waiver,
            WaiveForm,
        ),
        "restrict": Act(
            "Decide what follows",
            "The seller is told at once, with your reason. A decision that holds is replaced. The "
            "store acts on the export of restrictions.",
            "The decision stands below. The seller's letter, with your reason, is on the way.",
            "insurance.add_sellerrestriction",
            decide_restriction,
            RestrictForm,
            is_grave=True,
            button="Record the decision",
        ),
    }
)
END_WAIVER = Act(
    "End the waiver",
    "From today cover is asked for again. The seller is told at once.",
    "Cover is asked for again from today. The seller's letter is on the way.",
    "insurance.change_coverwaiver",
    end_waiver,
)
LIFT = Act(
    "Lift the decision",
    "The seller is told at once, with your reason. The store acts on the export of restrictions.",
    "No decision holds any more. The seller's letter, with your reason, is on the way.",
    "insurance.change_sellerrestriction",
    lift_restriction,
)


def act_page(request: HttpRequest, pk: int, market: str, name: str) -> HttpResponse:
    """One act about a seller in a market.

    Raises:
        PermissionDenied: somebody who may not act. Http404: no such seller, market or act.
    """
    act = ACTS.get(name)
    if act is None:
        raise Http404("There is no such act.")
    by = need(request, act.permission)
    seller = get_object_or_404(Seller, pk=pk)
    place = get_object_or_404(Marketplace, pk=market)
    operation = partial(act.operation, seller=seller, marketplace=place)
    build = partial(act.form, market=place) if act.form is SalesForm else act.form
    return _take(request, act, build, operation, seller=seller, place=place, by=by)


def end_waiver_page(request: HttpRequest, pk: int) -> HttpResponse:
    """End a waiver early.

    Raises:
        PermissionDenied: somebody who may not. Http404: no such waiver.
    """
    by = need(request, END_WAIVER.permission)
    waiver = get_object_or_404(CoverWaiver.objects.select_related("seller", "marketplace"), pk=pk)
    operation = partial(end_waiver, waiver=waiver)
    seller, place = waiver.seller, waiver.marketplace
    return _take(request, END_WAIVER, ReasonForm, operation, seller=seller, place=place, by=by)


def lift_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Lift a decision.

    Raises:
        PermissionDenied: somebody who may not. Http404: no such decision.
    """
    by = need(request, LIFT.permission)
    found = SellerRestriction.objects.select_related("seller", "marketplace")
    restriction = get_object_or_404(found, pk=pk)
    operation = partial(lift_restriction, restriction=restriction)
    seller, place = restriction.seller, restriction.marketplace
    return _take(request, LIFT, ReasonForm, operation, seller=seller, place=place, by=by)


def _take(
    request: HttpRequest,
    act: Act,
    build: Callable[..., forms.Form],
    operation: Callable[..., object],
    *,
    seller: Seller,
    place: Marketplace,
    by: User,
) -> HttpResponse:
    if request.method != "POST":
        return _show(request, act, build(), seller=seller, place=place)
    form = build(request.POST)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if form.is_valid():
        try:
            operation(**form.cleaned_data, at=arrived_at(request), by=by)
        except RequirementRefused as refusal:
            form.add_error(None, str(refusal))
            status = HTTPStatus.CONFLICT
    if form.errors:
        return _show(request, act, form, seller=seller, place=place, status=status)
    messages.success(request, act.done)
    return redirect("admin:insurance_requirement_seller", seller.pk, place.pk)


def _show(
    request: HttpRequest,
    act: Act,
    form: forms.Form,
    *,
    seller: Seller,
    place: Marketplace,
    status: int = 200,
) -> HttpResponse:
    today = arrived_at(request).astimezone(place.zone).date()
    context: dict[str, Any] = admin.site.each_context(request) | {
        "title": act.title,
        "act": act,
        "form": form,
        "seller": seller,
        "market": place,
        "compliance": compliance_of(seller.pk, place.pk, on=today),
    }
    return TemplateResponse(request, "admin/redress/requirement_act.html", context, status=status)
