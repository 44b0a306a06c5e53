"""Terms in the admin: versions with their marks, drafts, and the second person's page."""

from typing import Any, override

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from claims.admin.drafts import Change, draft_context, take_decision
from claims.admin.file_dealings import named
from claims.admin.file_parts import day
from claims.admin.person import person
from claims.admin.records import ReadOnlyAdmin
from claims.admin.terms_figures import figure_lines
from claims.admin.terms_forms import TermsForm
from claims.figures import figure_name, figure_value
from claims.lifecycle import Refused
from claims.models import DraftStatus, TermsDraft, TermsVersion
from claims.operations.terms import approve_terms, latest_version, propose_terms, refuse_terms
from claims.queries import actor_for
from claims.roles import APPROVE_TERMS, PROPOSE_TERMS
from sellers.models import Marketplace
from sellers.portal.arrival import arrived_at

INVALID, STALE = 422, 409


@admin.register(TermsVersion)
class TermsVersionAdmin(ReadOnlyAdmin):
    """The figures of every marketplace, from a day on."""

    change_list_template = "admin/redress/terms_list.html"
    list_display = ["marketplace", "effective_on", "defaults", "proposed_by", "approved_by"]
    list_filter = ["marketplace"]
    list_select_related = ["marketplace", "proposed_by", "approved_by"]

    @admin.display(description="Default, not published")
    def defaults(self, version: TermsVersion) -> str:
        lines = figure_lines(version)
        return f"{sum(line.is_default for line in lines)} of {len(lines)} figures"

    def get_urls(self) -> list[URLPattern]:
        propose = self.admin_site.admin_view(propose_page)
        return [
            path("propose/<str:market>/", propose, name="claims_terms_propose"),
            *super().get_urls(),
        ]

    @override
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """The list, with a way to propose a change for each marketplace."""
        extra = {
            "marketplaces": Marketplace.objects.all(),
            "may_propose": request.user.has_perm(PROPOSE_TERMS),
        }
        return super().changelist_view(request, extra | (extra_context or {}))

    @override
    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A version with every figure, its unit and its mark."""
        if not self.has_view_permission(request) or request.method not in {"GET", "HEAD"}:
            raise PermissionDenied("A version of the terms is never changed.")
        versions = TermsVersion.objects.select_related("marketplace", "proposed_by", "approved_by")
        version = get_object_or_404(versions, pk=object_id)
        context = self.admin_site.each_context(request) | {
            "title": f"Terms of {version.marketplace.name} from {day(version.effective_on)}",
            "version": version,
            "figures": figure_lines(version),
            "made_by": _made_by(version),
            "may_propose": request.user.has_perm(PROPOSE_TERMS),
        }
        return TemplateResponse(request, "admin/redress/terms_version.html", context)


def _made_by(version: TermsVersion) -> str:
    if version.approved_by is None:
        return "Laid down at the start."
    return f"Proposed by {named(version.proposed_by)}, approved by {named(version.approved_by)}."


@admin.register(TermsDraft)
class TermsDraftAdmin(ReadOnlyAdmin):
    """Proposed changes of terms; each opens the page on which a second person decides."""

    list_display = [
        "marketplace",
        "effective_on",
        "figures",
        "status_tag",
        "proposed_by",
        "proposed_at",
        "decided_by",
    ]
    list_filter = ["status", "marketplace"]
    list_select_related = ["marketplace", "proposed_by", "decided_by"]

    @admin.display(description="Figures")
    def figures(self, draft: TermsDraft) -> str:
        return ", ".join(figure_name(figure) for figure in draft.changes)

    @admin.display(description="Status", ordering="status")
    def status_tag(self, draft: TermsDraft) -> str:
        tone = "flag" if draft.status == DraftStatus.PROPOSED else "quiet"
        return format_html('<span class="tag {}">{}</span>', tone, draft.get_status_display())

    @override
    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The draft: what would change, and the second person's two buttons."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        drafts = TermsDraft.objects.select_related("marketplace", "proposed_by", "decided_by")
        draft = get_object_or_404(drafts, pk=object_id)
        if request.method == "POST":
            return _decide(request, draft)
        return _show_draft(request, draft)


def propose_page(request: HttpRequest, market: str) -> HttpResponse:
    """A form with every figure of a marketplace; POST proposes what differs.

    Raises:
        PermissionDenied: somebody who may not propose terms.
    """
    at = arrived_at(request)
    if not request.user.has_perm(PROPOSE_TERMS):
        raise PermissionDenied("Your groups do not let you propose terms.")
    marketplace = get_object_or_404(Marketplace, code=market)
    latest = latest_version(marketplace)
    if request.method != "POST":
        return _show_form(request, latest, TermsForm(latest=latest))
    form = TermsForm(request.POST, latest=latest)
    if not form.is_valid():
        return _show_form(request, latest, form, status=INVALID)
    try:
        draft = propose_terms(
            marketplace=marketplace,
            effective_on=form.cleaned_data["effective_on"],
            changes=form.given_figures(),
            reason=form.cleaned_data["reason"],
            at=at,
            by=actor_for(person(request)),
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _show_form(request, latest, form, status=STALE)
    messages.success(request, "Proposed. A second person approves or refuses it.")
    return redirect("admin:claims_termsdraft_change", draft.pk)


def _show_form(
    request: HttpRequest, latest: TermsVersion, form: TermsForm, *, status: int = 200
) -> HttpResponse:
    context = admin.site.each_context(request) | {
        "title": f"Change the terms of {latest.marketplace.name}",
        "latest": latest,
        "form": form,
    }
    return TemplateResponse(request, "admin/redress/terms_form.html", context, status=status)


def _decide(request: HttpRequest, draft: TermsDraft) -> HttpResponse:
    refusal = take_decision(
        request, draft, permission=APPROVE_TERMS, approve=approve_terms, refuse=refuse_terms
    )
    if refusal:
        return _show_draft(request, draft, refusal)
    done = {
        "approve": f"The new terms count from {day(draft.effective_on)}.",
        "refuse": "The terms stay as they are.",
    }
    messages.success(request, done[request.POST["decision"]])
    return redirect("admin:claims_termsdraft_change", draft.pk)


def _show_draft(request: HttpRequest, draft: TermsDraft, refusal: str = "") -> HttpResponse:
    name = f"{draft.marketplace.name}, {day(draft.effective_on)}"
    context = (
        admin.site.each_context(request)
        | draft_context(request, draft, permission=APPROVE_TERMS)
        | {
            "title": f"Terms of {draft.marketplace.name} from {day(draft.effective_on)}",
            "crumb": name,
            "list_url": reverse("admin:claims_termsdraft_changelist"),
            "list_title": "Changes of terms",
            "caption": f"What would change from {day(draft.effective_on)} on, for claims "
            "reported from that day",
            "changes": what_would_change(draft),
            "refusal": refusal,
        }
    )
    status = STALE if refusal else 200
    return TemplateResponse(request, "admin/redress/draft.html", context, status=status)


def what_would_change(draft: TermsDraft) -> list[Change]:
    """Old and new of every changed figure, against the terms before the draft's day."""
    currency = draft.marketplace.currency
    before = (
        TermsVersion.objects.filter(
            marketplace=draft.marketplace, effective_on__lt=draft.effective_on
        )
        .order_by("-effective_on")
        .first()
    )
    old = before.figures if before else {}
    return [
        Change(
            figure_name(name),
            figure_value(name, old.get(name), currency),
            figure_value(name, new, currency),
        )
        for name, new in draft.changes.items()
    ]
