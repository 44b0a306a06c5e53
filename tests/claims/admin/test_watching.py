"""The banner on every page of the console, and the page of clocks."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims.admin.watching import BEAT_WORDS, Watch, look_out, stopped_in_words
from claims.models import Claim, Deadline, Heartbeat, InvariantReport, PayoutSwitch
from claims.outcome import SYSTEM
from claims.roles import ADJUSTER, ADMINISTRATOR, AUDITOR, PAYMENTS
from claims.watch.heartbeats import BEATS, NIGHTLY
from claims.watch.set_aside import NotSetAside, try_clock_again
from tests.claims.admin.conftest import SignIn
from tests.claims.admin.looks import ERROR, beat_all, set_aside
from tests.claims.core.world import refused, snapshot
from tests.factories import make_market, make_user, report, report_awaiting_seller, staff_actor

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:claims_watch")
RECORDS = reverse("admin:records")


@pytest.fixture
def claim() -> Claim:
    return report_awaiting_seller(at=timezone.now() - timedelta(days=1))


def again(clock: Deadline) -> str:
    return reverse("admin:claims_try_again", args=[clock.pk])


def watch(client: Client) -> Watch:
    found: Watch = client.get(RECORDS).context["watch"]
    return found


def test_every_beat_has_words() -> None:
    assert set(BEAT_WORDS) == {*BEATS, *NIGHTLY}


def test_a_fresh_database_warns_of_nothing(sign_in: SignIn) -> None:
    make_market()
    assert not watch(sign_in(AUDITOR))


def test_without_even_the_switch_s_row_payouts_are_not_called_paused(sign_in: SignIn) -> None:
    PayoutSwitch.objects.all().delete()
    assert watch(sign_in(AUDITOR)) == Watch((), None, 0)


def test_with_a_claim_a_clock_that_never_ran_is_said(claim: Claim, sign_in: SignIn) -> None:
    page = sign_in(AUDITOR).get(RECORDS).content.decode()

    assert "Clocks stand still." in page
    assert "No sweep and no sender runs." in page


def test_what_stopped_is_named(claim: Claim, sign_in: SignIn) -> None:
    now = timezone.now()
    beat_all(now)
    Heartbeat.objects.filter(pk="send_payouts").update(beaten_at=now - timedelta(minutes=12))

    page = sign_in(AUDITOR).get(RECORDS).content.decode()

    assert "The sender of payouts has not run for 12 minutes." in page
    assert PAGE in page


def test_a_system_that_beat_once_and_has_no_claim_is_watched_too() -> None:
    Heartbeat.objects.create(name="remind", beaten_at=timezone.now())
    assert stopped_in_words(at=timezone.now()) == [
        f"{BEAT_WORDS[name]} has never run" for name in BEATS if name != "remind"
    ]


def test_clocks_that_run_are_quiet(claim: Claim, sign_in: SignIn) -> None:
    beat_all(timezone.now())
    answer = sign_in(AUDITOR).get(RECORDS)
    assert not answer.context["watch"]
    assert b'class="banner' not in answer.content


def test_paused_payouts_are_said_on_every_page_but_the_switch_s_own(sign_in: SignIn) -> None:
    make_market()
    PayoutSwitch.objects.update(is_paused=True, reason="The bank is closed.")
    client = sign_in(PAYMENTS)

    assert watch(client) == Watch((), "The bank is closed.", 0)
    assert client.get(RECORDS).content.count(b"The bank is closed.") == 1
    assert client.get(reverse("admin:claims_payouts")).content.count(b"The bank is closed.") == 1


def test_a_clock_set_aside_is_said_everywhere_and_listed_with_its_error(
    claim: Claim, sign_in: SignIn
) -> None:
    now = timezone.now()
    beat_all(now)
    clock = set_aside(claim, at=now)
    client = sign_in(AUDITOR)

    answer = client.get(PAGE)

    page = answer.content.decode()
    assert "1 clock set aside." in client.get(RECORDS).content.decode()
    assert [row["clock"].pk for row in answer.context["clocks"]] == [clock.pk]
    assert claim.reference in page
    assert ERROR.replace("'", "&#x27;") in page
    assert "Try again" not in page


@pytest.mark.parametrize("role", [PAYMENTS, ADMINISTRATOR])
def test_it_is_tried_again(role: str, claim: Claim, sign_in: SignIn) -> None:
    clock, client = set_aside(claim, at=timezone.now()), sign_in(role)
    assert b"Try again" in client.get(PAGE).content

    answer = client.post(again(clock))

    clock.refresh_from_db()
    assert (answer.status_code, clock.failures, clock.last_error) == (302, 0, ERROR)
    assert clock.retried_at is not None
    assert clock.retried_by_id == int(client.session["_auth_user_id"])
    assert client.get(PAGE).context["clocks"] == []


@pytest.mark.parametrize("role", [ADJUSTER, AUDITOR])
def test_others_try_nothing(role: str, claim: Claim, sign_in: SignIn) -> None:
    clock, client = set_aside(claim, at=timezone.now()), sign_in(role)
    before = snapshot()

    assert client.post(again(clock)).status_code == 403
    assert snapshot() == before


def test_a_clock_that_runs_is_not_tried_again(claim: Claim, sign_in: SignIn) -> None:
    clock, client = set_aside(claim, at=timezone.now()), sign_in(PAYMENTS)
    client.post(again(clock))
    before = snapshot()

    answer = client.post(again(clock))

    assert (answer.status_code, snapshot()) == (409, before)
    assert "This clock is not set aside any more." in answer.content.decode()


def test_a_clock_is_tried_by_a_post_alone(claim: Claim, sign_in: SignIn) -> None:
    clock, client = set_aside(claim, at=timezone.now()), sign_in(PAYMENTS)
    assert client.get(again(clock)).status_code == 405
    assert client.post(reverse("admin:claims_try_again", args=[0])).status_code == 404


def test_only_people_of_operations_try_again(claim: Claim) -> None:
    clock, now = set_aside(claim, at=timezone.now()), timezone.now()
    with refused(NotSetAside, "Only a person of operations"):
        try_clock_again(deadline=clock, at=now, by=SYSTEM)
    try_clock_again(deadline=clock, at=now, by=staff_actor())
    with refused(NotSetAside, "not set aside any more"):
        try_clock_again(deadline=clock, at=now, by=staff_actor())


def test_the_page_says_when_each_ran_and_how_it_failed(sign_in: SignIn) -> None:
    beat_all(timezone.now())
    Heartbeat.objects.filter(pk="remind").update(failures=2, last_error="ValueError: no zone")
    Heartbeat.objects.filter(pk="send_payouts").delete()

    answer = sign_in(AUDITOR).get(PAGE)

    assert [(b["name"], b["is_still"]) for b in answer.context["beats"]] == [
        (BEAT_WORDS[name], name == "send_payouts") for name in BEATS
    ]
    assert "Failed 2 times since: ValueError: no zone" in answer.content.decode()


def test_the_banner_costs_two_queries(claim: Claim) -> None:
    user, now = make_user(role=PAYMENTS), timezone.now()
    beat_all(now)
    set_aside(claim, at=now)
    user.has_perm("claims.view_deadline")

    with CaptureQueriesContext(connection) as captured:
        found = look_out(user, at=now)

    assert (found, len(captured)) == (Watch((), None, 1), 2)


def test_staff_without_a_group_are_told_nothing(sign_in: SignIn) -> None:
    report()
    client = sign_in(AUDITOR)
    client.force_login(make_user(is_staff=True))

    assert client.get(PAGE).status_code == 403
    assert client.get(RECORDS).context["watch"] is None


def test_a_check_that_failed_is_said_everywhere_and_shown(sign_in: SignIn) -> None:
    make_market()
    line = {
        "code": "I4",
        "title": "the ledger balances",
        "words": "violated 1 time",
        "violations": 1,
        "first": ["I4 RC-1: the payout is QUEUED, not PINK"],
    }
    common = {"seconds": 1, "asked_by": "tests", "lines": [line]}
    now = timezone.now()
    InvariantReport.objects.create(at=now - timedelta(days=1), violations=0, **common)
    client = sign_in(AUDITOR)
    assert not watch(client)
    InvariantReport.objects.create(at=now, violations=1, **common)

    assert watch(client) == Watch((), None, 0, 1)
    assert "The check of the books failed." in client.get(RECORDS).content.decode()
    [report, _] = client.get(PAGE).context["reports"]
    [told] = report["lines"]
    assert (report["asked"], told["title"], told["words"], told["first"]) == (
        "tests",
        "The ledger balances",
        "Violated 1 time",
        ["RC-1: the payout is “Queued”, not PINK"],
    )
