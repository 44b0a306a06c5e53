"""I7: no letter is lost, none is written twice, none left twice.

The honest limit stands in `claims.notices`: when a connection dies between the mail server's
taking a letter and our writing that down, it leaves once more, under the same Message-ID.
"""

from collections.abc import Iterator
from itertools import chain

from claims.invariants.inspection import Inspection, Violation, find
from claims.models import Notice, NoticeState

BATCH = 2000
REMINDERS = ("RESPONSE_REMINDER", "SETTLEMENT_REMINDER", "PROOF_REMINDER")


def are_once(inspection: Inspection) -> Iterator[Violation]:
    """I7: each event's letters are there, each can leave, and the mail server took each once."""
    return chain(_missing(), _keys(), _cannot_leave(), _left(inspection))


def _missing() -> Iterator[Violation]:
    """Letters of an event that are not there, or that no event wrote; reminders have no event."""
    return find(
        "I7",
        "event {0} ({1}) wrote {2} letters, and {3} are there",
        """
        WITH written AS (
            SELECT claim_id, event_version, count(*) AS letters FROM claims_notice
            WHERE kind <> ALL(%s) GROUP BY claim_id, event_version)
        SELECT c.reference, e.version, e.step, e.letters, coalesce(written.letters, 0)
        FROM claims_claimevent e JOIN claims_claim c ON c.id = e.claim_id
        LEFT JOIN written ON written.claim_id = e.claim_id AND written.event_version = e.version
        WHERE e.letters <> coalesce(written.letters, 0) ORDER BY e.id
        """,
        [list(REMINDERS)],
    )


def _keys() -> Iterator[Violation]:
    """The database's own guard against a second letter of one occasion."""
    return find(
        "I7",
        "no unique key of {0} keeps letters from being written twice",
        """
        SELECT 'claims_notice', 'claims_notice.key' WHERE NOT EXISTS (
            SELECT 1 FROM pg_index i JOIN pg_attribute a
                ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
            WHERE i.indrelid = 'claims_notice'::regclass AND i.indisunique AND i.indisvalid
            AND i.indnkeyatts = 1 AND i.indpred IS NULL AND a.attname = 'key')
        """,
    )


def _cannot_leave() -> Iterator[Violation]:
    return find(
        "I7",
        "the letter {0} is {1}, and nothing will ever look at it again",
        """
        SELECT c.reference, n.key, n.state FROM claims_notice n
        JOIN claims_claim c ON c.id = n.claim_id
        WHERE n.state IN ('QUEUED', 'SENDING') AND n.next_at IS NULL ORDER BY n.id
        """,
    )


def _left(inspection: Inspection) -> Iterator[Violation]:
    """Our letters against what the mail server took, where somebody kept a record of that."""
    if inspection.delivered is None:
        return
    delivered = dict(inspection.delivered)
    sent = Notice.objects.filter(state=NoticeState.SENT).order_by("pk")
    rows = sent.values_list("key", "message_id").iterator(chunk_size=BATCH)
    for key, message_id in rows:
        times = delivered.pop(message_id, 0)
        if times != 1:
            yield Violation("I7", key, f"the mail server took it {times} times")
    known = Notice.objects.filter(message_id__in=delivered).values_list("message_id", flat=True)
    for message_id in sorted(set(delivered) - set(known)):
        yield Violation("I7", message_id, "the mail server took it, and the database has it not")
