"""What makes somebody look at a claim for fraud (rules §3). Pure; none of it decides anything.

The figures of a claim are its terms'; those of likeness are `ScreeningFigures`.
"""

import hashlib
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from claims.models import SignalCode
from claims.terms import Terms
from sellers.money import display_amount

# What is kept of a narrative to be compared; a copy is seen in its beginning.
_COMPARED_CHARACTERS = 2000
# "It broke." is everybody's narrative, not a copy.
_SHORTEST_COPY = 20
_SEVERE = frozenset({"HOSPITAL", "GRIEVOUS", "DEATH"})
_MONTHS_A_YEAR = 12
_PERCENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherClaim:
    """Another claim that has something in common. `narrative_percent` is its likeness."""

    id: int
    reference: str
    claimant_key: str
    order_id: int
    incident_on: date
    reported_on: date
    payee_account: str
    narrative_sha256: str
    evidence_sha256: frozenset[str] = frozenset()
    narrative_percent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAt:
    """The claim that is looked at. `amount_minor` is claimed under heads that are ever paid.

    `product_claims` counts the different losses on the product that were reported within the
    terms' burst days up to this report, its own included.
    """

    id: int
    terms: Terms
    claimant_key: str
    order_id: int
    incident_on: date
    reported_on: date
    delivered_on: date | None
    severity: str
    amount_minor: int
    payee_account: str = ""
    narrative_sha256: str = ""
    evidence_sha256: frozenset[str] = frozenset()
    product_claims: int = 1
    copied_percent: int = 80
    others: tuple[OtherClaim, ...] = ()


@dataclass(frozen=True, slots=True)
class Signal:
    """A reason to look: its code, the other claim where there is one, words and figures."""

    code: SignalCode
    words: str
    other_id: int | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


def find_signals(claim: LookedAt) -> tuple[Signal, ...]:
    """Every reason to look at this claim, in the order of the rules."""
    return tuple(signal for find in _FINDERS for signal in find(claim))


def normalise_narrative(text: str) -> str:
    """A narrative as it is compared: case, accents, punctuation and spaces folded, cut."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c if c.isalnum() else " " for c in parts if not unicodedata.combining(c))
    return " ".join(plain.split())[:_COMPARED_CHARACTERS]


def narrative_digest(text: str) -> str:
    """The SHA-256 of a normalised narrative; empty where it is too short to be called copied."""
    narrative = normalise_narrative(text)
    if len(narrative) < _SHORTEST_COPY:
        return ""
    return hashlib.sha256(narrative.encode()).hexdigest()


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or that month's last where it has no such day."""
    count = day.year * _MONTHS_A_YEAR + day.month - 1 - months
    year, month = divmod(count, _MONTHS_A_YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def burst_since(reported_on: date, *, terms: Terms) -> date:
    """The first day of the burst days that end with a report."""
    return reported_on - timedelta(days=max(terms.burst_days, 1) - 1)


def is_burst(claims: int, *, terms: Terms) -> bool:
    """Whether so many claims on one product are a burst (rules §7: 3 in 30 days [D])."""
    return claims >= terms.burst_claims


def is_severe(severity: str) -> bool:
    """Whether one claim alone is enough: hospital admission or worse (rules §7)."""
    return severity in _SEVERE


def _repeat_claimant(claim: LookedAt) -> Iterator[Signal]:
    months = claim.terms.repeat_claimant_months
    for other in claim.others:
        earlier, later = sorted((claim.reported_on, other.reported_on))
        if claim.claimant_key == other.claimant_key and earlier > months_before(later, months):
            yield Signal(
                SignalCode.REPEAT_CLAIMANT,
                f"The same claimant reported {other.reference} on {other.reported_on}, "
                f"within {months} months.",
                other.id,
                {"months": months, "other_reported_on": str(other.reported_on)},
            )


def _same_order(claim: LookedAt) -> Iterator[Signal]:
    for other in claim.others:
        if claim.order_id == other.order_id:
            yield Signal(
                SignalCode.SAME_ORDER, f"{other.reference} is on the same order.", other.id
            )


def _image_reused(claim: LookedAt) -> Iterator[Signal]:
    for other in claim.others:
        shared = sorted(claim.evidence_sha256 & other.evidence_sha256)
        if shared:
            files = "a file" if len(shared) == 1 else f"{len(shared)} files"
            yield Signal(
                SignalCode.IMAGE_REUSED,
                f"{other.reference} has {files} that this claim has too, byte for byte.",
                other.id,
                {"sha256": shared},
            )


def _near_ceiling(claim: LookedAt) -> Iterator[Signal]:
    terms, amount = claim.terms, claim.amount_minor
    least = terms.near_ceiling_percent * terms.ceiling_minor
    if least <= amount * _PERCENT and amount <= terms.ceiling_minor:
        yield Signal(
            SignalCode.NEAR_CEILING,
            f"{display_amount(amount, currency=terms.currency)} is claimed, "
            f"{terms.near_ceiling_percent} to 100 % of the ceiling of "
            f"{display_amount(terms.ceiling_minor, currency=terms.currency)}.",
            detail={"amount_minor": amount, "ceiling_minor": terms.ceiling_minor},
        )


def _split_incident(claim: LookedAt) -> Iterator[Signal]:
    for other in claim.others:
        same_person = claim.claimant_key == other.claimant_key
        if same_person and claim.incident_on == other.incident_on:
            yield Signal(
                SignalCode.SPLIT_INCIDENT,
                f"{other.reference} of the same claimant is about an incident on the same day.",
                other.id,
                {"incident_on": str(claim.incident_on)},
            )


def _before_delivery(claim: LookedAt) -> Iterator[Signal]:
    if claim.delivered_on is not None and claim.incident_on < claim.delivered_on:
        yield Signal(
            SignalCode.BEFORE_DELIVERY,
            f"The incident was on {claim.incident_on}, the delivery on {claim.delivered_on}.",
            detail={
                "incident_on": str(claim.incident_on),
                "delivered_on": str(claim.delivered_on),
            },
        )


def _soon_after_delivery(claim: LookedAt) -> Iterator[Signal]:
    if claim.delivered_on is None:
        return
    days = (claim.reported_on - claim.delivered_on).days
    if 0 <= days <= claim.terms.soon_after_delivery_days:
        yield Signal(
            SignalCode.SOON_AFTER_DELIVERY,
            f"Reported on {claim.reported_on}, delivered on {claim.delivered_on}: within "
            f"{claim.terms.soon_after_delivery_days} days.",
            detail={"days": days, "delivered_on": str(claim.delivered_on)},
        )


def _product_burst(claim: LookedAt) -> Iterator[Signal]:
    if is_burst(claim.product_claims, terms=claim.terms):
        yield Signal(
            SignalCode.PRODUCT_BURST,
            f"{claim.product_claims} claims on this product within {claim.terms.burst_days} days: "
            "either a defect or a ring.",
            detail={"claims": claim.product_claims, "days": claim.terms.burst_days},
        )


def _shared_payee(claim: LookedAt) -> Iterator[Signal]:
    for other in claim.others:
        same_account = claim.payee_account and claim.payee_account == other.payee_account
        if same_account and claim.claimant_key != other.claimant_key:
            yield Signal(
                SignalCode.SHARED_PAYEE,
                f"{other.reference} of another claimant is to be paid to the same account.",
                other.id,
            )


def _narrative_copied(claim: LookedAt) -> Iterator[Signal]:
    for other in claim.others:
        is_equal = claim.narrative_sha256 and claim.narrative_sha256 == other.narrative_sha256
        percent = _PERCENT if is_equal else other.narrative_percent
        if percent >= claim.copied_percent:
            yield Signal(
                SignalCode.NARRATIVE_COPIED,
                f"The narrative of {other.reference} is {percent} % like this one.",
                other.id,
                {"percent": percent},
            )


def _severe_injury(claim: LookedAt) -> Iterator[Signal]:
    if is_severe(claim.severity):
        yield Signal(
            SignalCode.SEVERE_INJURY,
            "Hospital admission or worse: either a defect or a ring.",
            detail={"severity": claim.severity},
        )


_FINDERS: Iterable[Callable[[LookedAt], Iterator[Signal]]] = (
    _repeat_claimant,
    _same_order,
    _image_reused,
    _near_ceiling,
    _split_incident,
    _before_delivery,
    _soon_after_delivery,
    _product_burst,
    _shared_payee,
    _narrative_copied,
    _severe_injury,
)
