"""The figures of the requirement in the admin; everything else registers beside its acts."""

from django.contrib import admin

from insurance.accelerator.admin import applications, providers
from insurance.certificates.admin import records
from insurance.models import InsuranceTerms
from insurance.requirement.admin import records as requirement
from sellers.admin import TrackedAdmin
from sellers.money import display_amount

# They register themselves.
__all__ = ["applications", "providers", "records", "requirement"]


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
