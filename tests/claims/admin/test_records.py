"""Every list and record opens, and nobody writes a record that steps write."""

import re
from http import HTTPStatus

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from claims.admin.records import ReadOnlyAdmin
from claims.models import Claim, ClaimEvent, LedgerEntry, Payout
from claims.roles import ADMINISTRATOR, AUDITOR, INSURANCE, OUR_APPS
from sellers.models import Closure, Seller
from tests.claims.admin.conftest import SignIn
from tests.claims.admin.world import make_world
from tests.factories import NOON, make_order, make_seller, make_user, report_assessed

pytestmark = pytest.mark.django_db
MODELS = [model for model in admin.site._registry if model._meta.app_label in OUR_APPS]
READ_ONLY = [m for m in MODELS if isinstance(admin.site._registry[m], ReadOnlyAdmin)]


def test_every_list_and_first_record_opens_for_an_auditor(sign_in: SignIn) -> None:
    make_world()
    client = sign_in(AUDITOR)

    assert {model: opened(client, model) for model in MODELS} == dict.fromkeys(MODELS, (200, 200))


def opened(client: Client, model: type[Model]) -> tuple[int, int]:
    """The statuses of a model's list, and of its first record, which nobody may save."""
    name = f"{model._meta.app_label}_{model._meta.model_name}"
    answer = client.get(reverse(f"admin:{name}_changelist"))
    first = model._default_manager.first()
    if first is None:
        return answer.status_code, 200
    page = client.get(reverse(f"admin:{name}_change", args=[first.pk]), follow=True)
    assert b'name="_save"' not in page.content, name
    return answer.status_code, page.status_code


@pytest.mark.parametrize("model", READ_ONLY, ids=lambda m: m._meta.label)
def test_even_a_superuser_writes_no_record_of_a_step(model: type) -> None:
    registered = admin.site._registry[model]
    request = type("Request", (), {"user": User(is_superuser=True, is_active=True)})()

    assert registered.has_view_permission(request)
    assert not registered.has_add_permission(request)
    assert not registered.has_change_permission(request)
    assert not registered.has_delete_permission(request)
    assert registered.get_actions(request) == {}


def test_lists_say_moments_with_their_zone_and_who_approved(sign_in: SignIn) -> None:
    claim = report_assessed(at=NOON, claimed_minor=80_000)

    page = sign_in(AUDITOR).get(reverse("admin:claims_payout_changelist")).content.decode()

    assert claim.reference in page
    assert re.search(r">\d Mar 2026, \d\d:\d\d UTC<", page)
    assert ">By people<" in page


def test_what_steps_write_is_read_only() -> None:
    assert {Claim, ClaimEvent, LedgerEntry, Payout} <= set(READ_ONLY)


def test_a_posted_change_of_a_record_is_refused(sign_in: SignIn) -> None:
    entry = LedgerEntry.objects.filter(claim=make_world().claims["APPROVED"])[0]  # type: ignore[index]
    address = reverse("admin:claims_ledgerentry_change", args=[entry.pk])

    answer = sign_in(ADMINISTRATOR).post(address, {"amount_minor": 1})

    assert answer.status_code == 403
    entry.refresh_from_db()
    assert entry.amount_minor == 64_000


def test_an_administrator_changes_a_seller_and_its_history_says_so(sign_in: SignIn) -> None:
    seller = make_seller("Old Name LLC")
    client = sign_in(ADMINISTRATOR)
    values = {
        "external_reference": seller.external_reference,
        "legal_name": "New Name LLC",
        "country": "US",
        "email": seller.email,
        "timezone": "America/Chicago",
        "members-TOTAL_FORMS": 0,
        "members-INITIAL_FORMS": 0,
    }

    saved = client.post(reverse("admin:sellers_seller_change", args=[seller.pk]), values)
    history = client.get(reverse("admin:sellers_seller_history", args=[seller.pk]))

    assert saved.status_code == 302
    latest, first = history.context["versions"]
    changed = [(c.field, c.old, c.new) for c in latest.changes]
    assert ("Legal name", "Old Name LLC", "New Name LLC") in changed
    assert (first.changes, first.by) == ((), "the programme")
    assert latest.by == User.objects.get(pk=client.session["_auth_user_id"]).username


def test_a_seller_added_by_hand_has_its_moment(sign_in: SignIn) -> None:
    values = {
        "external_reference": "S-NEW",
        "legal_name": "Fresh LLC",
        "country": "US",
        "email": "fresh@sellers.example",
        "timezone": "America/Chicago",
        "members-TOTAL_FORMS": 0,
        "members-INITIAL_FORMS": 0,
    }

    sign_in(ADMINISTRATOR).post(reverse("admin:sellers_seller_add"), values)

    assert Seller.objects.get(external_reference="S-NEW").created_at is not None


def test_an_auditor_may_not_change_a_seller(sign_in: SignIn) -> None:
    seller = make_seller()

    address = reverse("admin:sellers_seller_change", args=[seller.pk])

    assert sign_in(AUDITOR).post(address, {"legal_name": "X"}).status_code == 403


def test_history_is_for_those_who_may_look(sign_in: SignIn) -> None:
    seller, client = make_seller(), sign_in(AUDITOR)
    User.objects.get(pk=client.session["_auth_user_id"]).groups.clear()

    assert client.get(reverse("admin:sellers_seller_history", args=[seller.pk])).status_code == 403


def test_sellers_are_exported(sign_in: SignIn) -> None:
    make_seller("Brightwater LLC")

    answer = sign_in(ADMINISTRATOR).post(
        reverse("admin:sellers_seller_export"),
        {"format": "0", "resource": "", "sellerresource_legal_name": "on"},
    )

    assert b"Brightwater LLC" in answer.content


@pytest.mark.parametrize("model", ["coverrequest", "coverwaiver"])
def test_cover_is_asked_for_and_waived_by_steps_alone(sign_in: SignIn, model: str) -> None:
    client = sign_in(INSURANCE)
    url = reverse(f"admin:insurance_{model}_add")
    assert client.get(url).status_code == client.post(url, {}).status_code == HTTPStatus.FORBIDDEN


def test_an_administrator_makes_no_superuser(sign_in: SignIn) -> None:
    person = make_user(is_staff=True)
    chief = make_user(is_staff=True, is_superuser=True)
    client = sign_in(ADMINISTRATOR)

    page = client.get(reverse("admin:auth_user_change", args=[person.pk]))
    chiefs = client.get(reverse("admin:auth_user_change", args=[chief.pk]))

    fields = page.context["adminform"].form.fields
    assert "is_active" in fields
    assert not {"is_superuser", "user_permissions"} & set(fields)
    assert b'name="_save"' not in chiefs.content


def test_closures_may_go_again(sign_in: SignIn) -> None:
    closure = Closure.objects.create(
        marketplace=make_order().marketplace, on="2026-12-24", reason="Half day."
    )

    sign_in(ADMINISTRATOR).post(
        reverse("admin:sellers_closure_delete", args=[closure.pk]), {"post": "yes"}
    )

    assert not Closure.objects.exists()
