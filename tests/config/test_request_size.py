"""A request that is too long is refused by its length, with a page that says the limit."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from claims.models import Evidence
from config.request_size import RequestSizeMiddleware
from tests.factories import make_member, make_order, report_screened

pytestmark = pytest.mark.django_db
MEGABYTE = 1024 * 1024


def test_files_that_together_are_too_long_are_refused_and_nothing_is_kept(
    settings: Settings,
) -> None:
    settings.REQUEST_MAX_BYTES = MEGABYTE
    member = make_member()
    claim = report_screened(make_order(member.seller))
    client = Client()
    client.force_login(member.user)
    files = [
        SimpleUploadedFile(f"{n}.pdf", b"%PDF-1.4 " + b"x" * (MEGABYTE // 2)) for n in range(3)
    ]

    answer = client.post(f"/portal/claims/{claim.reference}/evidence/", {"files": files})

    assert answer.status_code == 413
    page = answer.content.decode()
    assert "We take up to 1 MB in one go" in page
    assert "<h1>That was too much at once</h1>" in page
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("length", "status"),
    [("1048576", 200), ("1048577", 413), ("", 200), ("many", 200)],
)
def test_the_limit_itself_is_in(length: str, status: int, settings: Settings) -> None:
    settings.REQUEST_MAX_BYTES = MEGABYTE
    request = RequestFactory().post("/", CONTENT_LENGTH=length)
    request.user = AnonymousUser()

    assert RequestSizeMiddleware(lambda _: HttpResponse())(request).status_code == status
