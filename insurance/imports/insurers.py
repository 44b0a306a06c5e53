"""Insurers with their NAIC company codes from a file: suggestions, never facts of a provider."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from insurance.models import KnownInsurer
from sellers.imports import fields
from sellers.imports.fields import Field
from sellers.imports.run import Fault, Importer, Numbered, RowRefused, Saved

_CODE = re.compile(r"[0-9]{5}")


@dataclass(frozen=True, slots=True)
class InsurerRow:
    """An insurer as a table names it."""

    naic_code: str
    legal_name: str


class InsurerImporter(Importer[InsurerRow]):
    """Imports insurers; the key is the NAIC code. A later table changes names it tells otherwise.

    `source` and `listed_on` say which table it is, and of which day: they are shown beside it.
    """

    imports = "insurers"
    fields = (
        Field("naic_code", "NAIC code", fields.text(5)),
        Field("legal_name", "legal name", fields.text(200)),
    )

    def __init__(self, *, source: str, listed_on: date) -> None:
        self._source, self._listed_on = source, listed_on

    def check(self, values: dict[str, Any]) -> InsurerRow:
        """A NAIC code has five figures."""
        row = InsurerRow(**values)
        if not _CODE.fullmatch(row.naic_code):
            raise RowRefused(Fault("naic_code", row.naic_code, "is not a code", "five figures"))
        return row

    def save(self, rows: Sequence[Numbered[InsurerRow]]) -> Saved:
        """Insert new insurers and update changed ones, in one statement."""
        latest = {row.row.naic_code: row.row for row in rows}
        known = {
            one.naic_code: (one.legal_name, one.source, one.listed_on)
            for one in KnownInsurer.objects.filter(naic_code__in=latest)
        }
        told = {
            code: (row.legal_name, self._source, self._listed_on) for code, row in latest.items()
        }
        changed = [code for code in told if code in known and told[code] != known[code]]
        new = [code for code in told if code not in known]
        KnownInsurer.objects.bulk_create(
            (
                KnownInsurer(naic_code=code, legal_name=name, source=source, listed_on=listed_on)
                for code in [*new, *changed]
                for name, source, listed_on in [told[code]]
            ),
            update_conflicts=True,
            unique_fields=["naic_code"],
            update_fields=["legal_name", "source", "listed_on"],
        )
        return Saved(len(new), len(changed), len(rows) - len(new) - len(changed))
