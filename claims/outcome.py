"""What a decision changes, as plain data: built by pure functions, written by `recorder`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any

from claims.lifecycle import ActorKind, Status


class Rank(IntEnum):
    """Settlement authority of a person of operations; the figures stand in the terms."""

    NONE = 0
    ADJUSTER = 1
    SENIOR = 2


@dataclass(frozen=True, slots=True)
class Actor:
    """Who takes a step: a kind, the account where there is one, the authority of staff."""

    kind: ActorKind
    user_id: int | None = None
    rank: Rank = Rank.NONE


SYSTEM = Actor(ActorKind.SYSTEM)
CLAIMANT = Actor(ActorKind.CLAIMANT)
PROVIDER = Actor(ActorKind.PROVIDER)


@dataclass(frozen=True, slots=True)
class OpenDeadline:
    """A clock to start. `unit` is CALENDAR or WORKING; `acts_at` None: silence has no step."""

    kind: str
    owner: ActorKind
    starts_at: datetime
    length: int
    unit: str
    calendar: str
    due_at: datetime
    acts_at: datetime | None
    remind_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class CloseDeadline:
    """A clock to end: `how` is met, lapsed or cancelled. Nothing happens if none is open."""

    kind: str
    how: str


@dataclass(frozen=True, slots=True)
class Posting:
    """A ledger entry to post, in the claim's currency; `key` names the business event."""

    key: str
    debit: str
    credit: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to write. `occasion` makes its key unique within the claim."""

    kind: str
    recipient: str
    to: str
    occasion: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row to insert in one of the tables around a claim; the claim is filled in."""

    table: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RowChange:
    """Rows of this claim to change where they match; fewer than `at_least` undoes it all."""

    table: str
    where: Mapping[str, Any]
    values: Mapping[str, Any]
    at_least: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Everything one step changes. It is written whole or not at all.

    `expected_version` is the version the decision was taken on; `changes` are fields of the
    claim, `facts` the inputs of the decision, `rule` the rule that decided.
    """

    claim_id: int
    reference: str
    currency: str
    expected_version: int
    from_status: Status
    to_status: Status
    step: str
    at: datetime
    by: Actor
    rule: str = ""
    reason: str = ""
    text: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    changes: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    closes: tuple[CloseDeadline, ...] = ()
    opens: tuple[OpenDeadline, ...] = ()
    postings: tuple[Posting, ...] = ()
    letters: tuple[Letter, ...] = ()
    new_rows: tuple[NewRow, ...] = ()
    row_changes: tuple[RowChange, ...] = ()

    @property
    def version(self) -> int:
        """The version that this outcome makes."""
        return self.expected_version + 1
