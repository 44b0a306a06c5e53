"""The claim file: everything about a claim on one page, and the steps that it allows."""

from datetime import datetime
from typing import Any, override

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from claims.admin import file_money as money, file_parts as parts
from claims.admin.file_cover import policy_lines
from claims.admin.file_dealings import dealings
from claims.admin.records import ReadOnlyAdmin
from claims.admin.signals import looks_at
from claims.admin.standing import Standing
from claims.admin.step_page import step_page
from claims.admin.steps import pages_for
from claims.admin.terms_figures import figure_lines
from claims.admin.words import amount, code_words, moment
from claims.ledger import borne_by
from claims.models import Claim, ClaimEvent, Deadline, Evidence, Recovery
from claims.queries import visible_to

SAFE = ("GET", "HEAD")
RELATED = (
    "marketplace",
    "seller",
    "claimant",
    "order__product",
    "terms__marketplace",
    "recovery",
)
AROUND = (
    "lines",
    "evidence__given_by",
    "ledger_entries",
    "payouts__payee",
    "notices",
    "payee_details",
    "responses__given_by",
    "proposals__proposed_by",
    "proposals__decided_by",
    "holds__placed_by",
    "holds__released_by",
    "appeals__decided_by",
)


@admin.register(Claim)
class ClaimAdmin(ReadOnlyAdmin):
    """Claims in a list; each opens its file. Nothing is edited but by a step."""

    list_display = [
        "reference",
        "seller",
        "marketplace",
        "claimant",
        "status",
        "claimed",
        "reported_at",
    ]
    list_filter = ["status", "marketplace", "severity"]
    list_select_related = ["seller", "marketplace", "claimant"]
    search_fields = [
        "reference",
        "order__external_reference",
        "seller__legal_name",
        "claimant__name",
        "claimant__email",
        "external_reference",
    ]
    date_hierarchy = "reported_at"
    ordering = ["-reported_at"]

    @admin.display(description="Claimed", ordering="claimed_minor")
    def claimed(self, claim: Claim) -> str:
        return amount(claim.claimed_minor, claim.currency)

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        return [
            path(
                "<str:reference>/evidence/<int:pk>/download/",
                site.admin_view(evidence_file),
                name="claims_evidence_download",
            ),
            path(
                "<str:reference>/steps/<slug:slug>/",
                site.admin_view(step_page),
                name="claims_claim_step",
            ),
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
        """The claim file. Lists of Django's admin link by number: they are led on.

        Raises:
            PermissionDenied: something is sent here; a claim changes by its steps only.
        """
        if request.method not in SAFE:
            raise PermissionDenied("A claim is changed by its steps, never on its page.")
        claims = visible_to(request.user)
        if object_id.isdecimal():
            by_number = claims.filter(pk=int(object_id)).values_list("reference", flat=True)
            reference = by_number.first()
            if reference is not None:
                return redirect("admin:claims_claim_change", reference)
        claim = get_object_or_404(load_file(claims), reference=object_id)
        context = self.admin_site.each_context(request) | file_context(claim, request)
        return TemplateResponse(request, "admin/redress/claim_file.html", context)


def load_file(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Claims with everything that their file shows, in a constant number of queries."""
    return claims.select_related(*RELATED).prefetch_related(
        *AROUND,
        Prefetch("events", ClaimEvent.objects.select_related("actor")),
        Prefetch("deadlines", Deadline.objects.order_by("-due_at")),
        "recovery__instructions",
    )


def file_context(claim: Claim, request: HttpRequest) -> dict[str, Any]:
    """Everything that the page prints."""
    return {
        "title": claim.reference,
        "subtitle": None,
        "claim": claim,
        "steps": pages_for(request.user, Standing.of(claim)),
        **_handling(claim, timezone.now()),
        **_money(claim),
    }


def _handling(claim: Claim, now: datetime) -> dict[str, Any]:
    zone = claim.marketplace.zone
    clocks = [parts.clock_line(one, zone=zone, now=now) for one in claim.deadlines.all()]
    return {
        "summary": parts.summary(claim),
        "figures": parts.figures(claim),
        "running": sorted((c for c in clocks if not c.ended), key=lambda c: c.due_iso),
        "ended": [c for c in clocks if c.ended],
        "bars": [code_words(bar) for bar in claim.bars],
        "reason": code_words(claim.reason) if claim.reason else "",
        "since": moment(claim.status_since, zone),
        "damage": parts.damage(claim.lines.all(), claim.currency),
        "timeline": parts.timeline(claim.events.all(), claim),
        "letters": [parts.letter_line(one, zone) for one in claim.notices.all()],
        **dealings(claim),
        **looks_at(claim),
        "terms": figure_lines(claim.terms),
        "made_up": parts.made_up(claim),
    }


def _money(claim: Claim) -> dict[str, Any]:
    zone, entries = claim.marketplace.zone, list(claim.ledger_entries.all())
    pursued: Recovery | None = getattr(claim, "recovery", None)
    instructions = pursued.instructions.all() if pursued else ()
    return {
        "ledger": money.ledger_lines(entries, zone),
        "balances": money.balance_pairs(entries, claim.currency),
        "bearers": money.bearer_pairs(borne_by(claim), claim.currency) if entries else [],
        "payouts": money.payout_lines(claim.payouts.all(), zone),
        "payee": money.payee_pairs(claim),
        "recovery": money.recovery_file(pursued, instructions, zone),
        "policies": policy_lines(claim),
    }


def evidence_file(request: HttpRequest, reference: str, pk: int) -> FileResponse:
    """A file of a claim as a download; never shown inside a page.

    Raises:
        Http404: no such file of a claim that this person may see, or its bytes are lost.
    """
    claims = visible_to(request.user).filter(reference=reference)
    evidence = get_object_or_404(Evidence, pk=pk, claim__in=claims)
    try:
        opened = evidence.file.open("rb")
    except FileNotFoundError:
        raise Http404(f"The file of {evidence.name} is not in the store.") from None
    answer = FileResponse(opened, as_attachment=True, filename=evidence.name)
    answer.headers["Content-Type"] = "application/octet-stream"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
