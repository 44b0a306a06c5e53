"""Sweeps and senders say in the database that they ran; silence of minutes is an alarm."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db.models import F

from claims.models import Heartbeat
from sellers.clock import database_now

# Rules of the house (docs/operations.md): after this the clock has stopped.
STOPPED_AFTER = timedelta(minutes=3)
BEATS = (
    "lapse_deadlines",
    "send_payouts",
    "follow_payouts",
    "deliver_notices",
    "deliver_insurance_letters",
    "read_certificates",
    "review_compliance",
    "sweep_quotes",
    "remind",
)

# What runs once a day, and after how long that is too long ago; before its first night it waits.
NIGHTLY = {"check_invariants": timedelta(hours=26)}


@contextmanager
def heartbeat(name: str) -> Iterator[None]:
    """Write down that a sweep ran, or that it failed; its error goes on to the worker.

    The moment is the database's: by a worker's own clock a day ahead it would beat for a day more.
    """
    try:
        yield
    except Exception as error:
        Heartbeat.objects.filter(pk=name).update(
            failures=F("failures") + 1, last_error=f"{type(error).__name__}: {error}"
        )
        raise
    Heartbeat.objects.update_or_create(
        pk=name, defaults={"beaten_at": database_now(), "failures": 0, "last_error": ""}
    )


def stopped(*, at: datetime) -> list[str]:
    """What has not run for three minutes, in words; empty when every clock runs."""
    beats = dict(Heartbeat.objects.values_list("name", "beaten_at"))
    reasons = []
    for name in BEATS:
        last = beats.get(name)
        if last is None:
            reasons.append(f"{name} has never run")
        elif at - last > STOPPED_AFTER:
            minutes = int((at - last).total_seconds() // 60)
            reasons.append(f"{name} has not run for {minutes} minutes")
    for name, longest in NIGHTLY.items():
        last = beats.get(name)
        if last is not None and at - last > longest:
            hours = int((at - last).total_seconds() // 3600)
            reasons.append(f"{name} has not run for {hours} hours")
    return reasons
