"""Holds stop automatic handling, for a reason, until somebody releases them (rules §2, §3)."""

from datetime import timedelta

import pytest

from claims.decisions.base import ReasonMissing
from claims.lifecycle import Status, StepNotAllowed
from claims.models import Hold, HoldKind, PayoutState
from claims.operations.holds import HoldRefused, place_hold, release_hold
from claims.operations.sending import send_due_payouts
from claims.operations.silence import lapse_due
from claims.outcome import CLAIMANT
from claims.providers.sandbox import SandboxProvider
from tests.claims.core.stories import paid, settled
from tests.claims.core.world import (
    DAY,
    LAPSES,
    adjuster,
    again,
    last_event,
    letters_leave,
    payout_of,
    refused,
)
from tests.factories import NOON, report, report_assessed, report_awaiting_seller

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", HoldKind)
def test_a_hold_is_a_row_with_its_reason(kind: HoldKind) -> None:
    claim, by = report(), adjuster()
    found = place_hold(claim=claim, kind=kind, reason=" Same photo. ", at=NOON, by=by)

    hold = Hold.objects.get(claim=claim)
    assert (hold.kind, hold.reason, hold.placed_at, hold.placed_by_id, hold.released_at) == (
        kind,
        "Same photo.",
        NOON,
        by.user_id,
        None,
    )
    assert (found.status, found.version) == (Status.REPORTED, 2)
    assert last_event(claim).facts == {"kind": kind}


def test_one_hold_of_a_kind_and_several_kinds() -> None:
    claim, by = report(), adjuster()
    place_hold(claim=claim, kind=HoldKind.FRAUD, reason="R", at=NOON, by=by)
    with refused(HoldRefused, "A fraud hold is already in place"):
        place_hold(claim=claim, kind=HoldKind.FRAUD, reason="R", at=NOON, by=by)
    place_hold(claim=claim, kind=HoldKind.LEGAL, reason="R", at=NOON, by=by)

    assert Hold.objects.filter(claim=claim).count() == 2


def test_a_hold_is_released_once_and_may_come_again() -> None:
    claim, by = report(), adjuster()
    place_hold(claim=claim, kind=HoldKind.FRAUD, reason="R", at=NOON, by=by)
    other = adjuster()
    release_hold(claim=claim, kind=HoldKind.FRAUD, reason=" Cleared. ", at=NOON + DAY, by=other)

    hold = Hold.objects.get(claim=claim)
    assert (hold.released_at, hold.released_by_id) == (NOON + DAY, other.user_id)
    assert last_event(claim).text == "Cleared."
    with refused(HoldRefused, "No fraud hold is in place"):
        release_hold(claim=claim, kind=HoldKind.FRAUD, reason="R", at=NOON + DAY, by=by)
    place_hold(claim=claim, kind=HoldKind.FRAUD, reason="R", at=NOON + DAY, by=by)
    assert Hold.objects.filter(claim=claim).count() == 2


def test_reasons_are_required() -> None:
    claim, by = report(), adjuster()
    with refused(ReasonMissing, "why the claim is held"):
        place_hold(claim=claim, kind=HoldKind.FRAUD, reason="", at=NOON, by=by)
    place_hold(claim=claim, kind=HoldKind.FRAUD, reason="R", at=NOON, by=by)
    with refused(ReasonMissing, "why the hold is released"):
        release_hold(claim=claim, kind=HoldKind.FRAUD, reason="", at=NOON, by=by)


def test_who_may_hold_and_what_can_be_held() -> None:
    claim, by = report(), adjuster()
    with refused(StepNotAllowed, "Claimant may not do this: place a hold"):
        place_hold(claim=claim, kind=HoldKind.FRAUD, reason="R", at=NOON, by=CLAIMANT)
    ended = settled()
    with refused(StepNotAllowed, "place a hold"):
        place_hold(claim=ended, kind=HoldKind.FRAUD, reason="R", at=NOON, by=by)


@pytest.mark.parametrize("kind", HoldKind)
def test_a_hold_bars_the_lapse(kind: HoldKind) -> None:
    claim = report_awaiting_seller()
    letters_leave()
    place_hold(claim=claim, kind=kind, reason="R", at=NOON, by=adjuster())
    lapse_due(at=LAPSES)

    found = again(claim)
    assert (found.status, found.bars) == (Status.IN_ADJUDICATION, [f"{kind}_HOLD"])


@pytest.mark.parametrize(
    ("kind", "held_by"),
    [
        (HoldKind.FRAUD, "HOLD_PLACED"),
        (HoldKind.LEGAL, "HOLD_PLACED"),
        (HoldKind.SANCTIONS, "SANCTIONS_HOLD"),
    ],
)
def test_a_payment_waits_for_a_hold_and_then_goes_by_itself(
    kind: HoldKind, held_by: str, provider: SandboxProvider
) -> None:
    claim = report_assessed(claimed_minor=80_000)
    later = NOON + timedelta(minutes=5)
    place_hold(claim=claim, kind=kind, reason="R", at=later, by=adjuster())
    send_due_payouts(provider=provider, at=later)

    payout = payout_of(claim)
    assert (payout.state, payout.held_by, payout.attempts) == (PayoutState.QUEUED, [held_by], 0)
    assert payout.next_at == later + timedelta(hours=6)
    release_hold(claim=claim, kind=kind, reason="R", at=later + DAY, by=adjuster())
    assert payout_of(claim).next_at == later + DAY
    send_due_payouts(provider=provider, at=later + DAY)
    assert again(claim).status == Status.PAID


def test_a_hold_that_two_people_overruled_holds_no_payment(provider: SandboxProvider) -> None:
    """It stood when they approved: they knew."""
    claim = report_assessed(claimed_minor=80_000)
    Hold.objects.create(claim=claim, kind=HoldKind.FRAUD, placed_at=NOON - DAY)
    send_due_payouts(provider=provider, at=NOON)

    assert again(claim).status == Status.PAID


def test_a_hold_of_a_paid_claim_can_still_be_released(provider: SandboxProvider) -> None:
    claim = paid(provider)
    Hold.objects.create(claim=claim, kind=HoldKind.FRAUD, placed_at=NOON)
    release_hold(claim=claim, kind=HoldKind.FRAUD, reason="R", at=NOON + 9 * DAY, by=adjuster())

    assert again(claim).status == Status.PAID
