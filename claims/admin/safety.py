"""Safety cases: the queue with its 24-hour clock, and the page on which a person decides one."""

from datetime import datetime
from functools import partial

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from claims.admin.authority_orders import RECORD, order_lines
from claims.admin.deciding import need, take
from claims.admin.file_dealings import named
from claims.admin.step_forms import words_field
from claims.admin.words import moment, time_left, urgency
from claims.models import SafetyCase, SafetyStatus
from claims.models.safety import LIVING
from claims.safety.cases import decide_safety_case
from sellers.portal.arrival import arrived_at

LOOK, DECIDE = "claims.view_safetycase", "claims.adjudicate_claim"
CHOICES = {
    SafetyStatus.OPEN: (
        (SafetyStatus.REPORTED, "It was reported to the authority"),
        (SafetyStatus.NOT_REPORTABLE, "It is not reportable"),
    ),
    SafetyStatus.REPORTED: ((SafetyStatus.CLOSED, "Close it: the report is dealt with"),),
}


class CaseForm(forms.Form):
    """What was decided about a safety case, and on what it rests."""

    reason = words_field("Reason", "The authority's reference, or why there is nothing to report.")

    def __init__(self, *args: object, case: SafetyCase, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = CHOICES.get(SafetyStatus(case.status), ())
        decision = forms.TypedChoiceField(
            choices=choices,
            coerce=SafetyStatus,
            widget=forms.RadioSelect,
            label="Decision",
            error_messages={"required": "Decision: choose one."},
        )
        self.fields = {"status": decision, **self.fields}


def safety_queue_page(request: HttpRequest) -> HttpResponse:
    """The living cases: those to be decided first, the soonest due at the top."""
    need(request, LOOK)
    at = arrived_at(request)
    context = admin.site.each_context(request) | {
        "title": "Safety cases",
        "cases": [
            {"case": case, "clock": _clock(case, at=at), "recalls": case.recall_matches.all()}
            for case in living_cases()
        ],
    }
    return TemplateResponse(request, "admin/redress/safety_queue.html", context)


def living_cases() -> QuerySet[SafetyCase]:
    """Cases to be decided, then reported ones that still take in claims; the soonest due first."""
    living = SafetyCase.objects.filter(status__in=LIVING)
    return (
        living.select_related("product__seller", "marketplace")
        .annotate(claim_count=Count("claims", distinct=True))
        .prefetch_related("recall_matches__recall")
        .order_by("status", "due_at", "id")
    )


def safety_case_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A case with its claims, its recalls and its duty; POST decides it.

    Raises:
        PermissionDenied: somebody who may not look, or not decide. Http404: no such case.
    """
    need(request, DECIDE if request.method == "POST" else LOOK)
    cases = SafetyCase.objects.select_related("product__seller", "marketplace", "decided_by")
    case = get_object_or_404(cases, pk=pk)
    if request.method != "POST":
        return _show(request, case, CaseForm(case=case))
    form = CaseForm(request.POST, case=case)
    status = take(request, form, partial(decide_safety_case, case=case))
    if not form.errors:
        messages.success(request, f"Safety case: {form.cleaned_data['status'].label.lower()}.")
        return redirect("admin:claims_safety_case", pk)
    case.refresh_from_db()
    return _show(request, case, form, status=status)


def _clock(case: SafetyCase, *, at: datetime) -> dict[str, str] | None:
    if case.status != SafetyStatus.OPEN:
        return None
    return {
        "left": time_left(case.due_at, now=at),
        "tone": urgency(case.due_at, now=at),
        "due": moment(case.due_at, case.marketplace.zone),
        "due_iso": case.due_at.isoformat(),
    }


def _show(
    request: HttpRequest, case: SafetyCase, form: CaseForm, *, status: int = 200
) -> HttpResponse:
    zone = case.marketplace.zone
    decided = f"{named(case.decided_by)}, {moment(case.decided_at, zone)}"
    context = admin.site.each_context(request) | {
        "title": case.product.title,
        "case": case,
        "clock": _clock(case, at=arrived_at(request)),
        "opened": moment(case.opened_at, zone),
        "known": moment(case.knowledge_at, zone),
        "decided": decided if case.decided_at else "",
        "claims": case.claims.select_related("marketplace").order_by("-reported_at"),
        "recalls": case.recall_matches.select_related("recall"),
        "orders": order_lines(case, at=arrived_at(request)),
        "may_record": request.user.has_perm(RECORD),
        "form": form,
        "may_decide": request.user.has_perm(DECIDE) and case.status in CHOICES,
    }
    return TemplateResponse(request, "admin/redress/safety_case.html", context, status=status)
