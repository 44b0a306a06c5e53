"""The loss, its handling, its money."""

from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    """A claim concerns a seller and its insurance."""

    name = "claims"
    verbose_name = "Claims"
