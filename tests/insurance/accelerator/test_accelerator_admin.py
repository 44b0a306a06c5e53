"""The Accelerator's admin: vetting, steps with reasons, scorecards; open to the right groups."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.roles import ADJUSTER, AUDITOR, INSURANCE
from insurance.accelerator.choosing import accept_quote
from insurance.accelerator.scorecard import Score, scorecard
from insurance.models import (
    KnownInsurer,
    Provider,
    ProviderDecision,
    QuoteApplication,
    VettingCheck,
    VettingStep,
)
from insurance.operations import submit_policy
from tests.factories import make_user
from tests.insurance.accelerator.rows import (
    AT,
    apply,
    check_all,
    invitation,
    make_provider,
    make_vetted,
    quote,
    token_of,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(make_user(role=role))
    return client


@pytest.fixture
def insurance() -> Client:
    return signed_in(INSURANCE)


@pytest.fixture
def application() -> QuoteApplication:
    now = timezone.now()
    harbour = make_vetted("Harbour Mutual", at=now)
    return apply(harbour, at=now, starts_on=(now + 30 * DAY).date())


def vetting_url(provider: Provider) -> str:
    return reverse("admin:insurance_provider_vetting", args=[provider.pk])


def step_url(application: QuoteApplication, name: str) -> str:
    row = application.invitations.get()
    return reverse(f"admin:insurance_invitation_{name}", args=[application.pk, row.pk])


def test_checks_and_the_decision_are_taken_on_one_page(insurance: Client) -> None:
    provider = make_provider()
    url = vetting_url(provider)

    for step in VettingStep:
        given = {"step": step.value, "passed": "yes", "reason": "Fine.", "source": "A register"}
        assert insurance.post(url, given).status_code == 302
    refused = insurance.post(url, {"move": "VET", "reason": "All stands."})
    assert (refused.status_code, ProviderDecision.objects.count()) == (409, 0)
    assert "A second person decides" in refused.content.decode()
    assert signed_in(INSURANCE).post(url, {"move": "VET", "reason": "All."}).status_code == 302

    provider.refresh_from_db()
    assert (provider.status, VettingCheck.objects.count()) == ("VETTED", 7)


def test_a_check_without_words_is_said(insurance: Client) -> None:
    answer = insurance.post(vetting_url(make_provider()), {"step": "TERMS", "passed": "no"})

    page = answer.content.decode()
    assert (answer.status_code, VettingCheck.objects.count()) == (422, 0)
    assert "Say what you found" in page
    assert "Name the source" in page


def test_auditors_look_and_adjusters_and_auditors_change_nothing(
    application: QuoteApplication,
) -> None:
    provider = Provider.objects.get(legal_name="Harbour Mutual")
    looks = [
        vetting_url(provider),
        reverse("admin:insurance_provider_vetting_queue"),
        reverse("admin:insurance_provider_scorecard"),
        reverse("admin:insurance_quoteapplication_change", args=[application.pk]),
        reverse("admin:insurance_quoteapplication_changelist"),
    ]
    close = reverse("admin:insurance_application_close", args=[application.pk])
    acts = [
        vetting_url(provider),
        close,
        step_url(application, "revoke"),
        step_url(application, "again"),
        reverse("admin:insurance_provider_import"),
    ]

    for role in (AUDITOR, ADJUSTER):
        client = signed_in(role)
        assert [client.get(url).status_code for url in looks] == [200] * 5
        assert [client.post(url, {"reason": "x"}).status_code for url in acts] == [403] * 5
    assert [Client().get(url).status_code for url in [*looks, *acts]] == [302] * 10
    application.refresh_from_db()
    assert (application.state, invitation(application, provider).state) == ("OPEN", "SENT")


def test_operations_take_a_link_back_send_a_new_one_and_close(
    insurance: Client, application: QuoteApplication
) -> None:
    row = application.invitations.get()
    page = reverse("admin:insurance_quoteapplication_change", args=[application.pk])
    close = reverse("admin:insurance_application_close", args=[application.pk])

    assert "Give the reason" in insurance.post(step_url(application, "revoke")).content.decode()
    assert insurance.get(step_url(application, "revoke")).status_code == 200
    assert insurance.post(step_url(application, "revoke"), {"reason": "Wrong."})["Location"] == page
    row.refresh_from_db()
    assert row.state == "REVOKED"
    # A GET sends nothing.
    insurance.get(step_url(application, "again"))
    row.refresh_from_db()
    assert (row.state, row.link_number) == ("REVOKED", 1)
    insurance.post(step_url(application, "again"))
    row.refresh_from_db()
    assert (row.state, row.link_number) == ("SENT", 2)
    assert token_of(row) not in insurance.get(page).content.decode()

    assert insurance.post(close, {"reason": "Asked twice."})["Location"] == page
    application.refresh_from_db()
    assert (application.state, application.close_reason) == ("CLOSED", "Asked twice.")
    again = insurance.post(close, {"reason": "Asked twice."})
    assert (again.status_code, "no longer open" in again.content.decode()) == (409, True)
    assert (
        "no longer open"
        in insurance.post(step_url(application, "again"), follow=True).content.decode()
    )


def test_nobody_edits_an_application(insurance: Client, application: QuoteApplication) -> None:
    base = "admin:insurance_quoteapplication"

    assert insurance.get(reverse(f"{base}_add")).status_code == 403
    assert insurance.get(reverse(f"{base}_delete", args=[application.pk])).status_code == 403


def test_status_and_vetting_dates_are_not_edited_by_hand(insurance: Client) -> None:
    provider = make_provider()
    url = reverse("admin:insurance_provider_change", args=[provider.pk])
    form = insurance.get(url).context["adminform"].form

    assert {"status", "vetted_on", "vet_again_by", "is_made_up"}.isdisjoint(form.fields)


def test_a_rating_without_source_is_refused_in_words(insurance: Client) -> None:
    url = reverse("admin:insurance_provider_add")
    given: dict[str, Any] = {
        "legal_name": "New Ltd",
        "kind": "BROKER",
        "rating": "A",
        "source_mark": "D",
        "appetites-TOTAL_FORMS": "0",
        "appetites-INITIAL_FORMS": "0",
    }

    answer = insurance.post(url, given)

    assert "Give a rating with its agency, date and source." in answer.content.decode()
    assert Provider.objects.filter(legal_name="New Ltd").count() == 0


def test_the_queue_flags_what_is_past_and_soon(insurance: Client) -> None:
    today = timezone.now().date()
    for name, days in (("Past", -1), ("Soon", 30), ("Later", 200)):
        make_provider(name, status="VETTED", vetted_on=today, vet_again_by=today + days * DAY)

    answer = insurance.get(reverse("admin:insurance_provider_vetting_queue"))

    tones = {row["provider"].legal_name: row["tone"] for row in answer.context["providers"]}
    assert [tones[name] for name in ("Past", "Soon", "Later")] == ["past", "soon", ""]
    # Nothing happened by itself.
    assert set(
        Provider.objects.filter(legal_name__in=tones, vet_again_by__isnull=False).values_list(
            "status", flat=True
        )
    ) == {"VETTED"}


def test_near_insurers_are_suggested_with_their_source(insurance: Client) -> None:
    KnownInsurer.objects.create(
        naic_code="12345", legal_name="Harbour Mutual Ins Co", source="A table", listed_on=AT.date()
    )
    KnownInsurer.objects.create(
        naic_code="99999", legal_name="Nothing Alike", source="A table", listed_on=AT.date()
    )

    page = insurance.get(vetting_url(make_provider())).content.decode()

    assert "Harbour Mutual Ins Co, 12345" in page
    assert "A table, 16 Nov 2026" in page
    assert "99999" not in page


def test_the_scorecard_counts_a_period(insurance: Client) -> None:
    harbour, oak = make_vetted("Harbour Mutual"), make_vetted("Oak Casualty")
    first = apply(harbour, oak)
    policy = accept_quote(
        quote=quote(first, harbour, at=AT + 5 * DAY), at=AT + 6 * DAY, by=make_user()
    )
    policy.number = "GL-1"
    policy.save()
    submit_policy(policy=policy, at=AT + 7 * DAY)
    second = apply(harbour, oak, at=AT + DAY)
    quote(second, harbour, at=AT + 6 * DAY + timedelta(seconds=1), premium_minor=1)
    apply(harbour, at=AT - 100 * DAY)

    found = scorecard(first=AT, until=AT + 2 * DAY)

    counts = {"quoted": 2, "declined": 0, "unanswered": 0, "accepted": 1, "refused": 1}
    assert found == [
        Score(
            provider_id=harbour.pk,
            name="Harbour Mutual",
            asked=2,
            answered=2,
            in_time=1,
            **counts,
        ),
        Score(
            provider_id=oak.pk,
            name="Oak Casualty",
            asked=2,
            answered=0,
            in_time=0,
            **dict.fromkeys(counts, 0),
        ),
    ]


def test_the_scorecard_page_takes_a_period(insurance: Client) -> None:
    apply(make_vetted())
    url = reverse("admin:insurance_provider_scorecard")

    shown = insurance.get(f"{url}?first=2026-11-16&last=2026-11-16")
    assert [score.name for score in shown.context["scores"]] == ["Harbour Mutual"]
    assert insurance.get(f"{url}?first=2026-11-17&last=2026-11-18").context["scores"] == []
    wrong = insurance.get(f"{url}?first=2026-11-18&last=2026-11-17").content.decode()
    assert "The period ends before it begins" in wrong


def test_all_steps_of_a_vetted_provider_stand_on_the_page(insurance: Client) -> None:
    provider = make_provider()
    check_all(provider, by=make_user(), at=timezone.now())

    lines = insurance.get(vetting_url(provider)).context["steps"]

    assert [line.standing.stands for line in lines] == [True] * 7
