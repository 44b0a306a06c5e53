"""What happened to a claim, as far as its seller may know it.

Only the steps named here are ever shown, and only a seller's own words are quoted: reasons that
staff gave, holds, bars, fraud looks and what the customer wrote to us stay inside.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from claims.lifecycle import ActorKind, Status
from claims.models import ClaimEvent

STEP_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "pass_screening": "A customer's claim about your product passed our checks",
        "concede": "We found the claim valid and within the size that the programme pays",
        "find_not_proven": "We denied the claim: the loss was not proven",
        "notify_seller": "We asked you to answer",
        "accept": "You accepted the claim",
        "reject": "You rejected the claim",
        "handle": "You took it on to settle it with the customer",
        "tender": "You passed it to your insurer",
        "answer_late": "You answered after the deadline; a person looks at your answer",
        "settle": "The claim was settled with the customer",
        "insurer_pays": "Your insurer pays the customer",
        "insurer_declines": "Your insurer does not pay; one of our adjusters decides",
        "return_claim": "Time ran out and the claim came back to us",
        "step_in": "We decided to pay the customer",
        "uphold": "We agreed with your reasons and denied the claim",
        "claimant_appeals": "The customer gave new facts and asked us to decide again",
        "overturn_denial": "We changed our decision after the customer's appeal",
        "void_approval": "The approval was taken back; one of our adjusters decides again",
        "pay": "We paid the customer",
        "withdraw": "The customer withdrew the claim",
        "extend_deadline": "We set a new date for your answer",
        "waive_recovery": "The programme bears the cost; nothing is asked of you",
        "demand_recovery": "We asked you to reimburse what we paid",
        "withhold_recovery": "We asked the marketplace to hold it back from your disbursements",
        "collect_recovery": "We received a reimbursement",
        "write_off_recovery": "We stopped asking for the rest",
        "seller_appeals": "You appealed",
        "decide_appeal": "Somebody who had not decided before decided your appeal",
    }
)
_OWN_WORDS = frozenset({"reject", "accept", "handle", "tender", "answer_late", "seller_appeals"})
_SILENT = {
    Status.APPROVED: "No answer came in time, so we approved the claim",
    Status.IN_ADJUDICATION: "No answer came in time; one of our adjusters decides",
}


class Entry(NamedTuple):
    """One line of the timeline: when, what, and the seller's own words if there were any."""

    at: datetime
    words: str
    quote: str


def timeline(events: Iterable[ClaimEvent]) -> list[Entry]:
    """The events that a seller may see, newest first."""
    shown = (_entry(event) for event in events)
    entries = [entry for entry in shown if entry is not None]
    return entries[::-1]


def _entry(event: ClaimEvent) -> Entry | None:
    is_own = event.actor_kind == ActorKind.SELLER
    if event.step == "add_information":
        return Entry(event.at, "You added information", event.text) if is_own else None
    if event.step == "lapse":
        return Entry(event.at, _SILENT[Status(event.to_status)], "")
    if (words := STEP_WORDS.get(event.step)) is None:
        return None
    return Entry(event.at, words, event.text if is_own and event.step in _OWN_WORDS else "")
