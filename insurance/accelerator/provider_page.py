"""A provider's page for one application: no login, the address is the right to answer.

A GET changes nothing but the note that the link was opened. Cookies give no right here, so a
request cannot be forged by somebody who does not know the address; that address is kept from
other sites (`Referrer-Policy: no-referrer`), from search engines and from caches.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from insurance.accelerator.answering import decline_application, give_quote, note_opened
from insurance.accelerator.answers import shared_lines
from insurance.accelerator.links import invitation_of
from insurance.accelerator.provider_forms import QUOTE, ProviderAnswerForm
from insurance.accelerator.quoting import UNANSWERED
from insurance.accelerator.refusals import LinkNotValid, QuoteStepRefused
from insurance.models import DeclineReason, QuoteInvitation
from sellers.portal.arrival import arrived_at

# More than a person opens, far fewer than somebody who tries addresses needs.
_RATES = {"quote_request": "60/m/ip"}


def _closed_to_others(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Keep the address of the page from everybody who was not sent it."""

    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        response = ratelimit.consume_or_429(
            request, action="quote_request", config=_RATES, limit_get=True
        ) or view(request, token)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return guarded


# A browser that keeps the address to itself names no origin either, which Django's check of
# forgeries would refuse; there is nothing to forge, see above.
@csrf_exempt
@never_cache
@_closed_to_others
@require_http_methods(["GET", "HEAD", "POST"])
def quote_request(request: HttpRequest, token: str) -> HttpResponse:
    """Show one application to the provider that was sent it, and take its answer."""
    at = arrived_at(request)
    try:
        invitation = invitation_of(token, at=at)
    except LinkNotValid as refusal:
        context = {"why": str(refusal)}
        return render(request, "quotes/not_valid.html", context, status=HTTPStatus.NOT_FOUND)
    if request.method == "POST" and invitation.state in UNANSWERED:
        return _take(request, invitation, token)
    if request.method == "GET":
        note_opened(invitation=invitation, at=at)
    return _show(request, invitation, ProviderAnswerForm(invitation=invitation))


def _take(request: HttpRequest, invitation: QuoteInvitation, token: str) -> HttpResponse:
    form = ProviderAnswerForm(request.POST, invitation=invitation)
    if not form.is_valid():
        return _show(request, invitation, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        _answer(request, invitation, form)
    except QuoteStepRefused as refusal:
        form.add_error(None, str(refusal))
        return _show(request, invitation, form, status=HTTPStatus.CONFLICT)
    return redirect("quote_request", token=token)


def _answer(request: HttpRequest, invitation: QuoteInvitation, form: ProviderAnswerForm) -> None:
    given = form.cleaned_data
    common: dict[str, Any] = {
        "invitation": invitation,
        "given_by": given["given_by"],
        "at": arrived_at(request),
    }
    if given["answer"] == QUOTE:
        give_quote(offer=form.offer(), **common)
        return
    decline_application(
        reason=DeclineReason(given["decline_reason"]), words=given["decline_words"], **common
    )


def _show(
    request: HttpRequest,
    invitation: QuoteInvitation,
    form: ProviderAnswerForm,
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    application = invitation.application
    context = {
        "invitation": invitation,
        "application": application,
        "market": application.marketplace,
        "zone": application.marketplace.zone,
        "lines": shared_lines(application),
        "form": form,
        "may_answer": invitation.state in UNANSWERED,
        "quote": getattr(invitation, "quote", None),
        "is_made_up": invitation.provider.is_made_up or application.seller.is_made_up,
    }
    return render(request, "quotes/request.html", context, status=status)
