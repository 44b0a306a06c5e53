"""I5: every answer that a seller saw acknowledged is kept, byte for byte."""

from collections.abc import Iterator
from itertools import chain

from claims.invariants.inspection import Acknowledgement, Inspection, Violation, find
from claims.models import Evidence, SellerResponse


def are_kept(inspection: Inspection) -> Iterator[Violation]:
    """I5: what clients were told is received is there; answers and events say the same."""
    return chain(
        chain.from_iterable(_missing(one) for one in inspection.acknowledged),
        _without_event(),
        _without_answer(),
    )


def _missing(one: Acknowledgement) -> Iterator[Violation]:
    kept = SellerResponse.objects.filter(claim__reference=one.claim, answer=one.answer)
    if not kept.filter(reason=one.reason).exists():
        is_other = kept.exists()
        how = "with another reason" if is_other else "not at all"
        yield Violation("I5", one.claim, f"the acknowledged answer {one.answer} is kept {how}")
    files = Evidence.objects.filter(claim__reference=one.claim, sha256__in=one.files)
    for digest in sorted(set(one.files) - set(files.values_list("sha256", flat=True))):
        yield Violation("I5", one.claim, f"the acknowledged file {digest} is not kept")


def _without_event() -> Iterator[Violation]:
    return find(
        "I5",
        "the answer {0} of {1:%Y-%m-%d %H:%M:%S} UTC has no event with its words",
        """
        SELECT c.reference, r.answer, r.arrived_at AT TIME ZONE 'UTC'
        FROM claims_sellerresponse r JOIN claims_claim c ON c.id = r.claim_id
        WHERE NOT EXISTS (
            SELECT 1 FROM claims_claimevent e
            WHERE e.claim_id = r.claim_id AND e.at = r.arrived_at AND e.text = r.reason
            AND CASE WHEN r.is_late THEN e.step = 'answer_late' AND e.facts->>'answer' = r.answer
                ELSE e.step = lower(r.answer) END)
        ORDER BY r.id
        """,
    )


def _without_answer() -> Iterator[Violation]:
    return find(
        "I5",
        "the step {0} of {1:%Y-%m-%d %H:%M:%S} UTC has no answer of a seller",
        """
        SELECT c.reference, e.step, e.at AT TIME ZONE 'UTC'
        FROM claims_claimevent e JOIN claims_claim c ON c.id = e.claim_id
        WHERE e.step IN ('accept', 'handle', 'tender', 'reject', 'answer_late')
        AND NOT EXISTS (
            SELECT 1 FROM claims_sellerresponse r
            WHERE r.claim_id = e.claim_id AND r.arrived_at = e.at)
        ORDER BY e.id
        """,
    )
