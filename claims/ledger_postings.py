"""The postings of the programme, by name: what each business event moves between accounts (rules §6).

Pure: amounts in minor units of the claim's currency. `occasion` makes the key unique in a claim.
"""

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


def give_back(amount_minor: int, *, occasion: str) -> Posting:
    """An appeal cancelled the recovery: the programme carries the cost again."""
    return Posting(
        f"give-back/{occasion}", Account.PROGRAMME_EXPENSE, Account.SELLER_RECEIVABLE, amount_minor
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


def write_off(amount_minor: int, *, occasion: str) -> Posting:
    """A receivable that will not come: the programme carries it."""
    return Posting(
        f"write-off/{occasion}",
        Account.RECOVERIES_WRITTEN_OFF,
        Account.SELLER_RECEIVABLE,
        amount_minor,
    )
