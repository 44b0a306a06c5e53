"""What a claim allows its seller to do now, and which clocks the seller should see."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from claims.deadlines import Unit, due_moment
from claims.lifecycle import STEPS, Status
from claims.models import (
    Appeal,
    AppealParty,
    AppealStatus,
    Claim,
    Deadline,
    DeadlineKind,
    Recovery,
    RecoveryStatus,
    SellerResponse,
)
from claims.portal.words import silence_means
from sellers.portal.clock import time_left
from sellers.post.text import local_moment

# The clocks that matter to a seller; the others are between the programme and the customer.
SELLER_CLOCKS = (
    DeadlineKind.SELLER_RESPONSE,
    DeadlineKind.SELLER_SETTLEMENT,
    DeadlineKind.INSURER_ANSWER,
    DeadlineKind.PROOF_OF_INSURANCE,
)
# Those that wait for the seller itself.
SELLER_ACTS = (
    DeadlineKind.SELLER_RESPONSE,
    DeadlineKind.SELLER_SETTLEMENT,
    DeadlineKind.PROOF_OF_INSURANCE,
)


@dataclass(frozen=True, slots=True)
class RunningClock:
    """A clock in words: what for, until when in the seller's zone, how long, and then what."""

    kind: str
    due_at: datetime
    due: str
    left: str
    is_over: bool
    silence: str


class Standing:
    """One claim as it stands at a moment, for its seller. Queries on first use, once each."""

    def __init__(self, claim: Claim, *, at: datetime) -> None:
        self.claim = claim
        self.at = at

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which this claim's seller reads its deadlines."""
        return self.claim.seller.zone

    @cached_property
    def deadlines(self) -> list[Deadline]:
        """The claim's clocks that concern the seller, also the ended ones."""
        return list(self.claim.deadlines.filter(kind__in=SELLER_CLOCKS))

    @cached_property
    def responses(self) -> list[SellerResponse]:
        """What the seller answered, first to last."""
        return list(self.claim.responses.all())

    @cached_property
    def appeals(self) -> list[Appeal]:
        """The seller's own appeals, first to last."""
        return list(self.claim.appeals.filter(party=AppealParty.SELLER))

    @property
    def recovery(self) -> Recovery | None:
        """The pursuit of the cost, if there is one."""
        return getattr(self.claim, "recovery", None)

    @property
    def clocks(self) -> list[RunningClock]:
        """The running clocks, soonest first."""
        return [self._running(d) for d in self.deadlines if d.is_open]

    def _running(self, deadline: Deadline) -> RunningClock:
        return RunningClock(
            kind=deadline.kind,
            due_at=deadline.due_at,
            due=local_moment(deadline.due_at, self.zone),
            left=time_left(deadline.due_at, at=self.at),
            is_over=self.at >= deadline.due_at,
            silence=silence_means(deadline.kind, self.claim),
        )

    @property
    def may_answer(self) -> bool:
        """Whether an answer is still heard: in time, or late but before payment (rules §3)."""
        if self.responses:
            return False
        if self.claim.status == Status.AWAITING_SELLER:
            return True
        was_silent = any(
            d.kind == DeadlineKind.SELLER_RESPONSE and d.lapsed_at for d in self.deadlines
        )
        return was_silent and self.claim.status in STEPS["answer_late"].source

    @property
    def answers_late(self) -> bool:
        """Whether an answer given now counts as late."""
        response = [d for d in self.deadlines if d.kind == DeadlineKind.SELLER_RESPONSE]
        return bool(response) and not any(d.is_open and self.at < d.due_at for d in response)

    @property
    def may_report_settlement(self) -> bool:
        """Whether the seller is settling with the customer itself."""
        return self.claim.status == Status.WITH_SELLER

    @property
    def may_appeal(self) -> bool:
        """Whether the seller's time to appeal against the payment still runs (rules §3)."""
        ends = self.appeal_ends_at
        stands = any(appeal.status != AppealStatus.CLOSED for appeal in self.appeals)
        return ends is not None and self.at < ends and not stands

    @property
    def appeal_ends_at(self) -> datetime | None:
        """When the time to appeal ends; None when there is nothing to appeal against."""
        claim = self.claim
        if claim.approved_at is None or claim.status not in STEPS["seller_appeals"].source:
            return None
        return due_moment(
            claim.approved_at,
            length=claim.terms.figures["seller_appeal_days"],
            unit=Unit.CALENDAR,
            market=claim.marketplace_id,
        )

    @property
    def may_prove_insurance(self) -> bool:
        """Whether proof of insurance would still spare the seller the cost."""
        recovery = self.recovery
        return recovery is not None and recovery.status == RecoveryStatus.AWAITING_PROOF
