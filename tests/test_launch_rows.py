"""After a test that empties the database, the next one finds what the migrations laid down."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection

from insurance.models import AcceleratorTerms, InsuranceTerms, Provider
from sellers.markets import MARKETS
from sellers.models import InformTerms, Marketplace
from tests.claims.core.world import snapshot
from tests.launch_rows import written_by_migrations

pytestmark = pytest.mark.django_db(transaction=True)


def launch() -> dict[str, list[str]]:
    """Every row of the tables that migrations write."""
    tables = {model._meta.db_table for model in written_by_migrations()}
    assert {model._meta.db_table for model in (AcceleratorTerms, Provider)} <= tables
    return {name: rows for name, rows in snapshot().items() if name in tables}


def test_everything_is_there_after_a_flush() -> None:
    assert connection.settings_dict["NAME"].startswith("test_")
    assert Marketplace.objects.count() == len(MARKETS)
    assert InsuranceTerms.objects.count() == len(MARKETS)
    before = launch()
    call_command("flush", interactive=False, verbosity=0)
    assert launch() == before


def test_ids_go_on_after_those_of_the_rows() -> None:
    call_command("flush", interactive=False, verbosity=0)  # begins all ids anew
    last = InformTerms.objects.latest("pk")
    added = InformTerms.objects.create(
        marketplace=last.marketplace,
        effective_on=date(2030, 1, 1),
        sales=200,
        gross_minor=500_000,
        months=12,
        clock_days=10,
        marks={},
    )
    assert added.pk > last.pk
