"""Providers, policies, certificates, requests, waivers and the requirement in the admin."""

from typing import Any, override

from django.contrib import admin
from django.http import HttpRequest
from import_export.admin import ExportMixin
from import_export.formats.base_formats import CSV

from insurance.models import (
    Certificate,
    CoverRequest,
    CoverWaiver,
    InsuranceTerms,
    Policy,
    Provider,
)
from sellers.admin import RecordAdmin, TrackedAdmin
from sellers.money import display_amount


@admin.register(Provider)
class ProviderAdmin(ExportMixin, TrackedAdmin):  # type: ignore[misc]
    """The directory of providers, and their vetting."""

    formats = [CSV]
    list_display = [
        "legal_name",
        "kind",
        "status",
        "vetted_on",
        "vet_again_by",
        "rating",
        "is_made_up",
    ]
    list_filter = ["status", "kind"]
    search_fields = ["legal_name", "paper_insurer"]


@admin.register(Policy)
class PolicyAdmin(TrackedAdmin):
    """Policies that insure sellers. A certificate proves one."""

    list_display = [
        "seller",
        "marketplace",
        "insurer",
        "number",
        "kind",
        "each_occurrence",
        "effective_on",
        "expires_on",
    ]
    list_filter = ["marketplace", "kind", "basis"]
    list_select_related = ["seller", "marketplace"]
    search_fields = ["number", "insurer", "seller__legal_name", "named_insured"]
    autocomplete_fields = ["seller", "provider"]
    date_hierarchy = "expires_on"

    @admin.display(description="Each occurrence", ordering="each_occurrence_minor")
    def each_occurrence(self, policy: Policy) -> str:
        """The limit in the marketplace's currency; a dash where the certificate names none."""
        if policy.each_occurrence_minor is None:
            return "–"
        currency = policy.marketplace.currency
        return display_amount(policy.each_occurrence_minor, currency=currency)


@admin.register(Certificate)
class CertificateAdmin(RecordAdmin):
    """What was submitted as proof and what was wrong with it, as it was checked then."""

    list_display = ["policy", "submitted_at", "submitted_by", "proves", "defect_codes"]
    list_select_related = ["policy", "submitted_by"]
    search_fields = ["policy__number", "policy__seller__legal_name"]
    actions = None

    @admin.display(description="Proves cover", boolean=True)
    def proves(self, certificate: Certificate) -> bool:
        """Whether it has no defect."""
        return certificate.is_proof

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        """Submitting a policy makes its certificate."""
        return False

    @override
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A check stays as it was made."""
        return False

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A check stays."""
        return False


@admin.register(CoverRequest)
class CoverRequestAdmin(RecordAdmin):
    """Sellers whom operations asked for cover."""

    list_display = ["seller", "marketplace", "requested_on", "reason", "requested_by"]
    list_filter = ["marketplace"]
    list_select_related = ["seller", "marketplace", "requested_by"]
    autocomplete_fields = ["seller"]
    exclude = ["requested_by"]
    actions = None

    def save_model(self, request: HttpRequest, obj: CoverRequest, form: Any, change: Any) -> None:
        """Whoever asks stands in the row."""
        obj.requested_by_id = obj.requested_by_id or request.user.pk
        super().save_model(request, obj, form, change)


@admin.register(CoverWaiver)
class CoverWaiverAdmin(RecordAdmin):
    """Sellers for whom the requirement is waived, until when and why."""

    list_display = ["seller", "marketplace", "from_on", "until_on", "reason", "granted_by"]
    list_filter = ["marketplace"]
    list_select_related = ["seller", "marketplace", "granted_by"]
    autocomplete_fields = ["seller"]
    exclude = ["granted_by"]
    actions = None

    def save_model(self, request: HttpRequest, obj: CoverWaiver, form: Any, change: Any) -> None:
        """Whoever waives stands in the row."""
        obj.granted_by_id = obj.granted_by_id or request.user.pk
        super().save_model(request, obj, form, change)


@admin.register(InsuranceTerms)
class InsuranceTermsAdmin(TrackedAdmin):
    """The requirement of each marketplace from a day on."""

    list_display = ["marketplace", "effective_on", "trigger", "limit", "days_to_prove"]
    list_filter = ["marketplace"]
    list_select_related = ["marketplace"]

    @admin.display(description="Monthly trigger", ordering="monthly_trigger_minor")
    def trigger(self, terms: InsuranceTerms) -> str:
        """The proceeds a month above which cover is required."""
        if terms.monthly_trigger_minor is None:
            return "On request only"
        currency = terms.marketplace.currency
        return display_amount(terms.monthly_trigger_minor, currency=currency)

    @admin.display(description="Each occurrence", ordering="each_occurrence_minor")
    def limit(self, terms: InsuranceTerms) -> str:
        """The limit that a policy must have."""
        return display_amount(terms.each_occurrence_minor, currency=terms.marketplace.currency)
