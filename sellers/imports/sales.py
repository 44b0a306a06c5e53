"""Monthly sales from a file, many millions of rows: one statement writes a batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from sellers.imports import fields
from sellers.imports.fields import Field
from sellers.imports.known import seller_ids, seller_not_known
from sellers.imports.run import Fault, Importer, Numbered, RowRefused, Saved

# One statement per batch; a row that says the same as before is not written again. `xmax` is 0
# in a row that was inserted and not in one that was updated.
_WRITE = """
INSERT INTO sellers_monthlysales (seller_id, marketplace_id, month, gross_minor, crossed_on)
SELECT * FROM unnest(%s::bigint[], %s::text[], %s::date[], %s::bigint[], %s::date[])
ON CONFLICT (seller_id, marketplace_id, month) DO UPDATE
SET gross_minor = excluded.gross_minor, crossed_on = excluded.crossed_on
WHERE (sellers_monthlysales.gross_minor, sellers_monthlysales.crossed_on)
   IS DISTINCT FROM (excluded.gross_minor, excluded.crossed_on)
RETURNING xmax = 0
"""


@dataclass(frozen=True, slots=True)
class SalesRow:
    """Gross proceeds of one seller in one marketplace and month, in minor units."""

    seller: str
    market: str
    month: date
    gross_minor: int
    crossed_on: date | None


class SalesImporter(Importer[SalesRow]):
    """Imports monthly sales; the key is seller, marketplace and month.

    The last row of a key wins, in this file or another: months are corrected afterwards.
    """

    imports = "sales"
    batch_rows = 5_000
    fields = (
        Field("market", "marketplace", fields.market),
        Field("seller", "seller's number", fields.text(80)),
        Field("month", "month", fields.month),
        Field("gross", "gross proceeds", fields.amount),
        Field("crossed_on", "day the figure was passed", fields.day, is_required=False),
    )

    def check(self, values: dict[str, Any]) -> SalesRow:
        """Refuse a day outside its month."""
        crossed_on, month = values["crossed_on"], values["month"]
        if crossed_on is not None and crossed_on.replace(day=1) != month:
            raise RowRefused(
                Fault(
                    "crossed_on",
                    crossed_on.isoformat(),
                    "is not in the row's month",
                    f"a day in {month:%Y-%m}",
                )
            )
        return SalesRow(values["seller"], values["market"], month, values["gross"], crossed_on)

    def save(self, rows: Sequence[Numbered[SalesRow]]) -> Saved:
        """Write the batch; of several rows of one key the last."""
        saved = Saved()
        known = seller_ids(row.row.seller for row in rows)
        latest: dict[tuple[int, str, date], SalesRow] = {}
        for row in rows:
            seller_id = known.get(row.row.seller)
            if seller_id is None:
                saved.refuse(row.number, seller_not_known(row.row.seller))
            else:
                latest[seller_id, row.row.market, row.row.month] = row.row
        _write(latest, saved)
        left_out = len(saved.refused)
        saved.already_there = len(rows) - left_out - saved.imported - saved.changed
        return saved


def _write(latest: dict[tuple[int, str, date], SalesRow], saved: Saved) -> None:
    if not latest:
        return
    sellers, markets, months = (list(part) for part in zip(*latest, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            [
                sellers,
                markets,
                months,
                [row.gross_minor for row in latest.values()],
                [row.crossed_on for row in latest.values()],
            ],
        )
        inserted = [was_inserted for (was_inserted,) in cursor.fetchall()]
    saved.imported = sum(inserted)
    saved.changed = len(inserted) - saved.imported
