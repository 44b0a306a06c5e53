"""The thirteen marketplaces (rules §8)."""

from django.db import migrations

from sellers.markets import MARKETS


def lay_down(apps, schema_editor):
    marketplaces = apps.get_model("sellers", "Marketplace")
    for market in MARKETS.values():
        marketplaces.objects.update_or_create(
            code=market.code,
            defaults={
                "name": market.name,
                "currency": market.currency,
                "timezone": market.timezone,
                "region": market.region,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("sellers", "0001_initial")]

    operations = [migrations.RunPython(lay_down, migrations.RunPython.noop, elidable=False)]
