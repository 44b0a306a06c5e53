"""A clock that failed waits, and indexes that repeat the beginning of another one go.

Only the indexes are dropped: Django alone would drop and check each foreign key again, and hold
the tables of claims meanwhile.
"""

from django.db import migrations, models
from django.db.models import PROTECT, ForeignKey


def _without_index(model: str, field: str, to: str, index: str, related_name: str | None) -> object:
    key = ForeignKey(to, PROTECT, related_name=related_name, db_index=False)
    return migrations.SeparateDatabaseAndState(
        state_operations=[migrations.AlterField(model, field, key)],
        database_operations=[
            migrations.RunSQL(
                f'DROP INDEX IF EXISTS "{index}"',
                f'CREATE INDEX "{index}" ON "claims_{model}" ("{field}_id")',
            )
        ],
    )


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0008_breakers_and_bank_files"),
        ("sellers", "0002_marketplaces"),
    ]

    operations = [
        migrations.AddField(
            "deadline",
            "next_try_at",
            models.DateTimeField(
                null=True, blank=True, help_text="After a failure: not tried again before."
            ),
        ),
        _without_index(
            "claim", "order", "sellers.order", "claims_claim_order_id_364eef30", "claims"
        ),
        _without_index(
            "claim", "seller", "sellers.seller", "claims_claim_seller_id_c40c79cf", "claims"
        ),
        _without_index(
            "claimevent", "claim", "claims.claim", "claims_claimevent_claim_id_2de4ec01", "events"
        ),
        _without_index(
            "notice", "claim", "claims.claim", "claims_notice_claim_id_decc30a9", "notices"
        ),
        _without_index(
            "deadline",
            "calendar",
            "sellers.marketplace",
            "claims_deadline_calendar_id_4c0b1be3",
            None,
        ),
        migrations.RunSQL(
            'DROP INDEX IF EXISTS "claims_deadline_calendar_id_4c0b1be3_like"',
            'CREATE INDEX "claims_deadline_calendar_id_4c0b1be3_like" '
            'ON "claims_deadline" ("calendar_id" varchar_pattern_ops)',
        ),
    ]
