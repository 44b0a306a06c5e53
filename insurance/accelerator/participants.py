"""Who is known to have taken part at the programme's start, as data with its source and date.

Source: programme rules §5, all [S]. They are candidates: nobody of operations has vetted them,
and nobody's contact details are known, so no application can be sent to them yet.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

SOURCE: Final = "Named by trade press as a participant; not vetted by us"
# The start of the programme, with which the press named them.
NAMED_ON: Final = date(2021, 9, 1)
_EU = ("DE", "FR", "IT", "ES", "NL", "BE", "SE", "PL")


@dataclass(frozen=True, slots=True)
class Participant:
    """A known participant: how it is called, its kind, whose paper it uses, and where."""

    legal_name: str
    kind: str
    markets: tuple[str, ...]
    paper_insurer: str = ""


PARTICIPANTS: Final = (
    Participant("Marsh", "BROKER", ("US",)),
    Participant("Chubb", "INSURER", ("US",)),
    Participant("Harborway", "MANAGING_AGENT", ("US",), "Spinnaker"),
    Participant("Hiscox", "INSURER", ("US",)),
    Participant("Liberty Mutual", "INSURER", ("US",)),
    Participant("Markel", "INSURER", ("US",)),
    Participant("Travelers", "INSURER", ("US",)),
    Participant("NEXT", "INSURER", ("US",)),
    Participant("Zensurance", "BROKER", ("CA",)),
    Participant("Simply Business", "BROKER", ("UK", *_EU)),
)


def lay_down_participants(*, provider_model: Any, appetite_model: Any) -> int:
    """Add the participants that are not there; returns how many were added.

    The models are passed in, because a migration has its own. An entry that operations changed
    stays as it is. In what concerns sales, limits and prices, nothing is stated.
    """
    added = 0
    for one in PARTICIPANTS:
        provider, is_new = provider_model.objects.get_or_create(
            legal_name=one.legal_name,
            defaults={
                "kind": one.kind,
                "paper_insurer": one.paper_insurer,
                "status": "CANDIDATE",
                "source": SOURCE,
                "source_mark": "S",
                "sourced_on": NAMED_ON,
            },
        )
        added += is_new
        # An entry of before appetites were kept gets them too.
        if not provider.appetites.exists():
            appetite_model.objects.bulk_create(
                appetite_model(provider=provider, marketplace_id=market) for market in one.markets
            )
    return added
