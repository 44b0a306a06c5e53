"""Scorecards: what providers were asked in a period, and what became of it."""

from datetime import UTC, date, datetime, time, timedelta

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from insurance.accelerator.admin.acting import LOOK, need
from insurance.accelerator.scorecard import scorecard
from sellers.portal.arrival import arrived_at

_A_QUARTER = timedelta(days=90)


class PeriodForm(forms.Form):
    """From which day to which, both included."""

    first = forms.DateField(
        label="From", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label="To", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean(self) -> dict[str, date]:
        """The period does not end before it begins."""
        cleaned = super().clean() or {}
        if {"first", "last"} <= cleaned.keys() and cleaned["last"] < cleaned["first"]:
            self.add_error("last", "The period ends before it begins")
        return cleaned


def scorecard_page(request: HttpRequest) -> HttpResponse:
    """Show the figures of every provider that was asked in a period; by default the last 90 days.

    Raises:
        PermissionDenied: somebody who may not look at providers.
    """
    need(request, LOOK)
    today = arrived_at(request).astimezone(UTC).date()
    default = {"first": today - _A_QUARTER, "last": today}
    form = PeriodForm(request.GET if "first" in request.GET else default)
    scores = []
    if form.is_valid():
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
        scores = scorecard(first=_begin(first), until=_begin(last + timedelta(days=1)))
    context = admin.site.each_context(request) | {
        "title": "Scorecards of providers",
        "form": form,
        "scores": scores,
    }
    return TemplateResponse(request, "admin/redress/scorecard.html", context)


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)
