"""Withholding instructions: what waits, what was exported, and the file for disbursements."""

import csv
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import Count, F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from claims.admin.deciding import need, take
from claims.admin.words import amount, moment
from claims.models import WithholdingInstruction
from claims.operations.withholding import export_instructions
from sellers.money import to_decimal_string

LOOK, EXPORT = "claims.view_withholdinginstruction", "claims.manage_payments"
ROWS_A_PAGE, BATCHES_SHOWN = 50, 20
REVOKED = "revoked"
COLUMNS = (
    "instruction",
    "claim",
    "seller",
    "seller_name",
    "amount",
    "currency",
    "instructed_at",
    "exported_at",
    "revoked_at",
)
# A spreadsheet takes a cell that begins so for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Line:
    """An instruction in words."""

    reference: str
    seller: str
    amount: str
    instructed: str
    state: str
    tone: str


def withholding_page(request: HttpRequest) -> HttpResponse:
    """The instructions, the latest first, and the batches; POST exports what waits.

    Raises:
        PermissionDenied: somebody who may not look, or not export.
    """
    need(request, EXPORT if request.method == "POST" else LOOK)
    if request.method != "POST":
        return _show(request, forms.Form())
    form = forms.Form(request.POST)
    status = take(request, form, export_instructions)
    if form.errors:
        return _show(request, form, status=status)
    messages.success(request, "Exported. Download the batch below, as often as you need it.")
    return redirect("admin:claims_withholding")


def withholding_file(request: HttpRequest, batch: str) -> HttpResponse:
    """The spreadsheet of a batch, by the moment of its export; or of all that was revoked since.

    Raises:
        PermissionDenied: somebody outside the payments group. Http404: no such batch.
    """
    need(request, EXPORT)
    rows = _of_batch(batch).select_related("claim__seller")
    if not rows:
        raise Http404("There is no such batch.")
    answer = HttpResponse(as_csv(rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="withholding-{batch}.csv"'
    return answer


def _of_batch(batch: str) -> QuerySet[WithholdingInstruction]:
    exported = WithholdingInstruction.objects.filter(exported_at__isnull=False)
    if batch == REVOKED:
        return exported.filter(revoked_at__gt=F("exported_at"))
    try:
        at = datetime.strptime(batch, "%Y%m%dT%H%M%S%fZ").replace(tzinfo=UTC)
    except ValueError:
        return exported.none()
    return exported.filter(exported_at=at)


def batch_name(exported_at: datetime) -> str:
    """The name of a batch: the moment of its export, to the microsecond, in UTC."""
    return f"{exported_at.astimezone(UTC):%Y%m%dT%H%M%S%fZ}"


def as_csv(rows: QuerySet[WithholdingInstruction]) -> str:
    """Instructions as the disbursement system reads them; moments in UTC."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_cells(one) for one in rows.order_by("instructed_at", "id"))
    return out.getvalue()


def _cells(one: WithholdingInstruction) -> list[str]:
    moments = (one.instructed_at, one.exported_at, one.revoked_at)
    name = one.claim.seller.legal_name
    return [
        str(one.pk),
        one.claim.reference,
        one.claim.seller.external_reference,
        f"'{name}" if name.startswith(FORMULA) else name,
        to_decimal_string(one.amount_minor, currency=one.currency),
        one.currency,
        *(at.astimezone(UTC).isoformat(timespec="seconds") if at else "" for at in moments),
    ]


def _show(request: HttpRequest, form: forms.Form, *, status: int = 200) -> HttpResponse:
    rows = WithholdingInstruction.objects.select_related("claim__seller", "claim__marketplace")
    page = Paginator(rows.order_by("-instructed_at", "-id"), ROWS_A_PAGE).get_page(
        request.GET.get("page", "1")
    )
    may_export = request.user.has_perm(EXPORT)
    context = admin.site.each_context(request) | {
        "title": "Withholding instructions",
        "page": page,
        "lines": [_line(one) for one in page],
        "previous_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
        "waiting": rows.filter(exported_at__isnull=True, revoked_at__isnull=True).count(),
        "batches": batches() if may_export else [],
        "revoked": _of_batch(REVOKED).count(),
        "revoked_url": reverse("admin:claims_withholding_file", args=[REVOKED]),
        "form": form,
        "may_export": may_export,
    }
    return TemplateResponse(request, "admin/redress/withholding.html", context, status=status)


def _line(one: WithholdingInstruction) -> Line:
    zone = one.claim.marketplace.zone
    if one.revoked_at:
        state, tone = f"Revoked {moment(one.revoked_at, zone)}", "hold"
    elif one.exported_at:
        state, tone = f"Exported {moment(one.exported_at, zone)}", "quiet"
    else:
        state, tone = "Waits for the export", "flag"
    return Line(
        reference=one.claim.reference,
        seller=one.claim.seller.legal_name,
        amount=amount(one.amount_minor, one.currency),
        instructed=moment(one.instructed_at, zone),
        state=state,
        tone=tone,
    )


def batches() -> list[dict[str, Any]]:
    """The latest exports, each with its address."""
    exported = WithholdingInstruction.objects.filter(exported_at__isnull=False)
    counted = exported.order_by("-exported_at").values_list("exported_at").annotate(Count("pk"))
    return [
        {
            "at": at,
            "count": count,
            "url": reverse("admin:claims_withholding_file", args=[batch_name(at)]),
        }
        for at, count in counted[:BATCHES_SHOWN]
    ]
