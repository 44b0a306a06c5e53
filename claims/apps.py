"""The loss, its handling, its money."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ClaimsConfig(AppConfig):
    """A claim concerns a seller and its insurance."""

    name = "claims"
    verbose_name = "Claims"

    def ready(self) -> None:
        """Join what listens: groups of staff, proof of cover, heartbeats, system checks."""
        from claims import checks  # noqa: F401 - registers the system checks
        from claims.operations.recovery import waive_proven
        from claims.proof import first_proof_clocks
        from claims.roles import lay_down_groups
        from claims.watch.heartbeats import heartbeat
        from insurance.certificates.proof_clocks import clock_sources
        from insurance.operations import proof_listeners
        from sellers.watch import watchers

        proof_listeners.append(waive_proven)
        clock_sources.append(first_proof_clocks)
        watchers.append(heartbeat)
        post_migrate.connect(lay_down_groups, sender=self, dispatch_uid="claims.roles")
