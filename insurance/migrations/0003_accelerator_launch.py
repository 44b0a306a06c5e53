"""The Accelerator's figures and the known participants at launch (rules §5)."""

from datetime import date

from django.db import migrations

from insurance.accelerator.participants import lay_down_participants
from sellers.markets import MARKETS


def lay_down(apps, schema_editor):
    terms = apps.get_model("insurance", "AcceleratorTerms")
    for market in MARKETS:
        terms.objects.get_or_create(
            marketplace_id=market,
            effective_on=date(2021, 9, 1),
            defaults={"provider_reminder_days": [7, 2]},
        )
    lay_down_participants(
        provider_model=apps.get_model("insurance", "Provider"),
        appetite_model=apps.get_model("insurance", "Appetite"),
    )


class Migration(migrations.Migration):
    dependencies = [("insurance", "0002_launch_terms"), ("sellers", "0002_marketplaces")]

    operations = [migrations.RunPython(lay_down, migrations.RunPython.noop, elidable=False)]
