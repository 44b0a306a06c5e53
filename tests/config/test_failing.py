"""What people see when a request fails: words, a reference in the logs too, nothing half kept."""

import errno
import io
import json
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django.fixtures import Settings

from claims.models import BankFile, Claim, Deadline, Evidence, SellerResponse
from claims.roles import PAYMENTS
from config.failing import bad_request, server_error
from config.logs import logging_settings
from config.request_reference import RequestReferenceMiddleware
from insurance.models import CertificateFile
from sellers.models import SellerMember
from sellers.post.text import local_moment
from sellers.uploads import WholeFileUploadHandler, keep_with_row
from tests.claims.providers.bank.messages import account_notice
from tests.factories import (
    NOON,
    make_market,
    make_member,
    make_order,
    make_user,
    report,
    report_awaiting_seller,
    report_screened,
)
from tests.full_disk import disk_for
from tests.insurance.certificates_flow.world import a_seller

LIMIT = 20_000
LONG = bytes(range(256)) * 200
REFERENCE = re.compile(r"Q-[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}")
FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path / "files")
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    return tmp_path


def browser(user: SellerMember | None = None, *, checks: bool = False) -> Client:
    client = Client(raise_request_exception=False, enforce_csrf_checks=checks)
    if user is not None:
        client.force_login(user.user)
    return client


def token_of(client: Client) -> str:
    """The token that a signed-in person's forms carry."""
    return client.get("/portal/").cookies["csrftoken"].value


def left_behind(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def failing(error: Exception, path: str = "/") -> HttpResponse:
    """The server's answer to a request in which something was raised."""
    request = RequestFactory().get(path)
    request.resolver_match = None

    def broken() -> None:
        raise error

    def view(asked: HttpRequest) -> HttpResponse:
        try:
            broken()
        except Exception:  # noqa: BLE001 - as Django's own handler does
            return server_error(asked)
        return HttpResponse()

    return RequestReferenceMiddleware(view)(request)


def answer_with_file(client: Client, claim: Claim, token: str = "") -> Any:
    picture = SimpleUploadedFile("photo.jpg", b"\xff\xd8\xff\xe0" + LONG, "image/jpeg")
    form = {"answer": "REJECT", "reason": "No.", "evidence": picture, "csrfmiddlewaretoken": token}
    return client.post(f"/portal/claims/{claim.reference}/answer/", form)


# ── a full disk ────────────────────────────────────────────────────────────
@pytest.mark.django_db
@pytest.mark.parametrize("in_memory", [10, 1_000_000])
def test_an_answer_on_a_full_disk_is_told_to_be_not_received_and_until_when_it_may_come(
    in_memory: int, settings: Settings, files: Path
) -> None:
    """Both while the upload is buffered (before the view) and while it is kept (in the view)."""
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = in_memory
    claim = report_awaiting_seller(at=timezone.now())
    client = browser(make_member(claim.seller), checks=True)
    token = token_of(client)

    with disk_for(LIMIT):
        answer = answer_with_file(client, claim, token)

    page = answer.content.decode()
    due = local_moment(Deadline.objects.get(kind="SELLER_RESPONSE").due_at, claim.seller.zone)
    assert (answer.status_code, answer.headers["Retry-After"]) == (507, "300")
    assert "<h1>Your answer was not received</h1>" in page
    assert f"It still must reach us before <strong>{due}</strong> (" in page
    assert f'href="/portal/claims/{claim.reference}/answer/"' in page
    assert answer.headers["X-Request-ID"] in page
    assert (Evidence.objects.count(), SellerResponse.objects.count()) == (0, 0)
    assert left_behind(files) == []
    # With room again the same answer is taken.
    assert answer_with_file(client, claim, token).status_code == 302
    assert len(left_behind(files)) == Evidence.objects.count() == 1


@pytest.mark.django_db
def test_a_deadline_that_has_passed_is_not_promised(files: Path) -> None:
    claim = report_awaiting_seller(at=timezone.now() - timedelta(days=30))
    client = browser(make_member(claim.seller))

    with disk_for(LIMIT):
        answer = answer_with_file(client, claim)

    assert answer.status_code == 507
    assert "must reach us" not in answer.content.decode()
    assert left_behind(files) == []


@pytest.mark.django_db
def test_a_full_disk_tells_nobody_about_a_claim_of_others(settings: Settings) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    claim = report_awaiting_seller(at=timezone.now())
    stranger = browser(make_member(), checks=True)

    with disk_for(LIMIT):
        answer = answer_with_file(stranger, claim, token_of(stranger))

    assert answer.status_code == 507
    assert "<h1>What you sent was not received</h1>" in answer.content.decode()
    assert "must reach us" not in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("is_member", [True, False])
def test_a_certificate_on_a_full_disk_leaves_nothing(
    is_member: bool,
    settings: Settings,
    files: Path,
) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000 if is_member else 10
    seller = a_seller()
    make_order(seller)
    client = browser(make_member(seller if is_member else None), checks=True)
    sent = {
        "certificate": SimpleUploadedFile("coi.pdf", b"%PDF-1.7 " + LONG, "application/pdf"),
        "csrfmiddlewaretoken": token_of(client),
    }

    with disk_for(LIMIT):
        answer = client.post(f"/portal/insurance/{seller.pk}/US/send/", sent)

    page = answer.content.decode()
    assert answer.status_code == 507
    assert "<h1>Your certificate was not received</h1>" in page
    assert CertificateFile.objects.count() == 0
    assert left_behind(files) == []


@pytest.mark.django_db
def test_what_cannot_be_found_out_is_not_said(settings: Settings, files: Path) -> None:
    """A marketplace that is none: the page comes all the same, without a date."""
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    member = make_member()
    client = browser(member, checks=True)
    paper = SimpleUploadedFile("coi.pdf", b"%PDF-1.7 " + LONG, "application/pdf")
    sent = {"certificate": paper, "csrfmiddlewaretoken": token_of(client)}

    with disk_for(LIMIT):
        answer = client.post(f"/portal/insurance/{member.seller_id}/XX/send/", sent)

    assert answer.status_code == 507
    assert "<h1>What you sent was not received</h1>" in answer.content.decode()
    assert left_behind(files) == []


def test_a_disk_that_fills_up_with_the_last_bytes_keeps_no_file(files: Path) -> None:
    """What was still in memory is written when the file is complete."""
    handler = WholeFileUploadHandler()
    handler.new_file("evidence", "photo.jpg", "image/jpeg", 100)
    handler.receive_data_chunk(b"x" * 100, 0)

    with disk_for(50), pytest.raises(OSError, match="File too large"):
        handler.file_complete(100)

    assert left_behind(files) == []


@pytest.mark.django_db
def test_a_bank_file_on_a_full_disk_is_not_taken_in(files: Path) -> None:
    make_market()
    client = browser()
    client.force_login(make_user(role=PAYMENTS))
    lines = [(f"OTHER-{number}", "DBIT", "1.00", "") for number in range(100)]
    message = SimpleUploadedFile("bank.xml", account_notice(*lines))

    with disk_for(LIMIT):
        answer = client.post("/admin/bank-files/", {"file": message})

    assert answer.status_code == 507
    assert "<h1>What you sent was not received</h1>" in answer.content.decode()
    assert (BankFile.objects.count(), left_behind(files)) == (0, [])


@pytest.mark.django_db
def test_a_row_that_cannot_be_written_takes_its_file_with_it(files: Path) -> None:
    claim = report(at=NOON)
    row = Evidence(claim=claim)

    def refuse() -> None:
        raise DataError("the row")

    with pytest.raises(DataError):
        keep_with_row(
            row.file, name="a.pdf", content=SimpleUploadedFile("a", b"x"), write_row=refuse
        )

    assert left_behind(files) == []


class DiskFull(Exception):
    """What PostgreSQL says when its own disk is full."""

    sqlstate = "53100"


def test_every_kind_of_full_is_507_and_nothing_else_is() -> None:
    wrapped = OperationalError("could not extend file")
    wrapped.__cause__ = DiskFull()
    hidden = ValueError("while cleaning up")
    hidden.__context__ = OSError(errno.EDQUOT, "Disk quota exceeded")

    assert failing(FULL).status_code == 507
    assert failing(wrapped).status_code == 507
    assert failing(hidden).status_code == 507
    assert failing(OSError(errno.EIO, "I/O error")).status_code == 500
    assert failing(OperationalError("connection lost")).status_code == 500


# ── the other pages ────────────────────────────────────────────────────────
def whole_page(answer: Any, heading: str) -> str:
    """The page's reference, when the page is styled, in words and without anything inline."""
    page = answer.content.decode()
    assert f"<h1>{heading}</h1>" in page
    assert 'rel="stylesheet"' in page
    assert "<style" not in page
    assert 'style="' not in page
    assert "<script>" not in page
    [reference] = set[str](REFERENCE.findall(page))
    assert answer.headers["X-Request-ID"] == reference
    return reference


def test_a_server_error_needs_neither_database_nor_session() -> None:
    """It is rendered without the request: pytest would refuse a query here."""
    answer = failing(ValueError("broken"))

    assert answer.status_code == 500
    whole_page(answer, "Something went wrong on our side")


def test_a_bad_request_has_a_page() -> None:
    answer = RequestReferenceMiddleware(lambda r: bad_request(r, ValueError()))(
        RequestFactory().get("/")
    )

    assert answer.status_code == 400
    whole_page(answer, "We did not understand this")


def test_a_host_that_is_not_ours_is_a_bad_request(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["claims.example"]

    answer = Client(raise_request_exception=False).get("/portal/", headers={"host": "evil.example"})

    assert answer.status_code == 400
    whole_page(answer, "We did not understand this")
    assert "default-src" in answer.headers["Content-Security-Policy"]


@pytest.mark.django_db
def test_forbidden_missing_and_forged_have_pages(settings: Settings) -> None:
    member = make_member()
    claim = report_screened()
    client = browser(member, checks=True)
    strange, forged = client.get(f"/portal/claims/{claim.reference}/"), client.post("/portal/")
    staff = browser()
    staff.force_login(make_user(role=PAYMENTS))
    forbidden = staff.get("/admin/payout-limits/change/")
    settings.REQUEST_MAX_BYTES = 10
    too_long = client.post("/portal/", {"a": "b" * 20})

    pages = {
        404: (strange, "Page not found"),
        403: (forbidden, "You may not do this"),
        413: (too_long, "That was too much at once"),
    }
    for status, (answer, heading) in pages.items():
        assert answer.status_code == status
        whole_page(answer, heading)
        assert "default-src" in answer.headers["Content-Security-Policy"]
    assert forged.status_code == 403
    whole_page(forged, "Please try again")


@pytest.mark.django_db
def test_too_many_sign_ins_have_a_page(client: Client, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    wrong = {"login": "nobody", "password": "wrong"}

    first, second = (client.post("/accounts/login/", wrong) for _ in range(2))

    assert (first.status_code, second.status_code) == (200, 429)
    whole_page(second, "Too many attempts")


# ── the reference ──────────────────────────────────────────────────────────
def test_each_request_has_its_own_reference_and_believes_no_client() -> None:
    ask = RequestReferenceMiddleware(lambda _: HttpResponse())
    requests = [RequestFactory().get("/", headers={"X-Request-ID": "Q-2222-2222"})] * 50

    references = {ask(request).headers["X-Request-ID"] for request in requests}

    assert len(references) == 50
    assert all(REFERENCE.fullmatch(reference) for reference in references)
    assert "Q-2222-2222" not in references


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the log of requests says."""
    formatter = logging_settings(level="INFO", plain=False)["formatters"]["events"]
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            **{key: value for key, value in formatter.items() if key != "()"}
        )
    )
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    yield handler.stream
    logger.removeHandler(handler)


def test_the_log_of_a_failure_names_the_reference(log: io.StringIO) -> None:
    answers = [Client().get("/nowhere/at/all/") for _ in range(2)]

    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    told = [line["request_reference"] for line in lines]
    assert told == [answer.headers["X-Request-ID"] for answer in answers]
    assert len(set(told)) == 2
