"""Many claims at once: one that operations made, and copies of all its rows."""

from typing import Any

from django.db import models

from claims.models import Claim
from claims.references import new_reference


class Original:
    """A claim with every row that belongs to it, as they stand when this is made.

    Its operations left events, clocks, lines, letters and what it is compared by; a copy gets all
    of them, with a reference of its own. Order, seller and claimant are the same.
    """

    def __init__(self, claim: Claim) -> None:
        self._reference = claim.reference
        self._own = _values(claim)
        self._rows: list[tuple[type[models.Model], str, list[dict[str, Any]]]] = []
        for relation in Claim._meta.related_objects:
            # Histories, which fill themselves, stand beside their rows without a constraint.
            if getattr(relation.field, "db_constraint", False):
                rows = relation.related_model._base_manager.filter(**{relation.field.name: claim})
                kept = [_values(row) for row in rows]
                self._rows.append((relation.related_model, relation.field.attname, kept))

    def copies(self, count: int) -> list[Claim]:
        """So many claims more that stand where the original stood."""
        made = [Claim(**self._own | {"reference": new_reference()}) for _ in range(count)]
        Claim.objects.bulk_create(made)
        for model, to_claim, rows in self._rows:
            model._base_manager.bulk_create(
                model(**self._named(values, copy) | {to_claim: copy.pk})
                for values in rows
                for copy in made
            )
        return made

    def _named(self, values: dict[str, Any], copy: Claim) -> dict[str, Any]:
        """The values of a row; what names the original names the copy."""
        return {
            name: value.replace(self._reference, copy.reference)
            if isinstance(value, str)
            else value
            for name, value in values.items()
        }


def _values(row: models.Model) -> dict[str, Any]:
    fields = row._meta.concrete_fields
    return {f.attname: getattr(row, f.attname) for f in fields if not _is_own_key(f)}


def _is_own_key(field: models.Field[Any, Any]) -> bool:
    return field.primary_key and not field.is_relation
