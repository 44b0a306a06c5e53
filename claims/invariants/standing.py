"""I8: no claim is stuck: it has ended, or a clock runs, or a named queue of people has it."""

from collections.abc import Iterator
from itertools import chain

from claims.invariants.inspection import Inspection, Violation, find
from claims.lifecycle import OPEN, QUEUES, Status
from claims.models import DeadlineKind

# What each status that waits for somebody outside waits with.
WAITS_WITH = {
    Status.AWAITING_CLAIMANT: DeadlineKind.CLAIMANT_ANSWER,
    Status.AWAITING_SELLER: DeadlineKind.SELLER_RESPONSE,
    Status.WITH_SELLER: DeadlineKind.SELLER_SETTLEMENT,
    Status.WITH_INSURER: DeadlineKind.INSURER_ANSWER,
}
_RUNS = (
    "d.acts_at IS NOT NULL AND d.met_at IS NULL AND d.lapsed_at IS NULL AND d.cancelled_at IS NULL"
)


def nothing_is_stuck(_: Inspection) -> Iterator[Violation]:
    """I8: something or somebody will move every claim, payout and recovery on."""
    return chain(_without_clock(), _nowhere(), _without_payout(), _asleep(), _without_proof())


def _without_clock() -> Iterator[Violation]:
    return find(
        "I8",
        "it is {0}, and its clock {1} does not run",
        f"""
        SELECT c.reference, c.status, w.kind
        FROM claims_claim c JOIN unnest(%s::text[], %s::text[]) AS w(status, kind)
            ON w.status = c.status
        WHERE NOT EXISTS (SELECT 1 FROM claims_deadline d
            WHERE d.claim_id = c.id AND d.kind = w.kind AND {_RUNS}) ORDER BY 1
        """,  # noqa: S608 - a text of our own
        [[s.value for s in WAITS_WITH], [k.value for k in WAITS_WITH.values()]],
    )


def _nowhere() -> Iterator[Violation]:
    covered = set(WAITS_WITH) | set(QUEUES)
    return find(
        "I8",
        "it is {0}, which no clock and no queue has",
        "SELECT c.reference, c.status FROM claims_claim c WHERE c.status = ANY(%s) ORDER BY 1",
        [[status.value for status in OPEN - covered]],
    )


def _without_payout() -> Iterator[Violation]:
    # After a refusal or a return the claimant is asked for other details.
    return find(
        "I8",
        "it is approved, and its latest payout is {0}",
        """
        SELECT c.reference, coalesce(p.state, 'not there')
        FROM claims_claim c LEFT JOIN LATERAL (
            SELECT state FROM claims_payout WHERE claim_id = c.id ORDER BY id DESC LIMIT 1
        ) p ON TRUE
        WHERE c.status = 'APPROVED' AND coalesce(p.state, 'CANCELLED') = 'CANCELLED' ORDER BY 1
        """,
    )


def _asleep() -> Iterator[Violation]:
    return find(
        "I8",
        "the payout is {0}, and nothing will ever look at it again",
        """
        SELECT p.our_reference, p.state FROM claims_payout p
        WHERE p.state IN ('QUEUED', 'SENDING', 'UNCERTAIN', 'SENT') AND p.next_at IS NULL
        ORDER BY 1
        """,
    )


def _without_proof() -> Iterator[Violation]:
    return find(
        "I8",
        "its recovery awaits proof of insurance, and no clock runs",
        f"""
        SELECT c.reference FROM claims_recovery r JOIN claims_claim c ON c.id = r.claim_id
        WHERE r.status = 'AWAITING_PROOF' AND c.status = 'PAID'
        AND NOT EXISTS (SELECT 1 FROM claims_deadline d
            WHERE d.claim_id = c.id AND d.kind = 'PROOF_OF_INSURANCE' AND {_RUNS}) ORDER BY 1
        """,  # noqa: S608 - a text of our own
    )
