"""Balances and bearers, from the ledger alone, at any moment (rules §3, §6)."""

from datetime import datetime, timedelta

import pytest

from claims.ledger import Bearers, balances, borne_by, entries_of
from claims.models import Account, Claim, LedgerEntry
from tests.factories import NOON, report

pytestmark = pytest.mark.django_db
A = Account


def post(claim: Claim, debit: Account, credit: Account, amount: int, at: datetime = NOON) -> None:
    number = LedgerEntry.objects.count()
    LedgerEntry.objects.create(
        claim=claim,
        event_version=1,
        key=f"k{number}",
        debit=debit,
        credit=credit,
        amount_minor=amount,
        currency="USD",
        posted_at=at,
    )


def test_no_entries_no_cost() -> None:
    claim = report()

    assert balances(entries_of(claim)) == {}
    assert borne_by(claim) == Bearers(0, 0, 0)


def test_balances_are_debits_less_credits_and_sum_to_zero() -> None:
    claim = report()
    post(claim, A.PROGRAMME_EXPENSE, A.CLAIMS_PAYABLE, 100)
    post(claim, A.CLAIMS_PAYABLE, A.PAYOUT_CLEARING, 60)

    found = balances(entries_of(claim))
    assert found == {
        A.PROGRAMME_EXPENSE: 100,
        A.CLAIMS_PAYABLE: -40,
        A.PAYOUT_CLEARING: -60,
    }
    assert sum(found.values()) == 0


def test_each_event_moves_the_cost_to_who_bears_it_then() -> None:
    """Approved, paid, charged, insurer, collected, withheld, written off, cancelled: in turn."""
    claim = report()
    story = [
        (A.PROGRAMME_EXPENSE, A.CLAIMS_PAYABLE, 100, Bearers(100, 0, 0)),
        (A.CLAIMS_PAYABLE, A.PAYOUT_CLEARING, 100, Bearers(100, 0, 0)),
        (A.SELLER_RECEIVABLE, A.PROGRAMME_EXPENSE, 100, Bearers(0, 100, 0)),
        (A.INSURER_RECEIVABLE, A.SELLER_RECEIVABLE, 30, Bearers(0, 70, 30)),
        (A.PAYOUT_CLEARING, A.INSURER_RECEIVABLE, 30, Bearers(0, 70, 30)),
        (A.DISBURSEMENTS_WITHHELD, A.SELLER_RECEIVABLE, 70, Bearers(0, 70, 30)),
        (A.PAYOUT_CLEARING, A.DISBURSEMENTS_WITHHELD, 20, Bearers(0, 70, 30)),
        (A.RECOVERIES_WRITTEN_OFF, A.DISBURSEMENTS_WITHHELD, 50, Bearers(50, 20, 30)),
        (A.SELLER_RECEIVABLE, A.RECOVERIES_WRITTEN_OFF, 50, Bearers(0, 70, 30)),
        (A.SELLER_RECEIVABLE, A.PAYOUT_CLEARING, 20, Bearers(0, 70, 30)),
        (A.INSURER_RECEIVABLE, A.PAYOUT_CLEARING, 30, Bearers(0, 70, 30)),
        (A.SELLER_RECEIVABLE, A.INSURER_RECEIVABLE, 30, Bearers(0, 100, 0)),
        (A.PROGRAMME_EXPENSE, A.SELLER_RECEIVABLE, 100, Bearers(100, 0, 0)),
    ]
    for hour, (debit, credit, amount, expected) in enumerate(story):
        post(claim, debit, credit, amount, NOON + timedelta(hours=hour))
        assert borne_by(claim) == expected, (hour, debit, credit)
    for hour, (*_, expected) in enumerate(story):
        assert borne_by(claim, at=NOON + timedelta(hours=hour)) == expected


def test_a_moment_includes_what_was_posted_at_it() -> None:
    claim = report()
    post(claim, A.PROGRAMME_EXPENSE, A.CLAIMS_PAYABLE, 100)

    assert borne_by(claim, at=NOON) == Bearers(100, 0, 0)
    assert borne_by(claim, at=NOON - timedelta(microseconds=1)) == Bearers(0, 0, 0)


def test_other_claims_do_not_count() -> None:
    claim, other = report(), report()
    post(other, A.PROGRAMME_EXPENSE, A.CLAIMS_PAYABLE, 100)

    assert list(entries_of(claim)) == []
    assert borne_by(claim) == Bearers(0, 0, 0)
