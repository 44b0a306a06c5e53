"""Reminders before a seller's deadline: 3 days, 1 day, 2 hours (rules §8), each once."""

from datetime import datetime, timedelta

from django.db import transaction

from claims.bulk import insert_rows
from claims.deadlines import reminder_moments
from claims.letters import LetterKind
from claims.models import Deadline, DeadlineKind, Notice, NoticeState, Recipient

LETTERS = {
    DeadlineKind.SELLER_RESPONSE.value: LetterKind.RESPONSE_REMINDER,
    DeadlineKind.SELLER_SETTLEMENT.value: LetterKind.SETTLEMENT_REMINDER,
    DeadlineKind.PROOF_OF_INSURANCE.value: LetterKind.PROOF_REMINDER,
}
# A tick that comes some minutes after the reminder's moment still says "3 days".
_LATE_TICK = timedelta(minutes=10)


@transaction.atomic
def remind_due(*, at: datetime, limit: int = 500) -> int:
    """Write the reminders whose moment has come; of several missed ones only the last."""
    clocks = list(
        Deadline.objects.filter(
            remind_at__lte=at,
            met_at__isnull=True,
            lapsed_at__isnull=True,
            cancelled_at__isnull=True,
        )
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("claim__seller")
        .order_by("remind_at")[:limit]
    )
    insert_rows(Notice, [_reminder(clock, at) for clock in clocks if at < clock.due_at])
    for clock in clocks:
        left = [m for m in reminder_moments(clock.starts_at, clock.due_at) if m > at]
        clock.remind_at = left[0] if left else None
    Deadline.objects.bulk_update(clocks, ["remind_at"])
    return len(clocks)


def _reminder(clock: Deadline, at: datetime) -> dict[str, object]:
    claim = clock.claim
    occasion = f"{clock.pk}-{clock.remind_at:%Y%m%dT%H%M%S}"
    kind = LETTERS[clock.kind]
    return {
        "claim_id": claim.pk,
        "event_version": claim.version,
        "key": f"{claim.reference}/{kind}/{occasion}",
        "kind": kind.value,
        "recipient": Recipient.SELLER.value,
        "to": claim.seller.email,
        "facts": _facts(clock, kind, at),
        "state": NoticeState.QUEUED.value,
        "written_at": at,
        "next_at": at,
    }


def _facts(clock: Deadline, kind: LetterKind, at: datetime) -> dict[str, object]:
    facts: dict[str, object] = {
        "due_at": clock.due_at.isoformat(),
        "left": left_in_words(clock.due_at - at),
    }
    if kind is LetterKind.PROOF_REMINDER:
        # What the seller would have to pay back is what was paid to the claimant (rules §3).
        facts["amount_minor"] = clock.claim.paid_minor
    return facts


def left_in_words(left: timedelta) -> str:
    """How long until a deadline, for a letter: "3 days", "2 days and 5 hours", "2 hours"."""
    days, hours = divmod((left + _LATE_TICK) // timedelta(hours=1), 24)
    parts = [_counted(days, "day"), _counted(hours, "hour")]
    return " and ".join(part for part in parts if part) or "less than an hour"


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}{'' if count == 1 else 's'}" if count else ""
