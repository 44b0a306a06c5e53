"""Hints to the workers that something waits. Losing every one of them loses nothing."""

import logging
from contextlib import suppress

from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

TASKS = (
    "claims.tasks.send_payouts",
    "claims.tasks.follow_payouts",
    "claims.tasks.deliver_notices",
)


def nudge() -> None:
    """Tell the senders of payouts and letters that something is to be sent.

    The beat ticks come anyway; a broker that is down must never hold up an answer.
    """
    if not settings.CELERY_BROKER_URL:
        return
    with suppress(OperationalError, OSError):
        for task in TASKS:
            current_app.send_task(task, expires=5, retry=False)
