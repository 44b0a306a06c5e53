"""The admin site of Redress as Django's default admin."""

from django.contrib.admin.apps import AdminConfig


class RedressAdminConfig(AdminConfig):
    """Django's admin, with the work queue as its home page."""

    default_site = "config.admin_site.RedressAdminSite"
