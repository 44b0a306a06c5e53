"""The loss, its handling, its money."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ClaimsConfig(AppConfig):
    """A claim concerns a seller and its insurance."""

    name = "claims"
    verbose_name = "Claims"

    def ready(self) -> None:
        """Keep the groups of staff in step with the permissions that a migration may add."""
        from claims.roles import lay_down_groups

        post_migrate.connect(lay_down_groups, sender=self, dispatch_uid="claims.roles")
