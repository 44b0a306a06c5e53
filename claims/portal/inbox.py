"""The inbox: the claims of a member's sellers, those that need an answer first."""

from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from claims.lifecycle import Status
from claims.models import Claim, Deadline
from claims.portal.doors import Visitor, members_only
from claims.portal.filters import ClaimFilter
from claims.portal.standing import SELLER_ACTS, SELLER_CLOCKS
from claims.seller_records import metrics_of

PAGE_SIZE = 20
A_YEAR = timedelta(days=365)
_RUNNING = Q(met_at=None, lapsed_at=None, cancelled_at=None)


@members_only
def inbox(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show the claims of the visitor's sellers, filtered and page by page."""
    wanted = ClaimFilter(request.GET or None, queryset=in_order(visitor.claims()), visitor=visitor)
    # With a filter that makes no sense, its error and no claims.
    claims = wanted.queryset.none() if wanted.errors else wanted.qs
    page = Paginator(claims, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "visitor": visitor,
        "filter": wanted,
        "form": wanted.form,
        "is_filtered": any(request.GET.get(name) for name in wanted.filters),
        "page": page,
        "query": _query_without_page(request),
        "now": visitor.at,
        "metrics": metrics_lines(visitor),
    }
    return render(request, "portal/inbox.html", context)


def metrics_lines(visitor: Visitor) -> list[dict[str, Any]]:
    """What the claims of the last twelve months say of each of the visitor's sellers."""
    sellers = [member.seller for member in visitor.memberships]
    found = metrics_of((seller.pk for seller in sellers), start=visitor.at - A_YEAR, end=visitor.at)
    return [{"seller": seller, "metrics": found[seller.pk]} for seller in sellers]


def in_order(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Claims with `due_at`, `due_kind` and `amount_minor`; needs answer first, soonest first."""
    return claims.annotate(
        due_at=_soonest("due_at"),
        due_kind=_soonest("kind"),
        amount_minor=Coalesce("approved_minor", "assessed_minor", "claimed_minor"),
        turn=Case(
            When(status=Status.AWAITING_SELLER, then=Value(0)),
            When(Q(due_kind__in=SELLER_ACTS), then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        ),
    ).order_by("turn", F("due_at").asc(nulls_last=True), "-reported_at", "-pk")


def _soonest(field: str) -> Subquery:
    clocks = Deadline.objects.filter(_RUNNING, claim=OuterRef("pk"), kind__in=SELLER_CLOCKS)
    return Subquery(clocks.order_by("due_at").values(field)[:1])


def _query_without_page(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()
