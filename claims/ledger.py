"""Balances, from the ledger alone: who carries a claim's cost, now or at any moment."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from claims.ledger_postings import RecoveryPosition
from claims.models import Account, Claim, LedgerEntry

type Moved = dict[tuple[str, str], int]
_SELLER, _INSURER = Account.SELLER_RECEIVABLE, Account.INSURER_RECEIVABLE
_CASH, _WITHHELD = Account.PAYOUT_CLEARING, Account.DISBURSEMENTS_WITHHELD
_EXPENSE, _WRITTEN_OFF = Account.PROGRAMME_EXPENSE, Account.RECOVERIES_WRITTEN_OFF


@dataclass(frozen=True, slots=True)
class Bearers:
    """Who carries a claim's cost, in minor units of its currency (rules §3, §6)."""

    programme_minor: int
    seller_minor: int
    insurer_minor: int


def balances(entries: Iterable[LedgerEntry]) -> dict[str, int]:
    """Debits less credits of each account; they always sum to zero."""
    sums: dict[str, int] = defaultdict(int)
    for entry in entries:
        sums[entry.debit] += entry.amount_minor
        sums[entry.credit] -= entry.amount_minor
    return dict(sums)


def entries_of(claim: Claim, *, until: datetime | None = None) -> QuerySet[LedgerEntry]:
    """A claim's entries, in order, as they stood at a moment."""
    entries = LedgerEntry.objects.filter(claim=claim)
    return entries if until is None else entries.filter(posted_at__lte=until)


def borne_by(claim: Claim, *, at: datetime | None = None) -> Bearers:
    """Who carries the cost at a moment, from the ledger alone.

    The programme carries its expense and what was written off; seller and insurer carry what
    was charged to them, collected or not.
    """
    entries = list(entries_of(claim, until=at))
    moved = {(e.debit, e.credit): 0 for e in entries}
    for e in entries:
        moved[e.debit, e.credit] += e.amount_minor
    sums = balances(entries)
    programme = sums.get(Account.PROGRAMME_EXPENSE, 0)
    written_off = sums.get(Account.RECOVERIES_WRITTEN_OFF, 0)
    insurer = moved.get((Account.INSURER_RECEIVABLE, Account.SELLER_RECEIVABLE), 0) - moved.get(
        (Account.SELLER_RECEIVABLE, Account.INSURER_RECEIVABLE), 0
    )
    charged = moved.get((Account.SELLER_RECEIVABLE, Account.PROGRAMME_EXPENSE), 0)
    given_back = moved.get((Account.PROGRAMME_EXPENSE, Account.SELLER_RECEIVABLE), 0)
    return Bearers(
        programme_minor=programme + written_off,
        seller_minor=charged - given_back - written_off - insurer,
        insurer_minor=insurer,
    )


def positions_of(claim_ids: Iterable[int]) -> dict[int, RecoveryPosition]:
    """What the recoveries of claims add up to, by claim; those without an entry are left out."""
    moved: dict[int, Moved] = defaultdict(lambda: defaultdict(int))
    entries = LedgerEntry.objects.filter(claim_id__in=list(claim_ids))
    for claim_id, debit, credit, amount in entries.values_list(
        "claim_id", "debit", "credit", "amount_minor"
    ):
        moved[claim_id][debit, credit] += amount
        moved[claim_id][credit, debit] -= amount
    return {claim_id: _position(sums) for claim_id, sums in moved.items()}


def position_of(claim_id: int) -> RecoveryPosition:
    """What the recovery of a claim adds up to, from the ledger alone."""
    return positions_of([claim_id]).get(claim_id) or _position(defaultdict(int))


def _position(moved: Moved) -> RecoveryPosition:
    return RecoveryPosition(
        charged_minor=moved[_SELLER, _EXPENSE],
        taken_over_by_insurer_minor=moved[_INSURER, _SELLER],
        collected_from_seller_minor=moved[_CASH, _SELLER] + moved[_CASH, _WITHHELD],
        collected_from_insurer_minor=moved[_CASH, _INSURER],
        withheld_minor=moved[_WITHHELD, _SELLER]
        - moved[_CASH, _WITHHELD]
        - moved[_WRITTEN_OFF, _WITHHELD],
        written_off_minor=moved[_WRITTEN_OFF, _SELLER] + moved[_WRITTEN_OFF, _WITHHELD],
    )
