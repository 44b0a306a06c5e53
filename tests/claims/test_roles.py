"""The groups of staff: complete, laid down again without harm, and no wider than they should be."""

import pytest
from django.apps import apps
from django.apps.registry import Apps
from django.contrib.auth.models import Group, Permission

from claims.roles import (
    ADJUSTER,
    ADMINISTRATOR,
    AUDITOR,
    INSURANCE,
    OUR_APPS,
    PAYMENTS,
    ROLES,
    SENIOR_ADJUSTER,
    lay_down_groups,
)

pytestmark = pytest.mark.django_db


def rights(role: str) -> set[str]:
    lay_down_groups(apps=apps)
    given = Group.objects.get(name=role).permissions.select_related("content_type")
    return {f"{one.content_type.app_label}.{one.codename}" for one in given}


def acts(role: str) -> set[str]:
    """What a group may do beside looking."""
    return {right for right in rights(role) if ".view_" not in right}


def test_every_permission_of_the_table_exists() -> None:
    known = {
        f"{one.content_type.app_label}.{one.codename}"
        for one in Permission.objects.select_related("content_type")
    }
    assert set().union(*ROLES.values()) - known == set()


@pytest.mark.parametrize("role", ROLES)
def test_every_group_sees_every_record_of_the_programme(role: str) -> None:
    views = Permission.objects.filter(
        content_type__app_label__in=OUR_APPS, codename__startswith="view_"
    )
    assert {f"{one.content_type.app_label}.{one.codename}" for one in views} <= rights(role)


def test_what_each_group_may_do() -> None:
    adjuster = {"claims.screen_claim", "claims.adjudicate_claim", "claims.place_hold"}
    assert acts(ADJUSTER) == adjuster
    assert acts(SENIOR_ADJUSTER) == adjuster | {
        "claims.approve_as_senior",
        "claims.change_termsdraft",
        "claims.change_limitsdraft",
    }
    assert acts(PAYMENTS) == {"claims.manage_payments"}
    assert acts(AUDITOR) == {"claims.audit_programme"}
    steps = {"sellers.change_monthlysales", "sellers.add_informstep"}
    assert acts(ADMINISTRATOR) & acts(INSURANCE) == steps
    assert {right.split(".")[0] for right in acts(INSURANCE) - steps} == {"insurance"}


def test_nobody_writes_a_record_that_a_step_writes() -> None:
    may_be_proposed = {
        f"claims.{act}_{draft}"
        for act in ("add", "change")
        for draft in ("termsdraft", "limitsdraft")
    }
    for role in ROLES:
        written = {
            right
            for right in acts(role)
            if right.startswith(("claims.add_", "claims.change_", "claims.delete_"))
        }
        assert written <= may_be_proposed


def test_an_administrator_decides_no_claim() -> None:
    assert not acts(ADMINISTRATOR) & {
        "claims.screen_claim",
        "claims.adjudicate_claim",
        "claims.approve_as_senior",
        "claims.manage_payments",
    }


def test_laying_down_again_repairs_a_group_and_keeps_the_others() -> None:
    lay_down_groups(apps=apps)
    own = Group.objects.create(name="Night shift")
    Group.objects.get(name=ADJUSTER).permissions.clear()

    lay_down_groups(apps=apps)

    assert "claims.screen_claim" in rights(ADJUSTER)
    assert Group.objects.filter(pk=own.pk).exists()
    assert Group.objects.count() == len(ROLES) + 1


def test_before_the_tables_exist_nothing_is_laid_down() -> None:
    Group.objects.all().delete()

    lay_down_groups(apps=Apps())

    assert not Group.objects.exists()
