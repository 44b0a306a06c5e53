"""Tables that serve as queues are vacuumed early: a tick passes over every row that just left."""

from django.db import migrations

QUEUES = ("claims_deadline", "claims_payout", "claims_notice")
EARLY = """
    ALTER TABLE {table} SET (
        autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000,
        autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 1000
    )
"""
AS_USUAL = """
    ALTER TABLE {table} RESET (
        autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold,
        autovacuum_analyze_scale_factor, autovacuum_analyze_threshold
    )
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0002_launch_terms")]

    operations = [
        migrations.RunSQL(EARLY.format(table=table), AS_USUAL.format(table=table))
        for table in QUEUES
    ]
