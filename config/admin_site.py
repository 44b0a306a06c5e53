"""Django's admin with the work queue as its home page and sign-in by django-allauth."""

from django.contrib.admin import AdminSite


class RedressAdminSite(AdminSite):
    """The console of operations staff."""

    site_header = "Redress"
    site_title = "Redress"
    index_title = "Work queue"
