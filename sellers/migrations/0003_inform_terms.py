"""The figures of the INFORM Consumers Act (rules §7)."""

from datetime import date

from django.db import migrations


def lay_down(apps, schema_editor):
    """200 sales and 5,000 USD in 12 months, 10 days a clock (rules §7), as the Act began."""
    apps.get_model("sellers", "InformTerms").objects.get_or_create(
        marketplace_id="US",
        effective_on=date(2023, 6, 27),
        defaults={
            "sales": 200,
            "gross_minor": 500_000,
            "months": 12,
            "clock_days": 10,
            "marks": dict.fromkeys(("sales", "gross_minor", "months", "clock_days"), "P"),
        },
    )


class Migration(migrations.Migration):
    dependencies = [("sellers", "0002_marketplaces")]

    operations = [migrations.RunPython(lay_down, migrations.RunPython.noop, elidable=False)]
