"""The stored position of each seller: judged for all of a market at once, written where it moved.

The nightly look and the look after a person's act are the same: the second asks for one seller.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched

from django.db import connection, transaction

from insurance.models import PositionChange
from insurance.requirement.standings import COLUMNS, Judged, Question

NIGHTLY = "the nightly look"
# Written in one statement; the words of so many reasons are in memory at once.
CHUNK = 5000

_STORED = (
    "status",
    "cause",
    "triggered_on",
    "figure_minor",
    "due_on",
    "counts_to",
    "cover_ends_on",
    "recommendation",
)
_TYPES = ("text", "text", "date", "bigint", "date", "date", "date", "text")

# Those whose standing is not the stored one; who was never required of needs no row.
_MOVED = """
SELECT {judged}, coalesce(p.version, 0), coalesce(p.status, '')
FROM judged j LEFT JOIN insurance_complianceposition p
    ON p.seller_id = j.seller_id AND p.marketplace_id = %(market)s
WHERE (p.id IS NOT NULL OR j.status <> 'NOT_REQUIRED')
    AND ({stored}) IS DISTINCT FROM ({found})
""".format(
    judged=", ".join(f"j.{name.strip()}" for name in COLUMNS.split(",")),
    stored=", ".join(f"p.{name}" for name in _STORED),
    found=", ".join(f"j.{name}" for name in _STORED),
)
# Only on top of the version that was read: whoever was faster saw newer facts.
_WRITE = """
INSERT INTO insurance_complianceposition
    (marketplace_id, changed_at, seller_id, version, {columns})
SELECT %s, %s, * FROM unnest(%s::bigint[], %s::int[], {arrays})
ON CONFLICT (seller_id, marketplace_id) DO UPDATE SET
    changed_at = excluded.changed_at, version = excluded.version, {updates}
WHERE insurance_complianceposition.version = excluded.version - 1
RETURNING seller_id, id
""".format(
    columns=", ".join(_STORED),
    arrays=", ".join(f"%s::{name}[]" for name in _TYPES),
    updates=", ".join(f"{name} = excluded.{name}" for name in _STORED),
)


@dataclass(frozen=True, slots=True)
class Moved:
    """A seller whose standing is not the stored one (version 0: none is stored)."""

    judged: Judged
    version: int
    from_status: str


@transaction.atomic
def refresh_positions(
    question: Question, *, at: datetime, occasion: str = NIGHTLY, by: int | None = None
) -> int:
    """Judge the sellers that a question is about, and write down what moved and why.

    A row that somebody else moved meanwhile stays as they left it. Returns how many were written.
    """
    return sum(
        _write(question, chunk, at=at, occasion=occasion, by=by)
        for chunk in batched(_moved(question), CHUNK)
    )


def _moved(question: Question) -> Iterator[Moved]:
    # A cursor of the server's: a first night finds a million sellers.
    with connection.chunked_cursor() as cursor:
        cursor.execute(question.judged + _MOVED, question.parameters)
        while rows := cursor.fetchmany(CHUNK):
            yield from (Moved(Judged(*row[:-2]), *row[-2:]) for row in rows)


def _write(
    question: Question, moved: Sequence[Moved], *, at: datetime, occasion: str, by: int | None
) -> int:
    columns = [[getattr(one.judged, name) for one in moved] for name in _STORED]
    sellers = [one.judged.seller_id for one in moved]
    versions = [one.version + 1 for one in moved]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [question.market, at, sellers, versions, *columns])
        written = dict(cursor.fetchall())
    PositionChange.objects.bulk_create(
        PositionChange(
            position_id=written[one.judged.seller_id],
            at=at,
            judged_on=question.day,
            from_status=one.from_status,
            to_status=one.judged.status,
            recommendation=one.judged.recommendation,
            reason=one.judged.reason(question.day, question.terms),
            occasion=occasion,
            by_id=by,
        )
        for one in moved
        if one.judged.seller_id in written
    )
    return len(written)
