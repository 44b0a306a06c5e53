"""Clocks of quotes: reminders and ends, each once, however late the sweep comes."""

from datetime import timedelta
from typing import Any

import pytest

from insurance.accelerator.choosing import accept_quote
from insurance.accelerator.quoting import next_moment
from insurance.accelerator.sweep import sweep_quotes
from insurance.models import InsuranceLetter, Provider, QuoteApplication
from tests.factories import make_user
from tests.insurance.accelerator.rows import AT, TODAY, apply, invitation, make_vetted, quote

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def harbour() -> Provider:
    return make_vetted("Harbour Mutual")


@pytest.fixture
def oak() -> Provider:
    return make_vetted("Oak Casualty")


def written(application: QuoteApplication) -> list[str]:
    """The kinds of letters after the first ones that asked."""
    kinds = InsuranceLetter.objects.filter(seller=application.seller).exclude(kind="QUOTE_ASKED")
    return list(kinds.order_by("pk").values_list("kind", flat=True))


def stand(application: QuoteApplication, provider: Provider) -> tuple[Any, ...]:
    row = invitation(application, provider)
    return row.state, row.reminders, row.next_at


def test_a_provider_is_reminded_seven_and_two_days_before_the_end(harbour: Provider) -> None:
    application = apply(harbour)

    assert sweep_quotes(at=AT + 7 * DAY - SECOND) == 0
    assert sweep_quotes(at=AT + 7 * DAY) == 1
    assert stand(application, harbour) == ("SENT", 1, AT + 12 * DAY)
    assert sweep_quotes(at=AT + 7 * DAY) == 0
    assert sweep_quotes(at=AT + 12 * DAY) == 1
    assert stand(application, harbour) == ("SENT", 2, AT + 14 * DAY)
    assert sweep_quotes(at=AT + 14 * DAY) == 1
    assert stand(application, harbour) == ("EXPIRED", 2, None)
    assert sweep_quotes(at=AT + 15 * DAY) == 0
    assert written(application) == ["QUOTE_REMINDER", "QUOTE_REMINDER"]


def test_missed_reminders_are_not_written_after_the_end(harbour: Provider) -> None:
    application = apply(harbour)

    assert sweep_quotes(at=AT + 20 * DAY) == 1

    assert stand(application, harbour) == ("EXPIRED", 0, None)
    assert written(application) == []


def test_who_answered_is_not_reminded(harbour: Provider) -> None:
    application = apply(harbour)
    quote(application, harbour)

    assert sweep_quotes(at=AT + 13 * DAY) == 0
    assert written(application) == ["QUOTE_RECEIVED"]


def test_the_seller_is_reminded_of_a_quote_and_told_of_its_end(harbour: Provider) -> None:
    application = apply(harbour)
    offered = quote(application, harbour, valid_until=TODAY + 10 * DAY)

    assert sweep_quotes(at=offered.expires_at - 3 * DAY) == 1
    assert sweep_quotes(at=offered.expires_at - SECOND) == 0
    assert sweep_quotes(at=offered.expires_at) == 1
    assert sweep_quotes(at=offered.expires_at) == 0

    offered.refresh_from_db()
    assert (offered.state, offered.next_at) == ("EXPIRED", None)
    assert written(application) == ["QUOTE_RECEIVED", "QUOTE_ENDING", "QUOTE_ENDED"]
    application.refresh_from_db()
    assert application.state == "OPEN"


def test_a_quote_valid_for_days_only_is_not_reminded_at_once(harbour: Provider) -> None:
    application = apply(harbour)
    offered = quote(application, harbour, valid_until=TODAY)

    assert offered.next_at == offered.expires_at
    assert sweep_quotes(at=AT) == 0


def test_an_application_lives_as_long_as_its_longest_quote(harbour: Provider) -> None:
    application = apply(harbour)
    offered = quote(application, harbour, valid_until=TODAY + 90 * DAY)

    application.refresh_from_db()
    assert application.expires_at == application.next_at == offered.expires_at


def test_an_application_ends_with_all_that_is_open(harbour: Provider, oak: Provider) -> None:
    application = apply(harbour, oak)
    ends = AT + 60 * DAY
    # Asked again late, so that a link still lives when the application ends.
    sweep_quotes(at=AT + 20 * DAY)

    assert sweep_quotes(at=ends) == 1

    application.refresh_from_db()
    assert (application.state, application.closed_at, application.next_at) == (
        "EXPIRED",
        ends,
        None,
    )
    assert written(application) == ["APPLICATION_ENDED"]
    assert sweep_quotes(at=ends + DAY) == 0


def test_nothing_is_due_after_a_quote_was_accepted(harbour: Provider, oak: Provider) -> None:
    application = apply(harbour, oak)
    accept_quote(quote=quote(application, harbour), at=AT, by=make_user())
    before = written(application)

    assert sweep_quotes(at=AT + 400 * DAY) == 0
    assert written(application) == before


def test_a_batch_is_bounded_and_the_rest_comes_next(harbour: Provider, oak: Provider) -> None:
    apply(harbour, oak)

    assert [sweep_quotes(at=AT + 7 * DAY, limit=1) for _ in range(3)] == [1, 1, 0]


def test_the_next_moment_is_the_first_reminder_that_lies_ahead() -> None:
    ends = AT + 14 * DAY

    def after(days: int) -> Any:
        moment = next_moment(ends_at=ends, reminder_days=[2, 7], after=AT + days * DAY)
        return (moment - AT).days

    assert [after(days) for days in (0, 6, 7, 11, 12, 13)] == [7, 7, 12, 12, 14, 14]
    assert next_moment(ends_at=ends, reminder_days=[], after=AT) == ends
