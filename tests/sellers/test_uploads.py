"""Names of given files are shown without tricks; the bytes tell two files apart."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from sellers.uploads import sha256_of, shown_name


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("photo.jpg", "photo.jpg"),
        ("..\\..\\etc\\passwd.pdf", "passwd.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("gpj.\u202efdp.exe", "gpj.fdp.exe"),
        ("a\r\nb\x00.png", "ab.png"),
        ("", "file"),
        ("x" * 300 + ".jpeg", "x" * 145 + ".jpeg"),
        ("厨房.jpg", "厨房.jpg"),
    ],
)
def test_names_are_shown_without_folders_or_tricks(given: str, shown: str) -> None:
    assert shown_name(given) == shown


def test_the_digest_is_of_the_bytes_alone() -> None:
    first, again = SimpleUploadedFile("a.pdf", b"%PDF-x"), SimpleUploadedFile("b.pdf", b"%PDF-x")
    assert sha256_of(first) == sha256_of(again) == hashlib.sha256(b"%PDF-x").hexdigest()
