"""Demo data can never send real money: not from a demo, and not from anywhere else."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django.fixtures import Settings

from claims.providers import get_provider


@pytest.mark.parametrize(
    "url", ["https://pay.example/v1", "http://192.0.2.7:80", "http://127.0.0.1.pay.example/"]
)
def test_a_demo_refuses_a_provider_off_this_machine(url: str, settings: Settings) -> None:
    """REDRESS_DEMO: the provider must be on loopback."""
    settings.DEMO = True
    settings.PAYMENT_PROVIDER_URL, settings.PAYMENT_PROVIDER_KEY = url, "k"
    with pytest.raises(ImproperlyConfigured, match="A demo pays nobody"):
        get_provider()


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://localhost:9", "http://[::1]:9"])
def test_a_demo_takes_a_provider_on_this_machine(url: str, settings: Settings) -> None:
    """The sandbox of `up` listens on loopback."""
    settings.DEMO = True
    settings.PAYMENT_PROVIDER_URL, settings.PAYMENT_PROVIDER_KEY = url, "k"
    assert get_provider() is not None


def test_outside_a_demo_any_provider_may_be_named(settings: Settings) -> None:
    """Production pays through the provider that its settings name."""
    settings.DEMO = False
    settings.PAYMENT_PROVIDER_URL = "https://pay.example/v1"
    settings.PAYMENT_PROVIDER_KEY = "k"
    assert get_provider() is not None
