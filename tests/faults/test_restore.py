"""A database that is restored to an older moment, while the provider remembers what it paid."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from claims.models import Heartbeat, PayoutSwitch
from claims.operations.pausing import resume_payouts
from tests.claims.core.world import senior
from tests.faults import proof, rows
from tests.faults.conftest import connected_to, database
from tests.faults.healing import heal, lapsed_claims, lay_down_world, paid
from tests.faults.machines import PYTHON, Process
from tests.faults.mailbox import taken
from tests.faults.proxy import await_true
from tests.faults.stack import Stack, running
from tests.faults.test_races import clocks_of, lapsed_tomorrow

pytestmark = [*rows.MARKS, rows.LONG]


@pytest.fixture
def own(template: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Stack]:
    """A stack whose database may be replaced."""
    with (
        django_db_blocker.unblock(),
        database(f"{template}_live", template=template) as name,
        running(name) as stack,
        connected_to(name, files=stack.folder / "files"),
    ):
        lay_down_world()
        stack.await_workers()
        yield stack


def stop(stack: Stack) -> None:
    """No worker and no beat: nobody is in the database."""
    for process in (*stack.workers, *stack.beats):
        process.kill()
    connections.close_all()


def fall_due(references: list[str]) -> None:
    now = timezone.now()
    clocks_of(references).update(
        due_at=now - timedelta(seconds=61), acts_at=now - timedelta(seconds=1)
    )


def after_restore(stack: Stack) -> int:
    """The command that an operator runs; its exit status."""
    run = Process("restore", (PYTHON, "manage.py", "after_restore"), stack.env, stack.children)
    run.start()
    return run.await_end(seconds=60)


def test_a_restored_database_pays_nobody_again(own: Stack) -> None:
    """Started without a word it pauses by itself; then both books are made one, and it goes on."""
    early = lapsed_claims(2)
    heal(own)
    later = lapsed_tomorrow(3)
    sent = taken(own.letters).total()
    stop(own)
    with database(f"{own.database}_backup", template=own.database) as backup:
        own.revive()
        fall_due(later)
        heal(own)
        proof.paid_once(own, [*early, *later])
        stop(own)
        # Letters that left after the backup leave again, under their Message-ID.
        own.letters_cut += taken(own.letters).total() - sent
        with database(own.database, template=backup):
            restored(own, early, later)
            stop(own)


def restored(stack: Stack, early: list[str], later: list[str]) -> None:
    """What happens in the restored database, in which nobody paid the later ones."""
    fall_due(later)
    Heartbeat.objects.update(beaten_at=timezone.now() - timedelta(minutes=20))
    stack.revive()

    def is_noticed() -> bool:
        stack.tick("send_payouts", "lapse_deadlines")
        return PayoutSwitch.objects.get().is_paused or paid(later) == len(later)

    await_true(is_noticed, seconds=60, what="paused, or known again by their keys", every=0.3)
    # Decided once more before anybody looked, the payments have their old references and keys:
    # then the provider knows them, and there is nothing to pause for.
    if PayoutSwitch.objects.get().is_paused:
        assert PayoutSwitch.objects.get().causes == ["BOOK_DIFFERS"]
    assert after_restore(stack) == 0
    assert set(PayoutSwitch.objects.get().causes) >= {"RESTORED"}
    resume_payouts(reason="The books agree.", at=timezone.now(), by=senior())
    fresh = lapsed_claims(2)
    heal(stack)
    proof.paid_once(stack, [*early, *later, *fresh])
    proof.check(stack)
