"""Whoever decides against somebody, or acts for somebody else, says why (rules §3, Authority)."""

from collections.abc import Callable

import pytest

from claims.decisions.base import ReasonMissing
from claims.lifecycle import Status
from claims.models import Answer, Claim, Head
from claims.operations.adjudication import refuse_proposal, step_in, uphold_rejection
from claims.operations.assessment import assess_claim
from claims.operations.payment import change_payee, withdraw_claim
from claims.operations.recovery import write_off_recovery
from claims.operations.settling import record_insurer_answer
from claims.outcome import CLAIMANT, Actor
from claims.providers.sandbox import SandboxProvider
from tests.claims.core.stories import paid
from tests.claims.core.world import (
    DAY,
    adjuster,
    answer_seller,
    approve,
    last_event,
    refused,
    reject,
    senior,
)
from tests.factories import NOON, report, report_awaiting_seller, report_screened

pytestmark = pytest.mark.django_db
AT = NOON + 5 * DAY

type Decide = Callable[[Claim, Actor, str], object]


def nothing_assessed(claim: Claim, by: Actor, reason: str) -> object:
    return assess_claim(claim=claim, lines={Head.PROPERTY_DAMAGE: 0}, note=reason, at=AT, by=by)


DECISIONS: dict[str, tuple[Callable[[], Claim], Decide, str]] = {
    "step in": (
        lambda: reject(report_awaiting_seller()),
        lambda c, by, why: step_in(claim=c, reason=why, at=AT, by=by),
        "why the programme steps in",
    ),
    "uphold": (
        lambda: reject(report_awaiting_seller()),
        lambda c, by, why: uphold_rejection(claim=c, reason=why, at=AT, by=by),
        "why the claim is denied",
    ),
    "assess nothing": (report_screened, nothing_assessed, "why nothing is proven"),
    "assess nothing again": (
        lambda: reject(report_awaiting_seller()),
        nothing_assessed,
        "why nothing is proven",
    ),
    "withdraw for the claimant": (
        report,
        lambda c, by, why: withdraw_claim(claim=c, reason=why, at=AT, by=by),
        "how the claimant asked to withdraw",
    ),
    "change the payee for the claimant": (
        report,
        lambda c, by, why: change_payee(
            claim=c, name="N", account="tok_2", reason=why, at=AT, by=by
        ),
        "how the claimant gave the new details",
    ),
    "the insurer declines": (
        lambda: answer_seller(report_awaiting_seller(), Answer.TENDER),
        lambda c, by, why: record_insurer_answer(claim=c, pays=False, reason=why, at=AT, by=by),
        "why the insurer declines",
    ),
    "refuse a proposal": (
        lambda: approve(report_awaiting_seller(claimed_minor=2_000_000), by=adjuster()),
        lambda c, by, why: refuse_proposal(claim=c, reason=why, at=AT, by=by),
        "why the proposal is refused",
    ),
}


@pytest.mark.parametrize(("story", "decide", "for_what"), DECISIONS.values(), ids=DECISIONS)
def test_without_a_reason_nothing_happens(
    story: Callable[[], Claim], decide: Decide, for_what: str
) -> None:
    claim, by = story(), senior()
    for nothing in ("", "  \n"):
        with refused(ReasonMissing, for_what):
            decide(claim, by, nothing)
    decide(claim, by, " The fuse failed. ")

    assert last_event(claim).text == "The fuse failed."


def test_writing_off_needs_a_reason(provider: SandboxProvider) -> None:
    claim, by = paid(provider), senior()
    with refused(ReasonMissing, "why the rest is written off"):
        write_off_recovery(claim=claim, reason=" ", at=AT, by=by)


def test_the_claimant_owes_nobody_a_reason() -> None:
    claim = report()
    change_payee(claim=claim, name="N", account="tok_2", at=AT, by=CLAIMANT)
    assert last_event(claim).text == ""
    assert withdraw_claim(claim=claim, at=AT, by=CLAIMANT).status == Status.WITHDRAWN


def test_an_approval_of_two_that_a_changed_payee_voids_says_how_it_came() -> None:
    claim = approve(report_awaiting_seller(claimed_minor=250_000))
    claim.events.filter(to_status=Status.APPROVED).get()
    change_payee(claim=claim, name="N", account="tok_2", reason="By letter.", at=AT, by=adjuster())

    assert (last_event(claim).step, last_event(claim).text) == ("change_payee", "By letter.")


def test_an_insurer_that_pays_owes_no_reason() -> None:
    claim = answer_seller(report_awaiting_seller(), Answer.TENDER)
    found = record_insurer_answer(claim=claim, pays=True, at=AT, by=adjuster())
    assert found.status == Status.SETTLED
