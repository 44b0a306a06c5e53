"""Are the clocks running: the banner on every page, and the page of what stands still."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Count, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from claims.admin.deciding import need, take
from claims.admin.words import moment
from claims.lifecycle import Status
from claims.models import (
    Claim,
    Deadline,
    Heartbeat,
    InvariantReport,
    NoticeState,
    PayoutState,
    PayoutSwitch,
    RecoveryStatus,
)
from claims.roles import PROPOSE_TERMS
from claims.watch.heartbeats import BEATS, stopped
from claims.watch.set_aside import set_aside_clocks, try_clock_again
from insurance.lateness import Late, late_of_insurance
from sellers.portal.arrival import arrived_at

LOOK = "claims.view_deadline"
# The payments group, and administrators: they alone propose terms.
TRY_AGAIN = ("claims.manage_payments", PROPOSE_TERMS)

REPORTS_SHOWN = 7
# Where a person finds the rows that wait.
_LATE_PAGES = {
    "unread_certificate": "admin:insurance_certificate_review_queue",
    "unreviewed_certificate": "admin:insurance_certificate_review_queue",
    "overdue_quote": "admin:insurance_quoteapplication_changelist",
    "late_provider_answer": "admin:insurance_quoteapplication_changelist",
}

ASKED_WORDS = {"verify_invariants": "asked for by hand"}
CODE = re.compile(r"\b[A-Z_]{4,}\b")
STATE_WORDS = {
    state.value: f"“{state.label}”"
    for states in (Status, RecoveryStatus, NoticeState, PayoutState)
    for state in states
}

BEAT_WORDS = {
    "lapse_deadlines": "The sweep of deadlines",
    "send_payouts": "The sender of payouts",
    "follow_payouts": "The follow-up of payouts",
    "deliver_notices": "The sender of letters",
    "deliver_insurance_letters": "The sender of letters about insurance",
    "read_certificates": "The reader of certificates",
    "sweep_quotes": "The reminders and ends of quotes",
    "review_compliance": "The daily review of sellers' cover",
    "remind": "The sweep of reminders",
    "check_invariants": "The nightly check",
}


@dataclass(frozen=True, slots=True)
class Watch:
    """What people of operations are warned of; `paused` is the reason, None when payouts run."""

    stopped: tuple[str, ...]
    paused: str | None
    set_aside: int
    violations: int = 0

    @property
    def stopped_words(self) -> str:
        """What stands still, in one breath."""
        if len(self.stopped) == len(BEATS):
            return "No sweep and no sender runs"
        return "; ".join(self.stopped)

    def __bool__(self) -> bool:
        return bool(self.stopped or self.set_aside or self.violations) or self.paused is not None


def look_out(user: User | AnonymousUser, *, at: datetime) -> Watch | None:
    """What to warn of on every page: two queries, a third only where nothing ever ran."""
    if not user.has_perm(LOOK):
        return None
    return Watch(tuple(stopped_in_words(at=at)), *_switch_and_counts(at))


def _switch_and_counts(at: datetime) -> tuple[str | None, int, int]:
    """Why payouts are paused (None: they run), clocks set aside, violations of the last check."""
    counted = (
        set_aside_clocks(at=at)
        .order_by()
        .values(together=Value(1))
        .annotate(clocks=Count("pk"))
        .values("clocks")
    )
    last = InvariantReport.objects.order_by("-at", "-id").values("violations")[:1]
    # One row that is always there carries all three questions in one query.
    row = PayoutSwitch.objects.values_list(
        "is_paused", "reason", Coalesce(Subquery(counted), 0), Coalesce(Subquery(last), 0)
    ).first()
    is_paused, reason, set_aside, violations = row or (False, "", 0, 0)
    return (reason if is_paused else None), set_aside, violations


def stopped_in_words(*, at: datetime) -> list[str]:
    """What stands still; without any beat and any claim there is nothing to be late with."""
    reasons = [reason.partition(" ") for reason in stopped(at=at)]
    never_ran = [name for name, _, rest in reasons if rest == "has never run"]
    if len(never_ran) == len(BEATS) and not Claim.objects.exists():
        return []
    return [f"{BEAT_WORDS[name]} {rest}" for name, _, rest in reasons]


def watch_page(request: HttpRequest) -> HttpResponse:
    """The heartbeats, and every clock that was set aside with its error."""
    need(request, LOOK)
    return _show(request, forms.Form(), status=HTTPStatus.OK)


def try_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a clock that was set aside back to the sweep.

    Raises:
        PermissionDenied: somebody who may not. Http404: no such clock.
    """
    need(request, *TRY_AGAIN)
    clock = get_object_or_404(Deadline.objects.select_related("claim"), pk=pk)
    form = forms.Form(request.POST)
    status = take(request, form, partial(try_clock_again, deadline=clock))
    if form.errors:
        return _show(request, form, status=status)
    messages.success(
        request, f"{clock.claim.reference}: the workers take the step within a minute."
    )
    return redirect("admin:claims_watch")


def _show(request: HttpRequest, form: forms.Form, *, status: HTTPStatus) -> HttpResponse:
    at = arrived_at(request)
    context = admin.site.each_context(request) | {
        "title": "Clocks",
        "beats": beats(at=at),
        "late": [_late_line(one) for one in late_of_insurance(at=at)],
        "reports": [report_lines(one) for one in InvariantReport.objects.all()[:REPORTS_SHOWN]],
        "clocks": [
            {
                "clock": clock,
                "due": moment(clock.due_at, clock.claim.marketplace.zone),
            }
            for clock in set_aside_clocks(at=at)
        ],
        "form": form,
        "may_try": any(request.user.has_perm(permission) for permission in TRY_AGAIN),
    }
    return TemplateResponse(request, "admin/redress/watching.html", context, status=status)


def _late_line(late: Late) -> dict[str, Any]:
    query = "?late=1" if late.name == "late_provider_answer" else ""
    return {"late": late, "url": reverse(_LATE_PAGES[late.name]) + query}


def report_lines(report: InvariantReport) -> dict[str, Any]:
    """A report with codes put into words, and each breach without its check's number."""
    lines = [
        line
        | {
            "words": line["words"].capitalize(),
            "title": f"{line['title'][:1].upper()}{line['title'][1:]}",
            "first": [
                _spelt_out(found.removeprefix(f"{line['code']} ")) for found in line["first"]
            ],
        }
        for line in report.lines
    ]
    return {
        "row": report,
        "asked": ASKED_WORDS.get(report.asked_by, report.asked_by),
        "lines": lines,
    }


def _spelt_out(found: str) -> str:
    return CODE.sub(lambda code: STATE_WORDS.get(code[0], code[0]), found)


def beats(*, at: datetime) -> list[dict[str, Any]]:
    """Every sweep and sender: when it last ran, how often it failed since, and with what."""
    rows = {row.name: row for row in Heartbeat.objects.all()}
    still = {reason.partition(" ")[0] for reason in stopped(at=at)}
    return [
        {"name": BEAT_WORDS[name], "row": rows.get(name), "is_still": name in still}
        for name in BEATS
    ]
