"""What the migrations lay down: kept aside, and laid down again after a flush."""

from typing import Any

from django.apps import apps
from django.db import models, transaction

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


def written_by_migrations() -> list[type[models.Model]]:
    """Our tables, without the histories, which triggers write."""
    return [
        model
        for label in OURS
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if not hasattr(model, "pgh_tracked_model") and model._base_manager.exists()
    ]
