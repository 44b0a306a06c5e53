"""What the migrations lay down: kept aside, and laid down again after a flush."""

from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

OURS = ("sellers", "insurance", "claims")


class LaunchRows:
    """The rows of a database that was just migrated: marketplaces, terms, the directory."""

    def __init__(self) -> None:
        self._kept = [(model, list(model._base_manager.all())) for model in written_by_migrations()]

    def lay_down_again(self, sender: Any, **_: Any) -> None:
        """Lay down what was kept, where all of it is gone; `sender` is the app that is through."""
        if sender.label != OURS[-1]:
            return
        with transaction.atomic():  # keys to other tables are looked at when it ends
            for model, rows in self._kept:
                if not model._base_manager.exists():
                    model._base_manager.bulk_create(rows)
            number_on([model for model, _ in self._kept])


def number_on(kept: list[type[models.Model]]) -> None:
    """Let ids go on after those of the rows: some flushes begin them anew."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), kept):
            cursor.execute(statement)


def written_by_migrations() -> list[type[models.Model]]:
    """Our tables, without the histories, which triggers write."""
    return [
        model
        for label in OURS
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if not hasattr(model, "pgh_tracked_model") and model._base_manager.exists()
    ]
