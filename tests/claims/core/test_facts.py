"""What one claim's facts answer by themselves (rules §2, §3)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from claims.facts import PayeeFacts
from tests.claims.core.facts_made import NOON, clock, facts, terms

# Midnight of 2 March 2026 in Los Angeles.
MIDNIGHT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def test_clock_finds_the_open_clock_of_a_kind() -> None:
    first, second = clock("DECISION"), clock("SELLER_RESPONSE", number=2)
    found = facts(clocks=(first, second))

    assert found.clock("SELLER_RESPONSE") is second
    assert found.clock("DECISION") is first
    assert found.clock("CLAIMANT_ANSWER") is None


@pytest.mark.parametrize(
    ("at", "zone", "expected"),
    [
        (MIDNIGHT, "America/Los_Angeles", date(2026, 3, 2)),
        (MIDNIGHT - timedelta(microseconds=1), "America/Los_Angeles", date(2026, 3, 1)),
        (datetime(2026, 3, 2, 15, 0, tzinfo=UTC), "Asia/Tokyo", date(2026, 3, 3)),
    ],
)
def test_the_local_date_is_the_marketplaces(at: datetime, zone: str, expected: date) -> None:
    assert facts(zone=ZoneInfo(zone)).local_date(at) == expected


@pytest.mark.parametrize(
    ("born_on", "at", "expected"),
    [
        (None, MIDNIGHT, False),
        (date(1980, 1, 1), MIDNIGHT, False),
        (date(2015, 1, 1), MIDNIGHT, True),
        # of age on the eighteenth birthday, at midnight of the marketplace and not before
        (date(2008, 3, 2), MIDNIGHT, False),
        (date(2008, 3, 2), MIDNIGHT - timedelta(microseconds=1), True),
        (date(2008, 3, 3), MIDNIGHT, True),
        # born on a leap day: of age on 1 March
        (date(2008, 2, 29), datetime(2026, 3, 1, 12, tzinfo=UTC), False),
        (date(2008, 2, 29), datetime(2026, 2, 28, 12, tzinfo=UTC), True),
    ],
)
def test_under_eighteen_is_a_minor(born_on: date | None, at: datetime, *, expected: bool) -> None:
    assert facts(claimant_born_on=born_on).claimant_is_minor(at) is expected


def test_the_age_of_majority_is_a_figure_of_the_terms() -> None:
    twenty = facts(terms=terms("JP", adult_age=20), claimant_born_on=date(2007, 1, 1))

    assert twenty.claimant_is_minor(NOON)
    assert not facts(claimant_born_on=date(2007, 1, 1)).claimant_is_minor(NOON)


@pytest.mark.parametrize(
    ("severity", "has_injury_lines", "expected"),
    [
        ("NONE", False, False),
        ("NONE", True, True),
        ("FIRST_AID", False, True),
        ("DEATH", True, True),
    ],
)
def test_an_injury_is_a_hurt_person_or_its_cost(
    severity: str, *, has_injury_lines: bool, expected: bool
) -> None:
    assert facts(severity=severity, has_injury_lines=has_injury_lines).is_injury is expected


def test_changed_payee_details_cool_for_72_hours() -> None:
    changed = PayeeFacts(1, "Customer", NOON, given_with_report=False)

    assert facts(payee=changed).payee_cools_until() == NOON + timedelta(hours=72)
    assert facts(payee=None).payee_cools_until() is None
    reported = PayeeFacts(1, "Customer", NOON, given_with_report=True)
    assert facts(payee=reported).payee_cools_until() is None
