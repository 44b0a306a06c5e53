"""Quotes side by side: who was sent what and when, what they offer, and accepting one."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from insurance.accelerator.answers import answer_lines
from insurance.accelerator.choosing import accept_quote
from insurance.accelerator.differences import Difference, differences_of
from insurance.accelerator.ending import revoke_invitation, withdraw_application
from insurance.accelerator.figures import figures_of
from insurance.accelerator.fit import rating_has_expired
from insurance.accelerator.quote_letters import came_back
from insurance.accelerator.quoting import UNANSWERED
from insurance.accelerator.refusals import QuoteStepRefused
from insurance.models import (
    ApplicationState,
    Certificate,
    ProviderStatus,
    Quote,
    QuoteApplication,
    QuoteInvitation,
    QuoteState,
)
from insurance.portal.doors import Visitor, members_only

PAGE_SIZE = 20
_STATE_TONES = {
    ApplicationState.OPEN: "wait",
    ApplicationState.ACCEPTED: "good",
}


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """A quote beside the others: whether it can be accepted now, and its provider's rating.

    `earlier` are the versions that it replaced, the latest first, each with its local day.
    """

    quote: Quote
    quoted_on: date
    is_open: bool
    rating_expired: bool
    earlier: tuple[tuple[date, Quote], ...] = ()


@members_only
def quotes(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """List the applications of the visitor's sellers, the latest first."""
    rows = (
        _applications(visitor)
        .annotate(
            asked=Count("invitations", distinct=True),
            offered=Count("quotes", filter=Q(quotes__state=QuoteState.OFFERED), distinct=True),
        )
        .order_by("-applied_at", "-pk")
    )
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "visitor": visitor,
        "page": page,
        "is_made_up": any(row.seller.is_made_up for row in page.object_list),
    }
    return render(request, "portal/insurance/quotes.html", context)


@members_only
def application(request: HttpRequest, visitor: Visitor, application_id: int) -> HttpResponse:
    """One application: its quotes side by side, who was asked, and the answers that were given."""
    found = _application(visitor, application_id)
    rows = list(_rows(found, visitor))
    invitations = list(found.invitations.select_related("provider").order_by("sent_at", "pk"))
    accepted = next((r.quote for r in rows if r.quote.state == QuoteState.ACCEPTED), None)
    context = _context(visitor, found) | {
        "tone": _STATE_TONES.get(ApplicationState(found.state), ""),
        "rows": rows,
        "invitations": invitations,
        "unanswered": UNANSWERED,
        "came_back": came_back(invitations),
        "lines": answer_lines(found),
        "accepted": accepted,
        "certificates": _certificates(accepted),
    }
    return render(request, "portal/insurance/application.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def accept(
    request: HttpRequest, visitor: Visitor, application_id: int, quote_id: int
) -> HttpResponse:
    """Show what accepting means; accept when it is confirmed."""
    found = _application_to_act_on(visitor, application_id)
    quote = found.quotes.select_related("invitation__provider").filter(pk=quote_id).first()
    if quote is None:
        raise Http404
    if not _is_open(found, quote, visitor):
        messages.info(request, _cannot(quote))
        return redirect("insurance:application", application_id=found.pk)
    if request.method == "POST":
        act = partial(accept_quote, quote=quote)
        return _take(request, visitor, found, act, "You accepted the quote.")
    context = _context(visitor, found) | {"row": _row(found, quote, visitor), "quote": quote}
    return render(request, "portal/insurance/accept_quote.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def withdraw(request: HttpRequest, visitor: Visitor, application_id: int) -> HttpResponse:
    """Show what withdrawing means; withdraw when it is confirmed."""
    found = _application_to_act_on(visitor, application_id)
    if found.state != ApplicationState.OPEN:
        messages.info(request, "This application is no longer open.")
        return redirect("insurance:application", application_id=found.pk)
    if request.method == "POST":
        act = partial(withdraw_application, application=found)
        return _take(request, visitor, found, act, "Your application is withdrawn.")
    return render(request, "portal/insurance/withdraw.html", _context(visitor, found))


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def take_back(
    request: HttpRequest, visitor: Visitor, application_id: int, invitation_id: int
) -> HttpResponse:
    """Take one provider's link back, when it is confirmed."""
    found = _application_to_act_on(visitor, application_id)
    rows: QuerySet[QuoteInvitation] = found.invitations.select_related("provider")
    invitation = rows.filter(pk=invitation_id, state__in=UNANSWERED).first()
    if invitation is None:
        messages.info(request, "This link cannot be taken back any more.")
        return redirect("insurance:application", application_id=found.pk)
    if request.method == "POST":
        act = partial(revoke_invitation, invitation=invitation, reason="Taken back by the seller")
        return _take(request, visitor, found, act, f"{invitation.provider} can answer no more.")
    context = _context(visitor, found) | {"invitation": invitation}
    return render(request, "portal/insurance/take_back_link.html", context)


def _take(
    request: HttpRequest,
    visitor: Visitor,
    found: QuoteApplication,
    act: "partial[Any]",
    thanks: str,
) -> HttpResponse:
    try:
        act(at=visitor.at, by=visitor.user)
    except QuoteStepRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, thanks)
    return redirect("insurance:application", application_id=found.pk)


def _applications(visitor: Visitor) -> QuerySet[QuoteApplication]:
    sellers = [member.seller_id for member in visitor.memberships]
    return QuoteApplication.objects.filter(seller__in=sellers).select_related(
        "seller", "marketplace"
    )


def _application(visitor: Visitor, application_id: int) -> QuoteApplication:
    """Raises Http404 where it is not there or not theirs: the answer is the same."""
    found = _applications(visitor).filter(pk=application_id).first()
    if found is None:
        raise Http404
    return found


def _application_to_act_on(visitor: Visitor, application_id: int) -> QuoteApplication:
    found = _application(visitor, application_id)
    if not visitor.may_act_for(found.seller_id):
        raise PermissionDenied(f"You may look at the quotes of {found.seller}, not answer them.")
    return found


def _cannot(quote: Quote) -> str:
    if quote.state == QuoteState.SUPERSEDED:
        return f"{quote.invitation.provider} replaced this quote by a newer one. Look at that one."
    return "This quote can no longer be accepted."


def _rows(found: QuoteApplication, visitor: Visitor) -> Iterator[QuoteRow]:
    earlier: dict[int, list[Quote]] = defaultdict(list)
    current = []
    for quote in found.quotes.select_related("invitation__provider", "policy"):
        if quote.state == QuoteState.SUPERSEDED:
            earlier[quote.invitation_id].append(quote)
        else:
            current.append(quote)
    for quote in current:
        versions = sorted(earlier[quote.invitation_id], key=lambda one: -one.version)
        yield _row(found, quote, visitor, versions)


def _row(
    found: QuoteApplication, quote: Quote, visitor: Visitor, earlier: Sequence[Quote] = ()
) -> QuoteRow:
    on = visitor.at.astimezone(found.marketplace.zone).date()
    good_for = figures_of(found.marketplace_id, on=on).rating_good_for_days
    rated_on = quote.invitation.provider.rated_on
    expired = rated_on is not None and rating_has_expired(rated_on, good_for_days=good_for, on=on)
    zone = found.marketplace.zone
    return QuoteRow(
        quote=quote,
        quoted_on=quote.quoted_at.astimezone(zone).date(),
        is_open=_is_open(found, quote, visitor),
        rating_expired=expired,
        earlier=tuple((one.quoted_at.astimezone(zone).date(), one) for one in earlier),
    )


def _is_open(found: QuoteApplication, quote: Quote, visitor: Visitor) -> bool:
    is_offered = quote.state == QuoteState.OFFERED and quote.expires_at > visitor.at
    is_offered &= quote.invitation.provider.status == ProviderStatus.VETTED
    return is_offered and found.state == ApplicationState.OPEN


def _certificates(quote: Quote | None) -> list[tuple[Certificate, list[Difference]]]:
    if quote is None or quote.policy is None:
        return []
    rows = quote.policy.certificates.order_by("-submitted_at", "-pk")
    return [(one, differences_of(quote, one)) for one in rows]


def _context(visitor: Visitor, found: QuoteApplication) -> dict[str, Any]:
    return {
        "visitor": visitor,
        "application": found,
        "marketplace": found.marketplace,
        "zone": found.seller.zone,
        "may_act": visitor.may_act_for(found.seller_id),
        "is_made_up": found.seller.is_made_up,
    }
