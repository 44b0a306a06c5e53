"""What a reminder says: how long is left, and what a missing proof would cost (rules §8)."""

from datetime import timedelta

import pytest

from claims.letter_text import render
from claims.models import Claim, Notice
from claims.operations.reminding import left_in_words, remind_due
from claims.providers.sandbox import SandboxProvider
from sellers.money import display_amount
from tests.claims.core.world import DAY, DUE, pay_out, require_cover
from tests.factories import NOON, make_order, make_seller, report_assessed, report_awaiting_seller

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (3 * DAY, "3 days"),
        (3 * DAY - timedelta(seconds=30), "3 days"),
        (3 * DAY - 11 * MINUTE, "2 days and 23 hours"),
        (DAY + HOUR, "1 day and 1 hour"),
        (DAY, "1 day"),
        (23 * HOUR, "23 hours"),
        (2 * HOUR, "2 hours"),
        (2 * HOUR - 10 * MINUTE, "2 hours"),
        (HOUR, "1 hour"),
        (49 * MINUTE, "less than an hour"),
        (timedelta(microseconds=1), "less than an hour"),
    ],
)
def test_the_time_left_in_words(left: timedelta, words: str) -> None:
    assert left_in_words(left) == words


def the_reminder(claim: Claim) -> Notice:
    return Notice.objects.get(claim=claim, kind__endswith="_REMINDER")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "words"), [(3 * DAY, "3 days"), (DAY, "1 day"), (2 * HOUR, "2 hours")]
)
def test_each_of_the_three_says_what_is_left(before: timedelta, words: str) -> None:
    claim = report_awaiting_seller()
    remind_due(at=DUE - before)

    notice = the_reminder(claim)
    assert notice.facts == {"due_at": DUE.isoformat(), "left": words}
    assert f"Time left: {words}\n" in render(notice)[1]


@pytest.mark.django_db
def test_a_reminder_of_proof_says_what_is_at_stake(provider: SandboxProvider) -> None:
    seller = make_seller()
    require_cover(seller)
    claim = pay_out(report_assessed(make_order(seller), claimed_minor=80_000), provider, at=NOON)
    remind_due(at=DUE - DAY)

    notice = the_reminder(claim)
    assert notice.kind == "PROOF_REMINDER"
    assert notice.facts == {"due_at": DUE.isoformat(), "left": "1 day", "amount_minor": 80_000}
    amount = display_amount(80_000, currency="USD")
    assert f"we ask you to pay us back {amount} and may withhold it" in render(notice)[1]
