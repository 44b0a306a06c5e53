"""What people said and decided around a claim, in words: answers, proposals, holds, appeals."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser

from claims.admin.words import amount, moment
from claims.lifecycle import STEPS, ActorKind
from claims.models import (
    Appeal,
    AppealStatus,
    Claim,
    Evidence,
    Hold,
    Proposal,
    ProposalStatus,
    SellerResponse,
)

_KILOBYTE = 1024


@dataclass(frozen=True, slots=True)
class Dealing:
    """One answer, proposal, hold or appeal: what it is, where it stands, who and when."""

    what: str
    state: str
    tone: str
    said: str
    opened: str
    closed: str = ""


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file of evidence, to be downloaded."""

    pk: int
    name: str
    size: str
    given: str
    is_internal: bool


def dealings(claim: Claim) -> dict[str, Any]:
    """The parts of the file that people outside the life-cycle's table made."""
    zone = claim.marketplace.zone
    return {
        "responses": [_response(one, zone) for one in claim.responses.all()],
        "proposals": [_proposal(one, claim) for one in claim.proposals.all()],
        "holds": [_hold(one, zone) for one in claim.holds.all()],
        "appeals": [_appeal(one, zone) for one in claim.appeals.all()],
        "evidence": [_file(one, zone) for one in claim.evidence.all()],
    }


def named(user: AbstractBaseUser | None, otherwise: str = "the programme") -> str:
    """A person as colleagues know them."""
    if user is None:
        return otherwise
    full_name: str = getattr(user, "get_full_name", str)()
    return full_name or user.get_username()


def _response(one: SellerResponse, zone: ZoneInfo) -> Dealing:
    return Dealing(
        what=one.get_answer_display(),
        state="Late" if one.is_late else "In time",
        tone="bar" if one.is_late else "quiet",
        said=one.reason,
        opened=f"{named(one.given_by, 'the seller')}, {moment(one.arrived_at, zone)}",
    )


def _proposal(one: Proposal, claim: Claim) -> Dealing:
    zone = claim.marketplace.zone
    step = STEPS[one.step].label if one.step in STEPS else one.step
    return Dealing(
        what=f"{step}: {amount(one.amount_minor, claim.currency)}",
        state=one.get_status_display(),
        tone="bar" if one.status == ProposalStatus.OPEN else "quiet",
        said=one.reason,
        opened=f"Proposed by {named(one.proposed_by)}, {moment(one.proposed_at, zone)}",
        closed=f"{named(one.decided_by)}, {moment(one.decided_at, zone)}" if one.decided_at else "",
    )


def _hold(one: Hold, zone: ZoneInfo) -> Dealing:
    released = ""
    if one.released_at:
        released = f"Released by {named(one.released_by)}, {moment(one.released_at, zone)}"
    return Dealing(
        what=f"{one.get_kind_display()} hold",
        state="Released" if one.released_at else "In place",
        tone="quiet" if one.released_at else "hold",
        said=one.reason,
        opened=f"Placed by {named(one.placed_by)}, {moment(one.placed_at, zone)}",
        closed=released,
    )


def _appeal(one: Appeal, zone: ZoneInfo) -> Dealing:
    decided = ""
    if one.decided_at:
        decided = f"{named(one.decided_by)}, {moment(one.decided_at, zone)}: {one.decision_reason}"
    return Dealing(
        what=one.get_party_display(),
        state=one.get_status_display(),
        tone="bar" if one.status == AppealStatus.OPEN else "quiet",
        said=one.new_facts,
        opened=f"Opened {moment(one.opened_at, zone)}",
        closed=decided,
    )


def _file(one: Evidence, zone: ZoneInfo) -> FileLine:
    giver = ActorKind(one.given_by_kind).label
    return FileLine(
        pk=one.pk,
        name=one.name,
        size=f"{max(1, round(one.size / _KILOBYTE)):,} kB",
        given=f"{giver}, {moment(one.given_at, zone)}",
        is_internal=one.is_internal,
    )
