"""Workers whose own clock is wrong: the database's is the one that counts (rules §8)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from claims.models import Claim, Deadline, Heartbeat
from tests.faults import proof, rows
from tests.faults.healing import heal, lapsed_claims
from tests.faults.proxy import await_true
from tests.faults.rows import times
from tests.faults.stack import Stack

pytestmark = rows.MARKS
# The system's clock belongs to the machine, so the worker's Python is told another time.
SHIFTED = (
    "import datetime, time_machine; time_machine.travel(datetime.datetime.now(datetime.UTC)"
    " + datetime.timedelta(hours={hours})).start()"
)


@pytest.mark.parametrize("hours", [24, pytest.param(-24, marks=rows.LONG)])
def test_a_worker_whose_clock_is_a_day_off(stack: Stack, hours: int) -> None:
    """What is due tomorrow is not due, whatever one worker believes; what is due is done."""
    worker = stack.add_worker(before=SHIFTED.format(hours=hours))
    stack.await_workers(worker)
    tomorrow, due = lapsed_claims(3), lapsed_claims(3)
    Deadline.objects.filter(claim__reference__in=tomorrow, kind="SELLER_RESPONSE").update(
        due_at=timezone.now() + timedelta(hours=12),
        acts_at=timezone.now() + timedelta(hours=12, seconds=60),
    )

    def has_swept() -> bool:
        # Without an end: a clock ahead would take every tick for one of yesterday.
        stack.tick("lapse_deadlines", "send_payouts", "deliver_notices", expires=None)
        return times(worker.log, "succeeded", "lapse_deadlines") >= 3

    await_true(has_swept, seconds=40, what="the worker with the wrong clock sweeps", every=0.2)
    worker.ask_to_end()
    worker.await_end()
    stack.workers.remove(worker)
    beats = Heartbeat.objects.filter(name__in=["lapse_deadlines", "send_payouts"])
    off = [abs((timezone.now() - beat.beaten_at).total_seconds()) for beat in beats]
    assert max(off) < 60, "a heartbeat went by the worker's own clock"
    waiting = Claim.objects.filter(reference__in=tomorrow).values_list("status", flat=True)
    assert set(waiting) == {"AWAITING_SELLER"}
    heal(stack)
    proof.paid_once(stack, due)
    assert [stack.book.payments(reference) for reference in tomorrow] == [[], [], []]
    proof.check(stack)
    Deadline.objects.filter(claim__reference__in=tomorrow, kind="SELLER_RESPONSE").update(
        due_at=timezone.now() - timedelta(seconds=60), acts_at=timezone.now()
    )
    heal(stack)
