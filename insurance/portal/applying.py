"""Applying for quotes: the form, check your answers, and off it goes."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_http_methods

from insurance.accelerator.answers import ALWAYS_SHARED, answer_lines
from insurance.accelerator.applying import apply_for_quotes
from insurance.accelerator.directory import fits_for, listed_providers
from insurance.accelerator.refusals import QuoteStepRefused
from insurance.models import Provider
from insurance.portal.directory import markets_of
from insurance.portal.doors import Visitor, members_only
from insurance.portal.quote_forms import ApplicationForm, first_answers, unsaved
from sellers.models import Marketplace, Seller


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def apply(request: HttpRequest, visitor: Visitor, seller_id: int, market: str) -> HttpResponse:
    """Show the form, filled with what is known; lead on to the check."""
    seller, marketplace = _about(visitor, seller_id, market)
    providers = _askable(visitor, seller, marketplace)
    draft = request.session.get(_key(seller, market))
    form = _form(request.POST or None, visitor, seller, marketplace, providers)
    if draft and request.method != "POST":
        # Back from the check: what was typed, without a word about what is missing.
        form = ApplicationForm(
            marketplace=marketplace, providers=providers, initial=_typed(draft, form)
        )
    if request.method == "POST" and form.is_valid():
        request.session[_key(seller, market)] = dict(request.POST.lists())
        return redirect("insurance:check_application", seller_id=seller.pk, market=market)
    context = _context(seller, marketplace) | {"form": form, "providers": providers}
    return render(request, "portal/insurance/apply.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def check_application(
    request: HttpRequest, visitor: Visitor, seller_id: int, market: str
) -> HttpResponse:
    """Show what will be sent, to whom, and what they will see; send it when it is confirmed."""
    seller, marketplace = _about(visitor, seller_id, market)
    draft = request.session.get(_key(seller, market))
    providers = _askable(visitor, seller, marketplace)
    form = _form(MultiValueDict(draft or {}), visitor, seller, marketplace, providers)
    if draft is None or not form.is_valid():
        return redirect("insurance:apply", seller_id=seller.pk, market=market)
    if request.method == "POST":
        return _send(request, visitor, seller, marketplace, form)
    answers = form.answers()
    shared = [*ALWAYS_SHARED, *answers.shares]
    application = unsaved(answers, seller=seller, marketplace=marketplace, shared=shared)
    context = _context(seller, marketplace) | {
        "lines": answer_lines(application),
        "providers": form.cleaned_data["providers"],
    }
    return render(request, "portal/insurance/check_application.html", context)


def _send(
    request: HttpRequest,
    visitor: Visitor,
    seller: Seller,
    marketplace: Marketplace,
    form: ApplicationForm,
) -> HttpResponse:
    try:
        application = apply_for_quotes(
            seller=seller,
            marketplace=marketplace,
            answers=form.answers(),
            providers=list(form.cleaned_data["providers"].prefetch_related("appetites")),
            at=visitor.at,
            by=visitor.user,
        )
    except QuoteStepRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect("insurance:apply", seller_id=seller.pk, market=marketplace.pk)
    del request.session[_key(seller, marketplace.pk)]
    messages.success(request, f"Your application {application.reference} was sent.")
    return redirect("insurance:application", application_id=application.pk)


def _about(visitor: Visitor, seller_id: int, market: str) -> tuple[Seller, Marketplace]:
    seller = visitor.seller_to_act_for(seller_id)
    known = {one.pk: one for one in markets_of(seller)}
    return seller, known.get(market) or visitor.market_of(seller, market)


def _askable(visitor: Visitor, seller: Seller, marketplace: Marketplace) -> list[Provider]:
    """Vetted providers that can be reached and fit what we know of the seller."""
    listed = list(listed_providers())
    fits = fits_for(listed, seller=seller, marketplace=marketplace, at=visitor.at)
    return [one for one in listed if fits[one.pk].may_be_asked]


def _form(
    given: Any,
    visitor: Visitor,
    seller: Seller,
    marketplace: Marketplace,
    providers: list[Provider],
) -> ApplicationForm:
    first = {} if given else first_answers(visitor, seller, marketplace)
    return ApplicationForm(given, marketplace=marketplace, providers=providers, initial=first)


def _typed(draft: dict[str, list[str]], form: ApplicationForm) -> dict[str, Any]:
    several = {"shares", "providers"}
    return dict(form.initial) | {
        name: draft[name] if name in several else draft[name][-1]
        for name in form.fields
        if name in draft
    }


def _context(seller: Seller, marketplace: Marketplace) -> dict[str, Any]:
    return {"seller": seller, "marketplace": marketplace, "is_made_up": seller.is_made_up}


def _key(seller: Seller, market: str) -> str:
    return f"quotes:{seller.pk}:{market}"
