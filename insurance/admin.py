"""Policies, certificates, requests, waivers and the requirement in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from insurance.accelerator.admin import applications, providers
from insurance.certificates.admin import records
from insurance.models import (
    CoverRequest,
    CoverWaiver,
    InsuranceTerms,
)
from sellers.admin import RecordAdmin, TrackedAdmin
from sellers.money import display_amount

# They register themselves.
__all__ = ["applications", "providers", "records"]


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
