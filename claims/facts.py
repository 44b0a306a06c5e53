"""What the rules look at: one claim's facts as they stand, loaded before any decision."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from claims.ledger_postings import RecoveryPosition
from claims.lifecycle import Status
from claims.terms import Terms


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """An open deadline of the claim."""

    id: int
    kind: str
    owner: str
    starts_at: datetime
    length: int
    unit: str
    due_at: datetime
    acts_at: datetime | None
    remind_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A damage line: head, and amounts in minor units."""

    head: str
    claimed_minor: int
    assessed_minor: int | None
    paid_minor: int


@dataclass(frozen=True, slots=True)
class PayeeFacts:
    """The payee details that count now."""

    id: int
    name: str
    given_at: datetime
    given_with_report: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFacts:
    """Where a claim stands and everything that the rules of handling and money ask about it."""

    id: int
    reference: str
    version: int
    status: Status
    market: str
    zone: ZoneInfo
    currency: str
    terms: Terms
    seller_id: int
    seller_email: str
    claimant_name: str
    claimant_email: str
    claimant_born_on: date | None
    is_represented: bool
    medicare: str
    severity: str
    reported_at: datetime
    incident_on: date
    product_title: str
    claimed_minor: int
    assessed_minor: int | None
    approved_minor: int | None
    paid_minor: int
    is_within_ceiling: bool | None
    approved_at: datetime | None
    denied_at: datetime | None
    reason: str
    bars: tuple[str, ...] = ()
    has_injury_lines: bool = False
    holds: frozenset[str] = frozenset()
    clocks: tuple[ClockFacts, ...] = ()
    notice_delivered: bool = True
    answered_late: bool = False
    payee: PayeeFacts | None = None
    open_payout: str | None = None
    open_appeals: frozenset[str] = frozenset()
    recovery: str | None = None
    recovery_position: RecoveryPosition | None = None
    is_made_up: bool = False
    closures: frozenset[date] = frozenset()

    @property
    def has_recovery(self) -> bool:
        """Whether the cost was pursued already, however that stands."""
        return self.recovery is not None

    def clock(self, kind: str) -> ClockFacts | None:
        """The open deadline of a kind, if one runs."""
        return next((c for c in self.clocks if c.kind == kind), None)

    def local_date(self, at: datetime) -> date:
        """The marketplace's date at a moment."""
        return at.astimezone(self.zone).date()

    def claimant_is_minor(self, at: datetime) -> bool:
        """Whether the claimant is under age at that moment (rules §2: under 18)."""
        born = self.claimant_born_on
        if born is None:
            return False
        today = self.local_date(at)
        years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
        return years < self.terms.adult_age

    @property
    def is_injury(self) -> bool:
        """Whether somebody was hurt, or an injury's cost is claimed."""
        return self.severity != "NONE" or self.has_injury_lines

    def payee_cools_until(self) -> datetime | None:
        """Until when changed payee details hold a payment back (rules §3); None: they do not."""
        if self.payee is None or self.payee.given_with_report:
            return None
        return self.payee.given_at + timedelta(hours=self.terms.payee_cooling_hours)
