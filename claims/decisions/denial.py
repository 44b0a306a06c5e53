"""The letter of a denial."""

from claims.decisions.base import to_claimant
from claims.facts import ClaimFacts
from claims.letters import LetterKind
from claims.outcome import Letter


def denial_letter(facts: ClaimFacts, denial: str, *, text: str = "") -> Letter:
    """The letter that tells the claimant of a denial, why, and how to appeal."""
    return to_claimant(
        facts, LetterKind.CLAIM_DENIED, occasion=facts.version + 1, reason=str(denial), text=text
    )
