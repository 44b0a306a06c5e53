"""Which of a seller's policies answers for a loss, up to how much, and why the others do not."""

from collections.abc import Mapping
from dataclasses import dataclass

from insurance.coverage import CoverageAnswer, LossFacts, most_payable, policy_answers
from insurance.models import Certificate, Policy, Review
from insurance.queries import policy_facts


@dataclass(frozen=True, slots=True)
class PolicyAnswer:
    """What one policy answers to a loss; `is_proven` tells whether operations accepted it.

    `most_minor` is the most that its insurer can be asked for, None where it bounds nothing.
    """

    policy_id: int
    number: str
    insurer: str
    is_proven: bool
    answer: CoverageAnswer
    most_minor: int | None


@dataclass(frozen=True, slots=True)
class LossCover:
    """All policies of the seller in the market, the one that answers best first."""

    answers: tuple[PolicyAnswer, ...]

    @property
    def best(self) -> PolicyAnswer | None:
        """The policy to turn to: it answers, proven before unproven, then for the most."""
        return next((one for one in self.answers if one.answer.answers), None)

    @property
    def bound(self) -> PolicyAnswer | None:
        """The policy that bounds an insurer's payment: the one that can be asked for the most."""
        bounding = (one for one in self.answers if one.most_minor is not None)
        return max(bounding, key=lambda one: one.most_minor or 0, default=None)


def coverage_for_loss(
    seller_id: int, market: str, *, loss: LossFacts, used_minor: Mapping[int, int]
) -> LossCover:
    """Ask every policy of a seller in a market whether it answers for a loss.

    `used_minor` is what earlier claims used of each policy's aggregate, by policy id; a policy row
    is one period, so its sum is the period's. `claims.cover.cover_of_claim` supplies it.
    Source: rules §4: cover on the incident date, territory, products, limits left, deductible.
    """
    policies = Policy.objects.filter(seller_id=seller_id, marketplace_id=market)
    proven = _proven([policy.pk for policy in policies])
    answers = [
        _ask(policy, loss, used_minor=used_minor.get(policy.pk, 0), is_proven=policy.pk in proven)
        for policy in policies
    ]
    return LossCover(tuple(sorted(answers, key=_best_first)))


def _ask(policy: Policy, loss: LossFacts, *, used_minor: int, is_proven: bool) -> PolicyAnswer:
    facts = policy_facts(policy)
    return PolicyAnswer(
        policy_id=policy.pk,
        number=policy.number,
        insurer=policy.insurer,
        is_proven=is_proven,
        answer=policy_answers(facts, loss=loss, used_minor=used_minor),
        most_minor=most_payable(facts, loss=loss, used_minor=used_minor),
    )


def _proven(policy_ids: list[int]) -> set[int]:
    accepted = Certificate.objects.filter(
        policy_id__in=policy_ids, review=Review.ACCEPTED, defect_codes=[]
    )
    return set(accepted.values_list("policy_id", flat=True))


def _best_first(one: PolicyAnswer) -> tuple[bool, bool, int, int]:
    answer = one.answer
    return (not answer.answers, not one.is_proven, -answer.pays_up_to_minor, one.policy_id)
