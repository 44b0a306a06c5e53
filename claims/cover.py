"""Which policy answers for a claim's loss, with what earlier claims used of its limits."""

from datetime import datetime

from django.db.models import Sum

from claims.facts import ClaimFacts
from claims.models import Claim, PolicyCharge
from claims.outcome import NewRow
from insurance.coverage import LossFacts
from insurance.loss_cover import LossCover, PolicyAnswer, coverage_for_loss


def cover_of_claim(facts: ClaimFacts) -> LossCover:
    """The seller's policies in the claim's market as they answer for its loss, best first.

    The loss is the assessed amount, before an assessment the claimed one. Used by the tender
    path, by recovery from insurers, and shown on the claim's file.
    """
    loss = LossFacts(
        incident_on=facts.incident_on,
        market=facts.market,
        amount_minor=facts.claimed_minor if facts.assessed_minor is None else facts.assessed_minor,
        products=products_of_claim(facts.id),
    )
    used = used_by_others(facts)
    return coverage_for_loss(facts.seller_id, facts.market, loss=loss, used_minor=used)


def products_of_claim(claim_id: int) -> frozenset[str]:
    """Every name by which a policy may list the product: SKU, title and category."""
    names = Claim.objects.values_list(
        "order__product__sku", "order__product__title", "order__product__category"
    ).get(pk=claim_id)
    return frozenset(name for name in names if name)


def used_by_others(facts: ClaimFacts) -> dict[int, int]:
    """What the seller's other claims used of each policy, in minor units by policy id."""
    charges = PolicyCharge.objects.filter(
        policy__seller_id=facts.seller_id, policy__marketplace_id=facts.market
    ).exclude(claim_id=facts.id)
    sums = charges.values_list("policy").annotate(Sum("amount_minor"))
    return {policy_id: used or 0 for policy_id, used in sums}


def charge_policy(
    policy: PolicyAnswer | None, amount_minor: int, *, at: datetime
) -> tuple[NewRow, ...]:
    """The row that uses up a policy's limits by an insurer's payment; none without a policy."""
    if policy is None:
        return ()
    values = {"policy_id": policy.policy_id, "amount_minor": amount_minor, "charged_at": at}
    return (NewRow("PolicyCharge", values),)
