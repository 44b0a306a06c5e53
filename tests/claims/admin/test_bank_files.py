"""The page of bank files: writing one, taking in what the bank says, and who may."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from claims.models import BankFile, BankTransfer
from claims.providers.bank.provider import BankFileProvider
from claims.roles import ADJUSTER, AUDITOR, PAYMENTS
from tests.claims.admin.conftest import SignIn
from tests.claims.providers.bank.messages import DEBTOR_IBAN, IBAN, account_notice
from tests.claims.providers.parties import REFERENCE, instruction
from tests.factories import make_market

pytestmark = pytest.mark.django_db
PAGE, WRITE = reverse("admin:claims_bank_files"), reverse("admin:claims_write_bank_file")
BOOKED = account_notice((REFERENCE, "DBIT", "400.00", ""), ("OTHER", "DBIT", "1.00", ""))


@pytest.fixture(autouse=True)
def bank(settings: Any, tmp_path: Path) -> None:
    make_market()
    settings.MEDIA_ROOT = str(tmp_path)
    settings.BANK_DEBTOR_NAME, settings.BANK_DEBTOR_IBAN = "M", DEBTOR_IBAN


def wait() -> None:
    BankFileProvider().send(instruction(payee_account=IBAN, currency="EUR"))


def person_of(client: Client) -> str:
    return str(User.objects.get(pk=client.session["_auth_user_id"]))


def upload(content: bytes) -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile("bank.xml", content)}


def test_a_file_is_written_downloaded_and_answered(sign_in: SignIn) -> None:
    wait()
    client = sign_in(PAYMENTS)
    shown = client.get(PAGE).context
    assert [(pair.label, pair.value) for pair in shown["waiting"]] == [("1 transfer", "€400.00")]
    assert shown["at_bank"] == []
    assert client.post(WRITE).status_code == 302
    shown = client.get(PAGE).context
    assert [(pair.label, pair.value) for pair in shown["at_bank"]] == [("1 transfer", "€400.00")]
    assert [(row["sum"], row["by"]) for row in shown["rows"]] == [("€400.00", person_of(client))]
    file = BankFile.objects.get()
    content = client.get(reverse("admin:claims_bank_file", args=[file.pk]))
    assert content.content == Path(file.file.path).read_bytes()
    assert content.headers["Content-Disposition"].startswith("attachment; filename=")

    taken = client.post(PAGE, upload(BOOKED), follow=True).content.decode()
    assert "BANK-2: 1 transfer changed; 1 line to look at, below." in taken
    assert BankTransfer.objects.get().status == "CONFIRMED"
    assert "OTHER: we have no such transfer" in client.get(PAGE).content.decode()


def test_what_cannot_be_done_is_said_and_changes_nothing(sign_in: SignIn) -> None:
    client = sign_in(PAYMENTS)
    nothing, senseless = client.post(WRITE), client.post(PAGE, upload(b"x"))
    empty = client.post(PAGE, {})
    assert (nothing.status_code, senseless.status_code, empty.status_code) == (409, 409, 422)
    assert "No transfer waits for a file." in nothing.content.decode()
    assert "not readable XML" in senseless.content.decode()
    assert not BankFile.objects.exists()


@pytest.mark.parametrize("role", [ADJUSTER, AUDITOR])
def test_others_look_and_do_nothing(role: str, sign_in: SignIn) -> None:
    wait()
    client = sign_in(role)
    page = client.get(PAGE)
    assert page.status_code == 200
    assert b"Write a file" not in page.content
    assert client.post(WRITE).status_code == client.post(PAGE, upload(BOOKED)).status_code == 403
    assert client.get(reverse("admin:claims_bank_file", args=[1])).status_code == 403
    assert BankTransfer.objects.get().status == "WAITING"


def test_there_is_no_such_file(sign_in: SignIn) -> None:
    assert sign_in(PAYMENTS).get(reverse("admin:claims_bank_file", args=[99])).status_code == 404


def test_the_commands_do_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match="No transfer waits"):
        call_command("write_bank_file")
    wait()
    call_command("write_bank_file")
    answer = tmp_path / "answer.xml"
    answer.write_bytes(BOOKED)
    call_command("take_bank_answer", str(answer))
    said = capsys.readouterr().out
    assert ": 1 transfers, in " in said
    assert "BANK-2: 1 transfers stand otherwise now.\n  for a person: OTHER" in said
    with pytest.raises(CommandError, match="taken in already"):
        call_command("take_bank_answer", str(answer))
    with pytest.raises(CommandError, match="No such file"):
        call_command("take_bank_answer", str(tmp_path / "nowhere"))
