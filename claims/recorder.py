"""The sole writer: outcomes become rows, in one transaction, one or a thousand at a time.

Each claim is compared and set by its version. A claim that somebody moved meanwhile is reported
and nothing of its outcome is written.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from claims import hints
from claims.bulk import insert_rows, update_claims
from claims.lifecycle import STEPS, SomeoneWasFirst, Status
from claims.models import (
    Claim,
    ClaimEvent,
    DamageLine,
    Deadline,
    LedgerEntry,
    Notice,
    NoticeState,
)
from claims.outcome import Actor, Letter, NewRow, OpenDeadline, Outcome, RowChange
from claims.step_rules import STEP_RULES

ENDS = {"met": "met_at", "lapsed": "lapsed_at", "cancelled": "cancelled_at"}


@dataclass(frozen=True, slots=True)
class Recorded:
    """Which outcomes were written, and which claims somebody else had moved first."""

    written: tuple[Outcome, ...]
    someone_was_first: tuple[Outcome, ...]


def record_one(outcome: Outcome) -> None:
    """Write one outcome.

    Raises:
        SomeoneWasFirst: the claim was moved meanwhile; nothing was written.
    """
    if record([outcome]).someone_was_first:
        raise SomeoneWasFirst(
            f"Somebody else changed claim {outcome.reference} meanwhile. Look at it again."
        )


def record(outcomes: Sequence[Outcome]) -> Recorded:
    """Write the outcomes of different claims in one transaction.

    Raises:
        ValueError: an outcome leaves the life-cycle, or two are of the same claim.
    """
    _check(outcomes)
    with transaction.atomic():
        won = _move_claims(outcomes)
        written = tuple(o for o in outcomes if o.claim_id in won)
        _write_around(written)
        if any(letters_or_money(o) for o in written):
            transaction.on_commit(hints.nudge)
    return Recorded(written, tuple(o for o in outcomes if o.claim_id not in won))


def record_report(
    claim: Claim,
    *,
    at: datetime,
    by: Actor,
    facts: Mapping[str, Any],
    opens: tuple[OpenDeadline, ...],
    letters: tuple[Letter, ...],
) -> None:
    """Open the file of a claim that was just inserted: its first event, clocks and letters."""
    first = Outcome(
        claim_id=claim.pk,
        reference=claim.reference,
        currency=claim.currency,
        expected_version=0,
        from_status=Status.REPORTED,
        to_status=Status.REPORTED,
        step="report",
        at=at,
        by=by,
        facts=facts,
        opens=opens,
        letters=letters,
    )
    insert_rows(ClaimEvent, [_event(first) | {"from_status": ""}])
    insert_rows(Deadline, [_deadline(first, d) for d in opens])
    insert_rows(Notice, [_notice(first, letter) for letter in letters])
    transaction.on_commit(hints.nudge)


def letters_or_money(outcome: Outcome) -> bool:
    """Whether an outcome leaves something for the senders to pick up."""
    return bool(outcome.letters) or any(row.table == "Payout" for row in outcome.new_rows)


def _check(outcomes: Sequence[Outcome]) -> None:
    if len({o.claim_id for o in outcomes}) != len(outcomes):
        raise ValueError("Two outcomes of one claim cannot be recorded together.")
    for o in outcomes:
        step = STEPS[o.step]
        allowed = step.to or {o.from_status}
        if o.from_status not in step.source or o.to_status not in allowed:
            raise ValueError(f"{o.step} does not lead from {o.from_status} to {o.to_status}.")


def _move_claims(outcomes: Sequence[Outcome]) -> set[int]:
    groups: dict[tuple[str, ...], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[tuple(sorted(_claim_values(outcome)))].append(outcome)
    won: set[int] = set()
    for names, group in groups.items():
        rows = [_claim_values(o) for o in group]
        won |= update_claims(
            Claim,
            keys=[(o.claim_id, o.expected_version) for o in group],
            values={name: [row[name] for row in rows] for name in names},
        )
    return won


def _claim_values(outcome: Outcome) -> dict[str, Any]:
    values = dict(outcome.changes)
    if outcome.to_status != outcome.from_status:
        values |= {
            "status": outcome.to_status.value,
            "status_since": outcome.at,
            "reason": outcome.reason,
        }
    return values


def _write_around(written: Sequence[Outcome]) -> None:
    if not written:
        return
    insert_rows(ClaimEvent, [_event(o) for o in written])
    _close_deadlines(written)
    insert_rows(Deadline, [_deadline(o, d) for o in written for d in o.opens])
    _change_lines(written)
    insert_rows(LedgerEntry, [_entry(o, p) for o in written for p in o.postings])
    insert_rows(Notice, [_notice(o, letter) for o in written for letter in o.letters])
    # Changes come first: what they end (an open proposal) makes room for the new row.
    for outcome in written:
        for change in outcome.row_changes:
            _change_rows(outcome, change)
    _insert_new_rows(written)


def _event(o: Outcome) -> dict[str, Any]:
    return {
        "claim_id": o.claim_id,
        "version": o.version,
        "at": o.at,
        "step": o.step,
        "from_status": o.from_status.value,
        "to_status": o.to_status.value,
        "actor_kind": o.by.kind.value,
        "actor_id": o.by.user_id,
        "rule": o.rule or STEP_RULES.get(o.step, ""),
        "reason": o.reason,
        "text": o.text,
        "facts": dict(o.facts),
        "changes": {name: _exactly(value) for name, value in o.changes.items()},
        "letters": len(o.letters),
    }


def _exactly(value: Any) -> Any:
    """A moment to the microsecond: JSON's usual way keeps three digits, and replay would differ."""
    return value.isoformat() if isinstance(value, datetime) else value


def _close_deadlines(written: Sequence[Outcome]) -> None:
    closing: dict[str, list[tuple[int, str, Any]]] = defaultdict(list)
    for o in written:
        for close in o.closes:
            closing[close.how].append((o.claim_id, close.kind, o.at))
    for how, rows in closing.items():
        _execute(
            f"UPDATE claims_deadline AS d SET {ENDS[how]} = u.at "  # noqa: S608
            "FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[]) AS u(claim_id, kind, at) "
            "WHERE d.claim_id = u.claim_id AND d.kind = u.kind AND d.met_at IS NULL "
            "AND d.lapsed_at IS NULL AND d.cancelled_at IS NULL",
            [list(column) for column in zip(*rows, strict=True)],
        )


def _deadline(o: Outcome, d: Any) -> dict[str, Any]:
    return {
        "claim_id": o.claim_id,
        "kind": d.kind,
        "owner": d.owner.value,
        "starts_at": d.starts_at,
        "length": d.length,
        "unit": d.unit,
        "calendar_id": d.calendar,
        "due_at": d.due_at,
        "acts_at": d.acts_at,
        "remind_at": d.remind_at,
        "note": d.note,
    }


def _change_lines(written: Sequence[Outcome]) -> None:
    rows = [
        (o.claim_id, head, values.get("assessed_minor"), values.get("paid_minor"))
        for o in written
        for head, values in o.lines.items()
    ]
    if rows:
        _execute(
            f'UPDATE "{DamageLine._meta.db_table}" AS l SET '  # noqa: SLF001, S608
            "assessed_minor = coalesce(u.assessed, l.assessed_minor), "
            "paid_minor = coalesce(u.paid, l.paid_minor) "
            "FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::bigint[]) "
            "AS u(claim_id, head, assessed, paid) "
            "WHERE l.claim_id = u.claim_id AND l.head = u.head",
            [list(column) for column in zip(*rows, strict=True)],
        )


def _entry(o: Outcome, p: Any) -> dict[str, Any]:
    return {
        "claim_id": o.claim_id,
        "event_version": o.version,
        "key": f"{o.reference}/{p.key}",
        "debit": p.debit,
        "credit": p.credit,
        "amount_minor": p.amount_minor,
        "currency": o.currency,
        "posted_at": o.at,
    }


def _notice(o: Outcome, letter: Letter) -> dict[str, Any]:
    return {
        "claim_id": o.claim_id,
        "event_version": o.version,
        "key": f"{o.reference}/{letter.kind}/{letter.occasion}",
        "kind": letter.kind,
        "recipient": letter.recipient,
        "to": letter.to,
        "facts": dict(letter.facts),
        "state": NoticeState.QUEUED.value,
        "written_at": o.at,
        "next_at": o.at,
    }


def _insert_new_rows(written: Sequence[Outcome]) -> None:
    by_table: dict[str, list[tuple[Outcome, NewRow]]] = defaultdict(list)
    for o in written:
        for row in o.new_rows:
            by_table[row.table].append((o, row))
    for table, pairs in by_table.items():
        insert_rows(
            apps.get_model("claims", table),
            [{"claim_id": o.claim_id, **row.values} for o, row in pairs],
        )


def _change_rows(outcome: Outcome, change: RowChange) -> None:
    model = apps.get_model("claims", change.table)
    rows = model._default_manager.filter(claim_id=outcome.claim_id, **change.where)  # noqa: SLF001
    if rows.update(**change.values) < change.at_least:
        raise SomeoneWasFirst(f"Claim {outcome.reference} was changed meanwhile. Look at it again.")


def _execute(sql: str, parameters: Iterable[Any] | Mapping[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(parameters))
