"""Why a claim stands where it stands: the explanation, and the promises to its claimant."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from claims.admin.deciding import need
from claims.admin.words import moment
from claims.explain import FigureUsed, StepExplained, explain
from claims.models import Claim
from claims.queries import visible_to
from claims.service_levels import ServiceLevel, service_levels
from claims.terms import DEFAULT, MARK_WORDS
from sellers.portal.arrival import arrived_at


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise to the claimant, in words; the tone says how loudly it is shown."""

    name: str
    due: str
    met: str
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step of the explanation with its moment in the marketplace's zone."""

    at: str
    at_iso: str
    step: StepExplained
    figures: tuple[tuple[FigureUsed, bool], ...]


def explain_page(request: HttpRequest, reference: str) -> HttpResponse:
    """The standing of a claim, every step with its rule, inputs and figures, and its promises.

    Raises:
        PermissionDenied: somebody who may not view claims. Http404: no such claim.
    """
    need(request, "claims.view_claim")
    claims = visible_to(request.user).select_related("marketplace", "seller", "order__product")
    claim = get_object_or_404(claims, reference=reference)
    at = arrived_at(request)
    explanation = explain(claim, at=at)
    context = admin.site.each_context(request) | {
        "title": "Why it stands where it stands",
        "claim": claim,
        "explanation": explanation,
        "steps": [_shown(step, claim) for step in explanation.steps],
        "promises": [promise(level, claim, at=at) for level in service_levels(claim)],
    }
    return TemplateResponse(request, "admin/redress/explaining.html", context)


def _shown(step: StepExplained, claim: Claim) -> StepShown:
    default = MARK_WORDS[DEFAULT]
    return StepShown(
        at=moment(step.at, claim.marketplace.zone),
        at_iso=step.at.isoformat(),
        step=step,
        figures=tuple((figure, figure.mark == default) for figure in step.figures),
    )


def promise(level: ServiceLevel, claim: Claim, *, at: datetime) -> Promise:
    """A service level at a moment: kept, missed, or with time to go."""
    is_kept = level.is_kept(at=at)
    if is_kept:
        state, tone = ("Kept", "good") if level.met_at else ("Time to go", "quiet")
    else:
        state, tone = ("Missed", "hold") if level.met_at else ("Overdue", "hold")
    zone = claim.marketplace.zone
    return Promise(level.name, moment(level.due_at, zone), moment(level.met_at, zone), state, tone)
