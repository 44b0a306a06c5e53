"""`verify_invariants`: a line for each, the breaches below, and an exit code for machines."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from claims.models import Claim, Deadline, Notice, Payout
from tests.claims.invariants.programme import Programme, forge

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_rest(programme: Programme, settings: Any) -> None:
    """The command asks as of now: nothing of this old story may wait for a moment that is past."""
    Deadline.objects.filter(acts_at__isnull=False).update(acts_at="2100-01-01T00:00Z")
    Payout.objects.filter(state="QUEUED").update(next_at="2100-01-01T00:00Z")
    settings.PAYMENT_PROVIDER_URL = programme.server.url
    settings.PAYMENT_PROVIDER_KEY = programme.server.key
    settings.DEMO = True


def run(*arguments: object) -> str:
    out = StringIO()
    call_command("verify_invariants", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_all_hold() -> None:
    lines = run().splitlines()
    assert [line.split()[0] for line in lines] == [f"I{number}" for number in range(1, 11)]
    assert all(line.endswith(": held") for line in lines)


def test_what_is_violated_is_named(programme: Programme) -> None:
    forge(Claim.objects.filter(pk=programme.rejected.pk), reason="X")
    out = StringIO()
    with pytest.raises(CommandError, match=r"^1 invariants are violated"):
        call_command("verify_invariants", stdout=out)
    assert (
        "I6  the events lead to where each claim stands: violated 1 time\n"
        f"      {programme.rejected.reference}: reason is X, by its events \n"
    ) in out.getvalue()


def test_without_the_book() -> None:
    lines = run("--without-book").splitlines()
    assert [line.rpartition(": ")[2] for line in lines[:3]] == [
        "the provider shows no book",
        "the provider shows no book",
        "held",
    ]


def test_without_a_provider_it_says_what_to_do(settings: Any) -> None:
    settings.PAYMENT_PROVIDER_URL = ""
    with pytest.raises(CommandError, match="--without-book"):
        run()


def test_a_book_that_cannot_be_read(settings: Any) -> None:
    settings.PAYMENT_PROVIDER_KEY = "wrong"
    with pytest.raises(CommandError, match="The provider's book was not read"):
        run()


def test_answers_and_letters_that_others_saw(programme: Programme, tmp_path: Path) -> None:
    for notice in Notice.objects.all():
        Notice.objects.filter(pk=notice.pk).update(message_id=f"<{notice.pk}@redress.example>")
    mail = tmp_path / "mail"
    mail.mkdir()
    for number, notice in enumerate(Notice.objects.all(), start=1):
        head = f"X-Envelope-To: a@b.example\r\nMessage-ID: {notice.message_id}\r\n\r\nWords\r\n"
        (mail / f"{number:06}.eml").write_bytes(head.encode())
    (mail / "letter.part").write_bytes(b"half")
    seen = tmp_path / "seen.jsonl"
    answer = {"claim": programme.rejected.reference, "answer": "REJECT"}
    seen.write_text(json.dumps(answer | {"reason": "The kettle was misused."}) + "\n")
    assert run("--mail", mail, "--acknowledged", seen).count(": held\n") == 10
    (mail / "000001.eml").unlink()
    with pytest.raises(CommandError, match="1 invariants"):
        run("--mail", mail)
    with pytest.raises(CommandError, match="No such file"):
        run("--acknowledged", tmp_path / "nowhere")


def test_late_is_a_choice(programme: Programme) -> None:
    Deadline.objects.filter(claim=programme.waiting, acts_at__isnull=False).update(
        acts_at="2026-01-01T00:00Z"
    )
    with pytest.raises(CommandError, match="1 invariants"):
        run()
    assert run("--late-minutes", 10**7).count(": held\n") == 10
