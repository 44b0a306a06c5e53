"""The outside parties while the demo loads: letters go nowhere, payments to a sandbox."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from django.conf import settings
from django.test.utils import override_settings

from claims.models import Payout
from claims.providers.sandbox_server import SandboxServer

log = logging.getLogger(__name__)

# A sink that stays on this machine: old letters stand as sent, and none is sent anew.
NOWHERE = {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
_SECONDS = 5.0


class SandboxSilent(Exception):
    """The sandbox provider that the settings name does not answer."""


@contextmanager
def outside_parties() -> Iterator[None]:
    """Let letters go nowhere, send no hints, and have a sandbox provider that answers.

    Raises:
        SandboxSilent: PAYMENT_PROVIDER_URL is set, and nothing answers there.
    """
    with override_settings(MAILERS=NOWHERE, CELERY_BROKER_URL=""):
        if settings.PAYMENT_PROVIDER_URL:
            _demand_answer()
            yield
            return
        log.warning(
            "PAYMENT_PROVIDER_URL is not set: a sandbox of this process takes the payments of the "
            "demo, and its book is gone afterwards."
        )
        with (
            SandboxServer() as server,
            override_settings(
                PAYMENT_PROVIDER_URL=server.url,
                PAYMENT_PROVIDER_KEY=server.key,
                PAYMENT_WEBHOOK_SECRET=server.webhook_secret,
            ),
        ):
            yield


def _demand_answer() -> None:
    try:
        httpx.get(settings.PAYMENT_PROVIDER_URL, timeout=_SECONDS).raise_for_status()
    except httpx.HTTPError as error:
        raise SandboxSilent(
            f"No sandbox provider answers at {settings.PAYMENT_PROVIDER_URL}: {error}"
        ) from None


def script_fault(do: str, **options: str) -> None:
    """Tell the sandbox what to do to the next payment (claims/providers/sandbox_faults.py)."""
    _control("/faults", {"do": do, **options})


def send_back(payout: Payout) -> None:
    """Have the payee's bank return a payment that the sandbox made."""
    _control(f"/payments/{payout.our_reference}/return", {})


def _control(path: str, fields: dict[str, str]) -> None:
    reply = httpx.post(
        f"{settings.PAYMENT_PROVIDER_URL.rstrip('/')}{path}",
        json=fields,
        headers={"Authorization": f"Bearer {settings.PAYMENT_PROVIDER_KEY}"},
        timeout=_SECONDS,
    )
    reply.raise_for_status()
