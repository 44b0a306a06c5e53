"""The insurance behind a claim in words: which policy answers for the loss, and why."""

from dataclasses import dataclass

from claims.admin.words import amount
from claims.cover import cover_of_claim
from claims.models import Claim
from claims.queries import facts_of
from insurance.loss_cover import PolicyAnswer


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """One policy of the seller: does it answer for this loss, up to how much, and why."""

    policy: str
    verdict: str
    tone: str
    reasons: tuple[str, ...]


def policy_lines(claim: Claim) -> list[PolicyLine]:
    """The seller's policies in the claim's market, the one to turn to first."""
    cover = cover_of_claim(facts_of(claim))
    return [_line(one, claim.currency) for one in cover.answers]


def _line(one: PolicyAnswer, currency: str) -> PolicyLine:
    proven = "proven" if one.is_proven else "not proven"
    answers = one.answer.answers
    pays = amount(one.answer.pays_up_to_minor, currency)
    return PolicyLine(
        policy=f"{one.insurer}, policy {one.number} ({proven})",
        verdict=f"Answers for up to {pays}" if answers else "Does not answer",
        tone="good" if answers and one.is_proven else "quiet",
        reasons=one.answer.reasons,
    )
