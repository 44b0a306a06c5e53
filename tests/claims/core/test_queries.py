"""Who sees which claims, and the facts that decisions look at, in few queries."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from claims.lifecycle import ActorKind, Status
from claims.models import (
    Answer,
    Head,
    HoldKind,
    Notice,
    PayoutState,
    Severity,
)
from claims.operations.holds import place_hold
from claims.operations.intake import ask_claimant, screen_out
from claims.operations.payment import change_payee
from claims.outcome import CLAIMANT, Actor, Rank
from claims.providers.sandbox import SandboxProvider
from claims.queries import actor_for, facts_of, lines_of, seller_actor, visible_to
from claims.roles import ADJUSTER, ADMINISTRATOR, AUDITOR, INSURANCE, PAYMENTS, SENIOR_ADJUSTER
from sellers.models import Closure, MemberRole
from tests.claims.core.stories import paid
from tests.claims.core.world import DAY, DUE, adjuster, answer_seller, approve, letters_leave
from tests.factories import (
    NOON,
    make_member,
    make_order,
    make_seller,
    make_user,
    report,
    report_awaiting_seller,
    report_screened,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "rank"),
    [
        (ADJUSTER, Rank.ADJUSTER),
        (SENIOR_ADJUSTER, Rank.SENIOR),
        (PAYMENTS, Rank.NONE),
        (INSURANCE, Rank.NONE),
        (AUDITOR, Rank.NONE),
        (ADMINISTRATOR, Rank.NONE),
    ],
)
def test_the_group_gives_the_rank(role: str, rank: Rank) -> None:
    user = make_user(role=role)

    assert actor_for(user) == Actor(ActorKind.STAFF, user.pk, rank)


def test_a_sellers_member_is_an_actor_without_rank() -> None:
    user = make_member().user

    assert seller_actor(user) == Actor(ActorKind.SELLER, user.pk, Rank.NONE)


def test_operations_see_every_claim_with_the_right_to() -> None:
    claims = {report(), report_screened()}

    assert set(visible_to(make_user(role=AUDITOR))) == claims
    assert set(visible_to(make_user(is_staff=True))) == set()
    assert set(visible_to(make_user(role=ADJUSTER, is_active=False))) == set()


@pytest.mark.parametrize("role", MemberRole)
def test_a_member_sees_the_screened_claims_of_its_sellers_only(role: MemberRole) -> None:
    mine, other = make_seller(), make_seller()
    seen = report_screened(make_order(mine))
    report(make_order(mine))
    report_screened(make_order(other))
    member = make_member(mine, role=role)

    assert set(visible_to(member.user)) == {seen}
    make_member(other, user=member.user)
    assert visible_to(member.user).count() == 2


def test_a_claim_asked_back_after_screening_stays_visible() -> None:
    """The seller has seen it: a question to the claimant does not hide it again."""
    seller_row = make_seller()
    claim = report_screened(make_order(seller_row))
    ask_claimant(claim=claim, question="Q", at=NOON, by=adjuster())

    assert set(visible_to(make_member(seller_row).user)) == {claim}


def test_a_claim_screened_out_is_never_seen() -> None:
    seller_row = make_seller()
    screen_out(claim=report(make_order(seller_row)), reason="R", at=NOON, by=adjuster())

    assert not visible_to(make_member(seller_row).user).exists()


def test_strangers_see_nothing() -> None:
    report_screened()

    assert not visible_to(AnonymousUser()).exists()
    assert not visible_to(make_user()).exists()


# ── facts ──────────────────────────────────────────────────────────────────


def test_the_facts_of_a_claim_are_its_row_and_what_stands_around() -> None:
    claim = report_awaiting_seller(claimed_minor=300_000)
    facts = facts_of(claim)

    assert (facts.id, facts.reference, facts.version, facts.status) == (
        claim.pk,
        claim.reference,
        claim.version,
        Status.AWAITING_SELLER,
    )
    assert (facts.market, facts.currency, facts.zone.key) == ("US", "USD", "America/Los_Angeles")
    assert facts.terms == claim.terms.as_terms()
    assert (facts.seller_id, facts.seller_email) == (claim.seller_id, claim.seller.email)
    assert (facts.claimant_email, facts.claimant_born_on) == (
        claim.claimant.email,
        date(1980, 5, 17),
    )
    assert facts.claimant_name == claim.claimant.name
    assert (facts.claimed_minor, facts.assessed_minor, facts.approved_minor) == (
        300_000,
        300_000,
        None,
    )
    assert {c.kind: c.due_at for c in facts.clocks}["SELLER_RESPONSE"] == DUE
    assert facts.payee is not None
    assert facts.payee.given_with_report
    assert (facts.holds, facts.bars, facts.open_payout, facts.closures) == (
        frozenset(),
        (),
        None,
        frozenset(),
    )
    assert (facts.answered_late, facts.has_injury_lines, facts.has_recovery) == (
        False,
        False,
        False,
    )


def test_a_notice_counts_as_delivered_once_it_was_taken() -> None:
    claim = report_awaiting_seller()
    assert not facts_of(claim).notice_delivered
    letters_leave()
    assert facts_of(claim).notice_delivered
    Notice.objects.filter(kind="CLAIM_NOTICE").update(state="BOUNCED")
    assert not facts_of(claim).notice_delivered


def test_holds_late_answers_and_injuries() -> None:
    claim = report_awaiting_seller(head=Head.MEDICAL, severity=Severity.TREATMENT)
    for kind in (HoldKind.FRAUD, HoldKind.LEGAL):
        place_hold(claim=claim, kind=kind, reason="R", at=NOON, by=adjuster())
    answer_seller(claim, Answer.HANDLE, at=DUE)
    facts = facts_of(claim)

    assert facts.holds == {"FRAUD", "LEGAL"}
    assert (facts.answered_late, facts.has_injury_lines, facts.is_injury) == (True, True, True)


def test_the_latest_payee_details_count() -> None:
    claim = report()
    change_payee(claim=claim, name="Second", account="b", at=NOON + DAY, by=CLAIMANT)
    change_payee(claim=claim, name="Third", account="c", at=NOON + DAY, by=CLAIMANT)
    payee = facts_of(claim).payee

    assert payee is not None
    assert (payee.name, payee.given_with_report) == ("Third", False)
    assert facts_of(report(payee=None)).payee is None


def test_an_open_payout_and_a_recovery(provider: SandboxProvider) -> None:
    assert facts_of(approve(report_awaiting_seller())).open_payout == PayoutState.QUEUED
    found = facts_of(paid(provider))

    assert (found.open_payout, found.has_recovery) == (PayoutState.CONFIRMED, True)


def test_closures_are_of_the_claims_own_marketplace() -> None:
    us, de = report(), report(make_order(market="DE"))
    Closure.objects.create(marketplace_id="DE", on=date(2026, 3, 5), reason="Move")

    assert facts_of(us).closures == frozenset()
    assert facts_of(de).closures == {date(2026, 3, 5)}


def test_lines_in_their_order() -> None:
    claim = report(claimed_minor=5_000)
    claim.lines.create(head=Head.MEDICAL, claimed_minor=7, assessed_minor=6, paid_minor=5)

    assert [
        (x.head, x.claimed_minor, x.assessed_minor, x.paid_minor) for x in lines_of(claim.pk)
    ] == [
        ("PROPERTY_DAMAGE", 5_000, None, 0),
        ("MEDICAL", 7, 6, 5),
    ]
