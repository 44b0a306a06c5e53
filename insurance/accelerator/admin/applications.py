"""Applications and quotes in the admin: read there, moved by steps with a reason only."""

from collections.abc import Callable
from functools import partial
from typing import Any, override

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from insurance.accelerator.admin.acting import ACT, LOOK, ReasonForm, need, take
from insurance.accelerator.answers import answer_lines
from insurance.accelerator.applying import send_again
from insurance.accelerator.differences import differences_of
from insurance.accelerator.ending import close_application, revoke_invitation
from insurance.accelerator.quote_letters import came_back
from insurance.accelerator.quoting import INVITATION_MOVES
from insurance.accelerator.refusals import QuoteStepRefused
from insurance.accelerator.scorecard import late_answers
from insurance.models import ApplicationState, Quote, QuoteApplication, QuoteInvitation
from sellers.admin import RecordAdmin
from sellers.portal.arrival import arrived_at
from sellers.read_only import ReadOnly


class LateAnswerFilter(admin.SimpleListFilter):
    """Open applications of which a provider did not answer within the days it promises."""

    title = "a provider is late"
    parameter_name = "late"

    @override
    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("1", "Yes")]

    @override
    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those with a late answer, where that was chosen."""
        if self.value() != "1":
            return queryset
        late = late_answers(at=arrived_at(request)).filter(application=OuterRef("pk"))
        return queryset.filter(Exists(late))


@admin.register(QuoteApplication)
class QuoteApplicationAdmin(ReadOnly, RecordAdmin):
    """Applications for quotes; each opens a page with its invitations, quotes and steps."""

    list_display = ["reference", "seller", "marketplace", "state", "applied_at", "expires_at"]
    list_filter = ["state", LateAnswerFilter, "marketplace"]
    list_select_related = ["seller", "marketplace"]
    search_fields = ["seller__legal_name", "legal_entity"]

    @override
    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        invitation = "<int:pk>/invitations/<int:invitation_pk>/"
        return [
            path("<int:pk>/close/", guard(close_page), name="insurance_application_close"),
            path(f"{invitation}revoke/", guard(revoke_page), name="insurance_invitation_revoke"),
            path(f"{invitation}send-again/", guard(again_page), name="insurance_invitation_again"),
            *super().get_urls(),
        ]

    @override
    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The application with everything around it."""
        need(request, LOOK)
        rows = QuoteApplication.objects.select_related("seller", "marketplace", "closed_by")
        found = get_object_or_404(rows, pk=object_id)
        quotes = found.quotes.select_related("invitation__provider", "policy", "application")
        asked = list(found.invitations.select_related("provider").order_by("sent_at", "pk"))
        context = self.admin_site.each_context(request) | {
            "title": f"Application {found.reference} of {found.seller}",
            "application": found,
            "currency": found.marketplace.currency,
            "lines": answer_lines(found),
            "invitations": [_line(found, one) for one in asked],
            "came_back": came_back(asked),
            "quotes": [{"quote": one, "certificates": _certificates(one)} for one in quotes],
            "may_act": request.user.has_perm(ACT),
            "is_open": found.state == ApplicationState.OPEN,
        }
        return TemplateResponse(request, "admin/redress/application.html", context)


def close_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an application, with a reason."""
    need(request, ACT)
    found = get_object_or_404(QuoteApplication.objects.select_related("seller"), pk=pk)
    act = partial(close_application, application=found)
    says = "Every link to it stops working and every quote for it ends. Everybody in it is told."
    return _step(request, found, act, title="Close the application", says=says)


def revoke_page(request: HttpRequest, pk: int, invitation_pk: int) -> HttpResponse:
    """Take a provider's link back, with a reason."""
    need(request, ACT)
    invitation = _invitation(pk, invitation_pk)
    act = partial(revoke_invitation, invitation=invitation)
    says = f"The link of {invitation.provider} stops working at once, and it is told."
    return _step(request, invitation.application, act, title="Take the link back", says=says)


def again_page(request: HttpRequest, pk: int, invitation_pk: int) -> HttpResponse:
    """Send a provider a new link; only by POST, with a button on the application's page."""
    need(request, ACT)
    invitation = _invitation(pk, invitation_pk)
    if request.method == "POST":
        try:
            send_again(invitation=invitation, at=arrived_at(request))
        except QuoteStepRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request, f"{invitation.provider} gets a new link; the old one is dead."
            )
    return redirect("admin:insurance_quoteapplication_change", pk)


def _invitation(pk: int, invitation_pk: int) -> QuoteInvitation:
    rows = QuoteInvitation.objects.select_related("provider", "application__seller")
    return get_object_or_404(rows, pk=invitation_pk, application=pk)


def _step(
    request: HttpRequest,
    found: QuoteApplication,
    act: Callable[..., object],
    *,
    title: str,
    says: str,
) -> HttpResponse:
    form = ReasonForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = take(request, form, act)
        if not form.errors:
            messages.success(request, "Done. It stays in the record, under your name.")
            return redirect("admin:insurance_quoteapplication_change", found.pk)
    context = admin.site.each_context(request) | {
        "title": title,
        "application": found,
        "says": says,
        "form": form,
    }
    return TemplateResponse(request, "admin/redress/application_step.html", context, status=status)


def _line(found: QuoteApplication, invitation: QuoteInvitation) -> dict[str, Any]:
    is_open = found.state == ApplicationState.OPEN
    return {
        "row": invitation,
        "may_revoke": is_open and invitation.state in INVITATION_MOVES["revoke"].before,
        "may_send_again": is_open and invitation.state in INVITATION_MOVES["send_again"].before,
    }


def _certificates(quote: Quote) -> list[Any]:
    if quote.policy is None:
        return []
    rows = quote.policy.certificates.order_by("-submitted_at", "-pk")
    return [{"certificate": one, "differences": differences_of(quote, one)} for one in rows]
