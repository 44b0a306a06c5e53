"""Who stands behind the seller: providers, policies, certificates, the requirement."""

from django.apps import AppConfig


class InsuranceConfig(AppConfig):
    """A policy insures a seller; claims are not known here."""

    name = "insurance"
    verbose_name = "Insurance"
