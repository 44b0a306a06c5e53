"""The letters of quotes carry the link once, and no row keeps it; the task sweeps and beats."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from claims.models import Heartbeat
from insurance import tasks
from insurance.accelerator.choosing import accept_quote
from insurance.accelerator.links import invitation_of, link_of
from insurance.accelerator.waiting import waiting_policy
from insurance.letters import deliver_due
from insurance.models import InsuranceLetter, Policy, Provider
from insurance.operations import submit_policy
from sellers.post.letter import LetterState
from tests.factories import make_user
from tests.insurance.accelerator.rows import (
    AT,
    apply,
    invitation,
    make_vetted,
    quote,
    token_of,
)
from tests.mail_server import MailServer, running_mail_server

DAY = timedelta(days=1)


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    with running_mail_server() as kept:
        settings.MAILERS, settings.DEMO = kept.mailers, True
        yield kept


@pytest.fixture
def harbour(db: None) -> Provider:
    return make_vetted("Harbour Mutual")


def test_the_letter_brings_the_link_and_the_kept_one_does_not(
    harbour: Provider, server: MailServer
) -> None:
    row = invitation(apply(harbour), harbour)
    link = link_of(row.pk, link_number=1)

    assert deliver_due(at=AT).sent == 1

    (sent,) = server.taken
    body = sent.get_content()
    found = re.search(r"/quote-requests/([^/\s]+)/", body)
    assert found is not None
    assert link.endswith(f"/quote-requests/{found[1]}/")
    assert invitation_of(found[1], at=AT) == row
    assert sent["To"] == "quotes@harbour.example"
    assert "Kettle House" not in body
    letter = InsuranceLetter.objects.get()
    assert (letter.state, letter.body.count("/quote-requests/…/")) == (LetterState.SENT, 1)
    assert token_of(row) not in str(InsuranceLetter.objects.values())
    assert mail.outbox == []


def test_the_task_sweeps_and_beats(harbour: Provider) -> None:
    now = timezone.now()
    application = apply(harbour, at=now - 10 * DAY, starts_on=(now + 9 * DAY).date())

    tasks.sweep_quotes()

    assert invitation(application, harbour).reminders == 1
    assert Heartbeat.objects.get(pk="sweep_quotes").failures == 0


def accepted(harbour: Provider) -> Policy:
    application = apply(harbour)
    offered = quote(application, harbour, insurer="Harbour Mutual, Inc.")
    return accept_quote(quote=offered, at=AT, by=make_user())


@pytest.mark.parametrize(
    ("insurer", "found"),
    [
        ("HARBOUR MUTUAL INC", True),
        ("Harbour Mutual", True),
        ("Harbour Mutual of Maine", False),
        ("", False),
    ],
)
def test_a_certificate_of_the_quoted_insurer_fills_the_waiting_policy(
    insurer: str, found: bool, harbour: Provider
) -> None:
    policy = accepted(harbour)
    with transaction.atomic():
        waiting = waiting_policy(policy.seller_id, "US", insurer=insurer)
        assert (waiting == policy) is found
        assert waiting_policy(policy.seller_id, "DE", insurer=insurer) is None


def test_a_policy_with_a_certificate_waits_no_more(harbour: Provider) -> None:
    policy = accepted(harbour)
    policy.effective_on, policy.expires_on = date(2026, 12, 1), date(2027, 12, 1)
    policy.save()
    submit_policy(policy=policy, at=AT)
    with transaction.atomic():
        assert waiting_policy(policy.seller_id, "US", insurer="Harbour Mutual") is None
