"""Every business event moves money between the two accounts the rules name (rules §6)."""

from collections import Counter

import pytest

from claims.ledger_postings import (
    RecoveryPosition,
    accrue,
    cancel_recovery,
    charge_insurer,
    charge_seller,
    collect,
    come_back,
    reverse_accrual,
    send_out,
    withhold,
    write_off,
)
from claims.models import Account
from claims.outcome import Posting

A = Account


@pytest.mark.parametrize(
    ("posting", "expected"),
    [
        (accrue(5, occasion="4"), Posting("accrue/4", A.PROGRAMME_EXPENSE, A.CLAIMS_PAYABLE, 5)),
        (
            reverse_accrual(5, occasion="4"),
            Posting("reverse/4", A.CLAIMS_PAYABLE, A.PROGRAMME_EXPENSE, 5),
        ),
        (send_out(5, occasion="R"), Posting("send/R", A.CLAIMS_PAYABLE, A.PAYOUT_CLEARING, 5)),
        (come_back(5, occasion="R"), Posting("return/R", A.PAYOUT_CLEARING, A.CLAIMS_PAYABLE, 5)),
        (
            charge_seller(5, occasion="4"),
            Posting("charge/4", A.SELLER_RECEIVABLE, A.PROGRAMME_EXPENSE, 5),
        ),
        (
            charge_insurer(5, occasion="4"),
            Posting("insurer/4", A.INSURER_RECEIVABLE, A.SELLER_RECEIVABLE, 5),
        ),
        (
            collect(5, receivable=A.INSURER_RECEIVABLE, occasion="4"),
            Posting("collect/4", A.PAYOUT_CLEARING, A.INSURER_RECEIVABLE, 5),
        ),
        (
            withhold(5, occasion="4"),
            Posting("withhold/4", A.DISBURSEMENTS_WITHHELD, A.SELLER_RECEIVABLE, 5),
        ),
        (
            write_off(5, receivable=A.SELLER_RECEIVABLE, occasion="4"),
            Posting("write-off/4", A.RECOVERIES_WRITTEN_OFF, A.SELLER_RECEIVABLE, 5),
        ),
    ],
)
def test_each_event_moves_between_its_two_accounts(posting: Posting, expected: Posting) -> None:
    assert posting == expected


def position(**amounts: int) -> RecoveryPosition:
    plain = dict.fromkeys(
        (
            "charged_minor",
            "taken_over_by_insurer_minor",
            "collected_from_seller_minor",
            "collected_from_insurer_minor",
            "withheld_minor",
            "written_off_minor",
        ),
        0,
    )
    return RecoveryPosition(**plain | amounts)


def test_what_the_seller_owes_is_what_is_left() -> None:
    found = position(
        charged_minor=1_000,
        taken_over_by_insurer_minor=300,
        collected_from_seller_minor=200,
        written_off_minor=100,
        withheld_minor=400,
    )

    assert found.owed_by_seller_minor == 400


def test_nothing_moved_leaves_nothing_to_cancel() -> None:
    assert cancel_recovery(position(), occasion="9") == ()


def test_a_cancelled_recovery_gives_everything_back() -> None:
    """Charged 1,000: 300 by the insurer (collected), 200 from the seller, 100 written off."""
    found = cancel_recovery(
        position(
            charged_minor=1_000,
            taken_over_by_insurer_minor=300,
            collected_from_insurer_minor=300,
            collected_from_seller_minor=200,
            withheld_minor=400,
            written_off_minor=100,
        ),
        occasion="9",
    )

    assert [(p.key, p.debit, p.credit, p.amount_minor) for p in found] == [
        ("cancel-written-off/9", A.SELLER_RECEIVABLE, A.RECOVERIES_WRITTEN_OFF, 100),
        ("cancel-release/9", A.SELLER_RECEIVABLE, A.DISBURSEMENTS_WITHHELD, 400),
        ("cancel-refund-seller/9", A.SELLER_RECEIVABLE, A.PAYOUT_CLEARING, 200),
        ("cancel-refund-insurer/9", A.INSURER_RECEIVABLE, A.PAYOUT_CLEARING, 300),
        ("cancel-insurer/9", A.SELLER_RECEIVABLE, A.INSURER_RECEIVABLE, 300),
        ("cancel-give-back/9", A.PROGRAMME_EXPENSE, A.SELLER_RECEIVABLE, 1_000),
    ]
    sums: Counter[str] = Counter()
    for posting in found:
        sums[posting.debit] += posting.amount_minor
        sums[posting.credit] -= posting.amount_minor
    assert {account: left for account, left in sums.items() if left} == {
        A.PROGRAMME_EXPENSE: 1_000,
        A.PAYOUT_CLEARING: -500,
        A.DISBURSEMENTS_WITHHELD: -400,
        A.RECOVERIES_WRITTEN_OFF: -100,
    }
