"""A step's page: GET shows its form, POST does one operation and says what it did.

The page checks its own permission: `admin_view` checks only that somebody is staff.
"""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from claims.admin.file_parts import figures
from claims.admin.person import person
from claims.admin.queue import amount_that_counts
from claims.admin.standing import Standing
from claims.admin.step import StepPage
from claims.admin.step_forms import StepForm
from claims.admin.step_words import DONE
from claims.admin.steps import BY_SLUG
from claims.admin.words import amount, moment
from claims.authority import authority_minor
from claims.lifecycle import STEPS, Refused, SomeoneWasFirst, Status
from claims.models import Claim
from claims.outcome import Actor
from claims.queries import actor_for, visible_to
from sellers.portal.arrival import arrived_at

INVALID, STALE = 422, 409


def step_page(request: HttpRequest, reference: str, slug: str) -> HttpResponse:
    """Show a step of a claim, or take it.

    Raises:
        Http404: there is no such step, or no such claim for this person.
        PermissionDenied: the step is not this person's to take.
    """
    page = BY_SLUG.get(slug)
    if page is None:
        raise Http404(f"There is no step called {slug}.")
    if not page.is_open_to(request.user):
        raise PermissionDenied(f"Your groups do not let you do this: {page.title.lower()}.")
    claims = visible_to(request.user)
    if request.method == "POST":
        return _take(request, page, claims, reference)
    claim = get_object_or_404(_with_context(claims), reference=reference)
    return _show(request, page, claim, page.form(claim=claim))


def _take(
    request: HttpRequest,
    page: StepPage,
    claims: QuerySet[Claim],
    reference: str,
) -> HttpResponse:
    claim = get_object_or_404(_with_context(claims), reference=reference)
    form = page.form(request.POST, request.FILES, claim=claim)
    if not form.is_valid():
        return _show(request, page, claim, form, status=INVALID)
    try:
        with transaction.atomic():
            check_unchanged(claim, form.cleaned_data["version"])
            at, by = arrived_at(request), actor_for(person(request))
            page.operation(claim=claim, at=at, by=by, **form.arguments())
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _show(request, page, claim, form, status=STALE)
    messages.success(request, taken_in_words(page, claim.pk))
    return redirect("admin:claims_claim_change", claim.reference)


def _with_context(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    return claims.select_related(
        "marketplace", "seller", "claimant", "terms__marketplace", "order__product"
    )


def check_unchanged(claim: Claim, version: str) -> None:
    """Keep the claim's row, so that of two sent forms the second finds a newer version.

    Raises:
        SomeoneWasFirst: the form was opened before the claim's last step, or was sent twice.
    """
    Claim.objects.select_for_update(no_key=True).get(pk=claim.pk)
    last = claim.events.order_by("version").last()
    if last is None or str(last.version) == version:
        return
    label = STEPS[last.step].label if last.step in STEPS else last.step
    at = moment(last.at, claim.marketplace.zone)
    raise SomeoneWasFirst(
        f"Claim {claim.reference} changed since you opened this page: “{label}”, {at}. "
        "Nothing was done now. Look at the claim again before you decide."
    )


def taken_in_words(page: StepPage, claim_id: int) -> str:
    """What was done, and where the claim stands now, in two sentences."""
    claim = Claim.objects.get(pk=claim_id)
    last = claim.events.latest("version")
    done = DONE["evidence"] if page.slug == "evidence" else DONE[last.step]
    return f"{claim.reference}: {done} The claim is now {Status(claim.status).label.lower()}."


def _show(
    request: HttpRequest, page: StepPage, claim: Claim, form: StepForm, *, status: int = 200
) -> HttpResponse:
    standing = Standing.of(claim)
    minor, amount_is = amount_that_counts(claim)
    context = admin.site.each_context(request) | {
        "title": page.title,
        "subtitle": claim.reference,
        "step": page,
        "claim": claim,
        "claim_url": reverse("admin:claims_claim_change", args=[claim.reference]),
        "status": standing.status.label,
        "amount": f"{amount(minor, claim.currency)} {amount_is}",
        "figures": figures(claim),
        "fits": page.is_for(request.user, standing),
        "form": form,
        "is_stale": status == STALE,
        "hints": hints(page, claim, actor_for(person(request))),
    }
    return TemplateResponse(request, "admin/redress/step.html", context, status=status)


def hints(page: StepPage, claim: Claim, actor: Actor) -> list[str]:
    """The figures that decide what the step will do: ceiling, authority, the open proposal."""
    terms = claim.terms.as_terms()
    said = []
    if page.slug == "assess":
        ceiling = amount(terms.ceiling_minor, claim.currency)
        bound = f"{ceiling} or less" if terms.ceiling_includes_itself else f"under {ceiling}"
        said.append(f"Ceiling of this claim: {bound}.")
    if page.slug in {"assess", "step-in", "approve-proposal", "write-off"}:
        own = amount(authority_minor(actor.rank, terms=terms), claim.currency)
        said.append(f"Your authority: {own}. Above it a second person is needed.")
    if page.slug in {"approve-proposal", "refuse-proposal"}:
        said += [
            f"{amount(one.amount_minor, claim.currency)} proposed by "
            f"{one.proposed_by.get_full_name() or one.proposed_by.get_username()}, "
            f"{moment(one.proposed_at, claim.marketplace.zone)}. {one.reason}"
            for one in claim.proposals.filter(status="OPEN").select_related("proposed_by")
        ]
    if page.slug == "decide-appeal":
        said += [f"New facts: {one.new_facts}" for one in claim.appeals.filter(status="OPEN")]
    return said
