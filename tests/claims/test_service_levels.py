"""The promises to a claimant: by when, when met, and whether kept (rules §2, §7)."""

from datetime import UTC, datetime, timedelta

import pytest

from claims.letters import LetterKind
from claims.models import Notice, NoticeState
from claims.operations.intake import screen_out
from claims.service_levels import ServiceLevel, service_levels
from tests.claims.core.stories import settled
from tests.claims.core.world import DAY, adjuster, letters_leave
from tests.factories import NOON, make_order, report, report_assessed, report_awaiting_seller

MINUTE = timedelta(minutes=1)
# Reported on 2 March in Los Angeles: 15, 40 and 90 days there, after the clocks went forward.
ACKNOWLEDGE = datetime(2026, 3, 18, 7, tzinfo=UTC)
DECIDE = datetime(2026, 4, 12, 7, tzinfo=UTC)
PROMISE = datetime(2026, 6, 1, 7, tzinfo=UTC)


@pytest.mark.django_db
def test_a_fresh_claim_has_three_promises_to_keep() -> None:
    assert service_levels(report()) == (
        ServiceLevel("Acknowledged", ACKNOWLEDGE, None),
        ServiceLevel("Decided, service level", DECIDE, None),
        ServiceLevel("Decided, as promised", PROMISE, None),
    )


@pytest.mark.django_db
def test_days_are_the_marketplace_s_own() -> None:
    berlin = service_levels(report(make_order(market="DE")))
    assert berlin[0].due_at == datetime(2026, 3, 17, 23, tzinfo=UTC)


@pytest.mark.django_db
def test_a_claim_is_acknowledged_when_its_letter_left_and_not_before() -> None:
    claim = report()
    assert service_levels(claim)[0].met_at is None
    letters_leave(NOON + 3 * DAY)
    assert service_levels(claim)[0].met_at == NOON + 3 * DAY


@pytest.mark.django_db
def test_a_letter_that_bounced_acknowledges_nothing() -> None:
    claim = report()
    Notice.objects.filter(claim=claim, kind=LetterKind.CLAIM_RECEIVED).update(
        state=NoticeState.BOUNCED, sent_at=NOON, next_at=None
    )
    assert service_levels(claim)[0].met_at is None


@pytest.mark.django_db
def test_an_approval_decides() -> None:
    claim = report_assessed(claimed_minor=80_000)
    assert [level.met_at for level in service_levels(claim)] == [None, NOON, NOON]


@pytest.mark.django_db
def test_a_denial_and_a_settlement_decide_and_a_notified_seller_does_not() -> None:
    denied = screen_out(claim=report(), reason="A test order.", at=NOON + DAY, by=adjuster())
    assert service_levels(denied)[1].met_at == NOON + DAY
    assert service_levels(settled())[1].met_at == NOON + 5 * DAY
    assert service_levels(report_awaiting_seller())[1].met_at is None


@pytest.mark.parametrize(
    ("met_at", "at", "is_kept"),
    [
        (None, ACKNOWLEDGE - MINUTE, True),
        (None, ACKNOWLEDGE, False),
        (ACKNOWLEDGE - MINUTE, ACKNOWLEDGE + DAY, True),
        (ACKNOWLEDGE, ACKNOWLEDGE + DAY, False),
    ],
)
def test_a_promise_is_kept_before_its_moment_only(
    met_at: datetime | None, at: datetime, *, is_kept: bool
) -> None:
    assert ServiceLevel("Acknowledged", ACKNOWLEDGE, met_at).is_kept(at=at) is is_kept
