"""The parts of a claim file in words: summary, clocks, damage, timeline, letters.

Each function takes rows that are already loaded and returns what the page prints.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from claims.admin.words import NOTHING, amount, code_words, moment, short_words, time_left, urgency
from claims.letters import FORMS, LetterKind
from claims.lifecycle import STEPS, ActorKind, Status
from claims.models import (
    PAYABLE_HEADS,
    Claim,
    ClaimEvent,
    DamageLine,
    Deadline,
    Head,
    Notice,
)

EMPTY: tuple[Any, ...] = ("", [], {})


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and what stands beside it."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ClockLine:
    """A clock of the file, running or ended."""

    name: str
    left: str
    tone: str
    due: str
    due_iso: str
    counted: str
    started: str
    acts: str
    ended: str
    note: str


@dataclass(frozen=True, slots=True)
class DamageRow:
    """A head of damage: what was claimed, assessed and paid of it."""

    head: str
    claimed: str
    assessed: str
    paid: str
    is_never_paid: bool


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """A step of the claim, with the rule that decided it and the inputs of the decision."""

    version: int
    step: str
    at: str
    at_iso: str
    who: str
    is_automatic: bool
    moved: str
    reason: str
    text: str
    rule: str
    facts: tuple[Pair, ...]
    changes: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter: to whom, about what, where it stands, and its words once it left."""

    kind: str
    recipient: str
    to: str
    state: str
    tone: str
    when: str
    subject: str
    body: str
    answer: str


def summary(claim: Claim) -> list[Pair]:
    """What happened, to whom, with which product, and what is asked."""
    zone, order, claimant = claim.marketplace.zone, claim.order, claim.claimant
    return [
        Pair("Claimant", f"{claimant.name}", claimant.email),
        Pair("Born on", day(claimant.born_on)),
        Pair("Represented by counsel", yes_no(claim.is_represented)),
        Pair("Medicare beneficiary", claim.get_medicare_display()),
        Pair("Seller", claim.seller.legal_name, claim.seller.external_reference),
        Pair("Product", order.product.title, order.product.sku),
        Pair("Order", order.external_reference, f"Delivered {day(order.delivered_on)}"),
        Pair("Marketplace", claim.marketplace.name, claim.get_fulfilment_display()),
        Pair("Incident", day(claim.incident_on)),
        Pair("Harm", claim.get_harm_display(), claim.get_severity_display()),
        Pair("Reported", moment(claim.reported_at, zone)),
        Pair("Source", claim.external_source or "Reported here", claim.external_reference),
    ]


def figures(claim: Claim) -> list[Pair]:
    """The four amounts of a claim, and what the ceiling made of it."""
    ceiling = {None: "", True: "At or below the ceiling", False: "Above the ceiling"}
    return [
        Pair("Claimed", amount(claim.claimed_minor, claim.currency)),
        Pair(
            "Assessed",
            amount(claim.assessed_minor, claim.currency),
            ceiling[claim.is_within_ceiling],
        ),
        Pair("Approved", amount(claim.approved_minor, claim.currency)),
        Pair("Paid", amount(claim.paid_minor or None, claim.currency)),
    ]


def day(on: date | None) -> str:
    """A date for people: 3 Mar 2026."""
    return f"{on.day} {on:%b %Y}" if on else NOTHING


def yes_no(value: bool) -> str:  # noqa: FBT001 - it is the value that is put into words
    """Yes or no."""
    return "Yes" if value else "No"


def damage(lines: Iterable[DamageLine], currency: str) -> list[DamageRow]:
    """The damage lines, in the order in which they were claimed."""
    return [
        DamageRow(
            head=Head(line.head).label,
            claimed=amount(line.claimed_minor, currency),
            assessed=amount(line.assessed_minor, currency),
            paid=amount(line.paid_minor or None, currency),
            is_never_paid=line.head not in PAYABLE_HEADS,
        )
        for line in lines
    ]


def clock_line(clock: Deadline, *, zone: ZoneInfo, now: datetime) -> ClockLine:
    """A clock in words; only a running one has time left."""
    return ClockLine(
        name=clock.get_kind_display(),
        left=time_left(clock.due_at, now=now) if clock.is_open else "",
        tone=urgency(clock.due_at, now=now) if clock.is_open else "ended",
        due=moment(clock.due_at, zone),
        due_iso=clock.due_at.isoformat(),
        counted=f"{clock.length} {clock.unit.lower()} day{'' if clock.length == 1 else 's'}",
        started=moment(clock.starts_at, zone),
        acts=moment(clock.acts_at, zone) if clock.acts_at and clock.is_open else "",
        ended=_ended(clock, zone),
        note=clock.note,
    )


def _ended(clock: Deadline, zone: ZoneInfo) -> str:
    ends = (("Met", clock.met_at), ("Lapsed", clock.lapsed_at), ("Cancelled", clock.cancelled_at))
    return next((f"{word} {moment(at, zone)}" for word, at in ends if at), "")


def timeline(events: Iterable[ClaimEvent], claim: Claim) -> list[TimelineEntry]:
    """Everything that happened, the latest first."""
    return [_entry(event, claim) for event in sorted(events, key=lambda e: -e.version)]


def _entry(event: ClaimEvent, claim: Claim) -> TimelineEntry:
    step = STEPS.get(event.step)
    return TimelineEntry(
        version=event.version,
        step=step.label if step else code_words(event.step),
        at=moment(event.at, claim.marketplace.zone),
        at_iso=event.at.isoformat(),
        who=_who(event),
        is_automatic=event.actor_kind == ActorKind.SYSTEM,
        moved=_moved(event),
        reason=code_words(event.reason) if event.reason else "",
        text=event.text,
        rule=event.rule,
        facts=in_pairs(event.facts, claim),
        changes=in_pairs(event.changes, claim),
    )


def _who(event: ClaimEvent) -> str:
    kind = ActorKind(event.actor_kind).label
    if event.actor is None:
        return kind
    return f"{event.actor.get_full_name() or event.actor.get_username()} ({kind.lower()})"


def _moved(event: ClaimEvent) -> str:
    if event.from_status == event.to_status:
        return ""
    arrived = Status(event.to_status).label
    return f"{Status(event.from_status).label} → {arrived}" if event.from_status else arrived


def in_pairs(facts: Mapping[str, Any], claim: Claim) -> tuple[Pair, ...]:
    """Stored inputs as labels and values: amounts with their currency, moments in local time."""
    return tuple(
        Pair(short_words(name.removesuffix("_minor")), _value(name, value, claim))
        for name, value in facts.items()
    )


def _value(name: str, value: Any, claim: Claim) -> str:
    if value is None or value in EMPTY:
        return NOTHING
    if isinstance(value, bool):
        return yes_no(value)
    if name.endswith("_minor") and isinstance(value, int):
        return amount(value, claim.currency)
    if name.endswith("_at") and isinstance(value, str):
        return moment(datetime.fromisoformat(value), claim.marketplace.zone)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def letter_title(kind: str) -> str:
    """What a kind of letter is called."""
    return FORMS[LetterKind(kind)].title if kind in LetterKind else short_words(kind)


def letter_line(notice: Notice, zone: ZoneInfo) -> LetterLine:
    """A letter in words."""
    tones = {"SENT": "good", "BOUNCED": "hold"}
    return LetterLine(
        kind=letter_title(notice.kind),
        recipient=notice.get_recipient_display(),
        to=notice.to,
        state=notice.get_state_display(),
        tone=tones.get(notice.state, "quiet"),
        when=moment(notice.sent_at or notice.written_at, zone),
        subject=notice.subject,
        body=notice.body,
        answer=notice.last_answer,
    )


def made_up(claim: Claim) -> str:
    """Which parts the demo made up; empty for a real claim."""
    if claim.made_up_fields:
        return ", ".join(name.replace("_", " ") for name in claim.made_up_fields)
    return "the claimant" if claim.claimant.is_made_up else ""
