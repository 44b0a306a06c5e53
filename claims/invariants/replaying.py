"""I6: replaying each claim's events gives the claim's row."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import batched, groupby
from operator import itemgetter
from typing import Any

from claims.invariants.inspection import Inspection, Violation
from claims.models import Claim, ClaimEvent
from claims.replay import REPLAYED, FileBroken, replay

BATCH = 2000
_FIELDS = sorted(REPLAYED)


@dataclass(slots=True)
class Told:
    """What replay reads of an event."""

    claim_id: int
    version: int
    at: Any
    step: str
    from_status: str
    to_status: str
    reason: str
    changes: dict[str, Any]


_TOLD = [field.name for field in fields(Told)]


def leads_there(_: Inspection) -> Iterator[Violation]:
    """I6: every claim stands where its events lead, in every field that they tell."""
    ids = Claim.objects.order_by("pk").values_list("pk", flat=True)
    for batch in batched(ids.iterator(chunk_size=BATCH), BATCH):
        yield from _compare(batch[0], batch[-1])


def _compare(first: int, last: int) -> Iterator[Violation]:
    # The rows first: a step taken meanwhile adds an event that the row's version leaves out.
    rows = {
        row.pop("pk"): row
        for row in Claim.objects.filter(pk__range=(first, last)).values("pk", "reference", *_FIELDS)
    }
    events = ClaimEvent.objects.filter(claim_id__gte=first, claim_id__lte=last)
    told = events.order_by("claim_id", "version").values_list(*_TOLD)
    files = {key: [Told(*row) for row in group] for key, group in groupby(told, itemgetter(0))}
    for pk, row in rows.items():
        reference = row.pop("reference")
        words = _difference(row, [e for e in files.get(pk, []) if e.version <= row["version"]])
        if words:
            yield Violation("I6", reference, words)


def _difference(row: dict[str, Any], events: list[Told]) -> str:
    try:
        state = replay(events)
    except FileBroken as error:
        return f"its file is broken: {error}"
    wrong = [name for name in _FIELDS if state[name] != row[name]]
    return ", ".join(f"{name} is {row[name]}, by its events {state[name]}" for name in wrong)
