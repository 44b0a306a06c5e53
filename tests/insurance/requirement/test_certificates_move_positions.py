"""A certificate that is submitted, accepted or refused moves its seller's position at once."""

from datetime import date

import pytest

from insurance.certificates.reviewing import review_certificate
from insurance.models import Policy, PositionChange, Review
from insurance.operations import submit_policy
from sellers.models import Seller
from tests.insurance.requirement.world import (
    DAY,
    TRIGGERED,
    letters,
    make_required,
    noon,
    position,
    review,
    staff,
    steps,
)

pytestmark = pytest.mark.django_db
WORDING = "Amazon.com Services LLC and its affiliates and assignees"
SENT = TRIGGERED + DAY


def make_policy(seller: Seller, *, deductible_minor: int = 0) -> Policy:
    """A policy whose certificate has no defect, or the one of its deductible."""
    return Policy.objects.create(
        seller=seller,
        marketplace_id="US",
        number="GL-1",
        insurer="Example Mutual",
        rating="A",
        kind="COMMERCIAL_GENERAL",
        basis="OCCURRENCE",
        each_occurrence_minor=100_000_000,
        aggregate_minor=100_000_000,
        deductible_minor=deductible_minor,
        additional_insured=WORDING,
        named_insured=seller.legal_name,
        territory=["US"],
        cancellation_notice_days=30,
        effective_on=date(2026, 1, 1),
        expires_on=date(2027, 1, 1),
    )


def test_proof_without_review_is_seen_at_once_and_nobody_is_written_to() -> None:
    seller = make_required()
    review(TRIGGERED)
    submit_policy(policy=make_policy(seller), at=noon(SENT), by_user=staff().pk)
    assert steps(seller) == [("", "DUE", ""), ("DUE", "PROVEN", "")]
    assert position(seller).cover_ends_on == date(2027, 1, 1)
    change = PositionChange.objects.latest("id")
    assert (change.occasion, change.by) == ("a certificate was submitted", staff())
    assert [kind for _, kind, _ in letters(seller)] == ["COVER_REQUIRED"]


def test_defects_are_seen_at_once() -> None:
    seller = make_required()
    policy = make_policy(seller, deductible_minor=10**9)
    submit_policy(policy=policy, at=noon(SENT))
    assert steps(seller) == [("", "REFUSED", "")]


@pytest.mark.parametrize(
    ("accept", "moves"),
    [
        (True, [("", "DUE", ""), ("DUE", "PROVEN", "")]),
        (False, [("", "DUE", ""), ("DUE", "REFUSED", "")]),
    ],
)
def test_a_review_is_seen_at_once(accept: bool, moves: list[tuple[str, str, str]]) -> None:
    seller = make_required()
    certificate = submit_policy(policy=make_policy(seller), at=noon(SENT), review=Review.PENDING)
    review_certificate(
        certificate=certificate,
        accept=accept,
        reason="" if accept else "Not signed.",
        at=noon(SENT + DAY),
        by=staff(),
    )
    assert steps(seller) == moves
    assert PositionChange.objects.latest("id").by == staff()
