"""Payment providers: one Protocol (`base`), its adapters, and a sandbox with a book of its own.

Nothing here knows Django or the database, but for `get_provider`, which reads the settings.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from claims.providers.base import PaymentProvider
from claims.providers.sandbox import SandboxProvider


def get_provider() -> PaymentProvider:
    """The provider that the settings name.

    Raises:
        ImproperlyConfigured: PAYMENT_PROVIDER_URL or PAYMENT_PROVIDER_KEY is not set, or a demo
            would pay somebody outside this machine.
    """
    if settings.DEMO and not _is_here(settings.PAYMENT_PROVIDER_URL):
        raise ImproperlyConfigured(
            "A demo pays nobody: its PAYMENT_PROVIDER_URL must be on this machine."
        )
    if not settings.PAYMENT_PROVIDER_URL or not settings.PAYMENT_PROVIDER_KEY:
        raise ImproperlyConfigured(
            "No payment can be sent: set PAYMENT_PROVIDER_URL and PAYMENT_PROVIDER_KEY."
        )
    return SandboxProvider(
        settings.PAYMENT_PROVIDER_URL,
        settings.PAYMENT_PROVIDER_KEY,
        settings.PAYMENT_WEBHOOK_SECRET,
    )


def _is_here(url: str) -> bool:
    host = urlsplit(url).hostname or "localhost"
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
