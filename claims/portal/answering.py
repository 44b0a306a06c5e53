"""Answering a claim: the form, check your answers, and the confirmation.

The answer counts by the moment the last request arrived. Files are kept with the claim as soon
as the form is sent, so nothing is lost when the last page is reached late.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from claims.lifecycle import ActorKind, Refused
from claims.models import Answer, Claim
from claims.operations.evidence import keep_evidence
from claims.operations.responding import respond_to_claim
from claims.portal.claim_page import is_made_up
from claims.portal.doors import Visitor, members_only
from claims.portal.forms import AnswerForm
from claims.portal.standing import Standing
from claims.portal.words import NEXT_AFTER, choices_of, cost_to_seller
from claims.queries import seller_actor


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def answer(request: HttpRequest, visitor: Visitor, reference: str) -> HttpResponse:
    """Show the form of the four answers; keep its files and lead on to the check."""
    claim = visitor.claim_to_act_on(reference)
    standing = Standing(claim, at=visitor.at)
    if not standing.may_answer:
        return _already(request, standing)
    draft = request.session.get(_key(claim))
    form = AnswerForm(request.POST or None, request.FILES or None, initial=draft)
    if request.method == "POST" and form.is_valid() and _keep_files(form, visitor, claim):
        request.session[_key(claim)] = {
            "answer": form.cleaned_data["answer"],
            "reason": form.cleaned_data["reason"],
        }
        return redirect("portal:check", reference=claim.reference)
    context = _context(visitor, standing) | {"form": form, "choices": choices_of(claim)}
    return render(request, "portal/answer.html", context)


def _keep_files(form: AnswerForm, visitor: Visitor, claim: Claim) -> bool:
    try:
        for file in form.cleaned_data["evidence"]:
            keep_evidence(claim=claim, file=file, at=visitor.at, by=seller_actor(visitor.user))
    except Refused as refusal:
        form.add_error("evidence", str(refusal))
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def check(request: HttpRequest, visitor: Visitor, reference: str) -> HttpResponse:
    """Show what will be sent; send it when it is confirmed."""
    claim = visitor.claim_to_act_on(reference)
    standing = Standing(claim, at=visitor.at)
    draft = request.session.get(_key(claim))
    if draft is None or not standing.may_answer:
        return _already(request, standing)
    if request.method == "POST":
        return _send(request, visitor, claim, draft)
    choice = next(c for c in choices_of(claim) if c.answer == draft["answer"])
    context = _context(visitor, standing) | {"draft": draft, "choice": choice}
    return render(request, "portal/check.html", context)


def _send(
    request: HttpRequest, visitor: Visitor, claim: Claim, draft: Mapping[str, str]
) -> HttpResponse:
    try:
        respond_to_claim(
            claim=claim,
            answer=Answer(draft["answer"]),
            reason=draft["reason"],
            at=visitor.at,
            by=seller_actor(visitor.user),
        )
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("portal:claim", reference=claim.reference)
    del request.session[_key(claim)]
    return redirect("portal:done", reference=claim.reference)


@members_only
def done(request: HttpRequest, visitor: Visitor, reference: str) -> HttpResponse:
    """Confirm the seller's answer, with the reference and what happens next."""
    claim = visitor.claim(reference)
    response = claim.responses.last()
    if response is None:
        raise Http404
    context = _context(visitor, Standing(claim, at=visitor.at)) | {
        "response": response,
        "next": NEXT_AFTER[response.answer],
    }
    return render(request, "portal/done.html", context)


def _already(request: HttpRequest, standing: Standing) -> HttpResponse:
    # A second click, a bookmark, or a colleague who was quicker: show how things stand.
    if standing.responses:
        return redirect("portal:done", reference=standing.claim.reference)
    if standing.may_answer:
        return redirect("portal:answer", reference=standing.claim.reference)
    messages.info(request, "This claim does not wait for an answer.")
    return redirect("portal:claim", reference=standing.claim.reference)


def _context(visitor: Visitor, standing: Standing) -> dict[str, Any]:
    claim = standing.claim
    own_evidence = claim.evidence.filter(is_internal=False, given_by_kind=ActorKind.SELLER)
    return {
        "visitor": visitor,
        "claim": claim,
        "standing": standing,
        "zone": standing.zone,
        "cost": cost_to_seller(claim, standing.recovery),
        "own_evidence": own_evidence,
        "is_made_up": is_made_up(claim),
    }


def _key(claim: Claim) -> str:
    return f"answer:{claim.reference}"
