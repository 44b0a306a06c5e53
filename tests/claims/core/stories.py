"""A claim in every status, brought there by its own steps."""

from collections.abc import Callable
from datetime import timedelta

from claims.lifecycle import Status
from claims.models import Answer, Claim
from claims.operations.adjudication import uphold_rejection
from claims.operations.intake import ask_claimant
from claims.operations.payment import withdraw_claim
from claims.operations.settling import report_settlement
from claims.operations.silence import lapse_due
from claims.outcome import CLAIMANT
from claims.providers.base import PaymentProvider
from tests.claims.core.world import (
    DAY,
    adjuster,
    again,
    answer_seller,
    approve,
    pay_out,
    reject,
    seller,
)
from tests.factories import NOON, report, report_assessed, report_awaiting_seller, report_screened

# Every story is told by then.
TOLD = NOON + 20 * DAY


def asked() -> Claim:
    """A claim that waits for its claimant's answer."""
    return ask_claimant(
        claim=report_screened(), question="When did you buy it?", at=NOON, by=adjuster()
    )


def abandoned() -> Claim:
    """A claim whose claimant did not answer within 14 days."""
    claim = asked()
    lapse_due(at=NOON + 16 * DAY)
    return again(claim)


def denied() -> Claim:
    """A claim whose seller's defence was upheld."""
    return uphold_rejection(
        claim=reject(report_awaiting_seller()),
        reason="The kettle was misused.",
        at=NOON + 2 * DAY,
        by=adjuster(),
    )


def settled() -> Claim:
    """A claim that its seller settled with the customer."""
    return report_settlement(
        claim=answer_seller(report_awaiting_seller(), Answer.HANDLE),
        amount_minor=200_000,
        proof="Receipt 17.",
        at=NOON + 5 * DAY,
        by=seller(),
    )


def paid(provider: PaymentProvider) -> Claim:
    """A claim above the ceiling that was paid; its recovery is demanded."""
    return pay_out(approve(report_awaiting_seller()), provider, at=NOON + 3 * DAY)


def paid_within_ceiling(provider: PaymentProvider, claimed_minor: int = 80_000) -> Claim:
    """A claim within the ceiling that was conceded and paid."""
    claim = report_assessed(claimed_minor=claimed_minor)
    return pay_out(claim, provider, at=NOON + timedelta(minutes=1))


STORIES: dict[Status, Callable[[PaymentProvider], Claim]] = {
    Status.REPORTED: lambda _: report(),
    Status.IN_ASSESSMENT: lambda _: report_screened(),
    Status.AWAITING_CLAIMANT: lambda _: asked(),
    Status.ABANDONED: lambda _: abandoned(),
    Status.AWAITING_SELLER: lambda _: report_awaiting_seller(),
    Status.WITH_SELLER: lambda _: answer_seller(report_awaiting_seller(), Answer.HANDLE),
    Status.WITH_INSURER: lambda _: answer_seller(report_awaiting_seller(), Answer.TENDER),
    Status.IN_ADJUDICATION: lambda _: reject(report_awaiting_seller()),
    Status.APPROVED: lambda _: approve(report_awaiting_seller()),
    Status.PAID: paid,
    Status.SETTLED: lambda _: settled(),
    Status.DENIED: lambda _: denied(),
    Status.WITHDRAWN: lambda _: withdraw_claim(claim=report(), at=NOON + DAY, by=CLAIMANT),
}


def claim_in(status: Status, provider: PaymentProvider) -> Claim:
    """A claim that stands in a status since before `TOLD`."""
    claim = STORIES[status](provider)
    assert claim.status == status
    return claim
