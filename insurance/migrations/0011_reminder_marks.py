"""Terms laid down before say of the new figures that they are our default (rules §4: [D])."""

from django.db import migrations

NEW = {"reminder_days": "D", "expiring_reminder_days": "D"}


def mark(apps, schema_editor):
    for row in apps.get_model("insurance", "InsuranceTerms").objects.all():
        row.marks = NEW | row.marks
        row.save(update_fields=["marks"])


class Migration(migrations.Migration):
    dependencies = [("insurance", "0010_requirement")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
