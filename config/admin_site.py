"""Django's admin with the work queue as its home page and sign-in by django-allauth."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path

from sellers.portal.arrival import arrived_at


class RedressAdminSite(AdminSite):
    """The console of operations staff: the work queue first, the plain records behind it."""

    site_header = "Redress"
    site_title = "Redress"
    index_title = "Work queue"
    site_url = None
    # The few places people go to stand in the bar at the top (templates/admin/base_site.html).
    enable_nav_sidebar = False

    def get_urls(self) -> list[URLResolver | URLPattern]:
        """Django's addresses, the list of all records that home used to be, and our own pages."""
        from claims.admin.addresses import addresses

        records = path("records/", self.admin_view(self.records), name="records")
        return [records, *addresses(self), *super().get_urls()]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What every page shows; beside Django's, what people of operations are warned of."""
        from claims.admin.backtesting import may_backtest
        from claims.admin.watching import look_out

        context = super().each_context(request)
        if context["has_permission"]:
            context["watch"] = look_out(request.user, at=arrived_at(request))
            context["may_backtest"] = may_backtest(request.user)
        return context

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The work queue; people who may not see claims find their records instead."""
        from claims.admin.queue import claim_typed, queue_context

        if not request.user.has_perm("claims.view_claim"):
            return self.records(request)
        claim = claim_typed(request.user, request.GET.get("q", ""))
        if claim is not None:
            return redirect("admin:claims_claim_change", claim.reference)
        context = self.each_context(request) | queue_context(request) | (extra_context or {})
        context |= {"title": self.index_title, "subtitle": None}
        return TemplateResponse(request, "admin/redress/queue.html", context)

    def records(self, request: HttpRequest) -> HttpResponse:
        """Every kind of record that this person may see or edit."""
        context = self.each_context(request) | {
            "title": "All records",
            "app_list": self.get_app_list(request),
        }
        return TemplateResponse(request, "admin/redress/records.html", context)
