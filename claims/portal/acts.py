"""What else a seller may do: report a settlement, add information, appeal."""

from collections.abc import Iterable
from functools import partial

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from claims.lifecycle import Refused
from claims.models import AppealParty, Claim
from claims.operations.appeal import appeal_decision
from claims.operations.evidence import keep_evidence
from claims.operations.extending import add_information
from claims.operations.settling import report_settlement
from claims.portal.claim_page import is_made_up
from claims.portal.doors import Visitor, members_only
from claims.portal.forms import AppealForm, InformationForm, SettlementForm
from claims.portal.standing import Standing
from claims.queries import seller_actor
from sellers.uploads import Upload

type Files = Iterable[Upload]


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def settlement(request: HttpRequest, visitor: Visitor, reference: str) -> HttpResponse:
    """Report what the seller agreed with the customer, with proof."""
    claim = visitor.claim_to_act_on(reference)
    if not Standing(claim, at=visitor.at).may_report_settlement:
        return _not_now(request, claim, "This claim is not with you to settle.")
    form = SettlementForm(request.POST or None, request.FILES or None, claim=claim)
    if request.method == "POST" and form.is_valid():
        act = partial(
            report_settlement,
            claim=claim,
            amount_minor=form.cleaned_data["amount"],
            proof=form.cleaned_data["proof"],
        )
        thanks = "Thank you. We have your settlement, and the claim is settled."
        return _take(request, visitor, act, files=form.cleaned_data["evidence"], thanks=thanks)
    return _page(request, visitor, claim, form, "portal/settlement.html")


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def information(request: HttpRequest, visitor: Visitor, reference: str) -> HttpResponse:
    """Add something to the file; open whatever the claim's status."""
    claim = visitor.claim_to_act_on(reference)
    form = InformationForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        act = partial(add_information, claim=claim, text=form.cleaned_data["text"])
        thanks = "Thank you. Your information is in the file of this claim."
        return _take(request, visitor, act, files=form.cleaned_data["evidence"], thanks=thanks)
    return _page(request, visitor, claim, form, "portal/information.html")


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def appeal(request: HttpRequest, visitor: Visitor, reference: str) -> HttpResponse:
    """Appeal against the payment of a claim, with new facts."""
    claim = visitor.claim_to_act_on(reference)
    if not Standing(claim, at=visitor.at).may_appeal:
        return _not_now(request, claim, "There is nothing to appeal against on this claim now.")
    form = AppealForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        act = partial(
            appeal_decision,
            claim=claim,
            party=AppealParty.SELLER,
            new_facts=form.cleaned_data["new_facts"],
        )
        thanks = "We have your appeal. Somebody who did not decide before reads it and decides."
        return _take(request, visitor, act, files=form.cleaned_data["evidence"], thanks=thanks)
    return _page(request, visitor, claim, form, "portal/appeal.html")


def _take(
    request: HttpRequest, visitor: Visitor, act: partial[Claim], *, files: Files, thanks: str
) -> HttpResponse:
    by = seller_actor(visitor.user)
    claim: Claim = act.keywords["claim"]
    try:
        act(at=visitor.at, by=by)
        for file in files:
            keep_evidence(claim=claim, file=file, at=visitor.at, by=by)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, thanks)
    return redirect("portal:claim", reference=claim.reference)


def _not_now(request: HttpRequest, claim: Claim, why: str) -> HttpResponse:
    messages.info(request, why)
    return redirect("portal:claim", reference=claim.reference)


def _page(
    request: HttpRequest, visitor: Visitor, claim: Claim, form: Form, template: str
) -> HttpResponse:
    standing = Standing(claim, at=visitor.at)
    context = {
        "visitor": visitor,
        "claim": claim,
        "standing": standing,
        "zone": standing.zone,
        "form": form,
        "is_made_up": is_made_up(claim),
    }
    return render(request, template, context)
