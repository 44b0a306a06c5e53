"""The terms at launch of every marketplace, and the payout switch (rules §2)."""

from datetime import UTC, date, datetime

from django.db import migrations

from claims.launch_terms import launch_rows

LAUNCH = date(2021, 9, 1)


def lay_down(apps, schema_editor):
    terms = apps.get_model("claims", "TermsVersion")
    for market, figures, marks in launch_rows():
        terms.objects.get_or_create(
            marketplace_id=market,
            effective_on=LAUNCH,
            defaults={
                "figures": figures,
                "marks": marks,
                "created_at": datetime(2021, 9, 1, tzinfo=UTC),
            },
        )
    apps.get_model("claims", "PayoutSwitch").objects.get_or_create(id=1)


class Migration(migrations.Migration):
    dependencies = [("claims", "0001_initial"), ("sellers", "0002_marketplaces")]

    operations = [migrations.RunPython(lay_down, migrations.RunPython.noop, elidable=False)]
