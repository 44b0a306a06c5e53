"""What claims say of a seller: which count against it, and how many it answered (rules §3).

Pure. A claim at or below the ceiling that the marketplace pays does not count against the seller;
unanswered claims do. What else counts is our own reading [D]: a valid claim above the ceiling that
the programme had to pay. Claims that were denied, withdrawn or settled by the seller or its
insurer do not.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from claims.lifecycle import Status

PAYABLE = frozenset({Status.APPROVED, Status.PAID})


class Reply(StrEnum):
    """What became of the question that a claim put to its seller."""

    NOT_ASKED = "NOT_ASKED"
    STILL_OPEN = "STILL_OPEN"
    ANSWERED = "ANSWERED"
    UNANSWERED = "UNANSWERED"


@dataclass(frozen=True, slots=True)
class ClaimRecord:
    """A claim of a seller as its metrics look at it; an answer after the deadline is none."""

    status: Status
    is_within_ceiling: bool | None
    reply: Reply


@dataclass(frozen=True, slots=True)
class SellerMetrics:
    """A seller's claims in a period, in numbers."""

    claims: int = 0
    counting: int = 0
    not_counting: int = 0
    answered: int = 0
    unanswered: int = 0

    @property
    def asked(self) -> int:
        """How many claims the seller had to answer and whose time is over."""
        return self.answered + self.unanswered

    @property
    def response_rate(self) -> int | None:
        """Answered in time, of those that had to be, in whole percent rounded down; None: none."""
        return 100 * self.answered // self.asked if self.asked else None


def measure_seller(records: Iterable[ClaimRecord]) -> SellerMetrics:
    """The metrics of a seller from its claims that passed screening."""
    rows = list(records)
    counting = sum(counts_against(row) for row in rows)
    return SellerMetrics(
        claims=len(rows),
        counting=counting,
        not_counting=sum(is_paid_within_ceiling(row) for row in rows),
        answered=sum(row.reply == Reply.ANSWERED for row in rows),
        unanswered=sum(row.reply == Reply.UNANSWERED for row in rows),
    )


def is_paid_within_ceiling(record: ClaimRecord) -> bool:
    """Whether the marketplace pays it at or below the ceiling: it never counts (rules §3)."""
    return bool(record.is_within_ceiling) and record.status in PAYABLE


def counts_against(record: ClaimRecord) -> bool:
    """Whether a claim counts against the seller: unanswered, or paid above the ceiling."""
    if is_paid_within_ceiling(record):
        return False
    return record.reply == Reply.UNANSWERED or record.status in PAYABLE
