"""Terms in the database: one version a market and day, by two people (rules, head)."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from claims.models import TermsVersion
from tests.claims.core.world import refused
from tests.factories import make_market, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def launch() -> TermsVersion:
    make_market("US")
    return TermsVersion.objects.get(marketplace_id="US")


def another(launch: TermsVersion, *, days: int, **people: User) -> TermsVersion:
    """The same figures again, from some days later on."""
    return TermsVersion.objects.create(
        marketplace_id="US",
        effective_on=launch.effective_on + timedelta(days=days),
        figures=launch.figures,
        marks=launch.marks,
        created_at=launch.created_at,
        **people,
    )


def test_two_versions_cannot_begin_on_one_day(launch: TermsVersion) -> None:
    """A version ends where the next begins: with one a day, no two can ever overlap."""
    with refused(IntegrityError, "terms_once_a_day"), transaction.atomic():
        another(launch, days=0)

    assert another(launch, days=1).pk != launch.pk


def test_one_person_alone_changes_no_terms(launch: TermsVersion) -> None:
    person = make_user()
    with refused(IntegrityError, "terms_take_two_people"), transaction.atomic():
        another(launch, days=1, proposed_by=person, approved_by=person)

    assert another(launch, days=1, proposed_by=person, approved_by=make_user()).pk != launch.pk
