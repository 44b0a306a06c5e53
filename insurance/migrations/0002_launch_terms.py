"""The insurance requirement of every marketplace at launch (rules §4)."""

from datetime import date

from django.db import migrations

from insurance.terms import DEFAULT_REQUIREMENT_TERMS

COPIED = (
    "monthly_trigger_minor",
    "each_occurrence_minor",
    "aggregate_minor",
    "deductible_max_minor",
    "additional_insured_wording",
    "days_to_prove",
    "expiring_days",
    "minimum_days_to_run",
    "notice_of_cancellation_days",
    "claims_made_tail_years",
    "notice_after_days",
    "restrict_after_days",
    "suspend_after_days",
)


def lay_down(apps, schema_editor):
    rows = apps.get_model("insurance", "InsuranceTerms")
    for market, terms in DEFAULT_REQUIREMENT_TERMS.items():
        values = {name: getattr(terms, name) for name in COPIED}
        rows.objects.get_or_create(
            marketplace_id=market,
            effective_on=date(2021, 9, 1),
            defaults={
                **values,
                "claims_made_categories": sorted(terms.claims_made_categories),
                "marks": dict(terms.marks),
            },
        )


class Migration(migrations.Migration):
    dependencies = [("insurance", "0001_initial"), ("sellers", "0002_marketplaces")]

    operations = [migrations.RunPython(lay_down, migrations.RunPython.noop, elidable=False)]
