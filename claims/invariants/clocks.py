"""I3: nothing that is due waits: no clock, no payment to be sent or asked about."""

from collections.abc import Iterator
from itertools import chain

from claims.agenda import FOLLOWED_PAYOUTS
from claims.invariants.inspection import Inspection, Violation, find
from claims.models import PayoutState


def nothing_waits(inspection: Inspection) -> Iterator[Violation]:
    """I3: what acts by itself did so within `late` of its moment.

    A clock whose step failed is tried again, and then set aside for a person under a banner in
    the admin; it is not forgotten, and is not counted here.
    """
    return chain(_clocks(inspection), _payouts(inspection))


def _clocks(inspection: Inspection) -> Iterator[Violation]:
    return find(
        "I3",
        "{0} should have acted at {1:%Y-%m-%d %H:%M:%S} UTC",
        """
        SELECT c.reference, d.kind, d.acts_at AT TIME ZONE 'UTC'
        FROM claims_deadline d JOIN claims_claim c ON c.id = d.claim_id
        WHERE d.acts_at <= %s AND d.failures = 0
        AND d.met_at IS NULL AND d.lapsed_at IS NULL AND d.cancelled_at IS NULL
        ORDER BY d.acts_at, d.id
        """,
        [inspection.at - inspection.late],
    )


def _payouts(inspection: Inspection) -> Iterator[Violation]:
    return find(
        "I3",
        "the payout is {0}, and should have been looked at by {1:%Y-%m-%d %H:%M:%S} UTC",
        """
        SELECT p.our_reference, p.state, p.next_at AT TIME ZONE 'UTC'
        FROM claims_payout p WHERE p.next_at <= %s AND p.state = ANY(%s)
        AND NOT EXISTS (SELECT 1 FROM claims_providercircuit WHERE closed_until > %s)
        ORDER BY p.next_at, p.id
        """,
        [
            inspection.at - inspection.late,
            [state.value for state in (PayoutState.QUEUED, *FOLLOWED_PAYOUTS)],
            # The provider is left alone, or asked for it: its payments wait for that.
            inspection.at - inspection.late,
        ],
    )
