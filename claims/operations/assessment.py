"""An adjuster assesses what is proven, line by line; the amount decides the path (rules §2, §3)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from claims.decisions.approval import decide_amount, void_proposals
from claims.decisions.base import (
    close_all,
    need_reason,
    open_clock,
    take,
    to_claimant,
    to_seller,
)
from claims.decisions.denial import denial_letter
from claims.decisions.eligibility import Denial
from claims.facts import ClaimFacts, LineFacts
from claims.letters import LetterKind
from claims.lifecycle import ActorKind, Refused, Status
from claims.models import PAYABLE_HEADS, Claim, DeadlineKind, Head
from claims.operations.acting import act
from claims.outcome import Actor, Outcome, Rank
from claims.queries import lines_of
from sellers.money import format_amount


class AssessmentRefused(Refused):
    """An assessment that the damage lines do not carry."""


def assess_claim(
    *, claim: Claim, lines: Mapping[Head, int], at: datetime, by: Actor, note: str = ""
) -> Claim:
    """Assess each line, in minor units; heads left out count as nothing.

    Within the ceiling this concedes the claim (or proposes to), above it notifies the seller,
    and nothing proven denies it. In adjudication it assesses again. Heads that are never paid
    are assessed as nothing by rule (rules §2).

    Raises:
        AssessmentRefused: a head that was not claimed, or more than was claimed.
        ReasonMissing: nothing is assessed, and no note says why.
        NotAuthorised: the actor is no adjuster.
    """
    claimed = lines_of(claim.pk)
    amounts = _amounts_by_rule(lines, claimed, currency=claim.currency)
    words = note.strip()
    if not any(amounts.values()):
        words = need_reason(note, for_what="why nothing is proven")
    return act(claim, lambda facts: _assess(facts, amounts, at=at, by=by, note=words))


def _amounts_by_rule(
    lines: Mapping[Head, int], claimed: Sequence[LineFacts], *, currency: str
) -> dict[str, int]:
    limits = {line.head: line.claimed_minor for line in claimed}
    for head, amount in lines.items():
        if head not in limits:
            raise AssessmentRefused(f"{Head(head).label} was not claimed.")
        if not 0 <= amount <= limits[head]:
            most = format_amount(limits[head], currency=currency)
            raise AssessmentRefused(f"{Head(head).label}: assess from 0 to {most}.")
    return {
        line.head: lines.get(Head(line.head), 0) if line.head in PAYABLE_HEADS else 0
        for line in claimed
    }


def _assess(
    facts: ClaimFacts, amounts: Mapping[str, int], *, at: datetime, by: Actor, note: str
) -> Outcome:
    if facts.status == Status.IN_ADJUDICATION:
        return _reassess(facts, amounts, at=at, by=by, note=note)
    total = sum(amounts.values())
    common: dict[str, Any] = {
        "at": at,
        "by": by,
        "text": note,
        "lines": {head: {"assessed_minor": amount} for head, amount in amounts.items()},
        "row_changes": (void_proposals(at),),
    }
    if total == 0:
        return _find_not_proven(facts, common)
    within = facts.terms.is_within_ceiling(total)
    common["changes"] = {"assessed_minor": total, "is_within_ceiling": within}
    if not within:
        return _notify_seller(facts, total, common)
    operator = "at or below" if facts.terms.ceiling_includes_itself else "under"
    return decide_amount(
        facts,
        step="concede",
        amount_minor=total,
        rule=f"rules §2: {operator} the ceiling, paid with no wait for the seller",
        **common,
    )


def _find_not_proven(facts: ClaimFacts, common: dict[str, Any]) -> Outcome:
    return take(
        facts,
        "find_not_proven",
        to=Status.DENIED,
        rule="rules §2: paid is economic loss proven to be caused by the defect",
        reason=Denial.NOT_PROVEN.value,
        facts={"deciders": [common["by"].user_id]},
        changes={"assessed_minor": 0, "denied_at": common["at"]},
        closes=close_all(facts),
        letters=(denial_letter(facts, Denial.NOT_PROVEN, text=common["text"]),),
        **common,
    )


def _notify_seller(facts: ClaimFacts, total: int, common: dict[str, Any]) -> Outcome:
    terms = facts.terms
    clock = open_clock(
        facts,
        DeadlineKind.SELLER_RESPONSE,
        owner=ActorKind.SELLER,
        length=terms.response_days,
        unit=terms.response_unit,
        at=common["at"],
    )
    occasion = facts.version + 1
    return take(
        facts,
        "notify_seller",
        to=Status.AWAITING_SELLER,
        rule="rules §2: above the ceiling the seller is asked first",
        facts={"amount_minor": total, "ceiling_minor": terms.ceiling_minor},
        opens=(clock,),
        letters=(
            to_seller(
                facts,
                LetterKind.CLAIM_NOTICE,
                occasion=occasion,
                amount_minor=total,
                due_at=clock.due_at,
            ),
            to_claimant(facts, LetterKind.SELLER_WAS_ASKED, occasion=occasion, due_at=clock.due_at),
        ),
        **common,
    )


def _reassess(
    facts: ClaimFacts, amounts: Mapping[str, int], *, at: datetime, by: Actor, note: str
) -> Outcome:
    if by.rank == Rank.NONE:
        raise AssessmentRefused("Assessing a claim takes the authority of an adjuster.")
    total = sum(amounts.values())
    within = facts.terms.is_within_ceiling(total)
    frozen = facts.is_within_ceiling
    changes: dict[str, Any] = {"assessed_minor": total}
    if frozen is None:
        changes["is_within_ceiling"] = within
    return take(
        facts,
        "reassess",
        at=at,
        by=by,
        text=note,
        rule="rules §2: the path was frozen at assessment; crossing the ceiling is flagged",
        facts={"before_minor": facts.assessed_minor, "after_minor": total},
        changes={**changes, "crossed_ceiling_later": frozen not in {None, within}},
        lines={head: {"assessed_minor": amount} for head, amount in amounts.items()},
        row_changes=(void_proposals(at),),
    )
