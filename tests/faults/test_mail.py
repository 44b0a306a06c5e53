"""The mail server: away, taking letters without saying so, knowing no such person."""

import time
from datetime import timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from claims.models import Claim, Notice, NoticeState
from tests import factories
from tests.faults import proof, rows
from tests.faults.healing import AGO, heal, lapsed_claims, paid
from tests.faults.mailbox import taken
from tests.faults.proxy import CutBefore, Way, await_true
from tests.faults.stack import Stack

pytestmark = rows.MARKS
# A letter waits so long at least between its attempts while the server is away (minutes).
SIX_HOURS = (1, 2, 4, 8, 16, 32, 64, 128, 105)


def test_no_mail_server_for_six_hours(stack: Stack) -> None:
    """Money goes its way, letters wait in rows; the waits are let pass one after the other."""
    stack.mail.kill()
    references = lapsed_claims(4)
    await_true(lambda: ticked(stack) and paid(references) == 4, seconds=40, what="all are paid")
    waiting = Notice.objects.filter(claim__reference__in=references, state=NoticeState.QUEUED)
    for minutes in SIX_HOURS:
        before = tries(waiting)
        away(minutes)
        while tries(waiting) == before:
            ticked(stack)
    assert sum(SIX_HOURS) == 360
    assert (
        taken(stack.letters).total()
        == Notice.objects.filter(state="SENT").exclude(message_id="").count()
    )
    heal(stack)
    proof.paid_once(stack, references)
    proof.check(stack)


def tries(letters: QuerySet[Notice]) -> int:
    """How often these letters were tried, in sum."""
    return sum(letters.values_list("attempts", flat=True))


def away(minutes: int) -> None:
    """So many minutes, and the fifth that is added to a wait, pass for the letters that wait."""
    Notice.objects.filter(state=NoticeState.QUEUED).update(
        next_at=F("next_at") - timedelta(minutes=minutes * 1.2)
    )


def ticked(stack: Stack) -> bool:
    stack.tick()
    time.sleep(0.2)
    return True


def test_a_connection_cut_after_the_letter_was_taken(stack: Stack) -> None:
    """The limit that stays: such a letter goes again, with the same words and Message-ID."""
    cut = stack.doors.mail.add(CutBefore(Way.TO_CLIENT, match=b"250 Kept", times=3))
    references = lapsed_claims(3)
    await_true(lambda: ticked(stack) and cut.struck == 3, seconds=40, what="three are cut")
    stack.letters_cut += cut.struck
    heal(stack)
    proof.paid_once(stack, references)
    proof.check(stack)


def test_a_connection_cut_before_the_letter_arrived(stack: Stack) -> None:
    cut = stack.doors.mail.add(CutBefore(Way.TO_SERVER, match=b"Subject:", times=4))
    references = lapsed_claims(3)
    await_true(lambda: ticked(stack) and cut.struck == 4, seconds=40, what="four are cut")
    heal(stack)
    proof.paid_once(stack, references)
    proof.check(stack)


def test_a_hard_bounce_keeps_silence_from_counting(stack: Stack) -> None:
    """Rules §3, NOTICE_NOT_DELIVERED: who never got the letter was not silent."""
    with transaction.atomic():
        seller = factories.make_seller()
        type(seller).objects.filter(pk=seller.pk).update(email="nobody@sellers.example")
        order = factories.make_order(seller)
        claim = factories.report_awaiting_seller(order, at=timezone.now() - AGO)
    heal(stack)
    bounced = Notice.objects.get(claim=claim, kind="CLAIM_NOTICE")
    assert (bounced.state, bounced.to) == ("BOUNCED", "nobody@sellers.example")
    assert "550" in bounced.last_answer
    found = Claim.objects.get(pk=claim.pk)
    assert (found.status, found.bars) == ("IN_ADJUDICATION", ["NOTICE_NOT_DELIVERED"])
    assert stack.book.payments(claim.reference) == []
    proof.check(stack)
