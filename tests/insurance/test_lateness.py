"""What of insurance waits: counted, dated, among the gauges and on the page of clocks."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from claims.roles import AUDITOR, INSURANCE
from insurance.accelerator.sweep import sweep_quotes
from insurance.certificates.reading_due import take_next
from insurance.lateness import WORDS, Late, late_of_insurance, measure
from insurance.models import Provider, QuoteInvitation
from tests.factories import make_seller, make_user
from tests.insurance.accelerator.rows import AT, apply, make_vetted, quote
from tests.insurance.certificates_flow.world import PDF, confirmed, kept, read, sound

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "files")


def late(at: object) -> dict[str, tuple[int, object]]:
    """What waits at a moment, without what does not."""
    found = late_of_insurance(at=at)  # type: ignore[arg-type]
    assert [one.name for one in found] == list(WORDS)
    return {one.name: (one.count, one.since) for one in found if one.count}


def test_nothing_waits() -> None:
    assert late_of_insurance(at=AT) == [Late(name, 0, None) for name in WORDS]
    assert set(measure(at=AT).values()) == {0.0}


def test_a_file_is_unread_until_a_worker_has_read_it() -> None:
    """The oldest one counts, also while a worker holds it: its lease may never be used."""
    first = kept(make_seller(), at=AT)
    kept(make_seller(), content=PDF + b"2", at=AT + MINUTE)
    assert late(AT + MINUTE) == {"unread_certificate": (2, AT)}
    assert take_next(at=AT + MINUTE) == first
    assert late(AT + MINUTE) == {"unread_certificate": (2, AT)}
    gauges = measure(at=AT + 10 * MINUTE)
    assert {name: value for name, value in gauges.items() if value} == {
        "redress_oldest_unread_certificate_seconds": 600.0,
        "redress_unread_certificates": 2.0,
    }


def test_then_it_waits_for_its_seller_and_then_for_a_person() -> None:
    file = kept(make_seller("Kettle House LLC"), at=AT)
    read(file, at=AT)
    assert late(AT + DAY) == {}, "its seller is asked, not we"
    confirmed(file, sound(expires_on=date(2027, 12, 31)), at=AT + DAY)
    assert late(AT + 2 * DAY) == {"unreviewed_certificate": (1, AT + DAY)}


def test_rows_of_quotes_wait_from_their_moment_until_the_sweep() -> None:
    harbour = make_vetted("Harbour Mutual", quote_within_days=None)
    application = apply(harbour)
    assert late(AT + 7 * DAY - MINUTE) == {}
    assert late(AT + 7 * DAY) == {"overdue_quote": (1, AT + 7 * DAY)}
    sweep_quotes(at=AT + 7 * DAY)
    assert late(AT + 7 * DAY) == {}
    offer = quote(application, harbour, at=AT + 8 * DAY)
    assert late(offer.expires_at) == {"overdue_quote": (1, offer.next_at)}


@pytest.mark.parametrize("days", [None, 5])
def test_a_provider_is_late_after_the_days_it_promises(days: int | None) -> None:
    harbour = make_vetted("Harbour Mutual", quote_within_days=days)
    application = apply(harbour)
    found = late(AT + 6 * DAY)
    assert found == ({"late_provider_answer": (1, AT + 5 * DAY)} if days else {})
    quote(application, harbour, at=AT + 6 * DAY)
    assert late(AT + 6 * DAY) == {}


def test_it_costs_a_query_a_table(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(6):
        measure(at=AT)


def test_the_page_of_clocks_leads_to_what_waits(client: Client) -> None:
    client.force_login(make_user(role=AUDITOR))
    clocks = reverse("admin:claims_watch")
    queue = reverse("admin:insurance_certificate_review_queue")
    assert queue not in client.get(clocks).content.decode().partition("What waits in insurance")[2]

    kept(make_seller(), at=timezone.now() - DAY)
    page = client.get(clocks).content.decode().partition("What waits in insurance")[2]

    assert f'<a href="{queue}">{WORDS["unread_certificate"]}</a>' in page


def test_applications_with_a_late_provider_are_a_list_of_their_own(client: Client) -> None:
    now = timezone.now()
    on_time: Provider = make_vetted("Oak Casualty", at=now)
    late_one = make_vetted("Harbour Mutual", at=now)
    starts_on = (now + 30 * DAY).date()
    slow = apply(late_one, at=now, starts_on=starts_on)
    quick = apply(on_time, at=now, starts_on=starts_on)
    QuoteInvitation.objects.filter(provider=late_one).update(sent_at=now - 6 * DAY)
    client.force_login(make_user(role=INSURANCE))
    listed = reverse("admin:insurance_quoteapplication_changelist")

    def shown(query: str) -> set[int]:
        found = client.get(f"{listed}{query}").context["cl"].queryset
        return set(found.values_list("pk", flat=True))

    assert shown("") == {slow.pk, quick.pk}
    assert shown("?late=1") == {slow.pk}
