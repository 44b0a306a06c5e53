"""A member of a seller who is signed in to the portal."""

import pytest
from django.test import Client

from sellers.models import Seller, SellerMember
from tests.factories import make_member
from tests.insurance.accelerator.rows import make_kitchen_seller


@pytest.fixture
def seller() -> Seller:
    return make_kitchen_seller()


@pytest.fixture
def member(seller: Seller) -> SellerMember:
    return make_member(seller)


@pytest.fixture
def portal(member: SellerMember) -> Client:
    """A browser in which an owner of `seller` is signed in."""
    client = Client()
    client.force_login(member.user)
    return client
