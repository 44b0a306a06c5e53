"""The switch of payouts: what pauses it, what heals each cause, and resuming (rules §3).

A pause is one row, locked in every transaction that begins a payment; after it, none begins.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction

from claims.decisions.base import need_reason
from claims.lifecycle import ActorKind, Refused
from claims.models import (
    InvariantReport,
    PauseCause,
    Payout,
    PayoutState,
    PayoutSwitch,
    Reconciliation,
)
from claims.operations.breaking import Lately, limits_at, too_uncertain
from claims.outcome import Actor

log = logging.getLogger(__name__)
LEDGER_CHECK = "I4"
_LONGEST_REASON = 300


class SwitchNotTurned(Refused):
    """Payouts run already, or it is nobody of operations who resumes them."""


class CauseNotHealed(Refused):
    """What paused payouts still stands; the message says what, and what would heal it."""


def locked_switch(*, patience_ms: int = 0) -> PayoutSwitch:
    """The switch, locked until the transaction ends: whoever turns it waits for this one.

    Raises:
        OperationalError: somebody else had it for `patience_ms` milliseconds; 0 waits for good.
    """
    if patience_ms:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{patience_ms}ms"])
    return PayoutSwitch.objects.select_for_update(of=("self",), no_key=True).get(pk=1)


def pause_payouts(*, reason: str, at: datetime, by: Actor) -> PayoutSwitch:
    """Stop every payout before it is sent; approvals go on and wait.

    Raises:
        ReasonMissing: no reason in words.
    """
    words = need_reason(reason, for_what="why payouts are paused")
    return _pause(PauseCause.BY_HAND, words, at=at, by=by)


def trip_breaker(*, cause: PauseCause, reason: str, at: datetime) -> PayoutSwitch:
    """Something that watches payouts pauses them; a cause that is known already changes nothing."""
    return _pause(cause, reason, at=at, by=None)


@transaction.atomic
def _pause(cause: PauseCause, reason: str, *, at: datetime, by: Actor | None) -> PayoutSwitch:
    PayoutSwitch.objects.get_or_create(pk=1)
    switch = locked_switch()
    if cause in switch.causes:
        return switch
    log.warning("Payouts are paused: %s. %s", cause.value, reason)
    reasons = [switch.reason, reason] if switch.is_paused else [reason]
    switch.is_paused = True
    switch.causes = [*switch.causes, cause.value]
    switch.reason = " ".join(reasons)[:_LONGEST_REASON]
    switch.changed_at = at
    switch.changed_by_id = by.user_id if by else None
    switch.save()
    return switch


@transaction.atomic
def resume_payouts(
    *, reason: str, although_not_healed: bool = False, at: datetime, by: Actor
) -> PayoutSwitch:
    """Let payouts go again; everything that only waited for this goes now.

    `although_not_healed` excuses causes that still stand: payments are counted anew from this
    moment on, and the doubts that there are no longer count.

    Raises:
        ReasonMissing: no reason in words. SwitchNotTurned: see there.
        CauseNotHealed: a cause still stands, and was not excused.
    """
    words = need_reason(reason, for_what="why payouts may run again")
    if by.kind != ActorKind.STAFF or by.user_id is None:
        raise SwitchNotTurned("Only a person of operations resumes payouts.")
    switch = locked_switch()
    if not switch.is_paused:
        raise SwitchNotTurned("Payouts run already.")
    standing = what_stands(switch, at=at)
    if standing and not although_not_healed:
        raise CauseNotHealed(" ".join(standing))
    if standing:
        switch.counts_from = at
        switch.uncertain_excused = Payout.objects.filter(state=PayoutState.UNCERTAIN).count()
    switch.is_paused, switch.causes = False, []
    switch.reason, switch.changed_at, switch.changed_by_id = words, at, by.user_id
    switch.save()
    Payout.objects.filter(state=PayoutState.QUEUED).update(next_at=at)
    return switch


def what_stands(switch: PayoutSwitch, *, at: datetime) -> list[str]:
    """The causes of a pause that are not healed, each in words; empty: it may be resumed."""
    return [words for cause in switch.causes if (words := _STANDS[PauseCause(cause)](switch, at))]


def _nothing(_: PayoutSwitch, __: datetime) -> str:
    return ""


def _too_fast(switch: PayoutSwitch, at: datetime) -> str:
    lately = Lately.since_an_hour(switch, at=at)
    if not lately.is_full(limits_at(at)):
        return ""
    return "What left within the last hour still reaches the limits: wait, or raise them."


def _too_uncertain(switch: PayoutSwitch, at: datetime) -> str:
    found = too_uncertain(switch, at=at)
    return f"{found} Wait until the provider has been asked about them." if found else ""


def _ledger(switch: PayoutSwitch, _: datetime) -> str:
    since = InvariantReport.objects.filter(at__gte=switch.changed_at)
    report = since.order_by("-at", "-id").first()
    if report is None:
        return "The ledger was not checked again: have verify_invariants --keep run."
    broken = [line for line in report.lines if line["code"] == LEDGER_CHECK and line["violations"]]
    return "The last check found the ledger broken again." if broken else ""


def _books(switch: PayoutSwitch, _: datetime) -> str:
    since = Reconciliation.objects.filter(at__gte=switch.changed_at)
    last = since.order_by("-at", "-id").first()
    if last is None:
        return "The provider's book was not compared with ours since: have after_restore run."
    return "" if last.is_clean else "The provider's book and ours still differ."


_STANDS: dict[PauseCause, Callable[[PayoutSwitch, datetime], str]] = {
    PauseCause.BY_HAND: _nothing,
    PauseCause.HOURLY_COUNT: _too_fast,
    PauseCause.HOURLY_SUM: _too_fast,
    PauseCause.UNCERTAIN: _too_uncertain,
    PauseCause.LEDGER: _ledger,
    PauseCause.RESTORED: _books,
    PauseCause.BOOK_DIFFERS: _books,
}
