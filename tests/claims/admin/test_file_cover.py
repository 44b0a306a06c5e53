"""The claim file says which policy answers for the loss (rules §4)."""

from datetime import date

import pytest

from claims.admin.file_cover import PolicyLine, policy_lines
from tests.claims.core.world import prove_cover
from tests.factories import NOON, report_awaiting_seller

pytestmark = pytest.mark.django_db


def test_a_proven_policy_answers_with_its_reasons() -> None:
    claim = report_awaiting_seller()
    prove_cover(claim.seller, at=NOON)
    assert policy_lines(claim) == [
        PolicyLine(
            policy="Harbour Mutual, policy GL-1 (proven)",
            verdict="Answers for up to $1,500.00",
            tone="good",
            reasons=(
                "Cover was in force on 20 February 2026.",
                "1,000,000.00 USD of the limits is left for this loss.",
                "The seller bears a deductible of 1,000.00 USD.",
            ),
        )
    ]


def test_a_policy_that_had_ended_says_so() -> None:
    claim = report_awaiting_seller()
    policy = prove_cover(claim.seller, at=NOON)
    policy.expires_on = date(2026, 2, 20)
    policy.save()
    [line] = policy_lines(claim)
    assert (line.verdict, line.tone) == ("Does not answer", "quiet")
    assert line.reasons == (
        "Cover ran from 1 July 2025 to 20 February 2026, and was not in force on 20 February 2026.",
    )


def test_without_policies_there_is_nothing_to_say() -> None:
    assert policy_lines(report_awaiting_seller()) == []
