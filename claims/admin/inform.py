"""One high-volume seller: where it stands under the INFORM Consumers Act, and the steps of people.

GET shows a form, POST does one operation, a refusal becomes a message (rules §7).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from claims.admin.deciding import ReasonForm, need
from claims.admin.person import person
from claims.admin.words import amount, moment, urgency
from sellers.day_field import day_field
from sellers.inform_standing import InformStanding, InformStatus
from sellers.inform_steps import (
    InformRefused,
    inform_standings,
    lift_suspension,
    record_details_collected,
    record_details_verified,
    suspend_without_details,
)
from sellers.models import InformStep, Marketplace, Seller
from sellers.portal.arrival import arrived_at
from sellers.taking import take_form

LOOK, ACT = "sellers.view_seller", "sellers.add_informstep"
# The Act is of the United States.
MARKET = "US"


class DetailsForm(forms.Form):
    """What was done with a seller's details: when, which or how, and the source."""

    on = day_field("Day", help_text="On which it was done, in the marketplace’s time.")
    words = forms.CharField(
        label="What was done",
        help_text="Which details, or how they were verified. Not the details themselves.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say what was done"},
    )
    source = forms.CharField(
        label="Source",
        help_text="Where the details came from, or what they were compared with.",
        max_length=300,
        error_messages={"required": "Name the source"},
    )


@dataclass(frozen=True, slots=True)
class InformAct:
    """One step: its button, what it does in a sentence, its operation and its form."""

    title: str
    says: str
    operation: Callable[..., object]
    form: type[forms.Form] = DetailsForm
    is_grave: bool = False


ACTS: Mapping[str, InformAct] = MappingProxyType(
    {
        "collected": InformAct(
            "Record collected details",
            "Details that are collected again are to be verified again.",
            record_details_collected,
        ),
        "verified": InformAct(
            "Record verified details",
            "It is about the details that were collected last.",
            record_details_verified,
        ),
        "suspend": InformAct(
            "Suspend the seller",
            "From today, because it gave no details in time. The seller reads your reason in its "
            "portal. The store, not the programme, suspends the account.",
            suspend_without_details,
            ReasonForm,
            is_grave=True,
        ),
        "lift": InformAct(
            "Lift the suspension",
            "From today. The store, not the programme, opens the account again.",
            lift_suspension,
            ReasonForm,
        ),
    }
)


def inform_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A seller's standing, its clocks, and every step that was recorded.

    Raises:
        PermissionDenied: somebody who may not see sellers. Http404: no such seller.
    """
    need(request, LOOK)
    seller, market = get_object_or_404(Seller, pk=pk), Marketplace.objects.get(pk=MARKET)
    steps = InformStep.objects.filter(seller=seller, marketplace=market)
    context = _context(request, seller, market) | {
        "title": f"{seller.legal_name}: INFORM",
        "steps": steps.select_related("recorded_by").order_by("-recorded_at", "-pk"),
        "zone": market.zone,
    }
    standing = context["standing"]
    may_act = standing is not None and request.user.has_perm(ACT)
    context["acts"] = [(name, ACTS[name]) for name in _fitting(standing)] if may_act else []
    return TemplateResponse(request, "admin/redress/inform_seller.html", context)


def inform_act_page(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One step about a seller.

    Raises:
        PermissionDenied: somebody who may not act. Http404: no such seller or step.
    """
    act = ACTS.get(name)
    if act is None:
        raise Http404("There is no such step.")
    need(request, ACT)
    seller, market = get_object_or_404(Seller, pk=pk), Marketplace.objects.get(pk=MARKET)
    form, status = act.form(), HTTPStatus.OK
    if request.method == "POST":
        form = act.form(request.POST)
        status = _take(request, act, form, seller=seller, market=market)
        if status == HTTPStatus.OK:
            messages.success(request, f"{act.title}: done, under your name.")
            return redirect("admin:claims_inform", seller.pk)
    context = _context(request, seller, market) | {"title": act.title, "act": act, "form": form}
    return TemplateResponse(request, "admin/redress/inform_act.html", context, status=status)


def _fitting(standing: InformStanding) -> list[str]:
    """The steps that can be taken now; details can always be collected."""
    fits = {
        "collected": True,
        "verified": standing.collected_on is not None and standing.verified_on is None,
        "suspend": standing.may_be_suspended,
        "lift": standing.status == InformStatus.SUSPENDED,
    }
    return [name for name in ACTS if fits[name]]


def _take(
    request: HttpRequest, act: InformAct, form: forms.Form, *, seller: Seller, market: Marketplace
) -> HTTPStatus:
    return take_form(
        form,
        act.operation,
        refusal=InformRefused,
        seller=seller,
        marketplace=market,
        at=arrived_at(request),
        by=person(request),
    )


def _context(request: HttpRequest, seller: Seller, market: Marketplace) -> dict[str, Any]:
    at = arrived_at(request)
    standing = inform_standings([seller.pk], market=market.pk, at=at).get(seller.pk)
    return admin.site.each_context(request) | {
        "seller": seller,
        "standing": standing,
        "gross": amount(standing.volume.gross_minor, market.currency)
        if standing and standing.volume
        else "",
        "clocks": clocks_of(standing, market, at) if standing else [],
    }


def clocks_of(standing: InformStanding, market: Marketplace, at: Any) -> list[dict[str, str]]:
    """The clock that runs, and the one after it for a seller that gave nothing, in words."""
    first = "Collect by" if standing.status == InformStatus.COLLECT else "Verify by"
    named = ((first, standing.due_at), ("Suspend by", standing.suspend_due_at))
    return [
        {"name": name, "due": moment(due, market.zone), "tone": urgency(due, now=at)}
        for name, due in named
        if due is not None
    ]
