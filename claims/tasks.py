"""Thin: sweeps and senders for beat and workers. Nothing imports this."""

from celery import shared_task
from django.utils import timezone

from claims import notices
from claims.operations.payouts import follow_payouts as follow, send_due_payouts
from claims.operations.reminding import remind_due
from claims.operations.silence import lapse_due
from claims.providers import get_provider

# One tick works until nothing is due, but leaves before its time limit.
MOST_ROUNDS = 200


@shared_task
def lapse_deadlines() -> None:
    """Clocks that ran out take their step."""
    for _ in range(MOST_ROUNDS):
        if lapse_due(at=timezone.now()).taken == 0:
            return


@shared_task
def send_payouts() -> None:
    """Queued payouts go to the provider."""
    provider = get_provider()
    for _ in range(MOST_ROUNDS):
        if send_due_payouts(provider=provider, at=timezone.now()) == 0:
            return


@shared_task
def follow_payouts() -> None:
    """Payouts on their way or in doubt are looked up at the provider."""
    provider = get_provider()
    for _ in range(MOST_ROUNDS):
        if follow(provider=provider, at=timezone.now()) == 0:
            return


@shared_task
def deliver_notices() -> None:
    """Letters leave."""
    notices.deliver_due(at=timezone.now())


@shared_task
def remind() -> None:
    """Sellers are reminded before their deadlines."""
    remind_due(at=timezone.now())
