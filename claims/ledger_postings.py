"""The postings by name: what each business event moves between accounts (rules §6).

Pure: amounts in minor units of the claim's currency. `occasion` makes the key unique in a claim.
"""

from dataclasses import dataclass

from claims.models.money import Account
from claims.outcome import Posting


def accrue(amount_minor: int, *, occasion: str) -> Posting:
    """The programme owes the claimant: expense against claims payable."""
    return Posting(
        f"accrue/{occasion}", Account.PROGRAMME_EXPENSE, Account.CLAIMS_PAYABLE, amount_minor
    )


def reverse_accrual(amount_minor: int, *, occasion: str) -> Posting:
    """The approval is gone before payment: what it accrued goes back."""
    return Posting(
        f"reverse/{occasion}", Account.CLAIMS_PAYABLE, Account.PROGRAMME_EXPENSE, amount_minor
    )


def send_out(amount_minor: int, *, occasion: str) -> Posting:
    """The provider took the payment: claims payable against payout clearing."""
    return Posting(
        f"send/{occasion}", Account.CLAIMS_PAYABLE, Account.PAYOUT_CLEARING, amount_minor
    )


def come_back(amount_minor: int, *, occasion: str) -> Posting:
    """The payment came back: the claimant is owed again."""
    return Posting(
        f"return/{occasion}", Account.PAYOUT_CLEARING, Account.CLAIMS_PAYABLE, amount_minor
    )


def charge_seller(amount_minor: int, *, occasion: str) -> Posting:
    """The cost moves from the programme to the seller."""
    return Posting(
        f"charge/{occasion}", Account.SELLER_RECEIVABLE, Account.PROGRAMME_EXPENSE, amount_minor
    )


def charge_insurer(amount_minor: int, *, occasion: str) -> Posting:
    """The seller's insurer takes over a part of what the seller owes."""
    return Posting(
        f"insurer/{occasion}", Account.INSURER_RECEIVABLE, Account.SELLER_RECEIVABLE, amount_minor
    )


def collect(amount_minor: int, *, receivable: Account, occasion: str) -> Posting:
    """Money recovered arrived: clearing against the receivable."""
    return Posting(f"collect/{occasion}", Account.PAYOUT_CLEARING, receivable, amount_minor)


def withhold(amount_minor: int, *, occasion: str) -> Posting:
    """Held back from the seller's disbursements against what it owes."""
    return Posting(
        f"withhold/{occasion}",
        Account.DISBURSEMENTS_WITHHELD,
        Account.SELLER_RECEIVABLE,
        amount_minor,
    )


def write_off(amount_minor: int, *, receivable: Account, occasion: str) -> Posting:
    """A receivable that will not come: the programme carries it."""
    return Posting(
        f"write-off/{occasion}", Account.RECOVERIES_WRITTEN_OFF, receivable, amount_minor
    )


@dataclass(frozen=True, slots=True)
class RecoveryPosition:
    """What a recovery's entries add up to, in minor units."""

    charged_minor: int
    taken_over_by_insurer_minor: int
    collected_from_seller_minor: int
    collected_from_insurer_minor: int
    withheld_minor: int
    written_off_minor: int

    @property
    def owed_by_seller_minor(self) -> int:
        """What the seller still owes, withheld or not."""
        return (
            self.charged_minor
            - self.taken_over_by_insurer_minor
            - self.collected_from_seller_minor
            - self.written_off_minor
        )


def cancel_recovery(position: RecoveryPosition, *, occasion: str) -> tuple[Posting, ...]:
    """Everything that was withheld or collected goes back; the programme carries the cost again."""
    seller, insurer = Account.SELLER_RECEIVABLE, Account.INSURER_RECEIVABLE
    cash = Account.PAYOUT_CLEARING
    moves = (
        ("written-off", seller, Account.RECOVERIES_WRITTEN_OFF, position.written_off_minor),
        ("release", seller, Account.DISBURSEMENTS_WITHHELD, position.withheld_minor),
        ("refund-seller", seller, cash, position.collected_from_seller_minor),
        ("refund-insurer", insurer, cash, position.collected_from_insurer_minor),
        ("insurer", seller, insurer, position.taken_over_by_insurer_minor),
        ("give-back", Account.PROGRAMME_EXPENSE, seller, position.charged_minor),
    )
    return tuple(
        Posting(f"cancel-{name}/{occasion}", debit, credit, amount)
        for name, debit, credit, amount in moves
        if amount > 0
    )
