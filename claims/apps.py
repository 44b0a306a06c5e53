"""The loss, its handling, its money."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ClaimsConfig(AppConfig):
    """A claim concerns a seller and its insurance."""

    name = "claims"
    verbose_name = "Claims"

    def ready(self) -> None:
        """Join what listens: groups of staff, proof of cover, bounced letters, system checks."""
        from claims import bounces, checks  # noqa: F401 - registers the system checks
        from claims.operations.recovery import waive_proven
        from claims.roles import lay_down_groups
        from insurance.operations import proof_listeners

        proof_listeners.append(waive_proven)
        bounces.listen()
        post_migrate.connect(lay_down_groups, sender=self, dispatch_uid="claims.roles")
