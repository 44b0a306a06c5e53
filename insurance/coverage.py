"""Does a policy answer for this loss, up to how much, and was it proven in time.

Source: programme rules §3 and §4: what counts for a claim is cover on the incident date. Pure:
facts in, answers out; money in minor units of the market's currency.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from insurance.compliance_facts import SubmittedPolicy
from insurance.dates import date_text
from insurance.policy_facts import PolicyFacts, territory_includes
from sellers.markets import MARKETS
from sellers.money import format_amount


@dataclass(frozen=True, slots=True, kw_only=True)
class LossFacts:
    """One loss: when, where, how much, and by which product.

    `products` are all names by which a policy may list the product: its own and its category.
    """

    incident_on: date
    market: str
    amount_minor: int
    products: frozenset[str]


@dataclass(frozen=True, slots=True)
class CoverageAnswer:
    """Whether a policy answers for a loss, with reasons in words for a person.

    `pays_up_to_minor` is what the insurer can be asked for: the loss above the deductible, within
    the limits left; 0 when the policy does not answer. `deductible_minor` is the seller's own
    part of the loss, None when the certificate does not state it.
    """

    answers: bool
    pays_up_to_minor: int
    deductible_minor: int | None
    reasons: tuple[str, ...]


def policy_answers(policy: PolicyFacts, *, loss: LossFacts, used_minor: int) -> CoverageAnswer:
    """Whether `policy` answers for `loss`, `used_minor` of its aggregate being spent already.

    Source: rules §4. It answers when cover was in force on the incident date, the territory
    includes the market, the product is covered, the limits and the deductible are stated, and
    something is left to pay. When it does not, `reasons` holds every reason, else how the sum
    comes about.
    """
    bars = [*_bars_by_scope(policy, loss), *_bars_by_amount(policy, loss, used_minor)]
    if bars:
        return CoverageAnswer(
            answers=False,
            pays_up_to_minor=0,
            deductible_minor=policy.deductible_minor,
            reasons=tuple(bars),
        )
    left_minor = _limits_left(policy, used_minor)
    deductible_minor = policy.deductible_minor or 0
    pays_minor = min(loss.amount_minor - deductible_minor, left_minor)
    return CoverageAnswer(
        answers=True,
        pays_up_to_minor=pays_minor,
        deductible_minor=policy.deductible_minor,
        reasons=(
            f"Cover was in force on {date_text(loss.incident_on)}.",
            f"{_money(left_minor, loss)} of the limits is left for this loss.",
            f"The seller bears a deductible of {_money(deductible_minor, loss)}.",
        ),
    )


def most_payable(policy: PolicyFacts, *, loss: LossFacts, used_minor: int) -> int | None:
    """The most that an insurer can be asked for under `policy`, in minor units; 0: nothing.

    None when the loss is outside the policy, or wholly within its deductible, or its
    each-occurrence limit is not stated: then the policy bounds nothing, and an insurer that pays
    all the same does so outside it. An aggregate or deductible that is not stated bounds nothing.
    """
    limit_minor = policy.each_occurrence_minor
    deductible_minor = policy.deductible_minor or 0
    is_outside = any(_bars_by_scope(policy, loss)) or loss.amount_minor <= deductible_minor
    if limit_minor is None or is_outside:
        return None
    if policy.aggregate_minor is not None:
        limit_minor = min(limit_minor, policy.aggregate_minor - used_minor)
    return max(0, min(limit_minor, loss.amount_minor - deductible_minor))


def find_proven_cover(
    policies: Iterable[SubmittedPolicy],
    *,
    incident_on: date,
    decided_on: date,
    products: frozenset[str] = frozenset(),
) -> SubmittedPolicy | None:
    """The earliest proof, known by `decided_on`, of cover in force on the incident date.

    None when no cover was proven. `products` are the names by which a policy may list the
    product that did the harm; given any, the policy must cover one of them.
    Source: rules §3 (absorbed, or 7 days to prove) and §4 (cover on the incident date).
    """
    proofs = (
        policy
        for policy in policies
        if any(
            policy.proves(incident_on, known_on=decided_on, product=product)
            for product in products or (None,)
        )
    )
    return min(proofs, key=lambda policy: (policy.submitted_on, policy.key), default=None)


def _bars_by_scope(policy: PolicyFacts, loss: LossFacts) -> Iterable[str]:
    if policy.effective_on is None or policy.expires_on is None:
        yield "The certificate does not say from when to when the policy runs."
    elif not policy.effective_on <= loss.incident_on < policy.expires_on:
        yield (
            f"Cover ran from {date_text(policy.effective_on)} to {date_text(policy.expires_on)}, "
            f"and was not in force on {date_text(loss.incident_on)}."
        )
    if not territory_includes(policy.territory, market=loss.market):
        yield f"The territory does not include {MARKETS[loss.market].name}."
    if policy.products is not None and policy.products.isdisjoint(loss.products):
        yield "The product is not among those covered."


def _bars_by_amount(policy: PolicyFacts, loss: LossFacts, used_minor: int) -> Iterable[str]:
    if policy.each_occurrence_minor is None or policy.aggregate_minor is None:
        yield "The certificate does not state both limits."
    elif _limits_left(policy, used_minor) == 0:
        yield f"Nothing is left of the limits: {_money(used_minor, loss)} was used already."
    if policy.deductible_minor is None:
        yield "The certificate does not state the deductible."
    elif loss.amount_minor <= policy.deductible_minor:
        yield f"The loss is within the deductible of {_money(policy.deductible_minor, loss)}."


def _limits_left(policy: PolicyFacts, used_minor: int) -> int:
    """The lower of the each-occurrence limit and the aggregate still unused; 0 when unstated."""
    left_minor = max(0, (policy.aggregate_minor or 0) - used_minor)
    return min(policy.each_occurrence_minor or 0, left_minor)


def _money(amount_minor: int, loss: LossFacts) -> str:
    return format_amount(amount_minor, currency=MARKETS[loss.market].currency)
