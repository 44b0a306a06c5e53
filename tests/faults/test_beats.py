"""Beats: too many of them, and none. They only tick; what is due stands in the database."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from claims.models import Deadline, Heartbeat
from claims.watch.heartbeats import BEATS, STOPPED_AFTER, stopped
from tests.faults import proof, rows
from tests.faults.healing import heal, lapsed_claims, left_over
from tests.faults.proxy import await_true
from tests.faults.stack import Stack

pytestmark = rows.MARKS


@rows.LONG  # two beats have a quick row: tests/processes
@pytest.mark.parametrize("more", [2, 4])
def test_several_beats_change_nothing(stack: Stack, more: int) -> None:
    """Two to five beats double every tick; the rows decide."""
    extra = [stack.add_beat() for _ in range(more)]
    for beat in extra:
        beat.await_word("Scheduler: Sending due task")
    references = lapsed_claims(10)
    await_true(
        lambda: not left_over(timezone.now()), seconds=60, what="beats alone did it", every=0.3
    )
    for beat in extra:
        beat.kill()
        stack.beats.remove(beat)
    proof.paid_once(stack, references)
    proof.check(stack)


def test_a_beat_that_was_dead_for_two_hours_catches_up(stack: Stack) -> None:
    """Nothing ticks while 6 claims fall due one after the other; one beat then finds them all."""
    [beat] = stack.beats
    beat.kill()
    time.sleep(5)  # what was ticked before its death is done or has expired
    references = lapsed_claims(6)
    now = timezone.now()
    clocks = Deadline.objects.filter(claim__reference__in=references, lapsed_at=None)
    for number, clock in enumerate(clocks.filter(kind="SELLER_RESPONSE")):
        due_at = now - timedelta(minutes=20 * number + 1)
        Deadline.objects.filter(pk=clock.pk).update(
            due_at=due_at - timedelta(seconds=60), acts_at=due_at
        )
    Heartbeat.objects.update(beaten_at=now - timedelta(hours=2))
    assert len(stopped(at=now)) == len(BEATS)
    assert all("120 minutes" in reason for reason in stopped(at=now))
    assert clocks.count() >= len(references), "somebody still ticked"
    beat.start()
    await_true(lambda: not left_over(timezone.now()), seconds=60, what="it caught up", every=0.3)
    assert stopped(at=timezone.now()) == []
    assert now - Heartbeat.objects.earliest("beaten_at").beaten_at < STOPPED_AFTER
    heal(stack)
    proof.paid_once(stack, references)
    proof.check(stack)
