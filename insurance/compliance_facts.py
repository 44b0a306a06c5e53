"""The facts that decide a seller's compliance: proceeds, requests, certificates, waivers.

Source: programme rules §4. Plain data; `compliance` judges it, `insurance.models` builds it.
"""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class MonthlyProceeds:
    """Gross proceeds of one month, whose first day is `month`, in minor units.

    `crossed_on` is the day on which the trigger was passed, None when only the total is known.
    Raises ValueError when `month` is not a first day or `crossed_on` lies in another month.
    """

    month: date
    gross_minor: int
    crossed_on: date | None = None

    def __post_init__(self) -> None:
        if self.month.day != 1:
            raise ValueError("A month is named by its first day.")
        if self.crossed_on is not None and self.crossed_on.replace(day=1) != self.month:
            raise ValueError("The trigger was passed on a day of another month.")

    @property
    def counts_from(self) -> date:
        """The day on which the trigger counts as passed: known, or the month's last day."""
        next_month = (self.month + timedelta(days=31)).replace(day=1)
        return self.crossed_on or next_month - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class InsuranceRequest:
    """Operations asked the seller for cover on this day."""

    requested_on: date


@dataclass(frozen=True, slots=True)
class SubmittedPolicy:
    """A submitted certificate with the codes of its defects; accepted without any, it is proof.

    Proof counts from the submission on, however long the review took. Cover runs from
    `effective_on` up to the day before `expires_on`. `key` is the row's number and orders
    submissions of one day. `products` are those covered, None for all.
    Raises ValueError when a certificate without defects has no dates.
    """

    submitted_on: date
    defects: tuple[str, ...]
    effective_on: date | None
    expires_on: date | None
    key: int
    products: frozenset[str] | None = None
    is_accepted: bool = True
    is_refused: bool = False

    def __post_init__(self) -> None:
        if self.is_proof and (self.effective_on is None or self.expires_on is None):
            raise ValueError("A certificate without dates has the defect DATES.")

    @property
    def is_proof(self) -> bool:
        """Whether nothing is wrong with it and operations accepted it."""
        return self.is_accepted and not self.defects

    @property
    def was_refused(self) -> bool:
        """Whether it has defects, or a person refused it."""
        return self.is_refused or bool(self.defects)

    def proves(self, day: date, *, known_on: date, product: str | None = None) -> bool:
        """Whether this is proof, known on one day, of cover in force on another.

        For a `product` it must cover that product; None asks for cover of whatever it covers.
        """
        cover = self.proven_cover(known_on=known_on, product=product)
        return cover is not None and cover[0] <= day < cover[1]

    def proven_cover(self, *, known_on: date, product: str | None) -> tuple[date, date] | None:
        """First day of proven cover and first day after it, or None when nothing is proven."""
        if self.effective_on is None or self.expires_on is None:
            return None
        covered = product is None or self.products is None or product in self.products
        if not self.is_proof or self.submitted_on > known_on or not covered:
            return None
        return self.effective_on, self.expires_on


@dataclass(frozen=True, slots=True)
class Waiver:
    """Cover is not asked for from one day to another, both included, for a reason.

    Ended early, it holds through the day before `ended_on`; what it was granted for stays.
    """

    from_on: date
    until_on: date
    reason: str
    ended_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether cover is not asked for on a day."""
        return self.from_on <= day <= self.until_on and (
            self.ended_on is None or day < self.ended_on
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerFacts:
    """All that decides one seller's compliance in one market.

    `products` are the seller's listed categories or products, which the policies must cover
    together (rules §4); empty where cover is not judged by product.
    """

    proceeds: tuple[MonthlyProceeds, ...] = ()
    requests: tuple[InsuranceRequest, ...] = ()
    policies: tuple[SubmittedPolicy, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    products: frozenset[str] = frozenset()
