"""A provider's vetting: its steps, who checked what from which source, and the decisions."""

from dataclasses import dataclass
from datetime import UTC
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from insurance.accelerator.admin.acting import ACT, LOOK, ReasonForm, need, take
from insurance.accelerator.figures import vetting_figures
from insurance.accelerator.fit import rating_has_expired
from insurance.accelerator.vetting import MOVES, StepStanding, vet_again_tone
from insurance.accelerator.vetting_acts import decide_provider, record_check, vetting_standing
from insurance.models import (
    KnownInsurer,
    Provider,
    ProviderMove,
    ProviderStatus,
    VettingCheck,
    VettingStep,
)
from sellers.portal.arrival import arrived_at

_MOST_SUGGESTIONS = 8
_SHORTEST_WORD = 4


class CheckForm(forms.Form):
    """What a person found, and from which source."""

    step = forms.ChoiceField(label="Step", choices=VettingStep.choices)
    passed = forms.TypedChoiceField(
        label="Result",
        choices=[("yes", "In order"), ("no", "Not in order")],
        coerce=lambda value: value == "yes",
    )
    reason = forms.CharField(
        label="What you found",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what you found"},
    )
    source = forms.CharField(
        label="Source",
        help_text="Where you looked, with its date: a register, a letter, a test call.",
        max_length=300,
        error_messages={"required": "Name the source"},
    )
    document = forms.CharField(
        label="Document", help_text="Where it is kept.", max_length=300, required=False
    )


class DecisionForm(ReasonForm):
    """A decision about a provider."""

    vet_again_by = forms.DateField(
        label="Vet again by",
        help_text="Only for vetting; empty: as late as the terms allow.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step with its latest check."""

    standing: StepStanding
    label: str
    check: VettingCheck | None


def vetting_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a provider's vetting; POST records a check, or takes a decision.

    Raises:
        PermissionDenied: somebody who may not look, or not act.
    """
    need(request, ACT if request.method == "POST" else LOOK)
    provider = get_object_or_404(Provider, pk=pk)
    if request.method != "POST":
        return _show(request, provider, CheckForm(), DecisionForm())
    move = request.POST.get("move", "")
    check, decision = CheckForm(), DecisionForm()
    failed: forms.Form
    if move in ProviderMove.values:
        failed = decision = DecisionForm(request.POST)
        act = partial(decide_provider, provider=provider, move=ProviderMove(move))
        status = take(request, failed, act)
    else:
        failed = check = CheckForm(request.POST)
        status = take(request, failed, partial(record_check, provider=provider))
    if not failed.errors:
        messages.success(request, "Kept, under your name.")
        return redirect("admin:insurance_provider_vetting", pk)
    provider.refresh_from_db()
    return _show(request, provider, check, decision, failed=failed, status=status)


def vetting_queue(request: HttpRequest) -> HttpResponse:
    """Vetted providers whose next vetting is past or soon, and candidates to be vetted.

    Raises:
        PermissionDenied: somebody who may not look at providers.
    """
    need(request, LOOK)
    today = arrived_at(request).astimezone(UTC).date()
    figures = vetting_figures(on=today)
    rows = Provider.objects.exclude(status=ProviderStatus.RETIRED).order_by(
        "vet_again_by", "legal_name"
    )
    context = admin.site.each_context(request) | {
        "title": "Vetting of providers",
        "providers": [
            {
                "provider": one,
                "tone": vet_again_tone(one.vet_again_by, on=today, notice_days=figures.notice)
                if one.status == ProviderStatus.VETTED
                else "",
                "rating_expired": _is_expired(one, on=today, good_for=figures.rating_good_for),
            }
            for one in rows
        ],
    }
    return TemplateResponse(request, "admin/redress/vetting_queue.html", context)


def _show(
    request: HttpRequest,
    provider: Provider,
    check: forms.Form,
    decision: forms.Form,
    *,
    failed: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    at = arrived_at(request)
    today = at.astimezone(UTC).date()
    figures = vetting_figures(on=today)
    checks = list(provider.vetting_checks.select_related("checked_by").order_by("-checked_at"))
    moves = [move for move in ProviderMove if provider.status in MOVES[move][0]]
    context: dict[str, Any] = admin.site.each_context(request) | {
        "title": f"Vetting of {provider}",
        "provider": provider,
        "rating_expired": _is_expired(provider, on=today, good_for=figures.rating_good_for),
        "tone": vet_again_tone(provider.vet_again_by, on=today, notice_days=figures.notice),
        "steps": _steps(checks, vetting_standing(provider, at=at)),
        "good_for": figures.check_good_for,
        "checks": checks,
        "decisions": provider.decisions.select_related("decided_by").order_by("-decided_at"),
        "known": _known_insurers(provider),
        "form": failed,
        "check_form": check,
        "decision_form": decision,
        "moves": moves,
        "may_act": request.user.has_perm(ACT),
    }
    return TemplateResponse(request, "admin/redress/vetting.html", context, status=status)


def _steps(checks: list[VettingCheck], standing: list[StepStanding]) -> list[StepLine]:
    by_key = {one.pk: one for one in checks}
    return [
        StepLine(one, VettingStep(one.step).label, by_key.get(one.check.key) if one.check else None)
        for one in standing
    ]


def _is_expired(provider: Provider, *, on: Any, good_for: int) -> bool:
    rated_on = provider.rated_on
    return rated_on is not None and rating_has_expired(rated_on, good_for_days=good_for, on=on)


def _known_insurers(provider: Provider) -> QuerySet[KnownInsurer]:
    """Insurers of the imported table whose name shares a long word with this provider's."""
    text = f"{provider.legal_name} {provider.paper_insurer}".split()
    found = Q(pk__in=())
    for word in (word for word in text if len(word) >= _SHORTEST_WORD):
        found |= Q(legal_name__icontains=word)
    return KnownInsurer.objects.filter(found)[:_MOST_SUGGESTIONS]
