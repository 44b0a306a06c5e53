"""What the days of a waiting certificate's seller count to, in words and as a date."""

from datetime import date, timedelta

import pytest

from insurance.certificates.queue import Waiting
from insurance.compliance import Compliance, ComplianceStatus as C
from insurance.models import Certificate

TODAY = date(2026, 3, 2)


def waiting(status: C, days_left: int | None) -> Waiting:
    return Waiting(
        certificate=Certificate(),
        compliance=Compliance(
            status=status,
            requirement=None,
            days_left=days_left,
            cover_ends_on=None,
            defects=(),
            reason="",
        ),
        proof_due_at=None,
        promised_on=TODAY,
        is_late=False,
        today=TODAY,
        shared_with=(),
    )


@pytest.mark.parametrize(
    ("status", "days", "words"),
    [
        (C.DUE, 12, "Proof due"),
        (C.REFUSED, 12, "Proof due"),
        (C.OVERDUE, -3, "Proof due"),
        (C.PROVEN, 305, "Cover ends"),
        (C.EXPIRING, 7, "Cover ends"),
        (C.LAPSED, -30, "Cover ended"),
        (C.WAIVED, 5, "Waiver ends"),
    ],
)
def test_the_days_of_a_seller_count_to_what_its_standing_says(
    status: C, days: int, words: str
) -> None:
    row = waiting(status, days)

    assert (row.ends_what, row.ends_on) == (words, TODAY + timedelta(days))


def test_where_nothing_is_asked_nothing_ends() -> None:
    assert waiting(C.NOT_REQUIRED, None).ends_on is None
