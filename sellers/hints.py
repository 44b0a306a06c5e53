"""Hints to the workers that something waits. Losing every one of them loses nothing."""

from contextlib import suppress

from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError


def send_hints(*tasks: str) -> None:
    """Tell workers to run these tasks now.

    The beat ticks come anyway; a broker that is down must never hold up an answer.
    """
    if not settings.CELERY_BROKER_URL:
        return
    with suppress(OperationalError, OSError):
        for task in tasks:
            current_app.send_task(task, expires=5, retry=False)
