"""Breaches of I1, I2, I4 and I9: each is made in the database or the book, and is seen as itself.

The owner of the database can do what its triggers forbid to everybody else.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from claims.invariants import Violation
from claims.models import (
    Claim,
    ClaimEvent,
    DailyAutomaticTotal,
    DamageLine,
    LedgerEntry,
    Payout,
    Recovery,
    RecoveryStatus,
)
from claims.operations.silence import lapse_due
from claims.providers.base import BookNotRead
from tests.claims.core.world import DAY, LAPSES, letters_leave, payout_of
from tests.claims.invariants.programme import Programme, erase, forge, verified
from tests.claims.providers.parties import instruction, provider_of
from tests.factories import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + 5 * DAY


def found(code: str, subject: object, what: str) -> Violation:
    return Violation(code, str(subject), what)


def pay_beside_us(programme: Programme, **changes: Any) -> None:
    """Money leaves at the provider without our database."""
    provider_of(programme.server).send(instruction(**changes))


def of_paid(programme: Programme) -> dict[str, Any]:
    """The one payment of the programme, as it was ordered."""
    payout = payout_of(programme.paid)
    assert payout.payee is not None
    return {
        "our_reference": payout.our_reference,
        "key": "another-key",
        "amount_minor": payout.amount_minor,
        "currency": payout.currency,
        "payee_name": payout.payee.name,
        "payee_account": payout.payee.account,
    }


def test_i1_two_payments_of_one_claim(programme: Programme) -> None:
    other = f"{programme.paid.reference}-99"
    pay_beside_us(programme, **of_paid(programme) | {"our_reference": other})
    ours = payout_of(programme.paid).our_reference
    twice = f"{ours} (SBX-000001), {other} (SBX-000002)"
    assert verified(programme) == [
        found(
            "I1",
            programme.paid.reference,
            f"paid 2 times for CLAIM, by the provider's book: {twice}",
        ),
        found(
            "I2",
            other,
            "the provider's book has it (SBX-000002, 250000 USD, CONFIRMED), and the database"
            " does not",
        ),
    ]


def test_i1_one_reference_twice(programme: Programme) -> None:
    pay_beside_us(programme, **of_paid(programme))
    ours = payout_of(programme.paid).our_reference
    assert verified(programme) == [
        found(
            "I1",
            programme.paid.reference,
            "paid 2 times for CLAIM, by the provider's book: "
            f"{ours} (SBX-000001), {ours} (SBX-000002)",
        )
    ]


def test_i1_one_reference_again_after_a_return(programme: Programme) -> None:
    programme.server.book.send_back("SBX-000001")
    pay_beside_us(programme, **of_paid(programme))
    ours = payout_of(programme.paid).our_reference
    assert verified(programme) == [
        found(
            "I1",
            ours,
            "one reference moved money 2 times, by the provider's book: SBX-000001, SBX-000002",
        )
    ]


def test_i2_a_payment_that_the_database_does_not_know(programme: Programme) -> None:
    pay_beside_us(programme, our_reference="RC-7K3M-92PX-1")
    assert verified(programme) == [
        found(
            "I2",
            "RC-7K3M-92PX-1",
            "the provider's book has it (SBX-000002, 40000 USD, CONFIRMED), and the database"
            " does not",
        )
    ]


def test_i2_a_payment_that_the_book_does_not_know(programme: Programme) -> None:
    forge(Payout.objects.filter(claim=programme.paid), our_reference="RC-0000-1")
    assert verified(programme) == [
        found(
            "I2",
            "RC-0000-1",
            "the database has it as CONFIRMED (250000 USD), and the provider's book has it not",
        ),
        found(
            "I2",
            f"{programme.paid.reference}-5",
            "the provider's book has it (SBX-000001, 250000 USD, CONFIRMED), and the database"
            " does not",
        ),
    ]


def test_i2_another_payee(programme: Programme) -> None:
    payout = payout_of(programme.paid)
    assert payout.payee is not None
    name, account = payout.payee.name, payout.payee.account
    forge(programme.paid.payee_details.all(), account="tok_thief")
    assert verified(programme) == [
        found(
            "I2",
            payout.our_reference,
            f"the provider has 250000 USD to {name} ({account}),"
            f" the database 250000 USD to {name} (tok_thief)",
        )
    ]


def test_i2_a_return_that_nobody_heard_of(programme: Programme) -> None:
    programme.server.book.send_back("SBX-000001")
    ours = payout_of(programme.paid).our_reference
    assert verified(programme) == []  # it may be on its way to us
    (one,) = [v for v in verified(programme, at=NOON + timedelta(minutes=6)) if v.invariant == "I2"]
    assert one == found(
        "I2", ours, "the provider says RETURNED since 2026-03-02 20:00 UTC, the database CONFIRMED"
    )


def test_i2_a_payment_that_was_never_sent_by_our_book(programme: Programme) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE claims_payout SET state = 'QUEUED', next_at = %s WHERE claim_id = %s",
            [LATER, programme.paid.pk],
        )
    kinds = {(v.invariant, v.subject) for v in verified(programme, at=NOON + timedelta(minutes=6))}
    assert ("I2", payout_of(programme.paid).our_reference) in kinds


def test_a_book_that_is_not_shown_proves_nothing(programme: Programme) -> None:
    programme.server.__exit__(None, None, None)
    with pytest.raises(BookNotRead, match="book was not read"):
        verified(programme)


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE claims_ledgerentry DISABLE TRIGGER {trigger}",
        "ALTER TABLE claims_ledgerentry ENABLE REPLICA TRIGGER {trigger}",
        "DROP TRIGGER {trigger} ON claims_ledgerentry",
    ],
)
def test_i4_a_trigger_that_is_off(programme: Programme, sql: str) -> None:
    del programme
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'claims_ledgerentry'::regclass"
            " AND NOT tgisinternal"
        )
        ((trigger,),) = cursor.fetchall()
        cursor.execute(sql.format(trigger=trigger))
    from claims.invariants import verify

    assert verify(at=NOON, book=None) == [
        found(
            "I4",
            "claims_ledgerentry",
            "its trigger ledger_never_changes is gone or switched off",
        )
    ]


def test_i4_a_constraint_that_is_gone(programme: Programme) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE claims_ledgerentry DROP CONSTRAINT entry_amount_positive")
    assert verified(programme) == [
        found("I4", "entry_amount_positive", "the ledger's constraint is gone or not enforced")
    ]


def test_i4_an_entry_that_is_gone(programme: Programme) -> None:
    claim = programme.paid
    erase(LedgerEntry.objects.filter(claim=claim, key__contains="/send/"))
    assert verified(programme) == [
        found(
            "I4",
            claim.reference,
            "the ledger says that 0 left for the claimant, the payouts 250000",
        ),
        found("I4", claim.reference, "the ledger owes the claimant 250000, the claim 0"),
    ]


def test_i4_an_entry_of_no_event(programme: Programme) -> None:
    entry = LedgerEntry.objects.get(claim=programme.approved)
    forge(LedgerEntry.objects.filter(pk=entry.pk), posted_at=NOON + 9 * DAY)
    assert verified(programme) == [
        found(
            "I4",
            programme.approved.reference,
            f"the entry {entry.key} (250000 USD) does not belong to an event of its moment and"
            " currency",
        )
    ]


def test_i4_another_amount(programme: Programme) -> None:
    forge(LedgerEntry.objects.filter(claim=programme.approved), amount_minor=250_001)
    assert verified(programme) == [
        found(
            "I4",
            programme.approved.reference,
            "the ledger owes the claimant 250001, the claim 250000",
        )
    ]


def test_i4_a_line_that_says_otherwise(programme: Programme) -> None:
    forge(DamageLine.objects.filter(claim=programme.paid), paid_minor=1)
    assert verified(programme) == [
        found(
            "I4",
            programme.paid.reference,
            "the claim says 250000 is paid, its lines 1, its confirmed payouts 250000",
        )
    ]


def test_i4_money_collected_beside_the_ledger(programme: Programme) -> None:
    forge(Recovery.objects.filter(claim=programme.paid), collected_minor=5)
    assert verified(programme) == [
        found(
            "I4",
            programme.paid.reference,
            "the ledger says 0 was collected, the recovery 5",
        )
    ]


def test_i4_a_recovery_that_ended_beside_the_ledger(programme: Programme) -> None:
    forge(Recovery.objects.filter(claim=programme.paid), status=RecoveryStatus.COLLECTED)
    assert verified(programme) == [
        found(
            "I4",
            programme.paid.reference,
            "the ledger says the seller owes 250000, and the recovery is COLLECTED",
        )
    ]


def test_i9_more_than_an_adjuster_may(programme: Programme) -> None:
    (event,) = ClaimEvent.objects.filter(claim=programme.approved, to_status="APPROVED")
    facts = event.facts | {"authority_minor": 100_000}
    forge(ClaimEvent.objects.filter(pk=event.pk), facts=facts)
    assert verified(programme) == [
        found(
            "I9",
            programme.approved.reference,
            "approved 250000 by 1 people; one person may approve 100000, a senior 2500000",
        )
    ]


@pytest.mark.parametrize(("deciders", "people"), [([], 0), ([7, 7], 1), ([1, 2, 3], 3)])
def test_i9_two_people_are_two(programme: Programme, deciders: list[int], people: int) -> None:
    (event,) = ClaimEvent.objects.filter(claim=programme.approved, to_status="APPROVED")
    forge(ClaimEvent.objects.filter(pk=event.pk), facts=event.facts | {"deciders": deciders})
    (one,) = verified(programme)
    assert (one.invariant, one.what.partition(";")[0]) == (
        "I9",
        f"approved 250000 by {people} people",
    )


def test_i9_an_amount_edited_after_the_approval(programme: Programme) -> None:
    forge(Payout.objects.filter(claim=programme.approved), amount_minor=9)
    ours = payout_of(programme.approved).our_reference
    assert verified(programme) == [
        found(
            "I9",
            programme.approved.reference,
            f"its payout {ours} is of 9 USD, and 250000 USD are approved",
        )
    ]


def lapsed(programme: Programme) -> Claim:
    """The waiting claim, approved automatically; everything around it was looked at since."""
    assert lapse_due(at=LAPSES).taken == 1
    letters_leave(LAPSES)
    Payout.objects.filter(state="QUEUED").update(next_at=LAPSES)
    assert verified(programme, at=LAPSES) == []
    return Claim.objects.get(pk=programme.waiting.pk)


def test_i9_a_total_that_was_not_counted(programme: Programme) -> None:
    lapsed(programme)
    DailyAutomaticTotal.objects.update(total_minor=0)
    assert verified(programme, at=LAPSES) == [
        found("I9", "US", "approved 250000 automatically on 2026-03-10; counted 0, cap 25000000")
    ]


def test_i9_above_the_cap_of_the_day(programme: Programme) -> None:
    claim = lapsed(programme)
    (event,) = ClaimEvent.objects.filter(claim=claim, to_status="APPROVED")
    spent = {"spent_today_minor": 24_900_000}
    forge(ClaimEvent.objects.filter(pk=event.pk), facts=event.facts | spent)
    assert verified(programme, at=LAPSES) == [
        found(
            "I9",
            claim.reference,
            "approved 250000 automatically, beside 24900000 of that day; limit 2500000,"
            " cap 25000000",
        )
    ]
