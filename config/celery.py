"""The Celery application: tasks carry ids only, and losing one loses nothing (docs/adr/0003)."""

import os
from datetime import timedelta
from typing import Any

from celery import Celery
from celery.signals import beat_init
from kombu.transport.redis import Channel

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("redress")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# As a worker's broken connection is closed, Kombu would give back the messages that it held; when
# the broker is up again at that moment it fails at that, and the worker ends. Ticks come again, and
# what was not acknowledged is given out anew after the visibility timeout.
Channel.do_restore = False


@beat_init.connect
def tick_at_start(**_: Any) -> None:
    """Tick everything that ticks as a beat starts, not an interval later.

    Until each sweep has run once, every page of the console warns that its clock stands still.
    What runs at an hour of the day waits for its hour.
    """
    for entry in app.conf.beat_schedule.values():
        if isinstance(entry["schedule"], timedelta):
            app.send_task(entry["task"], **entry["options"])
