"""Every beat entry. Beat only ticks: what is due stands in the database (docs/adr/0003).

Each entry expires before its next tick, so a queue that was down does not replay old ticks.
"""

from datetime import timedelta
from typing import Any

from celery.schedules import crontab


def _tick(task: str, *, every: float) -> dict[str, Any]:
    return {
        "task": task,
        "schedule": timedelta(seconds=every),
        "options": {"expires": max(every * 0.9, 1.0)},
    }


def _nightly(task: str, *, hour: int, minute: int) -> dict[str, Any]:
    """Once a day, in UTC; a day when nobody picked it up is left out."""
    return {
        "task": task,
        "schedule": crontab(hour=str(hour), minute=str(minute)),
        "options": {"expires": 6 * 3600.0},
    }


BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "lapse-deadlines": _tick("claims.tasks.lapse_deadlines", every=5),
    "send-payouts": _tick("claims.tasks.send_payouts", every=5),
    "follow-payouts": _tick("claims.tasks.follow_payouts", every=10),
    "deliver-notices": _tick("claims.tasks.deliver_notices", every=5),
    "deliver-insurance-letters": _tick("insurance.tasks.deliver_insurance_letters", every=5),
    "review-compliance": _tick("insurance.tasks.review_compliance", every=60),
    "read-certificates": _tick("insurance.tasks.read_certificates", every=5),
    "sweep-quotes": _tick("insurance.tasks.sweep_quotes", every=30),
    "remind": _tick("claims.tasks.remind", every=30),
    "check-invariants": _nightly("claims.tasks.check_invariants", hour=3, minute=30),
}
