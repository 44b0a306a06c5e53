"""I4: the ledger balances, ties to payouts and recoveries, and cannot be changed.

An entry is one positive amount between two accounts, so every currency balances by construction:
what is asked here is that the construction stands (its constraints and triggers), and that the
sums say the same as the rows beside them.
"""

from collections.abc import Iterator
from itertools import chain

import pgtrigger

from claims.invariants.inspection import Inspection, Violation, ask, find

CONSTRAINTS = ("entry_amount_positive", "entry_two_accounts", "entry_accounts_known")
# What each claim's entries add up to: balances are debits less credits.
_SUMS = """
    SELECT claim_id,
        sum(CASE WHEN (debit, credit) = ('CLAIMS_PAYABLE', 'PAYOUT_CLEARING') THEN amount_minor
                 WHEN (debit, credit) = ('PAYOUT_CLEARING', 'CLAIMS_PAYABLE') THEN -amount_minor
                 ELSE 0 END) AS sent,
        sum(CASE WHEN credit = 'CLAIMS_PAYABLE' THEN amount_minor
                 WHEN debit = 'CLAIMS_PAYABLE' THEN -amount_minor ELSE 0 END) AS payable,
        sum(CASE WHEN debit = 'PAYOUT_CLEARING' AND credit <> 'CLAIMS_PAYABLE' THEN amount_minor
                 WHEN credit = 'PAYOUT_CLEARING' AND debit <> 'CLAIMS_PAYABLE' THEN -amount_minor
                 ELSE 0 END) AS collected,
        sum(CASE WHEN debit IN ('SELLER_RECEIVABLE', 'DISBURSEMENTS_WITHHELD') THEN amount_minor
                 ELSE 0 END)
        - sum(CASE WHEN credit IN ('SELLER_RECEIVABLE', 'DISBURSEMENTS_WITHHELD')
                   THEN amount_minor ELSE 0 END) AS owed_by_seller
    FROM claims_ledgerentry GROUP BY claim_id
"""


def holds(_: Inspection) -> Iterator[Violation]:
    """I4: see the module."""
    return chain(
        _guards(), _constraints(), _entries(), _sent(), _payable(), _paid(), _collected(), _owed()
    )


def _guards() -> Iterator[Violation]:
    """Every trigger that the code declares is there and switched on."""
    declared = {
        (model._meta.db_table, trigger.get_pgid(model)): trigger.name  # noqa: SLF001 - Django's own
        for model, trigger in pgtrigger.registered()
    }
    tables, names = ([*column] for column in zip(*declared, strict=True))
    # A table that is not there yet belongs to a migration that has not run (`/readyz`).
    gone = ask(
        """
        SELECT wanted.* FROM unnest(%s::text[], %s::text[]) AS wanted(tbl, name)
        WHERE to_regclass(wanted.tbl) IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM pg_trigger t WHERE t.tgrelid = to_regclass(wanted.tbl)
            AND t.tgname = wanted.name AND t.tgenabled IN ('O', 'A')) ORDER BY 1, 2
        """,
        [tables, names],
    )
    for table, name in gone:
        words = f"its trigger {declared[table, name]} is gone or switched off"
        yield Violation("I4", table, words)


def _constraints() -> Iterator[Violation]:
    return find(
        "I4",
        "the ledger's constraint is gone or not enforced",
        """
        SELECT wanted.name FROM unnest(%s::text[]) AS wanted(name)
        WHERE NOT EXISTS (SELECT 1 FROM pg_constraint k
            WHERE k.conname = wanted.name AND k.convalidated
            AND k.conrelid = 'claims_ledgerentry'::regclass)
        """,
        [list(CONSTRAINTS)],
    )


def _entries() -> Iterator[Violation]:
    return find(
        "I4",
        "the entry {0} ({1} {2}) does not belong to an event of its moment and currency",
        """
        SELECT c.reference, l.key, l.amount_minor, l.currency
        FROM claims_ledgerentry l JOIN claims_claim c ON c.id = l.claim_id
        LEFT JOIN claims_claimevent e
            ON e.claim_id = l.claim_id AND e.version = l.event_version AND e.at = l.posted_at
        WHERE e.id IS NULL OR l.currency <> c.currency OR l.amount_minor <= 0
        ORDER BY l.id
        """,
    )


def _sent() -> Iterator[Violation]:
    return find(
        "I4",
        "the ledger says that {0} left for the claimant, the payouts {1}",
        f"""
        WITH entries AS ({_SUMS}), out AS (
            SELECT claim_id, sum(amount_minor) AS amount FROM claims_payout
            WHERE state IN ('SENT', 'CONFIRMED') GROUP BY claim_id)
        SELECT c.reference, coalesce(entries.sent, 0), coalesce(out.amount, 0)
        FROM entries FULL JOIN out USING (claim_id) JOIN claims_claim c ON c.id = claim_id
        WHERE coalesce(entries.sent, 0) <> coalesce(out.amount, 0) ORDER BY 1
        """,  # noqa: S608 - a text of our own
    )


def _payable() -> Iterator[Violation]:
    return find(
        "I4",
        "the ledger owes the claimant {0}, the claim {1}",
        f"""
        WITH entries AS ({_SUMS}), owed AS (
            SELECT c.id AS claim_id, c.reference, CASE WHEN c.status = 'APPROVED' AND NOT EXISTS (
                SELECT 1 FROM claims_payout p
                WHERE p.claim_id = c.id AND p.state IN ('SENT', 'CONFIRMED')
            ) THEN coalesce(c.approved_minor, 0) ELSE 0 END AS amount
            FROM claims_claim c)
        SELECT owed.reference, coalesce(entries.payable, 0), owed.amount
        FROM owed LEFT JOIN entries USING (claim_id)
        WHERE coalesce(entries.payable, 0) <> owed.amount ORDER BY 1
        """,  # noqa: S608 - a text of our own
    )


def _paid() -> Iterator[Violation]:
    return find(
        "I4",
        "the claim says {0} is paid, its lines {1}, its confirmed payouts {2}",
        """
        WITH lines AS (
            SELECT claim_id, sum(paid_minor) AS amount FROM claims_damageline GROUP BY claim_id),
        confirmed AS (
            SELECT claim_id, sum(amount_minor) AS amount FROM claims_payout
            WHERE state = 'CONFIRMED' GROUP BY claim_id)
        SELECT c.reference, c.paid_minor, coalesce(lines.amount, 0), coalesce(confirmed.amount, 0)
        FROM claims_claim c LEFT JOIN lines ON lines.claim_id = c.id
        LEFT JOIN confirmed ON confirmed.claim_id = c.id
        WHERE c.paid_minor <> coalesce(lines.amount, 0)
        OR c.paid_minor <> coalesce(confirmed.amount, 0) ORDER BY 1
        """,
    )


def _collected() -> Iterator[Violation]:
    return find(
        "I4",
        "the ledger says {0} was collected, the recovery {1}",
        f"""
        WITH entries AS ({_SUMS})
        SELECT c.reference, coalesce(entries.collected, 0), coalesce(r.collected_minor, 0)
        FROM entries FULL JOIN claims_recovery r USING (claim_id)
        JOIN claims_claim c ON c.id = claim_id
        WHERE coalesce(entries.collected, 0) <> coalesce(r.collected_minor, 0) ORDER BY 1
        """,  # noqa: S608 - a text of our own
    )


def _owed() -> Iterator[Violation]:
    # Above zero exactly while it is demanded or withheld; nothing else leaves a seller owing.
    return find(
        "I4",
        "the ledger says the seller owes {0}, and the recovery is {1}",
        f"""
        WITH entries AS ({_SUMS})
        SELECT c.reference, coalesce(entries.owed_by_seller, 0), coalesce(r.status, 'not there')
        FROM entries FULL JOIN claims_recovery r USING (claim_id)
        JOIN claims_claim c ON c.id = claim_id
        WHERE coalesce(entries.owed_by_seller, 0) < 0
        OR (coalesce(entries.owed_by_seller, 0) > 0)
            <> (coalesce(r.status, '') IN ('DEMANDED', 'WITHHELD'))
        ORDER BY 1
        """,  # noqa: S608 - a text of our own
    )
