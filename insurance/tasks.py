"""Thin: sweeps and senders of insurance, for beat and workers. Nothing imports this."""

from celery import shared_task

from insurance import letters
from insurance.accelerator import sweep
from insurance.certificates.reading_due import read_next
from insurance.requirement.reviewing import review_due
from sellers.clock import database_now
from sellers.watch import watched

# One tick works until nothing is due, but leaves before its time limit.
MOST_ROUNDS = 200
# A file may take five seconds; the rest waits for the next tick.
MOST_READ = 20


@shared_task
def deliver_insurance_letters() -> None:
    """Letters about insurance leave."""
    with watched("deliver_insurance_letters"):
        for _ in range(MOST_ROUNDS):
            done = letters.deliver_due(at=database_now())
            if done.sent + done.bounced == 0:
                return


@shared_task
def read_certificates() -> None:
    """Files that sellers sent as certificates are read, each in a process with limits."""
    with watched("read_certificates"):
        for _ in range(MOST_READ):
            if not read_next(at=database_now()):
                return


@shared_task
def review_compliance() -> None:
    """Markets whose day has begun are judged, and the letters of the day written."""
    with watched("review_compliance"):
        review_due(at=database_now())


@shared_task
def sweep_quotes() -> None:
    """Providers and sellers are reminded; links, quotes and applications end."""
    with watched("sweep_quotes"):
        for _ in range(MOST_ROUNDS):
            if sweep.sweep_quotes(at=database_now()) == 0:
                return
