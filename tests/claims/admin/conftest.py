"""People of operations, signed in."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django.fixtures import Settings

from tests.factories import make_user

SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def files_elsewhere(settings: Settings, tmp_path: Path) -> None:
    """Keep evidence of tests out of the installation's own."""
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """Give a browser in which somebody of a group is signed in."""

    def signed_in(role: str) -> Client:
        client = Client(raise_request_exception=True)
        client.force_login(make_user(role=role))
        return client

    return signed_in


@pytest.fixture
def user_of() -> Callable[[Client], User]:
    """Give the person behind a browser."""

    def person(client: Client) -> User:
        return User.objects.get(pk=client.session["_auth_user_id"])

    return person
