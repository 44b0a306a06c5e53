"""I1 and I2: the provider's own book against our payouts.

The book is read page by page into a temporary table and compared by sets. What differs is looked
at a second time: a payment that was on its way between the two books has arrived by then.
"""

from collections.abc import Callable, Iterator
from itertools import batched, chain

from django.db import connection, transaction

from claims.invariants.inspection import Inspection, Violation, find
from claims.providers.base import BookEntry, ProviderBook

BATCH = 1000
_COLUMNS = {
    "our_reference": "text",
    "provider_reference": "text",
    "status": "text",
    "amount_minor": "bigint",
    "currency": "text",
    "payee_name": "text",
    "payee_account": "text",
    "at": "timestamptz",
}

type Question = Callable[[Inspection], Iterator[Violation]]


def paid_once(inspection: Inspection) -> list[Violation]:
    """I1: of each claim and purpose the book holds at most one payment that did not come back."""
    return _twice(inspection, _paid_twice, _attempts_of_one_reference)


def books_agree(inspection: Inspection) -> list[Violation]:
    """I2: every payment of theirs is one of ours and the other way round, in every figure."""
    return _twice(inspection, _unknown_to_us, _other_figures, _unknown_to_them, _other_state)


def unknown_to_us(inspection: Inspection) -> list[Violation]:
    """The part of I2 that shows an older database: payments of theirs that we never wrote."""
    return _twice(inspection, _unknown_to_us)


def _twice(inspection: Inspection, *questions: Question) -> list[Violation]:
    first = _compare(inspection, questions)
    return sorted(first & _compare(inspection, questions)) if first else []


def _compare(inspection: Inspection, questions: tuple[Question, ...]) -> set[Violation]:
    if inspection.book is None:
        return set()
    with transaction.atomic():
        read_in(inspection.book)
        return set(chain.from_iterable(question(inspection) for question in questions))


def read_in(book: ProviderBook) -> None:
    """Read the provider's book into the temporary table `provider_book` of this transaction.

    Raises:
        BookNotRead: the provider did not show its whole book.
    """
    columns = ", ".join(f'"{name}" {kind}' for name, kind in _COLUMNS.items())
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.provider_book")
        cursor.execute(f"CREATE TEMPORARY TABLE provider_book ({columns}) ON COMMIT DROP")
        for batch in batched(book.entries(), BATCH):
            cursor.execute(_INSERT, _arrays(batch))
        cursor.execute("CREATE INDEX ON provider_book (our_reference)")
        cursor.execute("ANALYZE provider_book")


_INSERT = (
    "INSERT INTO provider_book SELECT * FROM unnest("  # noqa: S608 - columns of our own
    + ", ".join(f"%s::{kind}[]" for kind in _COLUMNS.values())
    + ")"
)


def _arrays(batch: tuple[BookEntry, ...]) -> list[list[object]]:
    return [[getattr(entry, name) for entry in batch] for name in _COLUMNS]


def _paid_twice(_: Inspection) -> Iterator[Violation]:
    # A reference the database does not know still names its claim: it is all but the last part.
    return find(
        "I1",
        "paid {1} times for {0}, by the provider's book: {2}",
        """
        SELECT coalesce(c.reference, regexp_replace(b.our_reference, '-[^-]*$', '')) AS claim,
               coalesce(p.purpose, 'CLAIM'), count(*),
               string_agg(b.our_reference || ' (' || b.provider_reference || ')', ', '
                          ORDER BY b.our_reference, b.provider_reference)
        FROM provider_book b
        LEFT JOIN claims_payout p ON p.our_reference = b.our_reference
        LEFT JOIN claims_claim c ON c.id = p.claim_id
        WHERE b.status IN ('ACCEPTED', 'CONFIRMED')
        GROUP BY 1, 2 HAVING count(*) > 1 ORDER BY 1
        """,
    )


def _attempts_of_one_reference(_: Inspection) -> Iterator[Violation]:
    return find(
        "I1",
        "one reference moved money {0} times, by the provider's book: {1}",
        """
        SELECT b.our_reference, count(*),
               string_agg(b.provider_reference, ', ' ORDER BY b.provider_reference)
        FROM provider_book b
        WHERE b.status IN ('ACCEPTED', 'CONFIRMED', 'RETURNED')
        GROUP BY 1 HAVING count(*) > 1 AND bool_or(b.status = 'RETURNED') ORDER BY 1
        """,
    )


def _unknown_to_us(_: Inspection) -> Iterator[Violation]:
    return find(
        "I2",
        "the provider's book has it ({0}, {1} {2}, {3}), and the database does not",
        """
        SELECT b.our_reference, b.provider_reference, b.amount_minor, b.currency, b.status
        FROM provider_book b
        WHERE NOT EXISTS (SELECT 1 FROM claims_payout p WHERE p.our_reference = b.our_reference)
        ORDER BY 1
        """,
    )


def _other_figures(_: Inspection) -> Iterator[Violation]:
    return find(
        "I2",
        "the provider has {0} {1} to {2} ({3}), the database {4} {5} to {6} ({7})",
        """
        SELECT b.our_reference, b.amount_minor, b.currency, b.payee_name, b.payee_account,
               p.amount_minor, p.currency, coalesce(d.name, 'nobody'), coalesce(d.account, '')
        FROM provider_book b
        JOIN claims_payout p ON p.our_reference = b.our_reference
        LEFT JOIN claims_payeedetails d ON d.id = p.payee_id
        WHERE (b.amount_minor, b.currency, b.payee_name, b.payee_account)
              IS DISTINCT FROM (p.amount_minor, p.currency::text, d.name::text, d.account::text)
        ORDER BY 1
        """,
    )


def _unknown_to_them(_: Inspection) -> Iterator[Violation]:
    return find(
        "I2",
        "the database has it as {0} ({1} {2}), and the provider's book has it not",
        """
        SELECT p.our_reference, p.state, p.amount_minor, p.currency
        FROM claims_payout p
        WHERE p.state IN ('SENT', 'CONFIRMED', 'RETURNED')
        AND NOT EXISTS (SELECT 1 FROM provider_book b WHERE b.our_reference = p.our_reference)
        ORDER BY 1
        """,
    )


def _other_state(inspection: Inspection) -> Iterator[Violation]:
    # SENDING and UNCERTAIN say that we do not know: nothing the book holds contradicts them.
    return find(
        "I2",
        "the provider says {0} since {1:%Y-%m-%d %H:%M} UTC, the database {2}",
        """
        SELECT b.our_reference, b.status, b.at AT TIME ZONE 'UTC', p.state
        FROM (
            SELECT DISTINCT ON (our_reference) our_reference, status, at
            FROM provider_book ORDER BY our_reference, status = 'REFUSED', at DESC
        ) b
        JOIN claims_payout p ON p.our_reference = b.our_reference
        WHERE b.at <= %s AND (
            (p.state IN ('SENT', 'CONFIRMED') AND b.status IN ('RETURNED', 'REFUSED'))
            OR (p.state IN ('QUEUED', 'REFUSED', 'CANCELLED')
                AND b.status IN ('ACCEPTED', 'CONFIRMED', 'RETURNED'))
            OR (p.state = 'RETURNED' AND b.status IN ('ACCEPTED', 'CONFIRMED')))
        ORDER BY 1
        """,
        [inspection.at - inspection.late],
    )
