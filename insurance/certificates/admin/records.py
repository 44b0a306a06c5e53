"""Policies, certificates and their files as plain records: what steps wrote, nobody rewrites."""

from typing import override

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe
from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import CSV

from insurance.accelerator.admin.acting import need
from insurance.certificates.admin.queue_page import LOOK, queue_page
from insurance.certificates.admin.review_page import review_page
from insurance.certificates.policy_sheet import PolicyResource
from insurance.certificates.serving import file_download, page_picture
from insurance.models import Certificate, CertificateFile, Policy
from sellers.admin import RecordAdmin, TrackedAdmin
from sellers.money import display_amount
from sellers.portal.downloads import SEALED
from sellers.read_only import ReadOnly


@admin.register(Policy)
class PolicyAdmin(ImportExportMixin, ReadOnly, TrackedAdmin):  # type: ignore[misc]
    """Policies that insure sellers, with every version of them; a certificate proves one."""

    formats = [CSV]
    resource_classes = [PolicyResource]
    list_display = [
        "number",
        "insurer",
        "seller",
        "marketplace",
        "kind",
        "each_occurrence",
        "effective_on",
        "expires_on",
    ]
    list_filter = ["marketplace", "kind", "basis"]
    list_select_related = ["seller", "marketplace"]
    search_fields = ["number", "insurer", "seller__legal_name", "named_insured"]
    date_hierarchy = "expires_on"

    @admin.display(description="Each occurrence", ordering="each_occurrence_minor")
    def each_occurrence(self, policy: Policy) -> str:
        """The limit in the marketplace's currency; a dash where the certificate names none."""
        if policy.each_occurrence_minor is None:
            return "–"
        currency = policy.marketplace.currency
        return display_amount(policy.each_occurrence_minor, currency=currency)

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Whether this person may enter policies."""
        return request.user.has_perm("insurance.add_policy")

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Whether this person may look at policies."""
        return request.user.has_perm("insurance.view_policy")


@admin.register(Certificate)
class CertificateAdmin(ReadOnly, RecordAdmin):
    """What was submitted as proof and what was wrong with it, as it was checked then."""

    change_list_template = "admin/redress/certificate_list.html"
    list_display = ["policy", "submitted_at", "submitted_by", "proves", "review", "defect_codes"]
    list_filter = ["review", "policy__marketplace"]
    list_select_related = ["policy", "submitted_by"]
    search_fields = ["policy__number", "policy__seller__legal_name"]
    actions = None

    @admin.display(description="Proves cover", boolean=True)
    def proves(self, certificate: Certificate) -> bool:
        """Whether it has no defect and was accepted."""
        return certificate.is_proof

    @override
    def get_urls(self) -> list[URLPattern]:
        """The queue and the review, before the records' own addresses."""
        site = self.admin_site.admin_view
        return [
            path(
                "review/",
                site(require_safe(queue_page)),
                name="insurance_certificate_review_queue",
            ),
            path("<int:pk>/review/", site(review_page), name="insurance_certificate_review"),
            *super().get_urls(),
        ]


@admin.register(CertificateFile)
class CertificateFileAdmin(ReadOnly, RecordAdmin):
    """The files that sellers sent as certificates, and how far each has come."""

    list_display = ["name", "seller", "marketplace", "state", "uploaded_at", "size"]
    list_filter = ["state", "marketplace"]
    list_select_related = ["seller", "marketplace"]
    search_fields = ["name", "seller__legal_name", "sha256"]
    date_hierarchy = "uploaded_at"
    exclude = ["file", "suggested", "draft", "draft_number", "confirmed", "next_at", "attempts"]
    readonly_fields = ["original", "pictures"]
    actions = None

    @admin.display(description="File")
    def original(self, file: CertificateFile) -> SafeString:
        """The file as a download."""
        return format_html('<a href="../file/">{}</a>', file.name)

    @admin.display(description="Pages")
    def pictures(self, file: CertificateFile) -> SafeString | str:
        """The pictures of the pages, also of a file that its seller has not sent yet."""
        links = format_html_join(
            " ",
            '<a href="../pages/{}/">Page {}</a>',
            ((page.number, page.number) for page in file.pages.all()),
        )
        return links or "–"

    @override
    def get_urls(self) -> list[URLPattern]:
        """The file and the pictures of its pages."""
        site = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/file/",
                csp_override(SEALED)(site(require_safe(_file))),
                name="insurance_certificatefile_file",
            ),
            path(
                "<int:pk>/pages/<int:number>/",
                csp_override(SEALED)(site(require_safe(_picture))),
                name="insurance_certificatefile_picture",
            ),
            *super().get_urls(),
        ]


def _file(request: HttpRequest, pk: int) -> HttpResponse:
    need(request, LOOK)
    return file_download(get_object_or_404(CertificateFile, pk=pk))  # type: ignore[return-value]


def _picture(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    need(request, LOOK)
    file = get_object_or_404(CertificateFile, pk=pk)
    return page_picture(file, number)  # type: ignore[return-value]
