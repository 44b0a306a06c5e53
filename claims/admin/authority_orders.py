"""An authority's orders on the page of a safety case: recorded, and what was done about them."""

from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from claims.admin.deciding import need, take
from claims.admin.file_dealings import named
from claims.admin.step_forms import words_field
from claims.admin.words import moment, time_left, urgency
from claims.models import AuthorityOrder, SafetyCase
from claims.safety.orders import record_authority_order, record_order_acted_on

RECORD = "claims.adjudicate_claim"


class OrderForm(forms.Form):
    """What an authority ordered, and when it reached us."""

    authority = forms.CharField(max_length=200, label="Authority")
    reference = forms.CharField(max_length=80, label="The authority's number")
    text = words_field("What it orders")
    received_at = forms.DateTimeField(
        label="Received (UTC)",
        help_text="For example 2026-03-02 14:30. Its clock starts on that day.",
    )


class ActedForm(forms.Form):
    """What was done about an order."""

    action = words_field("What was done", "It ends the clock of the order.")


def record_order_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A form for an order of an authority; POST records it and starts its clock.

    Raises:
        PermissionDenied: somebody who may not. Http404: no such case.
    """
    need(request, RECORD)
    case = get_object_or_404(SafetyCase.objects.select_related("product", "marketplace"), pk=pk)
    form = OrderForm(request.POST or None)
    if request.method != "POST":
        return _show(request, case, form, title="Record an authority's order")
    status = take(request, form, partial(record_authority_order, case=case))
    if form.errors:
        return _show(request, case, form, title="Record an authority's order", status=status)
    messages.success(request, "You recorded the order. Its clock runs.")
    return redirect("admin:claims_safety_case", pk)


def order_acted_on_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A form for what was done about an order; POST ends its clock.

    Raises:
        PermissionDenied: somebody who may not. Http404: no such order.
    """
    need(request, RECORD)
    orders = AuthorityOrder.objects.select_related("case__product", "case__marketplace")
    order = get_object_or_404(orders, pk=pk)
    form, title = ActedForm(request.POST or None), f"Act on {order}"
    if request.method != "POST":
        return _show(request, order.case, form, title=title)
    status = take(request, form, partial(record_order_acted_on, order=order))
    if form.errors:
        return _show(request, order.case, form, title=title, status=status)
    messages.success(request, "You recorded what was done. The clock of the order ended.")
    return redirect("admin:claims_safety_case", order.case_id)


def order_lines(case: SafetyCase, *, at: datetime) -> list[dict[str, Any]]:
    """The orders about a case's product as its page shows them, the first due first."""
    zone = case.marketplace.zone
    orders = case.orders.select_related("acted_by")
    return [
        {
            "order": order,
            "received": moment(order.received_at, zone),
            "due": moment(order.due_at, zone),
            "left": "" if order.acted_at else time_left(order.due_at, now=at),
            "tone": urgency(order.due_at, now=at),
            "acted": f"{named(order.acted_by)}, {moment(order.acted_at, zone)}",
        }
        for order in orders
    ]


def _show(
    request: HttpRequest, case: SafetyCase, form: forms.Form, *, title: str, status: int = 200
) -> HttpResponse:
    context = admin.site.each_context(request) | {"title": title, "case": case, "form": form}
    return TemplateResponse(request, "admin/redress/authority_order.html", context, status=status)
