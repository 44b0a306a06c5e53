"""The Celery application: tasks carry ids only, and losing one loses nothing (docs/adr/0003)."""

import os
from datetime import timedelta
from typing import Any

from celery import Celery
from celery.signals import beat_init
from kombu.transport.redis import Transport

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("redress")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# When the broker is killed and back at once, Kombu fails with this at what it does with the
# connection that broke: closing it, and acknowledging what came by it. Celery then ended the
# worker. Now it counts as what it is, a lost connection.
Transport.connection_errors += (AttributeError,)


@beat_init.connect
def tick_at_start(**_: Any) -> None:
    """Tick everything that ticks as a beat starts, not an interval later.

    Until each sweep has run once, every page of the console warns that its clock stands still.
    What runs at an hour of the day waits for its hour.
    """
    for entry in app.conf.beat_schedule.values():
        if isinstance(entry["schedule"], timedelta):
            app.send_task(entry["task"], **entry["options"])
