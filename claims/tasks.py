"""Thin: sweeps and senders for beat and workers. Nothing imports this."""

from celery import shared_task

from claims import notices
from claims.operations.following import follow_payouts as follow
from claims.operations.reminding import remind_due
from claims.operations.sending import send_due_payouts
from claims.operations.silence import lapse_due
from claims.providers import get_provider
from claims.watch.books import look_for_a_restore, slept
from claims.watch.heartbeats import heartbeat
from claims.watch.nightly import check_nightly
from sellers.clock import database_now

# One tick works until nothing is due, but leaves before its time limit.
MOST_ROUNDS = 200


@shared_task
def lapse_deadlines() -> None:
    """Clocks that ran out take their step."""
    with heartbeat("lapse_deadlines"):
        for _ in range(MOST_ROUNDS):
            if lapse_due(at=database_now()).taken == 0:
                return


@shared_task
def send_payouts() -> None:
    """Queued payouts go to the provider."""
    provider = get_provider()
    with heartbeat("send_payouts"):
        if slept("send_payouts", at=database_now()):
            look_for_a_restore(provider.book(), at=database_now())
        for _ in range(MOST_ROUNDS):
            if send_due_payouts(provider=provider, at=database_now()) == 0:
                return


@shared_task
def follow_payouts() -> None:
    """Payouts on their way or in doubt are looked up at the provider."""
    provider = get_provider()
    with heartbeat("follow_payouts"):
        for _ in range(MOST_ROUNDS):
            if follow(provider=provider, at=database_now()) == 0:
                return


@shared_task
def deliver_notices() -> None:
    """Letters leave."""
    with heartbeat("deliver_notices"):
        for _ in range(MOST_ROUNDS):
            done = notices.deliver_due(at=database_now())
            if done.sent + done.bounced == 0:
                return


@shared_task
def remind() -> None:
    """Sellers are reminded before their deadlines."""
    with heartbeat("remind"):
        remind_due(at=database_now())


@shared_task
def check_invariants() -> None:
    """Everything that must always hold is asked of the rows and of the provider's book."""
    with heartbeat("check_invariants"):
        check_nightly(at=database_now(), book=get_provider().book())
