"""Where a seller stands under the INFORM Consumers Act: which clock runs, and what ended it.

Pure. Source: rules §7: 10-day clocks to collect, to verify, and to suspend a seller that gives
none. The rules give no figure for asking again each year, so none is counted: details that are
collected again are verified again, within the same days.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import TextChoices

from sellers.calendars import first_instant
from sellers.inform import HighVolume

_DAY = timedelta(days=1)


class InformStatus(TextChoices):
    """What is to be done about a seller now."""

    NOT_HIGH_VOLUME = "NOT_HIGH_VOLUME", "Not high-volume"
    COLLECT = "COLLECT", "Details to be collected"
    VERIFY = "VERIFY", "Details to be verified"
    VERIFIED = "VERIFIED", "Details verified"
    SUSPENDED = "SUSPENDED", "Suspended"


@dataclass(frozen=True, slots=True)
class StepFact:
    """A recorded step: its `InformStepKind`, its local day, and its words."""

    kind: str
    on: date
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InformStanding:
    """A seller's standing at a moment; moments are UTC.

    `due_at` is the end of the clock that runs, `suspend_due_at` that of the one after it, where a
    seller gave nothing; both are empty where nothing is to be done. `why` are the words of a
    suspension that holds.
    """

    status: InformStatus
    volume: HighVolume | None
    due_at: datetime | None = None
    suspend_due_at: datetime | None = None
    is_late: bool = False
    collected_on: date | None = None
    verified_on: date | None = None
    suspended_on: date | None = None
    why: str = ""

    @property
    def may_be_suspended(self) -> bool:
        """Whether it gave no details in time, and is not suspended yet."""
        return self.status == InformStatus.COLLECT and self.is_late


def inform_standing(
    volume: HighVolume | None,
    steps: Iterable[StepFact],
    *,
    clock_days: int,
    zone: ZoneInfo,
    at: datetime,
) -> InformStanding:
    """Where a seller stands at a moment, from its volume and its steps in the order recorded."""
    latest = {}
    for step in steps:
        latest[step.kind] = step
        if step.kind == "COLLECTED":
            # What was verified were other details.
            latest.pop("VERIFIED", None)
        if step.kind == "LIFTED":
            latest.pop("SUSPENDED", None)
    collected, verified = latest.get("COLLECTED"), latest.get("VERIFIED")
    suspended = latest.get("SUSPENDED")
    status = _status(volume, collected, verified, suspended)
    due_at = _due(status, volume, collected, clock_days=clock_days, zone=zone)
    return InformStanding(
        status=status,
        volume=volume,
        due_at=due_at,
        suspend_due_at=volume.suspend_due_at if volume and status == InformStatus.COLLECT else None,
        is_late=due_at is not None and at >= due_at,
        collected_on=collected.on if collected else None,
        verified_on=verified.on if verified else None,
        suspended_on=suspended.on if suspended else None,
        why=suspended.words if suspended else "",
    )


def _status(
    volume: HighVolume | None,
    collected: StepFact | None,
    verified: StepFact | None,
    suspended: StepFact | None,
) -> InformStatus:
    if suspended is not None:
        return InformStatus.SUSPENDED
    if volume is None:
        return InformStatus.NOT_HIGH_VOLUME
    if verified is not None:
        return InformStatus.VERIFIED
    return InformStatus.COLLECT if collected is None else InformStatus.VERIFY


def _due(
    status: InformStatus,
    volume: HighVolume | None,
    collected: StepFact | None,
    *,
    clock_days: int,
    zone: ZoneInfo,
) -> datetime | None:
    if volume is None:
        return None
    if status == InformStatus.COLLECT:
        return volume.collect_due_at
    if status == InformStatus.VERIFY and collected is not None:
        # One clock after the other; details that came late, or again, have its days from then on.
        again = first_instant(collected.on + (clock_days + 1) * _DAY, zone=zone)
        return max(volume.verify_due_at, again)
    return None
