"""What the programme promises a claimant, and whether it is kept (rules §2 and §7).

Acknowledged, decided (the service level and the promise), a status letter at every interval:
computed from what happened, never stored.
"""

from dataclasses import dataclass
from datetime import datetime

from claims.deadlines import Unit, due_moment
from claims.letters import LetterKind
from claims.lifecycle import Status
from claims.models import Claim, ClaimEvent, Notice, NoticeState
from claims.queries import terms_of

DECIDED = (Status.APPROVED, Status.DENIED, Status.SETTLED, Status.WITHDRAWN, Status.ABANDONED)


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """One promise: by when, and when it was met (None: not yet)."""

    name: str
    due_at: datetime
    met_at: datetime | None

    def is_kept(self, *, at: datetime) -> bool:
        """Whether the promise is kept so far: met in time, or still with time to go."""
        return (self.met_at or at) < self.due_at


def service_levels(claim: Claim) -> tuple[ServiceLevel, ...]:
    """The promises to a claim's claimant, the first due first."""
    terms = terms_of(claim.terms_id)
    decided = _first_decision(claim)
    promises: tuple[tuple[str, int, datetime | None], ...] = (
        ("Acknowledged", terms.acknowledge_days, _acknowledged(claim)),
        ("Decided, service level", terms.decide_days, decided),
        ("Decided, as promised", terms.decision_promise_days, decided),
    )
    return tuple(
        ServiceLevel(
            name,
            due_moment(
                claim.reported_at, length=days, unit=Unit.CALENDAR, market=claim.marketplace_id
            ),
            met_at,
        )
        for name, days, met_at in promises
    )


def _acknowledged(claim: Claim) -> datetime | None:
    letter = Notice.objects.filter(
        claim=claim, kind=LetterKind.CLAIM_RECEIVED, state=NoticeState.SENT
    ).first()
    return None if letter is None else letter.sent_at


def _first_decision(claim: Claim) -> datetime | None:
    return (
        ClaimEvent.objects.filter(claim=claim, to_status__in=DECIDED)
        .order_by("version")
        .values_list("at", flat=True)
        .first()
    )
