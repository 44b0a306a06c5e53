"""Breaches of I3, I5, I6, I7, I8 and I10: each is made, and is seen as itself."""

import os
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import connection

from claims.invariants import Acknowledgement, Inspection, Violation, read_acknowledgements
from claims.invariants.files import match
from claims.models import (
    Claim,
    ClaimEvent,
    Deadline,
    Evidence,
    Notice,
    NoticeState,
    Payout,
    ProviderCircuit,
    Recovery,
    RecoveryStatus,
    SellerResponse,
)
from tests.claims.core.world import LAPSES
from tests.claims.invariants.conftest import PICTURE
from tests.claims.invariants.programme import Programme, erase, forge, verified
from tests.factories import NOON

pytestmark = pytest.mark.django_db
REASON = "The kettle was misused."
DIGEST = sha256(PICTURE).hexdigest()
MINUTE = timedelta(minutes=1)


def found(code: str, subject: object, what: str) -> Violation:
    return Violation(code, str(subject), what)


# ── I3 ─────────────────────────────────────────────────────────────────────
def test_i3_a_clock_that_nobody_looked_at(programme: Programme) -> None:
    Payout.objects.filter(state="QUEUED").update(next_at=LAPSES)
    assert verified(programme, at=LAPSES + 4 * MINUTE) == []
    forgotten = found(
        "I3",
        programme.waiting.reference,
        "SELLER_RESPONSE should have acted at 2026-03-10 07:01:00 UTC",
    )
    assert forgotten in verified(programme, at=LAPSES + 5 * MINUTE)
    assert verified(programme, at=LAPSES + 14 * MINUTE, late=15 * MINUTE) == []


def test_i3_a_clock_set_aside_waits_for_a_person(programme: Programme) -> None:
    Payout.objects.filter(state="QUEUED").update(next_at=LAPSES)
    Deadline.objects.filter(claim=programme.waiting).update(failures=5)
    assert verified(programme, at=LAPSES + 4 * MINUTE) == []
    kinds = {v.invariant for v in verified(programme, at=LAPSES + 5 * MINUTE)}
    assert kinds == {"I3"}  # the payout that nobody sent; the clock itself is not named
    assert programme.waiting.reference not in {
        v.subject for v in verified(programme, at=LAPSES + 5 * MINUTE)
    }


@pytest.mark.parametrize("state", ["QUEUED", "SENDING", "UNCERTAIN"])
def test_i3_a_payout_that_nobody_looked_at(programme: Programme, state: str) -> None:
    payout = Payout.objects.filter(claim=programme.approved)
    payout.update(state=state, next_at=NOON, lease_until=NOON)
    assert verified(programme, at=NOON + 5 * MINUTE) == [
        found(
            "I3",
            payout.get().our_reference,
            f"the payout is {state}, and should have been looked at by 2026-03-02 20:00:00 UTC",
        )
    ]


def test_i3_payouts_of_a_provider_that_is_left_alone_wait(programme: Programme) -> None:
    Payout.objects.filter(claim=programme.approved).update(next_at=NOON)
    circuit = ProviderCircuit.objects.create(failures=10, closed_until=NOON + MINUTE)
    assert verified(programme, at=NOON + 5 * MINUTE) == []
    ProviderCircuit.objects.filter(pk=circuit.pk).update(closed_until=NOON)
    assert [v.invariant for v in verified(programme, at=NOON + 5 * MINUTE)] == ["I3"]


# ── I5 ─────────────────────────────────────────────────────────────────────
def acknowledged(programme: Programme, **changes: object) -> Acknowledgement:
    values = {"claim": programme.rejected.reference, "answer": "REJECT", "reason": REASON}
    return Acknowledgement(**values | changes)  # type: ignore[arg-type]


def test_i5_what_was_acknowledged_is_kept(programme: Programme) -> None:
    answers = [
        acknowledged(programme),
        acknowledged(programme, claim=programme.paid.reference),
    ]
    assert verified(programme, acknowledged=answers) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"answer": "TENDER"}, "the acknowledged answer TENDER is kept not at all"),
        ({"claim": "RC-GONE"}, "the acknowledged answer REJECT is kept not at all"),
        ({"reason": f"{REASON}."}, "the acknowledged answer REJECT is kept with another reason"),
        ({"files": (DIGEST,)}, f"the acknowledged file {DIGEST} is not kept"),
    ],
)
def test_i5_what_was_acknowledged_and_is_not_there(
    programme: Programme, changes: dict[str, object], words: str
) -> None:
    one = acknowledged(programme, **changes)
    assert verified(programme, acknowledged=[one]) == [found("I5", one.claim, words)]


def test_i5_an_answer_whose_words_were_changed(programme: Programme) -> None:
    SellerResponse.objects.filter(claim=programme.rejected).update(reason="Never mind.")
    assert verified(programme) == [
        found(
            "I5",
            programme.rejected.reference,
            "the answer REJECT of 2026-03-03 20:00:00 UTC has no event with its words",
        )
    ]


def test_i5_an_answer_that_is_gone(programme: Programme) -> None:
    erase(SellerResponse.objects.filter(claim=programme.rejected))
    assert verified(programme) == [
        found(
            "I5",
            programme.rejected.reference,
            "the step reject of 2026-03-03 20:00:00 UTC has no answer of a seller",
        )
    ]


def test_acknowledgements_come_one_a_line() -> None:
    text = '{"claim": "RC-1", "answer": "REJECT", "reason": "é", "files": ["ab"]}\n\n'
    assert read_acknowledgements(text) == [
        Acknowledgement(claim="RC-1", answer="REJECT", reason="é", files=("ab",))
    ]


@pytest.mark.parametrize("line", ["x", "[]", '{"claim": "RC-1"}', '{"claim": 1, "other": 2}'])
def test_what_is_no_acknowledgement_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="Line 1 is no acknowledgement"):
        read_acknowledgements(line)


# ── I6 ─────────────────────────────────────────────────────────────────────
def test_i6_a_claim_that_stands_elsewhere(programme: Programme) -> None:
    forge(Claim.objects.filter(pk=programme.rejected.pk), reason="X", crossed_ceiling_later=True)
    assert verified(programme) == [
        found(
            "I6",
            programme.rejected.reference,
            "crossed_ceiling_later is True, by its events False, reason is X, by its events ",
        )
    ]


def test_i6_an_event_that_is_gone(programme: Programme) -> None:
    erase(ClaimEvent.objects.filter(claim=programme.waiting, version=2))
    kinds = {v for v in verified(programme) if v.invariant == "I6"}
    assert kinds == {
        found(
            "I6",
            programme.waiting.reference,
            "its file is broken: Event 3 (notify_seller) follows event 1.",
        )
    }


def test_i6_a_claim_without_a_file(programme: Programme) -> None:
    erase(ClaimEvent.objects.filter(claim=programme.waiting))
    assert verified(programme) == [
        found("I6", programme.waiting.reference, "its file is broken: The file has no events.")
    ]


# ── I7 ─────────────────────────────────────────────────────────────────────
def test_i7_a_letter_that_is_gone(programme: Programme) -> None:
    notice = Notice.objects.filter(claim=programme.waiting).latest("pk")
    step = ClaimEvent.objects.get(claim=programme.waiting, version=notice.event_version)
    erase(Notice.objects.filter(pk=notice.pk))
    assert verified(programme) == [
        found(
            "I7",
            programme.waiting.reference,
            f"event {step.version} ({step.step}) wrote {step.letters} letters,"
            f" and {(step.letters or 0) - 1} are there",
        )
    ]


def test_i7_reminders_belong_to_no_event(programme: Programme) -> None:
    Notice.objects.create(
        claim=programme.waiting,
        event_version=programme.waiting.version,
        key="reminder",
        kind="RESPONSE_REMINDER",
        recipient="SELLER",
        to="s@sellers.example",
        state=NoticeState.SENT,
        written_at=NOON,
        sent_at=NOON,
    )
    assert verified(programme) == []


def test_i7_nothing_is_said_of_events_before_it_was_kept(programme: Programme) -> None:
    forge(ClaimEvent.objects.filter(claim=programme.waiting), letters=None)
    erase(Notice.objects.filter(claim=programme.waiting))
    assert verified(programme) == []


def test_i7_a_letter_that_can_never_leave(programme: Programme) -> None:
    notice = Notice.objects.filter(claim=programme.waiting).latest("pk")
    Notice.objects.filter(pk=notice.pk).update(state=NoticeState.QUEUED, next_at=None)
    assert verified(programme) == [
        found(
            "I7",
            programme.waiting.reference,
            f"the letter {notice.key} is QUEUED, and nothing will ever look at it again",
        )
    ]


def test_i7_without_the_unique_key(programme: Programme) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE claims_notice DROP CONSTRAINT claims_notice_key_key")
        cursor.execute("CREATE UNIQUE INDEX beside_it ON claims_notice (key) WHERE id > 5")
    assert verified(programme) == [
        found(
            "I7",
            "claims_notice",
            "no unique key of claims_notice.key keeps letters from being written twice",
        )
    ]


def test_i7_what_the_mail_server_took(programme: Programme) -> None:
    """Each once; one not at all, one twice, and one that nobody wrote are seen."""
    for notice in Notice.objects.all():
        Notice.objects.filter(pk=notice.pk).update(message_id=f"<{notice.pk}@redress.example>")
    taken = {n.message_id: 1 for n in Notice.objects.all()}
    assert verified(programme, delivered=taken) == []
    lost, doubled = Notice.objects.order_by("pk")[:2]
    del taken[lost.message_id]
    taken |= {doubled.message_id: 2, "<stranger@mail.example>": 1}
    assert verified(programme, delivered=taken) == [
        found("I7", lost.key, "the mail server took it 0 times"),
        found("I7", doubled.key, "the mail server took it 2 times"),
        found(
            "I7",
            "<stranger@mail.example>",
            "the mail server took it, and the database has it not",
        ),
    ]


# ── I8 ─────────────────────────────────────────────────────────────────────
def test_i8_a_claim_whose_clock_stopped(programme: Programme) -> None:
    Deadline.objects.filter(claim=programme.waiting).update(cancelled_at=NOON)
    assert verified(programme) == [
        found(
            "I8",
            programme.waiting.reference,
            "it is AWAITING_SELLER, and its clock SELLER_RESPONSE does not run",
        )
    ]


def test_i8_a_clock_that_never_acts(programme: Programme) -> None:
    Deadline.objects.filter(claim=programme.waiting).update(acts_at=None)
    assert [v.invariant for v in verified(programme)] == ["I8"]


def test_i8_an_approval_without_a_payout(programme: Programme) -> None:
    Payout.objects.filter(claim=programme.approved).update(state="CANCELLED", next_at=None)
    assert verified(programme) == [
        found(
            "I8", programme.approved.reference, "it is approved, and its latest payout is CANCELLED"
        )
    ]
    erase(Payout.objects.filter(claim=programme.approved))
    assert [v.what for v in verified(programme)] == [
        "it is approved, and its latest payout is not there"
    ]


@pytest.mark.parametrize("state", ["QUEUED", "SENDING", "UNCERTAIN"])
def test_i8_a_payout_that_nobody_will_look_at(programme: Programme, state: str) -> None:
    payout = Payout.objects.filter(claim=programme.approved)
    payout.update(state=state, next_at=None, lease_until=NOON)
    words = f"the payout is {state}, and nothing will ever look at it again"
    assert verified(programme) == [found("I8", payout.get().our_reference, words)]


def test_i8_a_recovery_that_waits_for_ever(programme: Programme) -> None:
    Recovery.objects.filter(claim=programme.paid).update(status=RecoveryStatus.AWAITING_PROOF)
    words = "its recovery awaits proof of insurance, and no clock runs"
    assert found("I8", programme.paid.reference, words) in verified(programme)


# ── I10 ────────────────────────────────────────────────────────────────────
def path_of(programme: Programme) -> tuple[str, Callable[[bytes], int]]:
    """The name of the one file, and what writes it anew."""
    name = Evidence.objects.get(claim=programme.waiting).file.name or ""
    return name, (programme.root / name).write_bytes


def test_i10_bytes_that_changed(programme: Programme) -> None:
    name, write = path_of(programme)
    write(PICTURE.swapcase())
    assert verified(programme) == [found("I10", name, "its bytes are not those that were given")]


def test_i10_only_a_share_of_the_files_is_read_whole(programme: Programme) -> None:
    name, write = path_of(programme)
    write(PICTURE.swapcase())
    pk = Evidence.objects.get(claim=programme.waiting).pk
    assert list(match(Inspection(at=NOON, digest_share=(pk + 1, 2)))) == []
    assert [v.subject for v in match(Inspection(at=NOON, digest_share=(pk, 2)))] == [name]


def test_i10_a_file_cut_short(programme: Programme) -> None:
    name, write = path_of(programme)
    write(PICTURE[:5])
    words = f"it has 5 bytes, and its row says {len(PICTURE)}"
    assert verified(programme) == [found("I10", name, words)]


def test_i10_a_file_that_is_gone(programme: Programme) -> None:
    name, _ = path_of(programme)
    (programme.root / name).unlink()
    assert verified(programme) == [found("I10", name, "its row is there, and the file is not")]


def test_i10_a_file_without_a_row(programme: Programme) -> None:
    stray = programme.root / "evidence" / "2026" / "stray.png"
    stray.write_bytes(PICTURE)
    assert verified(programme) == []  # an upload that has not ended
    os.utime(stray, (1_000_000, 1_000_000))
    words = "the file is there, and no row knows it"
    assert verified(programme) == [found("I10", "evidence/2026/stray.png", words)]
