"""Who may approve how much, what bars an automatic approval, what holds a payment (rules §2, §3).

Pure: facts in, names out. Each bar and hold has a name and words for the people who see it.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from claims.facts import ClaimFacts
from claims.outcome import Rank
from claims.terms import Terms


class Bar(StrEnum):
    """What bars an automatic approval and sends the claim to adjudication (rules §3)."""

    ABOVE_AUTOMATIC_LIMIT = "ABOVE_AUTOMATIC_LIMIT"
    DAILY_CAP_REACHED = "DAILY_CAP_REACHED"
    FRAUD_HOLD = "FRAUD_HOLD"
    SANCTIONS_HOLD = "SANCTIONS_HOLD"
    LEGAL_HOLD = "LEGAL_HOLD"
    CLAIMANT_MINOR = "CLAIMANT_MINOR"
    CLAIMANT_REPRESENTED = "CLAIMANT_REPRESENTED"
    DEATH_OR_GRIEVOUS_INJURY = "DEATH_OR_GRIEVOUS_INJURY"
    MEDICARE_STATUS_UNKNOWN = "MEDICARE_STATUS_UNKNOWN"
    NOTICE_NOT_DELIVERED = "NOTICE_NOT_DELIVERED"
    SELLER_ANSWERED_LATE = "SELLER_ANSWERED_LATE"


BAR_WORDS: dict[str, str] = {
    Bar.ABOVE_AUTOMATIC_LIMIT: "The amount is above the limit of automatic payouts.",
    Bar.DAILY_CAP_REACHED: "This marketplace's automatic payouts reached their daily cap.",
    Bar.FRAUD_HOLD: "A fraud hold is in place.",
    Bar.SANCTIONS_HOLD: "A sanctions hold is in place.",
    Bar.LEGAL_HOLD: "A legal hold is in place.",
    Bar.CLAIMANT_MINOR: "The claimant is under age.",
    Bar.CLAIMANT_REPRESENTED: "The claimant is represented by counsel.",
    Bar.DEATH_OR_GRIEVOUS_INJURY: "Somebody died or was gravely injured.",
    Bar.MEDICARE_STATUS_UNKNOWN: "An injury payment above the reporting threshold, "
    "and the claimant's Medicare status is not known.",
    Bar.NOTICE_NOT_DELIVERED: "The seller's letter was refused, bounced or never left.",
    Bar.SELLER_ANSWERED_LATE: "The seller answered after the deadline: a person looks.",
}

# These take two people whoever decides (rules §2, "Two people, not a rule engine").
TWO_PEOPLE_BARS = frozenset(
    {
        Bar.FRAUD_HOLD,
        Bar.SANCTIONS_HOLD,
        Bar.LEGAL_HOLD,
        Bar.CLAIMANT_MINOR,
        Bar.CLAIMANT_REPRESENTED,
        Bar.DEATH_OR_GRIEVOUS_INJURY,
        Bar.MEDICARE_STATUS_UNKNOWN,
    }
)


class PaymentHold(StrEnum):
    """What holds a payment back after approval; it goes by itself when the reason is gone."""

    PAYOUTS_PAUSED = "PAYOUTS_PAUSED"
    NO_PAYEE_DETAILS = "NO_PAYEE_DETAILS"
    PAYEE_DETAILS_CHANGED = "PAYEE_DETAILS_CHANGED"
    SCREENING_NOT_DONE = "SCREENING_NOT_DONE"
    SANCTIONS_HOLD = "SANCTIONS_HOLD"
    HOLD_PLACED = "HOLD_PLACED"
    MADE_UP_DATA = "MADE_UP_DATA"


HOLD_WORDS: dict[str, str] = {
    PaymentHold.PAYOUTS_PAUSED: "Payouts are paused.",
    PaymentHold.NO_PAYEE_DETAILS: "The claimant has given no payee details yet.",
    PaymentHold.PAYEE_DETAILS_CHANGED: "The payee details were changed a short while ago.",
    PaymentHold.SCREENING_NOT_DONE: "The sanctions screening is not done.",
    PaymentHold.SANCTIONS_HOLD: "A sanctions hold is in place.",
    PaymentHold.HOLD_PLACED: "A hold was placed after the approval.",
    PaymentHold.MADE_UP_DATA: "The claim is made-up demo data: no real money may leave for it.",
}


def two_people_bars(facts: ClaimFacts, *, amount_minor: int, at: datetime) -> frozenset[str]:
    """The reasons for which two people must decide this claim, whoever they are."""
    bars = {Bar(f"{kind}_HOLD") for kind in facts.holds}
    if facts.claimant_is_minor(at):
        bars.add(Bar.CLAIMANT_MINOR)
    if facts.is_represented:
        bars.add(Bar.CLAIMANT_REPRESENTED)
    if facts.severity in {"GRIEVOUS", "DEATH"}:
        bars.add(Bar.DEATH_OR_GRIEVOUS_INJURY)
    if _medicare_is_open(facts, amount_minor):
        bars.add(Bar.MEDICARE_STATUS_UNKNOWN)
    return frozenset(bars)


def bars_at_proposal(facts: ClaimFacts, *, two_people: frozenset[str]) -> frozenset[str]:
    """The bars that a claim names while a proposal waits: a proposal clears none of them.

    The reasons for two people are those found now; what barred the automatic approval stays.
    """
    return two_people | (frozenset(facts.bars) - TWO_PEOPLE_BARS)


def automatic_bars(
    facts: ClaimFacts, *, amount_minor: int, at: datetime, spent_today_minor: int
) -> frozenset[str]:
    """Everything that bars the automatic approval of this amount, by name; empty: nothing does.

    `spent_today_minor` is what the marketplace approved automatically on its local day so far.
    """
    bars = set(two_people_bars(facts, amount_minor=amount_minor, at=at))
    if amount_minor > facts.terms.automatic_limit_minor:
        bars.add(Bar.ABOVE_AUTOMATIC_LIMIT)
    if spent_today_minor + amount_minor > facts.terms.daily_cap_minor:
        bars.add(Bar.DAILY_CAP_REACHED)
    if not facts.notice_delivered:
        bars.add(Bar.NOTICE_NOT_DELIVERED)
    if facts.answered_late:
        bars.add(Bar.SELLER_ANSWERED_LATE)
    return frozenset(bars)


def _medicare_is_open(facts: ClaimFacts, amount_minor: int) -> bool:
    threshold = facts.terms.medicare_threshold_minor
    return (
        threshold is not None
        and facts.is_injury
        and amount_minor > threshold
        and facts.medicare == "UNKNOWN"
    )


def authority_minor(rank: Rank, *, terms: Terms) -> int:
    """The amount up to which a person of this rank decides alone (rules §2 [D])."""
    if rank == Rank.SENIOR:
        return terms.senior_authority_minor
    return terms.adjuster_authority_minor if rank == Rank.ADJUSTER else 0


def people_needed(amount_minor: int, *, bars: frozenset[str], terms: Terms) -> int:
    """How many different people an approval of this amount takes: one or two."""
    if amount_minor > terms.senior_authority_minor or bars & TWO_PEOPLE_BARS:
        return 2
    return 1


def is_enough_authority(
    ranks: Iterable[Rank], *, amount_minor: int, bars: frozenset[str], terms: Terms
) -> bool:
    """Whether these different people together may approve this amount (rules §3, Authority).

    Above a senior adjuster's authority it takes two people, one of them senior; below it, one
    of them must have the amount within their own authority.
    """
    people = [rank for rank in ranks if rank > Rank.NONE]
    if len(people) < people_needed(amount_minor, bars=bars, terms=terms):
        return False
    highest = max(people)
    if amount_minor > terms.senior_authority_minor:
        return highest == Rank.SENIOR
    return amount_minor <= authority_minor(highest, terms=terms)


def payment_holds(
    facts: ClaimFacts,
    *,
    at: datetime,
    is_paused: bool,
    is_screened: bool,
    holds_after_approval: bool,
    is_demo: bool = False,
) -> tuple[str, ...]:
    """What holds an approved payment back now, by name, in the order people should look."""
    holds: list[str] = []
    if is_paused:
        holds.append(PaymentHold.PAYOUTS_PAUSED)
    if facts.payee is None:
        holds.append(PaymentHold.NO_PAYEE_DETAILS)
    until = facts.payee_cools_until()
    if until is not None and at < until:
        holds.append(PaymentHold.PAYEE_DETAILS_CHANGED)
    if not is_screened:
        holds.append(PaymentHold.SCREENING_NOT_DONE)
    if "SANCTIONS" in facts.holds:
        holds.append(PaymentHold.SANCTIONS_HOLD)
    if holds_after_approval:
        holds.append(PaymentHold.HOLD_PLACED)
    if facts.is_made_up and not is_demo:
        holds.append(PaymentHold.MADE_UP_DATA)
    return tuple(holds)
