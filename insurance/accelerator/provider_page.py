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

from insurance.accelerator.answering import (
    can_be_revised,
    decline_application,
    give_quote,
    note_opened,
    revise_quote,
)
from insurance.accelerator.answers import shared_lines
from insurance.accelerator.links import invitation_of
from insurance.accelerator.provider_forms import (
    QUOTE,
    ProviderAnswerForm,
    QuoteFieldsForm,
    RevisionForm,
    initial_of,
)
from insurance.accelerator.quoting import UNANSWERED
from insurance.accelerator.refusals import LinkNotValid, QuoteStepRefused
from insurance.models import DeclineReason, Quote, QuoteInvitation, QuoteState
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
    if request.method == "POST" and "revises" in request.POST:
        revision = RevisionForm(request.POST, invitation=invitation)
        return _take(request, invitation, token, revision, _revise)
    if request.method == "POST" and invitation.state in UNANSWERED:
        answer = ProviderAnswerForm(request.POST, invitation=invitation)
        return _take(request, invitation, token, answer, _answer)
    if request.method == "GET":
        note_opened(invitation=invitation, at=at)
    return _show(request, invitation, _form(request, invitation))


def _form(request: HttpRequest, invitation: QuoteInvitation) -> QuoteFieldsForm:
    """An empty answer; where the provider asked to change its quote, that quote's figures."""
    quote = _current(invitation)
    if quote is None or "change" not in request.GET:
        return ProviderAnswerForm(invitation=invitation)
    return RevisionForm(invitation=invitation, initial=initial_of(quote))


def _current(invitation: QuoteInvitation) -> Quote | None:
    return invitation.quotes.exclude(state=QuoteState.SUPERSEDED).first()


def _take(
    request: HttpRequest,
    invitation: QuoteInvitation,
    token: str,
    form: QuoteFieldsForm,
    act: Callable[[HttpRequest, QuoteInvitation, Any], None],
) -> HttpResponse:
    if not form.is_valid():
        return _show(request, invitation, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        act(request, invitation, form)
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


def _revise(request: HttpRequest, invitation: QuoteInvitation, form: RevisionForm) -> None:
    given = form.cleaned_data
    quote = invitation.quotes.filter(version=given["revises"]).first()
    if quote is None:
        raise QuoteStepRefused("There is no such version of your quote.")
    revise_quote(
        quote=quote,
        offer=form.offer(),
        reason=given["reason"],
        given_by=given["given_by"],
        at=arrived_at(request),
    )


def _show(
    request: HttpRequest,
    invitation: QuoteInvitation,
    form: QuoteFieldsForm,
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    application = invitation.application
    quote = _current(invitation)
    may_revise = quote is not None and can_be_revised(quote, at=arrived_at(request))
    context = {
        "invitation": invitation,
        "application": application,
        "market": application.marketplace,
        "zone": application.marketplace.zone,
        "lines": shared_lines(application),
        "form": form,
        "may_answer": invitation.state in UNANSWERED,
        "quote": quote,
        "earlier": invitation.quotes.filter(state=QuoteState.SUPERSEDED).order_by("-version"),
        "may_revise": may_revise,
        "is_revising": may_revise and isinstance(form, RevisionForm),
        "is_made_up": invitation.provider.is_made_up or application.seller.is_made_up,
    }
    return render(request, "quotes/request.html", context, status=status)
