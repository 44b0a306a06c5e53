"""Rules §4: which policy answers for a claim's loss, with what earlier claims left of it."""

from datetime import date

import pytest

from claims.cover import charge_policy, cover_of_claim, products_of_claim
from claims.models import Claim, PolicyCharge
from claims.queries import facts_of
from insurance.models import Policy, Review
from insurance.operations import submit_policy
from tests.claims.core.world import prove_cover
from tests.factories import NOON, make_order, report_awaiting_seller

pytestmark = pytest.mark.django_db


def policy_of(claim: Claim, number: str, **changes: object) -> Policy:
    """Another policy of the claim's seller, like the proven one but for `changes`."""
    policy = Policy.objects.get(seller=claim.seller, number="GL-1")
    policy.pk, policy.number = None, number
    for name, value in changes.items():
        setattr(policy, name, value)
    policy.save()
    return policy


def test_the_policies_are_asked_one_by_one_and_the_best_comes_first() -> None:
    claim = report_awaiting_seller()
    proven = prove_cover(claim.seller, at=NOON)
    unproven = policy_of(claim, "GL-2", deductible_minor=0)
    submit_policy(policy=unproven, at=NOON, review=Review.PENDING)
    old = policy_of(claim, "GL-0", expires_on=date(2025, 8, 1))
    cover = cover_of_claim(facts_of(claim))

    assert [(a.policy_id, a.is_proven, a.most_minor) for a in cover.answers] == [
        (proven.pk, True, 150_000),
        (unproven.pk, False, 250_000),
        (old.pk, False, None),
    ]
    assert cover.best is cover.answers[0]
    assert cover.bound is cover.answers[1]
    assert cover.answers[2].answer.reasons[0].endswith("was not in force on 20 February 2026.")


def test_without_a_policy_nobody_answers() -> None:
    cover = cover_of_claim(facts_of(report_awaiting_seller()))
    assert (cover.answers, cover.best, cover.bound) == ((), None, None)
    assert charge_policy(cover.bound, 1, at=NOON) == ()


def test_what_other_claims_used_is_not_left() -> None:
    first = report_awaiting_seller()
    policy = prove_cover(first.seller, at=NOON)
    policy.aggregate_minor = 100_000_000
    policy.save()
    PolicyCharge.objects.create(
        claim=first, policy=policy, amount_minor=99_950_000, charged_at=NOON
    )
    second = report_awaiting_seller(make_order(first.seller))

    [left] = cover_of_claim(facts_of(second)).answers
    assert (left.most_minor, left.answer.pays_up_to_minor) == (50_000, 50_000)
    [own] = cover_of_claim(facts_of(first)).answers
    assert own.most_minor == 150_000


def test_a_policy_for_other_products_does_not_answer() -> None:
    claim = report_awaiting_seller()
    policy = prove_cover(claim.seller, at=NOON)
    policy.products = ["Something else"]
    policy.save()
    assert cover_of_claim(facts_of(claim)).best is None

    policy.products = [claim.order.product.sku]
    policy.save()
    assert cover_of_claim(facts_of(claim)).best is not None
    assert claim.order.product.sku in products_of_claim(claim.pk)
