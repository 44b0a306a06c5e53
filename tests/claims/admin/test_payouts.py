"""The switch of payouts."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from claims.admin.file_dealings import named
from claims.models import DailyAutomaticTotal, PauseCause, PayoutSwitch, Reconciliation
from claims.operations.pausing import trip_breaker
from claims.roles import ADJUSTER, AUDITOR, PAYMENTS
from tests.claims.admin.conftest import SignIn
from tests.factories import NOON, make_market, make_user, report_assessed

pytestmark = pytest.mark.django_db
SWITCH = reverse("admin:claims_payouts")


@pytest.fixture(autouse=True)
def market() -> None:
    make_market("US")


def stands() -> tuple[bool, str, int | None]:
    switch = PayoutSwitch.objects.get()
    return switch.is_paused, switch.reason, switch.changed_by_id


def test_payments_pause_and_resume_with_a_reason(sign_in: SignIn) -> None:
    client = sign_in(PAYMENTS)
    me = int(client.session["_auth_user_id"])

    paused = client.post(SWITCH, {"was_paused": "False", "reason": "The bank is closed."})
    while_paused, after_pause = client.get(SWITCH), stands()
    silent = client.post(SWITCH, {"was_paused": "True", "reason": ""})
    resumed = client.post(SWITCH, {"was_paused": "True", "reason": "It opened again."})

    assert paused.status_code == resumed.status_code == 302
    told = [str(message) for message in get_messages(resumed.wsgi_request)]
    assert told[-1] == "What waited leaves within a minute."
    assert after_pause == (True, "The bank is closed.", me)
    assert b"Payouts are paused." in while_paused.content
    assert b"Resume payouts" in while_paused.content
    assert silent.status_code == 422
    assert stands() == (False, "It opened again.", me)


def test_a_pause_needs_a_reason(sign_in: SignIn) -> None:
    answer = sign_in(PAYMENTS).post(SWITCH, {"was_paused": "False", "reason": " "})

    assert answer.status_code == 422
    assert "Reason: write it down." in answer.content.decode()
    assert stands()[0] is False


def test_a_switch_turned_meanwhile_is_not_turned_back(sign_in: SignIn) -> None:
    client = sign_in(PAYMENTS)
    form = {"was_paused": "False", "reason": "The bank is closed."}
    client.post(SWITCH, form)

    again = client.post(SWITCH, form)

    assert again.status_code == 409
    assert "Somebody turned the switch meanwhile" in again.content.decode()
    assert stands()[0] is True


@pytest.mark.parametrize("role", [ADJUSTER, AUDITOR])
def test_others_look_and_turn_nothing(role: str, sign_in: SignIn) -> None:
    client = sign_in(role)

    page = client.get(SWITCH)
    answer = client.post(SWITCH, {"was_paused": "False", "reason": "Because."})

    assert page.status_code == 200
    assert b"<textarea" not in page.content
    assert answer.status_code == 403
    assert stands() == (False, "", None)


def test_staff_without_a_group_do_not_even_look(sign_in: SignIn) -> None:
    client = sign_in(AUDITOR)
    client.force_login(make_user(is_staff=True))

    assert client.get(SWITCH).status_code == 403


def test_what_waits_and_what_went_automatically_today(sign_in: SignIn) -> None:
    report_assessed(claimed_minor=64_000)
    market = make_market("US")
    today = timezone.now().astimezone(market.zone).date()
    DailyAutomaticTotal.objects.create(marketplace=market, on=today, total_minor=1_250_000)

    shown = sign_in(AUDITOR).get(SWITCH).context

    assert [(p.label, p.value, p.note) for p in shown["waiting"]] == [
        ("Queued", "$640.00", "1 payout")
    ]
    assert [(p.label, p.value) for p in shown["today"]] == [("United States", "$12,500.00")]


def test_a_breaker_s_pause_says_its_cause_what_stands_and_takes_an_excuse(sign_in: SignIn) -> None:
    trip_breaker(cause=PauseCause.LEDGER, reason="I4 RC-1.", at=timezone.now())
    client = sign_in(PAYMENTS)
    page = client.get(SWITCH).content.decode()
    assert "The check of the ledger failed." in page
    assert "The ledger was not checked again" in page
    form = {"was_paused": "True", "reason": "The accountants looked."}

    refused = client.post(SWITCH, form)
    assert (refused.status_code, stands()[0]) == (409, True)
    assert client.post(SWITCH, form | {"although_not_healed": "on"}).status_code == 302
    assert stands()[:2] == (False, "The accountants looked.")


def test_every_turn_of_the_switch_is_told(sign_in: SignIn) -> None:
    client = sign_in(PAYMENTS)
    trip_breaker(cause=PauseCause.UNCERTAIN, reason="21 payments are in doubt.", at=timezone.now())
    client.post(SWITCH, {"was_paused": "True", "reason": "They were looked up."})

    page = client.get(SWITCH)

    person = named(PayoutSwitch.objects.get().changed_by)
    assert [(turn.is_paused, turn.who, turn.reason) for turn in page.context["turns"]] == [
        (False, person, "They were looked up."),
        (True, "a breaker", "21 payments are in doubt."),
    ]
    assert all(turn.at.endswith("UTC") for turn in page.context["turns"])
    assert reverse("admin:claims_limits") in page.content.decode()


def test_the_last_comparison_of_the_books_is_shown(sign_in: SignIn) -> None:
    client = sign_in(AUDITOR)
    never = client.get(SWITCH).content.decode()
    common = {"entries": 2, "asked_by": "after_restore"}
    Reconciliation.objects.create(at=NOON, differences=["RC-1: we do not know it"], **common)
    differs = client.get(SWITCH).content.decode()
    Reconciliation.objects.create(at=NOON + timedelta(hours=1), adopted=["RC-2 is paid"], **common)
    agrees = client.get(SWITCH).content.decode()

    assert "Never compared." in never
    assert "1 difference</span>" in differs
    assert "RC-1: we do not know it" in differs
    assert "The books agree" in agrees
    assert "RC-2 is paid" in agrees
    assert "RC-1" not in agrees
