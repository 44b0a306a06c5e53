"""Reminders before a seller's deadline: 3 days, 1 day, 2 hours, each once (rules §8)."""

from datetime import UTC, datetime, timedelta

import pytest

from claims.lifecycle import ActorKind
from claims.models import Answer, Claim, Deadline, Notice
from claims.operations.intake import ask_claimant
from claims.operations.reminding import remind_due
from claims.providers.sandbox import SandboxProvider
from tests.claims.core.world import (
    DAY,
    DUE,
    adjuster,
    answer_seller,
    pay_out,
    reject,
    require_cover,
    snapshot,
)
from tests.factories import (
    NOON,
    make_order,
    make_seller,
    report,
    report_assessed,
    report_awaiting_seller,
)

pytestmark = pytest.mark.django_db
MOMENTS = [DUE - 3 * DAY, DUE - DAY, DUE - timedelta(hours=2)]


def reminders(claim: Claim) -> list[Notice]:
    return list(Notice.objects.filter(claim=claim, kind__endswith="_REMINDER").order_by("id"))


def next_reminder() -> object:
    return Deadline.objects.get(kind="SELLER_RESPONSE").remind_at


def test_each_reminder_leaves_once_at_its_moment() -> None:
    claim = report_awaiting_seller()
    for number, moment in enumerate(MOMENTS, start=1):
        assert remind_due(at=moment - timedelta(microseconds=1)) == 0
        assert remind_due(at=moment) == 1
        assert remind_due(at=moment) == 0
        assert len(reminders(claim)) == number
    assert next_reminder() is None
    assert [n.written_at for n in reminders(claim)] == MOMENTS


def test_a_reminder_is_a_letter_to_the_seller() -> None:
    claim = report_awaiting_seller()
    remind_due(at=MOMENTS[0])

    (notice,) = reminders(claim)
    assert (notice.kind, notice.recipient, notice.to, notice.state, notice.next_at) == (
        "RESPONSE_REMINDER",
        ActorKind.SELLER,
        claim.seller.email,
        "QUEUED",
        MOMENTS[0],
    )
    assert notice.facts["due_at"] == DUE.isoformat()
    assert notice.event_version == claim.version


def test_of_several_missed_ones_only_one_is_written() -> None:
    claim = report_awaiting_seller()
    assert remind_due(at=DUE - timedelta(hours=1)) == 1

    assert len(reminders(claim)) == 1
    assert next_reminder() is None


def test_after_the_deadline_nothing_is_written() -> None:
    claim = report_awaiting_seller()
    assert remind_due(at=DUE) == 1

    assert reminders(claim) == []
    assert next_reminder() is None


def test_an_answered_claim_is_not_reminded() -> None:
    reject(report_awaiting_seller())
    before = snapshot()

    assert remind_due(at=MOMENTS[1]) == 0
    assert snapshot() == before


def test_only_sellers_are_reminded() -> None:
    report()
    ask_claimant(claim=report(), question="Q", at=NOON, by=adjuster())

    assert not Deadline.objects.filter(remind_at__isnull=False).exists()


def test_the_other_clocks_of_a_seller(provider: SandboxProvider) -> None:
    handled = answer_seller(report_awaiting_seller(), Answer.HANDLE)
    seller = make_seller()
    require_cover(seller)
    small = pay_out(report_assessed(make_order(seller), claimed_minor=80_000), provider, at=NOON)
    tendered = answer_seller(report_awaiting_seller(), Answer.TENDER)
    remind_due(at=MOMENTS[0])
    assert [n.kind for n in reminders(small)] == ["PROOF_REMINDER"]
    # 30 days from 3 March end with 2 April in Los Angeles
    remind_due(at=datetime(2026, 4, 3, 7, 0, tzinfo=UTC) - 3 * DAY)

    assert [n.kind for n in reminders(handled)] == ["SETTLEMENT_REMINDER"]
    assert reminders(tendered) == []


def test_the_limit_takes_the_earliest() -> None:
    claims = [report_awaiting_seller() for _ in range(3)]
    assert remind_due(at=MOMENTS[0], limit=2) == 2
    assert remind_due(at=MOMENTS[0], limit=2) == 1
    assert sorted(len(reminders(c)) for c in claims) == [1, 1, 1]
