"""The limits of payouts in the admin: what stands, the form, the second person, the history."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.models import LimitsDraft, PayoutLimits
from claims.payout_figures import limit_effect, limit_name, limit_value
from claims.roles import ADJUSTER, ADMINISTRATOR, AUDITOR, PAYMENTS, SENIOR_ADJUSTER
from tests.claims.admin.conftest import SignIn
from tests.factories import make_market, make_user

pytestmark = pytest.mark.django_db
PAGE, FORM = reverse("admin:claims_limits"), reverse("admin:claims_limits_change")
DEFAULTS = PayoutLimits().figures


def filled_in(client: Client, **changes: Any) -> dict[str, Any]:
    """The form as the page gives it, with some limits written over."""
    form = client.get(FORM).context["form"]
    given = {name: form[name].value() for name in form.fields}
    given = {name: value for name, value in given.items() if value is not None}
    return given | {"reason": "Backlog of May."} | changes


def propose(client: Client, **changes: Any) -> LimitsDraft:
    client.post(FORM, filled_in(client, **(changes or {"hourly_count": "3000"})))
    return LimitsDraft.objects.get()


def draft_page(draft: LimitsDraft) -> str:
    return reverse("admin:claims_limits_draft", args=[draft.pk])


def told(page: Any) -> list[tuple[str, str, str]]:
    return [(change.name, change.old, change.new) for change in page.context["changes"]]


def test_the_page_shows_what_stands_and_that_nobody_set_it(sign_in: SignIn) -> None:
    make_market("US")
    page = sign_in(PAYMENTS).get(PAGE)

    words = page.content.decode()
    lines = {line.name: (line.value, line.used) for line in page.context["lines"]}
    assert lines["Payments within an hour"] == ("1,000", "0")
    assert lines["Sum within an hour, USD"] == ("$1,000,000.00", "$0.00")
    assert lines["Payments in doubt"] == ("20", "0")
    assert set(lines) == {limit_name(figure) for figure in DEFAULTS}
    assert "they are our defaults, not published by the programme." in words
    caps = {cap.code: (cap.market, cap.cap) for cap in page.context["caps"]}
    assert caps["US"] == ("United States", "$250,000.00")
    assert "Administrators change them." in words
    assert FORM not in words


def test_a_raise_goes_to_a_second_person_who_sees_old_and_new(sign_in: SignIn) -> None:
    draft = propose(sign_in(ADMINISTRATOR), hourly_count="3000", USD="5000000.00")
    senior = sign_in(SENIOR_ADJUSTER)

    page = senior.get(draft_page(draft))
    waiting = senior.get(PAGE).content.decode()
    answer = senior.post(draft_page(draft), {"decision": "approve"}, follow=True)

    assert told(page) == [
        ("Payments within an hour", "1,000", "3,000"),
        ("Sum within an hour, USD", "$1,000,000.00", "$5,000,000.00"),
    ]
    assert "A change waits for a second person." in waiting
    assert draft_page(draft) in waiting
    assert "The new limits count from now on." in answer.content.decode()
    assert PayoutLimits.objects.get().figures == DEFAULTS | {
        "hourly_count": 3000,
        "USD": 500_000_000,
    }
    # What changed stays told against the limits before it.
    assert told(answer) == told(page)
    assert b"Approve the change" not in answer.content


def test_a_lowering_counts_at_once(sign_in: SignIn) -> None:
    client = sign_in(ADMINISTRATOR)

    answer = client.post(FORM, filled_in(client, uncertain="0"), follow=True)

    assert answer.redirect_chain == [(PAGE, 302)]
    assert "The new limits count from now on." in answer.content.decode()
    assert PayoutLimits.objects.get().figures == DEFAULTS | {"uncertain": 0}
    assert not LimitsDraft.objects.exists()


def test_every_change_is_told_with_who_and_why(sign_in: SignIn) -> None:
    ada, bob = make_user(first_name="Ada"), make_user(first_name="Bob")
    now = timezone.now()
    money = {name: value for name, value in DEFAULTS.items() if name.isupper()}
    without_yen = {name: value for name, value in money.items() if name != "JPY"}
    rows = (
        (4, {"hourly_count": 500, "hourly_sums": without_yen}, None, "Quiet month."),
        (3, {"hourly_count": 2000, "hourly_sums": without_yen}, bob, "Backlog."),
        (2, {"hourly_count": 2000, "hourly_sums": money}, bob, "Japan again."),
    )
    for days, figures, second, reason in rows:
        PayoutLimits.objects.create(
            effective_at=now - timedelta(days=days),
            set_by=ada,
            approved_by=second,
            reason=reason,
            **figures,
        )

    page = sign_in(AUDITOR).get(PAGE)

    history = [
        (row.who, row.reason, [(c.name, c.old, c.new) for c in row.changes])
        for row in page.context["changes"]
    ]
    assert history == [
        (
            "Ada, approved by Bob",
            "Japan again.",
            [("Sum within an hour, JPY", "none: nothing is paid", "¥100,000,000")],
        ),
        (
            "Ada, approved by Bob",
            "Backlog.",
            [("Payments within an hour", "500", "2,000")],
        ),
        (
            "Ada",
            "Quiet month.",
            [
                ("Payments within an hour", "1,000", "500"),
                ("Sum within an hour, JPY", "¥100,000,000", "none: nothing is paid"),
            ],
        ),
    ]
    assert "In force since" in page.content.decode()


@pytest.mark.parametrize(
    ("changes", "status", "message"),
    [
        ({}, 409, "No limit differs from the limits as they stand."),
        ({"USD": "1e5"}, 422, "is not an amount in USD"),
        ({"USD": ""}, 422, "This field is required."),
        ({"hourly_count": "0"}, 409, "To stop payouts, pause them."),
        ({"hourly_count": "-1"}, 422, "greater than or equal to 0"),
        ({"hourly_count": "3000", "reason": ""}, 422, "Reason: write it down."),
    ],
)
def test_a_form_that_cannot_stand_changes_nothing(
    changes: dict[str, Any], status: int, message: str, sign_in: SignIn
) -> None:
    client = sign_in(ADMINISTRATOR)

    answer = client.post(FORM, filled_in(client, **changes))

    assert answer.status_code == status
    assert message in answer.content.decode()
    assert not PayoutLimits.objects.exists()
    assert not LimitsDraft.objects.exists()


def test_the_second_person_refuses_with_a_reason(sign_in: SignIn) -> None:
    draft = propose(sign_in(ADMINISTRATOR))
    second = sign_in(SENIOR_ADJUSTER)

    silent = second.post(draft_page(draft), {"decision": "refuse", "reason": " "})
    neither = second.post(draft_page(draft), {})
    done = second.post(
        draft_page(draft), {"decision": "refuse", "reason": "The backlog is gone."}, follow=True
    )

    assert (silent.status_code, neither.status_code) == (409, 409)
    assert "why the change of limits is refused" in silent.content.decode()
    assert "Choose to approve or to refuse." in neither.content.decode()
    assert "The limits stay as they are." in done.content.decode()
    assert "Refused because: The backlog is gone." in done.content.decode()
    assert not PayoutLimits.objects.exists()


def test_the_proposer_waits_for_somebody_else(sign_in: SignIn) -> None:
    client = sign_in(ADMINISTRATOR)
    draft = propose(client)

    page = client.get(draft_page(draft)).content.decode()
    answer = client.post(draft_page(draft), {"decision": "approve"})

    assert "Approve the change" not in page
    assert "a second person decides it" in page
    assert answer.status_code == 409
    assert not PayoutLimits.objects.exists()


@pytest.mark.parametrize("role", [ADJUSTER, PAYMENTS, AUDITOR])
def test_others_look_and_neither_change_nor_decide(role: str, sign_in: SignIn) -> None:
    draft = propose(sign_in(ADMINISTRATOR))
    client = sign_in(role)

    assert client.get(PAGE).status_code == client.get(draft_page(draft)).status_code == 200
    assert client.get(FORM).status_code == client.post(FORM, {}).status_code == 403
    assert client.post(draft_page(draft), {"decision": "approve"}).status_code == 403
    draft.refresh_from_db()
    assert (draft.status, PayoutLimits.objects.count()) == ("PROPOSED", 0)


def test_a_senior_adjuster_decides_and_does_not_propose(sign_in: SignIn) -> None:
    assert sign_in(SENIOR_ADJUSTER).get(FORM).status_code == 403


def test_there_is_no_such_draft(sign_in: SignIn) -> None:
    address = reverse("admin:claims_limits_draft", args=[99])
    assert sign_in(ADMINISTRATOR).get(address).status_code == 404


def test_a_list_of_many_changes_asks_no_more_than_one_of_few(
    sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    make_market("US")
    client, ada, now = sign_in(ADMINISTRATOR), make_user(), timezone.now()
    for minutes in range(25):
        PayoutLimits.objects.create(
            effective_at=now - timedelta(minutes=minutes), set_by=ada, reason="R"
        )
    with django_assert_max_num_queries(20):
        page = client.get(PAGE)
    assert len(page.context["changes"]) == 20
    assert page.context["next_url"] == "?page=2"


@pytest.mark.parametrize(
    ("figure", "value", "words"),
    [
        ("a_minute", 600, ("Payments within a minute", "600", "More wait for the next minute.")),
        ("uncertain", 20, ("Payments in doubt", "20", "One more pauses payouts.")),
        (
            "JPY",
            1000,
            (
                "Sum within an hour, JPY",
                "¥1,000",
                "A payment that would pass it pauses payouts.",
            ),
        ),
    ],
)
def test_limits_have_names_units_and_effects(
    figure: str, value: int, words: tuple[str, str, str]
) -> None:
    assert (limit_name(figure), limit_value(figure, value), limit_effect(figure)) == words
