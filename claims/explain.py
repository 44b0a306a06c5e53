"""Why a claim stands where it stands: rule by rule, with figures, their version and source."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from claims.agenda import open_deadlines
from claims.authority import BAR_WORDS, HOLD_WORDS
from claims.figures import figure_name, figure_value, mark_words
from claims.ledger import borne_by
from claims.lifecycle import QUEUES, STEPS, TERMINAL, ActorKind, Status
from claims.models import Claim, ClaimEvent, Payout, PayoutState, Recovery, TermsVersion
from sellers.money import format_amount

# The figures that a step's rule reads.
READS: dict[str, tuple[str, ...]] = {
    "report": ("programme_start", "filing_window_days", "maximum_minor"),
    "deny_ineligible": ("programme_start", "filing_window_days", "maximum_minor"),
    "ask_claimant": ("claimant_answer_days",),
    "abandon": ("claimant_answer_days", "grace_seconds"),
    "reopen": ("filing_window_days",),
    "concede": ("ceiling_minor", "ceiling_includes_itself", "adjuster_authority_minor"),
    "notify_seller": ("ceiling_minor", "ceiling_includes_itself", "response_days", "response_unit"),
    "accept": ("automatic_limit_minor", "daily_cap_minor"),
    "lapse": (
        "response_days",
        "response_unit",
        "grace_seconds",
        "automatic_limit_minor",
        "daily_cap_minor",
        "medicare_threshold_minor",
    ),
    "handle": ("handling_days",),
    "tender": ("insurer_answer_days",),
    "return_claim": ("handling_days", "insurer_answer_days"),
    "propose_approval": ("adjuster_authority_minor", "senior_authority_minor"),
    "step_in": ("adjuster_authority_minor", "senior_authority_minor"),
    "change_payee": ("payee_cooling_hours",),
    "record_medicare": ("medicare_threshold_minor",),
    "pay": ("ceiling_minor", "proof_days", "absorb_when_not_required"),
    "demand_recovery": ("proof_days", "grace_seconds"),
    "waive_recovery": ("proof_days",),
    "seller_appeals": ("seller_appeal_days",),
    "claimant_appeals": ("claimant_appeal_days",),
    "write_status_letter": ("status_letter_days",),
}


@dataclass(frozen=True, slots=True)
class FigureUsed:
    """One figure that a rule read: its label, value in words, and how sure we are of it."""

    label: str
    value: str
    mark: str


@dataclass(frozen=True, slots=True)
class StepExplained:
    """One entry of the file: when, what, who, by which rule, from which inputs and figures."""

    at: datetime
    label: str
    who: str
    moved_to: str
    rule: str
    reason: str
    text: str
    inputs: tuple[tuple[str, str], ...]
    figures: tuple[FigureUsed, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Where a claim stands and why, in words; and how it came there."""

    reference: str
    terms: str
    standing: tuple[str, ...]
    steps: tuple[StepExplained, ...]


def explain(claim: Claim, *, at: datetime) -> Explanation:
    """Explain a claim as it stands at a moment (not before its last event)."""
    version = TermsVersion.objects.select_related("marketplace").get(pk=claim.terms_id)
    events = ClaimEvent.objects.filter(claim=claim).select_related("actor").order_by("version")
    return Explanation(
        reference=claim.reference,
        terms=f"Terms of {version.marketplace} in force from {version.effective_on}, "
        f"version {version.pk}",
        standing=tuple(_standing(claim, at)),
        steps=tuple(_step(event, version) for event in events),
    )


def _step(event: ClaimEvent, version: TermsVersion) -> StepExplained:
    currency = version.marketplace.currency
    step = STEPS.get(event.step)
    return StepExplained(
        at=event.at,
        label=step.label if step else "Reported",
        who=_who(event),
        moved_to=Status(event.to_status).label if event.from_status != event.to_status else "",
        rule=event.rule,
        reason=event.reason,
        text=event.text,
        inputs=tuple(
            (name.removesuffix("_minor").replace("_", " "), _input_words(name, value, currency))
            for name, value in event.facts.items()
        ),
        figures=tuple(
            FigureUsed(
                figure_name(name),
                figure_value(name, version.figures[name], currency),
                mark_words(version.marks, name),
            )
            for name in READS.get(event.step, ())
        ),
    )


def _who(event: ClaimEvent) -> str:
    who = str(ActorKind(event.actor_kind).label)
    return f"{who}: {event.actor.get_username()}" if event.actor else who


def _input_words(name: str, value: Any, currency: str) -> str:
    if name.endswith("_minor") and isinstance(value, int):
        return format_amount(value, currency=currency)
    if isinstance(value, list):
        return ", ".join(str(item) for item in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _standing(claim: Claim, at: datetime) -> Iterator[str]:
    status = Status(claim.status)
    yield f"{status.label} since {claim.status_since:%Y-%m-%d %H:%M} UTC."
    if claim.reason:
        yield f"Reason: {claim.reason}."
    yield from _path(claim)
    for bar in claim.bars:
        yield f"{bar}: {BAR_WORDS[bar]}"
    for hold in claim.holds.filter(released_at__isnull=True):
        yield f"{hold.get_kind_display()} hold since {hold.placed_at:%Y-%m-%d}: {hold.reason}"
    for clock in open_deadlines().filter(claim=claim).order_by("due_at"):
        late = " (past)" if clock.due_at <= at else ""
        yield f"Clock: {clock.get_kind_display()}, due {clock.due_at:%Y-%m-%d %H:%M} UTC{late}."
    yield from _money(claim)
    if status in QUEUES and status not in TERMINAL:
        yield f"It waits in the queue: {QUEUES[status]}."


def _path(claim: Claim) -> Iterator[str]:
    if claim.assessed_minor is None or claim.is_within_ceiling is None:
        return
    amount = format_amount(claim.assessed_minor, currency=claim.currency)
    side = "within" if claim.is_within_ceiling else "above"
    yield f"Assessed at {amount}, which is {side} the ceiling of its terms."
    if claim.crossed_ceiling_later:
        yield "A re-assessment crossed the ceiling later; the path stayed as it was."


def _money(claim: Claim) -> Iterator[str]:
    for payout in Payout.objects.filter(claim=claim).order_by("created_at"):
        amount = format_amount(payout.amount_minor, currency=payout.currency)
        yield f"Payout {payout.our_reference} of {amount}: {PayoutState(payout.state).label}."
        for name in payout.held_by if payout.state == PayoutState.QUEUED else ():
            yield f"Held back, {name}: {HOLD_WORDS[name]}"
    bearers = borne_by(claim)
    for who, minor in (
        ("the programme", bearers.programme_minor),
        ("the seller", bearers.seller_minor),
        ("the seller's insurer", bearers.insurer_minor),
    ):
        if minor:
            yield f"Borne by {who}: {format_amount(minor, currency=claim.currency)}."
    recovery = Recovery.objects.filter(claim=claim).first()
    if recovery is not None:
        yield f"Recovery: {recovery.get_status_display()}."
