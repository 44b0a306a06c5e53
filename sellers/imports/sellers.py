"""Sellers from a file: new ones are added, changed ones changed, the rest left alone."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sellers.imports import fields
from sellers.imports.fields import Field
from sellers.imports.run import Importer, Numbered, Saved
from sellers.models import Seller


@dataclass(frozen=True, slots=True)
class SellerRow:
    """A seller as a file tells of it; the names are those of `sellers.models.Seller`."""

    external_reference: str
    legal_name: str
    trade_name: str
    country: str
    single_member_llc: bool
    email: str
    timezone: str


_CHANGING = tuple(name for name in SellerRow.__slots__ if name != "external_reference")


class SellerImporter(Importer[SellerRow]):
    """Imports sellers; the key is the marketplace's own number of the seller.

    A later row of the same seller, in this file or another, changes what it tells otherwise.
    `at` becomes `created_at` of new sellers.
    """

    imports = "sellers"
    fields = (
        Field("external_reference", "seller's number", fields.text(80)),
        Field("legal_name", "legal name", fields.text(200)),
        Field("trade_name", "trade name", fields.text(200), is_required=False, when_missing=""),
        Field("country", "country", fields.country),
        Field("email", "e-mail address", fields.email),
        Field("timezone", "time zone", fields.timezone_name),
        Field(
            "single_member_llc",
            "single-member LLC",
            fields.yes_no,
            is_required=False,
            when_missing=False,
        ),
    )

    def __init__(self, *, at: datetime) -> None:
        self._at = at

    def check(self, values: dict[str, Any]) -> SellerRow:
        """A seller's fields do not contradict each other."""
        return SellerRow(**values)

    def save(self, rows: Sequence[Numbered[SellerRow]]) -> Saved:
        """Insert the new sellers and update the changed ones, in one statement."""
        latest = {row.row.external_reference: row.row for row in rows}
        known = {
            seller.external_reference: seller
            for seller in Seller.objects.filter(external_reference__in=latest)
        }
        new = [row for key, row in latest.items() if key not in known]
        changed = [row for key, row in latest.items() if key in known and row != _row(known[key])]
        Seller.objects.bulk_create(
            (Seller(created_at=self._at, **asdict(row)) for row in new + changed),
            update_conflicts=True,
            unique_fields=["external_reference"],
            update_fields=_CHANGING,
        )
        return Saved(len(new), len(changed), len(rows) - len(new) - len(changed))


def _row(seller: Seller) -> SellerRow:
    return SellerRow(**{name: getattr(seller, name) for name in SellerRow.__slots__})
