"""Payment providers: one Protocol (`base`), its adapters, and a sandbox with a book of its own.

Nothing here knows Django or the database, but for the bank file adapter, whose book is rows, and
`get_provider`, which reads the settings.
"""

from collections.abc import Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from claims.providers.base import PaymentProvider

BANK = "bank"
ADAPTERS = {"sandbox": "claims.providers.sandbox.SandboxProvider"}


def get_provider() -> PaymentProvider:
    """The provider that the settings name: the sandbox, bank files, or an adapter by its path.

    An adapter is made with the address, our key and the secret of notifications.

    Raises:
        ImproperlyConfigured: a setting is missing, there is no such adapter, or a demo would pay
            somebody outside this machine.
    """
    name = settings.PAYMENT_PROVIDER
    if name == BANK:
        return _bank()
    if settings.DEMO and not _is_here(settings.PAYMENT_PROVIDER_URL):
        raise ImproperlyConfigured(
            "A demo pays nobody: its PAYMENT_PROVIDER_URL must be on this machine."
        )
    if not settings.PAYMENT_PROVIDER_URL or not settings.PAYMENT_PROVIDER_KEY:
        raise ImproperlyConfigured(
            "No payment can be sent: set PAYMENT_PROVIDER_URL and PAYMENT_PROVIDER_KEY."
        )
    adapter = _adapter(ADAPTERS.get(name, name))
    return adapter(
        settings.PAYMENT_PROVIDER_URL,
        settings.PAYMENT_PROVIDER_KEY,
        settings.PAYMENT_WEBHOOK_SECRET,
    )


def _bank() -> PaymentProvider:
    # Its rows are models, which cannot be imported before Django is set up.
    from claims.providers.bank.provider import BankFileProvider

    if settings.DEMO:
        raise ImproperlyConfigured("A demo pays nobody: it writes no files for a bank.")
    return BankFileProvider()


def _adapter(path: str) -> Callable[[str, str, str], PaymentProvider]:
    try:
        found: Callable[[str, str, str], PaymentProvider] = import_string(path)
    except ImportError as error:
        raise ImproperlyConfigured(f"PAYMENT_PROVIDER: there is no adapter {path}.") from error
    return found


def _is_here(url: str) -> bool:
    host = urlsplit(url).hostname or "localhost"
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
