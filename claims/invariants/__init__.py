"""What must always hold, whatever failed: ten invariants, each asked of the rows themselves.

`verify` runs them all; `manage.py verify_invariants` prints a report. Nothing is repaired here.
Each question is one set-based statement, or goes through the rows in batches, so that memory
stays bounded.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from claims.invariants import (
    answers,
    caps,
    clocks,
    files,
    ledger,
    letters,
    payments,
    replaying,
    standing,
)
from claims.invariants.inspection import (
    LATE,
    Acknowledgement,
    Inspection,
    Violation,
    read_acknowledgements,
)
from claims.providers.base import ProviderBook

__all__ = [
    "INVARIANTS",
    "Acknowledgement",
    "Checked",
    "Inspection",
    "Violation",
    "check_all",
    "read_acknowledgements",
    "verify",
]


@dataclass(frozen=True, slots=True)
class Invariant:
    """One of the ten: its code, its words, and what looks for violations of it."""

    code: str
    title: str
    look: Callable[[Inspection], Iterable[Violation]]
    needs_book: bool = False


INVARIANTS: Mapping[str, Invariant] = MappingProxyType(
    {
        one.code: one
        for one in (
            Invariant("I1", "no claim is paid twice for one purpose", payments.paid_once, True),
            Invariant("I2", "the provider's book and ours agree", payments.books_agree, True),
            Invariant("I3", "nothing that is due waits", clocks.nothing_waits),
            Invariant("I4", "the ledger balances and cannot be changed", ledger.holds),
            Invariant("I5", "every acknowledged answer is kept, byte for byte", answers.are_kept),
            Invariant("I6", "the events lead to where each claim stands", replaying.leads_there),
            Invariant("I7", "no letter is lost, none is written or sent twice", letters.are_once),
            Invariant("I8", "no claim is stuck", standing.nothing_is_stuck),
            Invariant("I9", "caps and authorities are kept", caps.are_kept),
            Invariant("I10", "files and rows match", files.match),
        )
    }
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of one invariant; `violations` None: it could not be asked (no book)."""

    code: str
    title: str
    violations: tuple[Violation, ...] | None

    @property
    def words(self) -> str:
        """How it stands, in a few words."""
        if self.violations is None:
            return "not asked: the provider shows no book"
        count = len(self.violations)
        return f"violated {count} time{'' if count == 1 else 's'}" if count else "held"


def verify(
    *,
    at: datetime,
    book: ProviderBook | None,
    acknowledged: Iterable[Acknowledgement] = (),
    delivered: Mapping[str, int] | None = None,
    late: timedelta = LATE,
) -> list[Violation]:
    """Every violation of every invariant, as of a moment.

    `book` None leaves out I1 and I2. `acknowledged` are the answers that clients saw
    acknowledged, `delivered` how often a mail server took each Message-ID. `late` is how long
    something due may wait (rules of the house: 5 minutes, 15 after the last fault healed).

    Raises:
        BookNotRead: the provider did not show its whole book.
    """
    inspection = Inspection(
        at=at, book=book, acknowledged=tuple(acknowledged), delivered=delivered, late=late
    )
    return [found for one in check_all(inspection) for found in one.violations or ()]


def check_all(inspection: Inspection) -> Iterator[Checked]:
    """Ask one invariant after the other, in their order.

    Raises:
        BookNotRead: the provider did not show its whole book.
    """
    for one in INVARIANTS.values():
        if one.needs_book and inspection.book is None:
            yield Checked(one.code, one.title, None)
        else:
            yield Checked(one.code, one.title, tuple(one.look(inspection)))
