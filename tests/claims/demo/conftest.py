"""The demo, loaded once for all tests of this folder (`tests/spreading.py` keeps them together)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command
from django.test.utils import override_settings
from pytest_django import DjangoDbBlocker, Settings

from claims.demo.load import Loaded, load_demo
from insurance.models import AcceleratorTerms, InsuranceTerms
from insurance.terms import DEFAULT_REQUIREMENT_TERMS
from sellers.markets import MARKETS
from tests.factories import make_market

# A Thursday; before it lie Easter, May's holidays and a change of clocks.
NOW = datetime(2026, 6, 18, 15, 0, tzinfo=UTC)
FIGURES = (
    "monthly_trigger_minor",
    "each_occurrence_minor",
    "aggregate_minor",
    "deductible_max_minor",
    "additional_insured_wording",
)


def lay_down_launch() -> None:
    """What the migrations lay down, which the flush of another test may have taken away."""
    for code in MARKETS:
        make_market(code)
        terms = DEFAULT_REQUIREMENT_TERMS[code]
        InsuranceTerms.objects.get_or_create(
            marketplace_id=code,
            effective_on=date(2021, 9, 1),
            defaults={name: getattr(terms, name) for name in FIGURES},
        )
        AcceleratorTerms.objects.get_or_create(
            marketplace_id=code,
            effective_on=date(2021, 9, 1),
            defaults={"provider_reminder_days": [7, 2]},
        )


@pytest.fixture(scope="package")
def demo(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Loaded]:
    """The demo as it stands after loading at NOW; taken away afterwards."""
    files = str(tmp_path_factory.mktemp("files"))
    of_the_demo = override_settings(DEMO=True, PAYMENT_PROVIDER_URL="", MEDIA_ROOT=files)
    with django_db_blocker.unblock(), of_the_demo:
        lay_down_launch()
        try:
            yield load_demo(now=NOW)
        finally:
            call_command("flush", interactive=False, verbosity=0)
            lay_down_launch()


@pytest.fixture
def in_demo(settings: Settings) -> None:
    """The settings of a demo, without a provider of its own."""
    settings.DEMO = True
    settings.PAYMENT_PROVIDER_URL = ""
