"""A small programme for the tests of the console: claims where their own steps brought them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import User

from claims.lifecycle import ActorKind, Status
from claims.models import Answer, Claim, Head, HoldKind
from claims.operations.adjudication import step_in
from claims.operations.holds import place_hold
from claims.operations.intake import ask_claimant
from claims.operations.responding import respond_to_claim
from claims.outcome import Actor, Rank
from claims.roles import (
    ADJUSTER,
    ADMINISTRATOR,
    AUDITOR,
    INSURANCE,
    PAYMENTS,
    SENIOR_ADJUSTER,
)
from tests.factories import (
    make_order,
    make_product,
    make_seller,
    make_user,
    report,
    report_assessed,
    report_awaiting_seller,
    report_screened,
    staff_actor,
)

ROLES = (ADJUSTER, SENIOR_ADJUSTER, PAYMENTS, INSURANCE, AUDITOR, ADMINISTRATOR)


def make_staff() -> dict[str, User]:
    """One person for each group."""
    names = {role: role.lower().replace(" ", ".") for role in ROLES}
    return {
        role: make_user(name, role=role, first_name=role, last_name="Tester")
        for role, name in names.items()
    }


@dataclass(frozen=True)
class World:
    """Claims by the status in which they stand."""

    claims: dict[Status, Claim]
    held: Claim
    proposed: Claim


def seller_answers(claim: Claim, answer: Answer, *, at: datetime, reason: str = "") -> Claim:
    """The seller's answer."""
    by = Actor(ActorKind.SELLER, make_user().pk)
    return respond_to_claim(claim=claim, answer=answer, reason=reason, at=at, by=by)


def make_world(now: datetime | None = None) -> World:
    """Claims of several sellers and marketplaces, with clocks at several stages."""
    now = now or datetime.now(UTC)
    early, adjuster = now - timedelta(days=6), staff_actor()
    kettles = make_seller("Brightwater Kitchenware LLC", trade_name="Brightwater")
    lamps = make_seller("Lumen & Oak Trading GmbH", country="DE", timezone="Europe/Berlin")
    kettle = make_product(kettles, title="Gooseneck electric kettle, 1.2 litres")
    lamp = make_product(lamps, title="Clip-on reading lamp, rechargeable")
    us, de = make_order(product=kettle), make_order(product=lamp, market="DE")
    more = [make_order(product=kettle) for _ in range(6)]
    rejected = seller_answers(
        report_awaiting_seller(more[0], at=early, claimed_minor=480_000),
        Answer.REJECT,
        at=now - timedelta(days=2),
        reason="The kettle was used without water against the manual.",
    )
    asked = report_screened(more[1], at=early)
    held = report_awaiting_seller(more[3], at=early, claimed_minor=310_000)
    return World(
        claims={
            Status.REPORTED: report(us, at=now - timedelta(hours=5), claimed_minor=84_950),
            Status.IN_ASSESSMENT: report_screened(de, at=early, claimed_minor=132_000),
            Status.AWAITING_CLAIMANT: ask_claimant(
                claim=asked, question="When did you buy it?", at=early, by=adjuster
            ),
            Status.AWAITING_SELLER: report_awaiting_seller(
                more[2], at=now - timedelta(days=7), claimed_minor=1_250_000
            ),
            Status.IN_ADJUDICATION: rejected,
            Status.APPROVED: report_assessed(more[4], at=early, claimed_minor=64_000),
        },
        held=place_hold(
            claim=held,
            kind=HoldKind.FRAUD,
            reason="The same photograph came with another claim.",
            at=now - timedelta(days=1),
            by=adjuster,
        ),
        proposed=propose(more[5], now),
    )


def propose(order: object, now: datetime) -> Claim:
    """A claim above an adjuster's authority that one adjuster proposed to pay."""
    claim = seller_answers(
        report_awaiting_seller(order, at=now - timedelta(days=6), claimed_minor=900_000),  # type: ignore[arg-type]
        Answer.REJECT,
        at=now - timedelta(days=3),
        reason="Not our product.",
    )
    return step_in(
        claim=claim,
        reason="The serial number is the seller's.",
        at=now - timedelta(hours=20),
        by=staff_actor(rank=Rank.ADJUSTER),
    )


HEAD = Head.PROPERTY_DAMAGE
