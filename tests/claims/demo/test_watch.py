"""The claim to watch: silent for days, and its deadline ends while somebody looks."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from claims.demo import watch
from claims.demo.people import MEMBERS, STAFF, Company, password_of
from claims.demo.showing import describe_demo
from claims.demo.watch import NOTE, Watched, latest_watched, report_watched, shorten_response
from claims.lifecycle import Status
from claims.models import (
    Claim,
    Deadline,
    DeadlineKind,
    Notice,
    NoticeState,
    Payout,
    PayoutState,
    SignalCode,
)
from claims.operations.following import follow_payouts
from claims.operations.sending import send_due_payouts
from claims.operations.silence import lapse_due
from claims.providers.sandbox import SandboxProvider
from claims.providers.sandbox_server import SandboxServer
from tests.claims.demo.conftest import NOW

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("demo", "in_demo", "inside_the_test"),
]


@contextmanager
def connection_as_it_is() -> Iterator[None]:
    """A test is a transaction already: its stories are undone with it."""
    yield


@pytest.fixture
def inside_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "whole_story", connection_as_it_is)


def response_clocks(claim: Claim) -> list[tuple[str, bool]]:
    clocks = Deadline.objects.filter(claim=claim, kind=DeadlineKind.SELLER_RESPONSE)
    return [(clock.note, clock.is_open) for clock in clocks.order_by("pk")]


def test_its_history_is_true_and_only_the_end_of_its_deadline_is_arranged() -> None:
    watched = report_watched(now=NOW)
    claim = watched.claim
    assert claim.status == Status.AWAITING_SELLER
    assert (claim.assessed_minor, claim.is_within_ceiling) == (146_299, False)
    assert watched.due_at == NOW + timedelta(seconds=75)
    assert watched.acts_at == NOW + timedelta(seconds=135)
    assert response_clocks(claim) == [("", False), (NOTE, True)]
    clock = claim.deadlines.get(note=NOTE)
    assert NOW - timedelta(days=7) < clock.starts_at < NOW - timedelta(days=6)
    event = claim.events.order_by("-version")[0]
    assert (event.step, event.text, event.actor_kind) == ("extend_deadline", NOTE, "STAFF")


def test_its_letters_are_delivered_so_that_nothing_bars_the_payment() -> None:
    claim = report_watched(now=NOW).claim
    letters = Notice.objects.filter(claim=claim)
    assert {letter.state for letter in letters} == {NoticeState.SENT}
    assert {letter.kind for letter in letters} >= {"CLAIM_NOTICE", "RESPONSE_REMINDER"}


def test_it_is_paid_by_itself_when_the_deadline_ends() -> None:
    watched = report_watched(now=NOW)
    before, then = watched.acts_at - timedelta(seconds=1), watched.acts_at
    lapse_due(at=before)
    assert Claim.objects.get(pk=watched.claim.pk).status == Status.AWAITING_SELLER
    lapse_due(at=then)
    with SandboxServer() as server:
        provider = SandboxProvider(server.url, server.key, server.webhook_secret)
        while send_due_payouts(provider=provider, at=then):
            follow_payouts(provider=provider, at=then)
        assert len(server.payments_for(watched.claim.reference)) == 1
    claim = Claim.objects.get(pk=watched.claim.pk)
    assert (claim.status, claim.paid_minor) == (Status.PAID, 146_299)
    payout = Payout.objects.get(claim=claim)
    assert (payout.state, payout.is_automatic) == (PayoutState.CONFIRMED, True)
    assert claim.recovery.status == "DEMANDED"


def test_a_claim_that_still_waits_is_watched_again() -> None:
    first = report_watched(now=NOW)
    again = report_watched(now=NOW + timedelta(seconds=20))
    assert again.claim == first.claim
    assert again.due_at == first.due_at + timedelta(seconds=20)
    assert response_clocks(first.claim) == [("", False), (NOTE, False), (NOTE, True)]


def test_after_it_ran_out_another_claim_is_reported_by_somebody_else() -> None:
    first = report_watched(now=NOW)
    lapse_due(at=first.acts_at)
    later = NOW + timedelta(hours=1)
    second = report_watched(now=later)
    assert second.claim != first.claim
    assert second.claim.claimant != first.claim.claimant
    assert second.claim.order.product != first.claim.order.product
    assert latest_watched() == second


def test_only_a_claim_that_waits_for_its_seller_can_be_shortened() -> None:
    claim = Claim.objects.filter(status=Status.PAID)[0]
    with pytest.raises(ValueError, match="does not wait for its seller"):
        shorten_response(claim, now=NOW, by=Company().staff("adjuster"))
    assert Claim.objects.get(pk=claim.pk).version == claim.version


def test_the_command_says_what_to_watch_and_writes_it_down(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REDRESS_RUN_DIR", str(tmp_path))
    said = StringIO()
    call_command("load_demo", "--watch", stdout=said)
    watched = latest_watched()
    assert watched is not None
    assert timedelta(0) < watched.acts_at - timezone.now() <= timedelta(seconds=135)
    assert f"Claim {watched.claim.reference} is paid by itself at" in said.getvalue()
    assert json.loads((tmp_path / "demo.json").read_text()) == {
        "watch": watched.claim.reference,
        "due_at": watched.due_at.isoformat(),
        "acts_at": watched.acts_at.isoformat(),
    }


def test_without_a_folder_nothing_is_written_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REDRESS_RUN_DIR", raising=False)
    call_command("load_demo", "--watch", stdout=StringIO())
    assert isinstance(latest_watched(), Watched)


def test_what_is_shown_names_every_login_and_the_claim(settings: Settings) -> None:
    settings.SITE_URL = "http://localhost:8123/"
    watched = report_watched(now=NOW)
    reference = watched.claim.reference
    shown = StringIO()
    call_command("show_demo", stdout=shown)
    text = shown.getvalue()
    assert "Sign in at http://localhost:8123/accounts/login/" in text
    for person in (*STAFF, *MEMBERS):
        assert f"{person.username:<14} {password_of(person.username)}" in text
    assert f"Watch claim {reference}: $1,462.99, its seller Brightwater" in text
    assert "08:01:15 PDT, 15:01:15 UTC" in text
    assert f"http://localhost:8123/admin/claims/claim/{reference}/change/" in text
    assert f"http://localhost:8123/portal/claims/{reference}/" in text


def test_before_there_is_anything_to_watch_it_says_how_to_get_it() -> None:
    assert "Nothing to watch yet: load_demo --watch" in describe_demo()


def test_no_two_watched_customers_tell_the_same_story() -> None:
    """A hundred starts of the demo leave no narrative that screening would call copied."""
    told = [watch._narrative(number) for number in range(1, 101)]
    assert len(set(told)) == len(told)
    pairs = [(one, other) for n, one in enumerate(told) for other in told[:n]]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(similarity(a, b)) FROM unnest(%s::text[], %s::text[]) AS pairs(a, b)",
            [list(side) for side in zip(*pairs, strict=True)],
        )
        (most,) = cursor.fetchone() or (1.0,)
    assert most < 0.8


def test_watching_twice_raises_no_sign_of_a_copied_narrative() -> None:
    first = report_watched(now=NOW)
    lapse_due(at=first.acts_at)
    second = report_watched(now=first.acts_at)
    assert second.claim != first.claim
    assert not second.claim.fraud_signals.filter(code=SignalCode.NARRATIVE_COPIED).exists()
