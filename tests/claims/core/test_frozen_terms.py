"""Rules §2: a claim keeps the terms that were in force when it was reported, for ever."""

from datetime import date

import pytest
from django.db import Error, transaction

from claims.models import Claim, TermsVersion
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_database_refuses_other_terms_for_a_claim() -> None:
    """Not even a statement by hand gives a claim other terms."""
    factories.make_market()
    claim = factories.report()
    old = TermsVersion.objects.get(pk=claim.terms_id)
    newer = TermsVersion.objects.create(
        marketplace_id="US",
        effective_on=date(2026, 6, 1),
        figures=old.figures | {"response_days": 1},
        marks=old.marks,
        created_at=factories.NOON,
    )
    with pytest.raises(Error, match="Cannot update rows"), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(terms=newer)
    assert Claim.objects.get(pk=claim.pk).terms_id == old.pk


def test_everything_else_of_a_claim_may_move() -> None:
    """The trigger looks at what is frozen only."""
    factories.make_market()
    claim = factories.report()
    assert Claim.objects.filter(pk=claim.pk).update(narrative="Told again.") == 1
