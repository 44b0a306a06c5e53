"""A seller with a member who is signed in, and files of these tests in their own directory."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from sellers.models import MemberRole, Seller, SellerMember
from tests.factories import make_member
from tests.insurance.certificates_flow.world import a_seller


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "files")


@pytest.fixture
def seller() -> Seller:
    return a_seller()


@pytest.fixture
def member(seller: Seller) -> SellerMember:
    return make_member(seller)


@pytest.fixture
def portal(member: SellerMember) -> Client:
    """A browser in which an owner of `seller` is signed in."""
    return signed_in(member)


@pytest.fixture
def viewer(seller: Seller) -> Client:
    """A browser in which somebody is signed in who may only read."""
    return signed_in(make_member(seller, role=MemberRole.VIEWER))


@pytest.fixture
def stranger() -> Client:
    """A browser in which a member of another seller is signed in."""
    return signed_in(make_member())


def signed_in(member: SellerMember) -> Client:
    client = Client()
    client.force_login(member.user)
    return client
