"""Amounts of the stories: written as people write them, kept in minor units."""

from claims.models import PAYABLE_HEADS, Claim, Head
from sellers.money import parse_amount


def minor(claim: Claim, text: str) -> int:
    """An amount of a story in minor units of the claim's currency."""
    return parse_amount(text, currency=claim.currency)


def assessed(claim: Claim, amounts: dict[str, str]) -> dict[Head, int]:
    """What is assessed by head: as the story says, or everything that can be paid."""
    if amounts:
        return {Head(name.upper()): minor(claim, text) for name, text in amounts.items()}
    lines = claim.lines.filter(head__in=sorted(PAYABLE_HEADS))
    return {Head(line.head): line.claimed_minor for line in lines}
