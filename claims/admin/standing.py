"""What is open around a claim, and which steps that allows beside the life-cycle's table."""

from dataclasses import dataclass

from claims.lifecycle import Status
from claims.models import (
    WAITING_KINDS,
    AppealStatus,
    Claim,
    HoldKind,
    ProposalStatus,
    Recovery,
    RecoveryStatus,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is open around a claim: the life-cycle's table does not know it."""

    status: Status
    proposed_by: int | None
    has_appeal: bool
    open_holds: frozenset[str]
    waits_for_somebody: bool
    recovery: str

    @classmethod
    def of(cls, claim: Claim) -> "Standing":
        """The standing of a claim, in a few queries."""
        pursued = Recovery.objects.filter(claim=claim).first()
        clocks = claim.deadlines.filter(met_at=None, lapsed_at=None, cancelled_at=None)
        return cls(
            status=Status(claim.status),
            proposed_by=claim.proposals.filter(status=ProposalStatus.OPEN)
            .values_list("proposed_by_id", flat=True)
            .first(),
            has_appeal=claim.appeals.filter(status=AppealStatus.OPEN).exists(),
            open_holds=frozenset(
                claim.holds.filter(released_at=None).values_list("kind", flat=True)
            ),
            waits_for_somebody=clocks.filter(kind__in=WAITING_KINDS).exists(),
            recovery=pursued.status if pursued else "",
        )

    @property
    def has_proposal(self) -> bool:
        """Whether a proposal waits for a second person."""
        return self.proposed_by is not None


def always(_: Standing) -> bool:
    """The life-cycle alone decides."""
    return True


def is_proposed(standing: Standing) -> bool:
    """A proposal waits for a second person."""
    return standing.has_proposal


def is_not_proposed(standing: Standing) -> bool:
    """No proposal waits."""
    return not standing.has_proposal


def is_appealed(standing: Standing) -> bool:
    """An appeal is open."""
    return standing.has_appeal


def is_held(standing: Standing) -> bool:
    """A hold is in place."""
    return bool(standing.open_holds)


def may_be_held(standing: Standing) -> bool:
    """A kind of hold is left to place."""
    return len(standing.open_holds) < len(HoldKind)


def has_running_clock(standing: Standing) -> bool:
    """Somebody outside runs against a clock."""
    return standing.waits_for_somebody


def is_demanded(standing: Standing) -> bool:
    """Reimbursement is demanded."""
    return standing.recovery == RecoveryStatus.DEMANDED


def is_pursued(standing: Standing) -> bool:
    """Reimbursement is demanded or withheld."""
    return standing.recovery in {RecoveryStatus.DEMANDED, RecoveryStatus.WITHHELD}
