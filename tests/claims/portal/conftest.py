"""A seller with a member who is signed in, and files to give as evidence."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from sellers.models import MemberRole, Seller, SellerMember
from tests.factories import make_member, make_seller

JPEG = b"\xff\xd8\xff\xe0" + b"j" * 60
PNG = b"\x89PNG\r\n\x1a\n" + b"p" * 60
WEBP = b"RIFF\x10\x00\x00\x00WEBPVP8 " + b"w" * 60
PDF = b"%PDF-1.7\n" + b"d" * 60


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "files")


@pytest.fixture
def seller() -> Seller:
    return make_seller("Kettle House LLC")


@pytest.fixture
def member(seller: Seller) -> SellerMember:
    return make_member(seller)


@pytest.fixture
def viewer(seller: Seller) -> SellerMember:
    return make_member(seller, role=MemberRole.VIEWER)


@pytest.fixture
def portal(member: SellerMember) -> Client:
    """A browser in which an owner of `seller` is signed in."""
    client = Client()
    client.force_login(member.user)
    return client


@pytest.fixture
def upload() -> Callable[..., SimpleUploadedFile]:
    """Make a file to give: its name and its bytes."""

    def make(name: str = "photo.jpg", content: bytes = JPEG) -> SimpleUploadedFile:
        # What the browser claims about a file is never believed.
        return SimpleUploadedFile(name, content, content_type="text/html")

    return make
