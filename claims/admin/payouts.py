"""The switch of payouts: whether they run, why not, what waits, and who may change it."""

from dataclasses import dataclass

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from claims.admin.file_dealings import named
from claims.admin.file_parts import Pair, day
from claims.admin.person import person
from claims.admin.step_forms import words_field
from claims.admin.words import UTC, amount, moment
from claims.lifecycle import Refused
from claims.models import (
    DailyAutomaticTotal,
    PauseCause,
    Payout,
    PayoutState,
    PayoutSwitch,
    Reconciliation,
)
from claims.operations.pausing import pause_payouts, resume_payouts, what_stands
from claims.queries import actor_for
from sellers.models import Marketplace
from sellers.portal.arrival import arrived_at

LOOK, CHANGE = "claims.view_payout", "claims.manage_payments"
INVALID, STALE = 422, 409
BREAKER = "a breaker"
PAUSED = "No payment leaves from now on. Whoever works in the console sees your reason."
RESUMED = "What waited leaves within a minute."
TURNS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Turn:
    """Once that the switch was turned: when, to what, by whom and why."""

    at: str
    is_paused: bool
    who: str
    reason: str


class SwitchForm(forms.Form):
    """Pause or resume; a form that was opened under the other state changes nothing."""

    was_paused = forms.BooleanField(required=False, widget=forms.HiddenInput)
    reason = words_field("Reason", "People see it in the queue while payouts are paused.")
    although_not_healed = forms.BooleanField(
        required=False,
        label="Resume although this still stands",
        help_text="Your reason must say why that is safe. Payments are counted anew from now on.",
    )

    def __init__(self, *args: object, is_paused: bool, stands: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["was_paused"].initial = is_paused
        if is_paused:
            self.fields["reason"].help_text = "Why payouts may run again; it stays in the record."
        if not stands:
            del self.fields["although_not_healed"]


def payout_switch(request: HttpRequest) -> HttpResponse:
    """Show the switch of payouts, or turn it.

    Raises:
        PermissionDenied: somebody who may not look at payouts, or not turn the switch.
    """
    at = arrived_at(request)
    needed = CHANGE if request.method == "POST" else LOOK
    if not request.user.has_perm(needed):
        raise PermissionDenied("Your groups do not let you do this.")
    switch = PayoutSwitch.objects.select_related("changed_by").first() or PayoutSwitch()
    standing = {"is_paused": switch.is_paused, "stands": bool(what_stands(switch, at=at))}
    if request.method != "POST":
        return _show(request, switch, SwitchForm(**standing))
    form = SwitchForm(request.POST, **standing)
    if not form.is_valid():
        return _show(request, switch, form, status=INVALID)
    if form.cleaned_data["was_paused"] != switch.is_paused:
        form.add_error(None, "Somebody turned the switch meanwhile. Nothing was done now.")
        return _show(request, switch, form, status=STALE)
    words = {name: form.cleaned_data[name] for name in form.fields if name != "was_paused"}
    turn = resume_payouts if switch.is_paused else pause_payouts
    try:
        turn(**words, at=at, by=actor_for(person(request)))
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _show(request, switch, form, status=STALE)
    messages.success(request, RESUMED if switch.is_paused else PAUSED)
    return redirect("admin:claims_payouts")


def _show(
    request: HttpRequest, switch: PayoutSwitch, form: SwitchForm, *, status: int = 200
) -> HttpResponse:
    context = admin.site.each_context(request) | {
        "title": "Payouts",
        "switch": switch,
        "changed": f"{named(switch.changed_by, BREAKER)}, {moment(switch.changed_at, UTC)}"
        if switch.changed_at
        else "",
        "causes": [PauseCause(cause).label for cause in switch.causes],
        "stands": what_stands(switch, at=arrived_at(request)),
        "form": form,
        "may_change": request.user.has_perm(CHANGE),
        "waiting": waiting(),
        "turns": turns(switch),
        "books": Reconciliation.objects.first(),
        "today": automatic_today(),
    }
    return TemplateResponse(request, "admin/redress/payouts.html", context, status=status)


def waiting() -> list[Pair]:
    """The payouts that have not ended, by state and currency."""
    unsettled = (PayoutState.QUEUED, PayoutState.SENDING, PayoutState.UNCERTAIN, PayoutState.SENT)
    rows = (
        Payout.objects.filter(state__in=unsettled)
        .order_by("state", "currency")
        .values_list("state", "currency")
        .annotate(payouts=Count("pk"), total=Sum("amount_minor"))
    )
    return [
        Pair(
            PayoutState(state).label,
            amount(total, currency),
            f"{count} payout{'' if count == 1 else 's'}",
        )
        for state, currency, count, total in rows
    ]


def turns(switch: PayoutSwitch) -> list[Turn]:
    """What became of the switch lately, the latest first."""
    kept = switch.events.filter(changed_at__isnull=False)  # type: ignore[attr-defined]
    return [
        Turn(
            moment(event.changed_at, UTC),
            event.is_paused,
            named(event.changed_by, BREAKER),
            event.reason,
        )
        for event in kept.select_related("changed_by").order_by("-pgh_id")[:TURNS_SHOWN]
    ]


def automatic_today() -> list[Pair]:
    """What was approved automatically on each marketplace's own today, beside its daily cap."""
    now = timezone.now()
    today = {m.code: now.astimezone(m.zone).date() for m in Marketplace.objects.all()}
    rows = DailyAutomaticTotal.objects.filter(on__in=set(today.values())).select_related(
        "marketplace"
    )
    return [
        Pair(row.marketplace.name, amount(row.total_minor, row.marketplace.currency), day(row.on))
        for row in rows
        if today[row.marketplace_id] == row.on
    ]
