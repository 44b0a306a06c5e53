"""The limits of payouts: as they stand and are used, every change of them, and changing them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from claims.admin.deciding import need, take
from claims.admin.drafts import Change, draft_context, take_decision
from claims.admin.file_dealings import named
from claims.admin.limits_form import LimitsForm
from claims.admin.words import UTC, moment
from claims.models import (
    DraftStatus,
    LimitsDraft,
    Payout,
    PayoutLimits,
    PayoutState,
    PayoutSwitch,
    TermsVersion,
)
from claims.operations.breaking import Lately, limits_at
from claims.operations.limits import approve_limits, change_limits, refuse_limits
from claims.outcome import Actor
from claims.payout_figures import limit_effect, limit_name, limit_value
from claims.roles import APPROVE_LIMITS, LOOK_AT_LIMITS, PROPOSE_LIMITS, PROPOSE_TERMS
from sellers.money import display_amount
from sellers.portal.arrival import arrived_at

ROWS_A_PAGE = 20
STALE = 409


@dataclass(frozen=True, slots=True)
class LimitLine:
    """A limit, how much of it is used at this moment, and what reaching it does."""

    name: str
    value: str
    used: str
    effect: str


@dataclass(frozen=True, slots=True)
class LimitsChange:
    """One change that counts, or counted: what it changed, from when, who and why."""

    at: str
    who: str
    reason: str
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class DailyCap:
    """A marketplace's daily cap on automatic payouts, which its terms hold."""

    market: str
    code: str
    cap: str


def limits_page(request: HttpRequest) -> HttpResponse:
    """The limits as they stand, what is used of them, and every change.

    Raises:
        PermissionDenied: somebody who may not look at payouts.
    """
    need(request, LOOK_AT_LIMITS)
    at = arrived_at(request)
    limits = limits_at(at)
    page = Paginator(
        PayoutLimits.objects.select_related("set_by", "approved_by"), ROWS_A_PAGE
    ).get_page(request.GET.get("page", "1"))
    context = admin.site.each_context(request) | {
        "title": "Limits of payouts",
        "limits": limits,
        "lines": limit_lines(limits, at=at),
        "waiting": LimitsDraft.objects.filter(status=DraftStatus.PROPOSED).select_related(
            "proposed_by"
        ),
        "page": page,
        "changes": history(page.object_list),
        "previous_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
        "caps": daily_caps(at=at),
        "may_change": request.user.has_perm(PROPOSE_LIMITS),
        "may_propose_terms": request.user.has_perm(PROPOSE_TERMS),
    }
    return TemplateResponse(request, "admin/redress/limits.html", context)


def limit_lines(limits: PayoutLimits, *, at: datetime) -> list[LimitLine]:
    """Every limit beside what counts towards it at a moment."""
    switch = PayoutSwitch.objects.first() or PayoutSwitch()
    lately = Lately.since_an_hour(switch, at=at)
    used = {
        "hourly_count": lately.count,
        "a_minute": lately.a_minute,
        "uncertain": Payout.objects.filter(state=PayoutState.UNCERTAIN).count(),
    }
    return [
        LimitLine(
            name=limit_name(figure),
            value=limit_value(figure, value),
            used=limit_value(figure, used.get(figure, lately.sums[figure])),
            effect=limit_effect(figure),
        )
        for figure, value in limits.figures.items()
    ]


def history(rows: Iterable[PayoutLimits]) -> list[LimitsChange]:
    """Changes, the latest first, each told against the limits before it."""
    shown = list(rows)
    if not shown:
        return []
    before = PayoutLimits.objects.filter(effective_at__lt=shown[-1].effective_at).first()
    return [
        LimitsChange(
            at=moment(row.effective_at, UTC),
            who=_who(row),
            reason=row.reason,
            changes=_differences(older, row),
        )
        for row, older in pairwise([*shown, before or PayoutLimits()])
    ]


def _who(row: PayoutLimits) -> str:
    if row.approved_by is None:
        return named(row.set_by)
    return f"{named(row.set_by)}, approved by {named(row.approved_by)}"


def _differences(older: PayoutLimits, newer: PayoutLimits) -> list[Change]:
    old, new = older.figures, newer.figures
    return [
        Change(limit_name(name), limit_value(name, old.get(name)), limit_value(name, new.get(name)))
        for name in dict.fromkeys([*new, *old])
        if old.get(name) != new.get(name)
    ]


def daily_caps(*, at: datetime) -> list[DailyCap]:
    """The daily cap of automatic payouts of every marketplace, by its terms in force."""
    in_force: dict[str, DailyCap] = {}
    for version in TermsVersion.objects.select_related("marketplace").order_by("effective_on"):
        market = version.marketplace
        if version.effective_on <= at.astimezone(market.zone).date():
            cap = display_amount(version.figures["daily_cap_minor"], currency=market.currency)
            in_force[market.code] = DailyCap(market.name, market.code, cap)
    return sorted(in_force.values(), key=lambda cap: cap.market)


def change_page(request: HttpRequest) -> HttpResponse:
    """A form with every limit; POST lowers at once, or proposes when a limit rises.

    Raises:
        PermissionDenied: somebody who may not propose limits.
    """
    need(request, PROPOSE_LIMITS)
    limits = limits_at(arrived_at(request))
    if request.method != "POST":
        return _show_form(request, limits, LimitsForm(limits=limits))
    form = LimitsForm(request.POST, limits=limits)
    made: list[LimitsDraft | PayoutLimits] = []

    def change(*, reason: str, at: datetime, by: Actor, **changes: int) -> None:
        made.append(change_limits(changes=changes, reason=reason, at=at, by=by))

    status = take(request, form, change)
    if form.errors:
        return _show_form(request, limits, form, status=status)
    if isinstance(made[0], LimitsDraft):
        messages.success(request, "Nothing changes before a second person has approved it.")
        return redirect("admin:claims_limits_draft", made[0].pk)
    messages.success(request, "The new limits count from now on.")
    return redirect("admin:claims_limits")


def _show_form(
    request: HttpRequest, limits: PayoutLimits, form: LimitsForm, *, status: int = 200
) -> HttpResponse:
    context = admin.site.each_context(request) | {
        "title": "Change the limits of payouts",
        "limits": limits,
        "form": form,
    }
    return TemplateResponse(request, "admin/redress/limits_form.html", context, status=status)


def draft_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A proposed raise: old beside new, and the second person's two buttons.

    Raises:
        PermissionDenied: somebody who may not look, or not decide. Http404: no such draft.
    """
    need(request, LOOK_AT_LIMITS)
    drafts = LimitsDraft.objects.select_related("proposed_by", "decided_by", "limits")
    draft = get_object_or_404(drafts, pk=pk)
    refusal = ""
    if request.method == "POST":
        refusal = take_decision(
            request,
            draft,
            permission=APPROVE_LIMITS,
            approve=approve_limits,
            refuse=refuse_limits,
        )
        if not refusal:
            done = {
                "approve": "The new limits count from now on.",
                "refuse": "The limits stay as they are.",
            }
            messages.success(request, done[request.POST["decision"]])
            return redirect("admin:claims_limits_draft", pk)
    context = (
        admin.site.each_context(request)
        | draft_context(request, draft, permission=APPROVE_LIMITS)
        | {
            "title": "Proposed limits of payouts",
            "crumb": f"Proposed {moment(draft.proposed_at, UTC)}",
            "list_url": reverse("admin:claims_limits"),
            "list_title": "Limits of payouts",
            "caption": "What would change, for every payment that is sent after the approval",
            "changes": proposed_changes(draft, now=arrived_at(request)),
            "refusal": refusal,
        }
    )
    status = STALE if refusal else 200
    return TemplateResponse(request, "admin/redress/draft.html", context, status=status)


def proposed_changes(draft: LimitsDraft, *, now: datetime) -> list[Change]:
    """Old and new of every changed limit; of a decided draft, as they were when it was decided."""
    at = draft.decided_at or now
    before = PayoutLimits.objects.filter(effective_at__lt=at).first() or PayoutLimits()
    old, changes = before.figures, draft.changes
    # The database keeps no order of the changes: they are told in the order of the limits.
    return [
        Change(limit_name(name), limit_value(name, old.get(name)), limit_value(name, changes[name]))
        for name in dict.fromkeys([*old, *changes])
        if name in changes
    ]
