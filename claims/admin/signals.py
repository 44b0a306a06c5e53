"""Fraud signals: the queue, the look at one, and what was found around a claim."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from claims.admin.deciding import need, take
from claims.admin.file_dealings import named
from claims.admin.step_forms import words_field
from claims.admin.words import moment
from claims.models import Claim, FraudSignal
from claims.safety.queries import safety_cases_of
from claims.screening.queries import screenings_of, signals_of, signals_to_look_at
from claims.screening.signal_rows import conclude_signal

LOOK, CONCLUDE = "claims.view_fraudsignal", "claims.screen_claim"
ROWS_A_PAGE = 50


class ConclusionForm(forms.Form):
    """What a look at a signal came to."""

    conclusion = words_field("What you found", "It decides nothing: a hold is a step of its own.")


@dataclass(frozen=True, slots=True)
class Looked:
    """A signal on a claim's file; `beside` is the other claim's reference, if there is one."""

    pk: int
    what: str
    words: str
    beside: str
    found: str
    looked: str
    conclusion: str


def signals_page(request: HttpRequest) -> HttpResponse:
    """The signals that nobody has looked at yet, the oldest first."""
    need(request, LOOK)
    waiting = signals_to_look_at().select_related("claim__seller", "claim__marketplace", "other")
    page = Paginator(waiting, ROWS_A_PAGE).get_page(request.GET.get("page", "1"))
    context = admin.site.each_context(request) | {
        "title": "Fraud signals",
        "page": page,
        "signals": page.object_list,
        "previous_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
    }
    return TemplateResponse(request, "admin/redress/signals.html", context)


def signal_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A signal beside its claims; POST concludes the look.

    Raises:
        PermissionDenied: somebody who may not look, or not conclude. Http404: no such signal.
    """
    need(request, CONCLUDE if request.method == "POST" else LOOK)
    signals = FraudSignal.objects.select_related(
        "claim__marketplace", "claim__claimant", "other__claimant", "other", "looked_by"
    )
    signal = get_object_or_404(signals, pk=pk)
    if request.method != "POST":
        return _show(request, signal, ConclusionForm())
    form = ConclusionForm(request.POST)
    status = take(request, form, partial(conclude_signal, signal=signal))
    if not form.errors:
        messages.success(request, "The look is concluded.")
        return redirect("admin:claims_signal", pk)
    signal.refresh_from_db()
    return _show(request, signal, form, status=status)


def _show(
    request: HttpRequest, signal: FraudSignal, form: forms.Form, *, status: int = 200
) -> HttpResponse:
    claims = [claim for claim in (signal.claim, signal.other) if claim]
    is_open = signal.looked_at is None
    context = admin.site.each_context(request) | {
        "title": signal.get_code_display(),
        "signal": signal,
        "looked": looked(signal),
        "claims": claims,
        "form": form,
        "may_conclude": is_open and request.user.has_perm(CONCLUDE),
    }
    return TemplateResponse(request, "admin/redress/signal.html", context, status=status)


def looked(signal: FraudSignal, about: Claim | None = None) -> Looked:
    """A signal in words, as the file of `about` (by default the claim it was found at) shows it."""
    claim = about or signal.claim
    zone = claim.marketplace.zone
    beside = signal.other if signal.claim_id == claim.pk else signal.claim
    done = f"{named(signal.looked_by)}, {moment(signal.looked_at, zone)}"
    return Looked(
        pk=signal.pk,
        what=signal.get_code_display(),
        words=signal.words,
        beside=beside.reference if beside else "",
        found=moment(signal.found_at, zone),
        looked=done if signal.looked_at else "",
        conclusion=signal.conclusion,
    )


def looks_at(claim: Claim) -> dict[str, Any]:
    """What was found around a claim, for its file: signals, screenings, safety cases."""
    return {
        "signals": [looked(signal, claim) for signal in signals_of(claim)],
        "screenings": list(screenings_of(claim)),
        "safety_cases": list(safety_cases_of(claim)),
    }
