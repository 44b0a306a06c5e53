"""Certificates that wait for a review, the oldest first, and files that wait for their seller."""

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from insurance.accelerator.admin.acting import need
from insurance.certificates.queries import unconfirmed_files, waiting_for_review
from insurance.certificates.queue import describe
from insurance.models import Certificate
from sellers.portal.arrival import arrived_at

LOOK = "insurance.view_certificate"
ROWS_A_PAGE = 25
MOST_FILES = 50


def queue_page(request: HttpRequest) -> HttpResponse:
    """Show what waits for operations.

    Raises:
        PermissionDenied: somebody who may not look at certificates.
    """
    need(request, LOOK)
    page = Paginator(with_context(waiting_for_review()), ROWS_A_PAGE).get_page(
        request.GET.get("page")
    )
    context: dict[str, Any] = admin.site.each_context(request) | {
        "title": "Certificates to review",
        "rows": describe(list(page.object_list), at=arrived_at(request)),
        "page": page,
        "previous_url": f"?page={page.number - 1}" if page.has_previous() else "",
        "next_url": f"?page={page.number + 1}" if page.has_next() else "",
        "files": unconfirmed_files().select_related("seller", "marketplace")[:MOST_FILES],
    }
    return TemplateResponse(request, "admin/redress/certificate_queue.html", context)


def with_context(certificates: QuerySet[Certificate]) -> QuerySet[Certificate]:
    """With everything that a row or a review page reads."""
    return certificates.select_related(
        "policy__seller", "policy__marketplace", "terms", "file", "submitted_by", "reviewed_by"
    )
