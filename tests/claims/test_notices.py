"""Delivery against a real mail server: each letter once, none lost, refusals told apart."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from anymail.signals import tracking
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from pytest_django.fixtures import Settings

from claims.checks import check_demo_mail
from claims.models import Claim, Notice
from claims.notices import Delivered, deliver_due, record_bounce
from sellers.post.bounces import listen
from sellers.post.delivery import BATCH_LASTS, LEASE, wait_after
from sellers.post.route import check_demo_sink, message_id
from tests.claims.letter_rows import AT, SELLER_EMAIL, make_claim, make_notice
from tests.mail_server import CUT, MailServer, running_mail_server

MINUTE = timedelta(minutes=1)
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    with running_mail_server() as kept:
        settings.MAILERS = kept.mailers
        settings.DEMO = True
        yield kept


@pytest.fixture
def claim(db: None) -> Claim:
    return make_claim()


def state_of(notice: Notice) -> dict[str, Any]:
    """The columns that delivery writes, but for the words."""
    notice.refresh_from_db()
    names = ("state", "attempts", "next_at", "lease_until", "sent_at", "last_answer")
    return {name: getattr(notice, name) for name in names}


def after(state: str, answer: str = "", **more: Any) -> dict[str, Any]:
    blank = {"attempts": 1, "next_at": None, "lease_until": None, "sent_at": None}
    return {"state": state, **blank, "last_answer": answer, **more}


def words_in(letter: EmailMessage) -> str:
    return str(letter.get_content()).replace("\r\n", "\n")


def again_at(notice: Notice, at: datetime, attempts: int = 1) -> datetime:
    return at + wait_after(notice.key, attempts)


# ── sent once ──────────────────────────────────────────────────────────────


def test_a_letter_is_sent_once_and_kept_as_it_left(server: MailServer, claim: Claim) -> None:
    notice = make_notice(claim)
    assert deliver_due(at=AT) == Delivered(sent=1)
    assert deliver_due(at=AT + timedelta(days=30)) == Delivered()
    assert state_of(notice) == after("SENT", sent_at=AT)
    (letter,) = server.taken
    assert letter["To"] == SELLER_EMAIL
    assert letter["From"] == "claims@redress.example"
    assert letter["Message-ID"] == notice.message_id == message_id(notice.key)
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Subject"] == notice.subject
    assert words_in(letter) == notice.body
    assert claim.reference in notice.subject


def test_letters_leave_in_the_order_in_which_they_are_due(server: MailServer, claim: Claim) -> None:
    late, early, tomorrow = (
        make_notice(claim, occasion=str(n), next_at=AT + shift)
        for n, shift in enumerate((-MINUTE, -2 * MINUTE, MINUTE))
    )
    assert deliver_due(at=AT) == Delivered(sent=2)
    assert [m["Message-ID"] for m in server.taken] == [message_id(n.key) for n in (early, late)]
    assert server.connections == 1, "one connection a batch"
    assert state_of(tomorrow) == after("QUEUED", attempts=0, next_at=AT + MINUTE)


def test_a_batch_has_its_limit(server: MailServer, claim: Claim) -> None:
    for n in range(3):
        make_notice(claim, occasion=str(n))
    assert deliver_due(at=AT, limit=2) == Delivered(sent=2)
    assert deliver_due(at=AT, limit=2) == Delivered(sent=1)
    assert len({m["Message-ID"] for m in server.taken}) == 3


def test_nothing_due_opens_no_connection(server: MailServer, claim: Claim) -> None:
    assert deliver_due(at=AT) == Delivered()
    assert server.connections == 0


def test_no_query_grows_with_the_letters_but_writing_each_answer(
    server: MailServer, claim: Claim, django_assert_num_queries: Any
) -> None:
    for n in range(3):
        make_notice(claim, occasion=str(n))
    # Savepoint, take, write the leases, release; then one a letter.
    with django_assert_num_queries(7):
        assert deliver_due(at=AT) == Delivered(sent=3)


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_send_the_same_letter(server: MailServer) -> None:
    claim = make_claim()
    keys = {make_notice(claim, occasion=str(n)).key for n in range(20)}
    results: list[Delivered] = []

    def work() -> None:
        for _ in range(5):
            results.append(deliver_due(at=AT, limit=4))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    sent = [m["Message-ID"] for m in server.taken]
    assert sorted(sent) == sorted(message_id(key) for key in keys)
    assert sum(result.sent for result in results) == 20


# ── refused, or later ──────────────────────────────────────────────────────


def test_a_refused_recipient_bounces_for_good(server: MailServer, claim: Claim) -> None:
    refused, other = make_notice(claim, occasion="1"), make_notice(claim, occasion="2")
    server.rcpt.append("550 5.1.1 No such user")
    assert deliver_due(at=AT) == Delivered(sent=1, bounced=1)
    assert state_of(refused) == after("BOUNCED", "550 5.1.1 No such user")
    assert state_of(other) == after("SENT", sent_at=AT)
    assert deliver_due(at=AT + timedelta(days=9)) == Delivered()


def test_a_letter_refused_after_its_words_bounces(server: MailServer, claim: Claim) -> None:
    notice = make_notice(claim)
    server.data.append("554 5.7.1 Not wanted")
    assert deliver_due(at=AT) == Delivered(bounced=1)
    assert state_of(notice) == after("BOUNCED", "554 5.7.1 Not wanted")


@pytest.mark.parametrize("stage", ["rcpt", "data"])
def test_a_busy_server_is_asked_again_later(server: MailServer, claim: Claim, stage: str) -> None:
    notice = make_notice(claim)
    getattr(server, stage).append("451 4.3.0 Try again")
    assert deliver_due(at=AT) == Delivered(retried=1)
    again = again_at(notice, AT)
    assert state_of(notice) == after("QUEUED", "451 4.3.0 Try again", next_at=again)
    assert deliver_due(at=again - timedelta(seconds=1)) == Delivered()
    assert deliver_due(at=again) == Delivered(sent=1)
    assert state_of(notice) == after("SENT", attempts=2, sent_at=again)


def test_a_recipient_that_is_busy_for_five_days_bounces(server: MailServer, claim: Claim) -> None:
    notice = make_notice(claim, written_at=AT - timedelta(days=5), attempts=25)
    server.rcpt.append("452 4.2.2 Mailbox full")
    assert deliver_due(at=AT) == Delivered(bounced=1)
    answer = "gave up after 5 days: 452 4.2.2 Mailbox full"
    assert state_of(notice) == after("BOUNCED", answer, attempts=26)


@pytest.mark.parametrize(
    "to", ["a@x.example,b@x.example", "a@x.example; b@x.example", "Jo <a@x.example>", "nobody", ""]
)
def test_what_is_not_one_address_gets_no_letter(server: MailServer, claim: Claim, to: str) -> None:
    notice = make_notice(claim, to=to)
    assert deliver_due(at=AT) == Delivered(bounced=1)
    assert state_of(notice) == after("BOUNCED", f"“{to}” is not an address")
    assert server.connections == 0


def test_a_letter_without_words_holds_up_no_other(
    server: MailServer, claim: Claim, caplog: pytest.LogCaptureFixture
) -> None:
    broken, other = make_notice(claim, facts={}), make_notice(claim, occasion="3")
    assert deliver_due(at=AT) == Delivered(sent=1, retried=1)
    answer = "cannot be written: The letter CLAIM_NOTICE lacks: amount_minor, due_at."
    assert state_of(broken) == after("QUEUED", answer, next_at=again_at(broken, AT))
    assert state_of(other) == after("SENT", sent_at=AT)
    assert broken.key in caplog.text


# ── broken connections, dead workers ───────────────────────────────────────


def test_a_connection_cut_after_the_words_resends_the_same_letter(
    server: MailServer, claim: Claim
) -> None:
    notice, other = make_notice(claim, occasion="1"), make_notice(claim, occasion="2")
    server.data.append(CUT)
    assert deliver_due(at=AT) == Delivered(sent=2)
    first, second, _ = server.taken
    assert first["Message-ID"] == second["Message-ID"] == message_id(notice.key)
    assert first.get_content() == second.get_content()
    assert server.connections == 2
    assert state_of(other) == after("SENT", sent_at=AT)


def test_a_connection_is_reopened_once_and_the_rest_waits(server: MailServer, claim: Claim) -> None:
    first, second = make_notice(claim, occasion="1"), make_notice(claim, occasion="2")
    server.data.extend([CUT, CUT])
    assert deliver_due(at=AT) == Delivered(retried=2)
    assert server.connections == 2
    assert state_of(first) == after(
        "QUEUED", "Connection unexpectedly closed", next_at=again_at(first, AT)
    )
    assert state_of(second) == after(
        "QUEUED", "Connection unexpectedly closed", attempts=0, next_at=AT + MINUTE
    )


def test_no_server_loses_no_letter_however_long(claim: Claim, settings: Settings) -> None:
    with running_mail_server() as gone:
        settings.MAILERS, settings.DEMO = gone.mailers, True
    notice = make_notice(claim, written_at=AT - timedelta(days=30))
    assert deliver_due(at=AT) == Delivered(retried=1)
    found = state_of(notice)
    assert "refused" in found.pop("last_answer").lower()
    expected = after("QUEUED", next_at=again_at(notice, AT))
    del expected["last_answer"]
    assert found == expected


def test_a_dead_workers_letter_goes_again_when_its_lease_ends(
    server: MailServer, claim: Claim
) -> None:
    ends = AT + LEASE
    taken: dict[str, Any] = {
        "state": "SENDING",
        "attempts": 1,
        "next_at": ends,
        "lease_until": ends,
    }
    words: dict[str, Any] = {"subject": "As first written", "body": "Words of the first attempt.\n"}
    notice = make_notice(claim, **taken, **words)
    assert deliver_due(at=ends - timedelta(seconds=1)) == Delivered()
    assert deliver_due(at=ends) == Delivered(sent=1)
    assert state_of(notice) == after("SENT", attempts=2, sent_at=ends)
    (letter,) = server.taken
    assert letter["Subject"] == "As first written"
    assert words_in(letter) == "Words of the first attempt.\n"


def test_an_answer_that_comes_after_the_lease_writes_nothing(
    server: MailServer, claim: Claim
) -> None:
    notice = make_notice(claim)
    ticks = count()

    def overtake() -> float:
        # The second look at the clock is just before the letter leaves.
        if next(ticks) == 1:
            Notice.objects.filter(pk=notice.pk).update(attempts=2, next_at=AT + 2 * LEASE)
        return 0.0

    deliver_due(at=AT, clock=overtake)
    lease: dict[str, Any] = {"next_at": AT + 2 * LEASE, "lease_until": AT + LEASE}
    assert state_of(notice) == after("SENDING", attempts=2, **lease)


def test_a_slow_batch_gives_the_rest_back(server: MailServer, claim: Claim) -> None:
    first, second, third = (make_notice(claim, occasion=str(n)) for n in range(3))
    moments = iter([0.0, 1.0, BATCH_LASTS])
    assert deliver_due(at=AT, clock=lambda: next(moments)) == Delivered(sent=1, retried=2)
    assert state_of(first) == after("SENT", sent_at=AT)
    for waiting in (second, third):
        assert state_of(waiting) == after("QUEUED", attempts=0, next_at=AT)
    assert deliver_due(at=AT) == Delivered(sent=2)


# ── the demo, and made-up data ─────────────────────────────────────────────


@pytest.mark.parametrize("made_up", [{"is_made_up": True}, {"made_up_fields": ["email"]}])
def test_outside_the_demo_made_up_data_gets_no_letter(
    server: MailServer, settings: Settings, db: None, made_up: dict[str, Any]
) -> None:
    settings.DEMO = False
    invented, real = make_notice(make_claim(**made_up)), make_notice(make_claim())
    assert deliver_due(at=AT) == Delivered(sent=1, bounced=1)
    assert state_of(invented) == after("BOUNCED", "made-up data: no letter leaves")
    assert state_of(real) == after("SENT", sent_at=AT)


def test_a_demo_that_could_send_out_sends_nothing(settings: Settings, claim: Claim) -> None:
    settings.DEMO = True
    settings.MAILERS = {"default": {"BACKEND": SMTP, "OPTIONS": {"host": "mail.example"}}}
    notice = make_notice(claim)
    with pytest.raises(ImproperlyConfigured, match="a sink on this machine only"):
        deliver_due(at=AT)
    assert state_of(notice) == after("QUEUED", attempts=0, next_at=AT)
    assert [error.id for error in check_demo_mail()] == ["claims.E001"]
    settings.DEMO = False
    check_demo_sink()
    assert check_demo_mail() == []


# ── bounces that come later ────────────────────────────────────────────────


def test_a_later_bounce_is_found_by_key_or_message_id(server: MailServer, claim: Claim) -> None:
    by_key, by_id = make_notice(claim, occasion="1"), make_notice(claim, occasion="2")
    deliver_due(at=AT)
    later = AT + timedelta(hours=3)
    assert record_bounce(at=later, why="no such user", key=by_key.key)
    assert record_bounce(at=later, why="no such user", message_id=message_id(by_id.key))
    for notice in (by_key, by_id):
        answer = "2026-11-16 20:00 UTC: no such user"
        assert state_of(notice) == after("BOUNCED", answer, sent_at=AT)
    assert not record_bounce(at=later + MINUTE, why="again", key=by_key.key), "once"
    assert not record_bounce(at=later, why="?", key="RC-0/X/1")
    assert not record_bounce(at=later, why="?")


@pytest.mark.parametrize(
    ("event_type", "state"), [("bounced", "BOUNCED"), ("rejected", "BOUNCED"), ("opened", "SENT")]
)
def test_notifications_of_a_mail_service_are_written_down(
    server: MailServer, claim: Claim, event_type: str, state: str
) -> None:
    listen()
    notice = make_notice(claim)
    deliver_due(at=AT)
    event = SimpleNamespace(
        event_type=event_type,
        timestamp=AT + MINUTE,
        metadata={"notice": notice.key},
        message_id=None,
        mta_response="550 gone",
        description=None,
        reject_reason=None,
    )
    tracking.send(sender=object, event=event, esp_name="Mailer")
    answer = "2026-11-16 17:01 UTC: Mailer: 550 gone" if state == "BOUNCED" else ""
    assert state_of(notice) == after(state, answer, sent_at=AT)
