"""`./redress bench sweep`: lapsing due claims, as a ratio to set-based SQL that writes the same.

100,000 due claims among 1,000,000: the sweep's claims a second with one worker and with two,
divided by what the fewest set-based statements reach for the same rows, in one run; and the
cost of a tick when nothing is due. Target: ratio 0.30 with one worker, idle tick 5 ms.
"""

import argparse
import multiprocessing
import os
import statistics
import time
from datetime import UTC, datetime, timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from benchmarks.sweep_rows import AROUND, ROWS, SET_BASED, run  # noqa: E402
from claims.models import Payout, TermsVersion  # noqa: E402
from claims.operations.silence import lapse_due  # noqa: E402

AT = datetime(2026, 3, 12, 8, tzinfo=UTC)
START = AT - timedelta(days=8)


def main() -> None:
    """Make the rows, measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--due", type=int, default=100_000)
    parser.add_argument("--batch", type=int, default=1000)
    given = parser.parse_args()
    call_command("migrate", verbosity=0)
    # Three thirds of the due claims: set-based, one worker, two workers.
    _lay_out(given.claims, given.due * 3)
    baseline = _set_based(given.due)
    _say(f"set-based SQL       {baseline:10,.0f} claims/s")
    one = _swept(given.due, given.batch)
    _say(f"sweep, one worker   {one:10,.0f} claims/s   ratio {one / baseline:.2f}")
    two = _two_workers(given.due, given.batch)
    _say(f"sweep, two workers  {two:10,.0f} claims/s   ratio {two / baseline:.2f}")
    _say(f"idle tick           {_idle():10.2f} ms (median of 50)")
    # Others on the machine slow the two sides unequally: a figure without this says little.
    _say(f"load of the machine {' '.join(f'{load:.1f}' for load in os.getloadavg())}")


def _say(figure: str) -> None:
    """Each figure as soon as it is there, into a file too."""
    print(figure, flush=True)


def _lay_out(claims: int, due: int) -> None:
    began = time.perf_counter()
    # A cap that the benchmark never meets, as terms of a later day.
    terms = TermsVersion.objects.get(marketplace="US")
    terms.figures["daily_cap_minor"] = 10**15
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE claims_termsversion DISABLE TRIGGER USER")
        terms.save()
        cursor.execute("ALTER TABLE claims_termsversion ENABLE TRIGGER USER")
    later = AT + timedelta(days=5)
    with transaction.atomic():
        # Ours and known to be whole: checking millions of foreign keys took longer than the rest.
        run("SET LOCAL session_replication_role = replica")
        run(ROWS, start=START, claims=claims)
        run(AROUND, at=AT, later=later, due=due)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
    _say(f"{claims:,} open claims, {due:,} due, made in {time.perf_counter() - began:.0f} s")


def _set_based(limit: int) -> float:
    began = time.perf_counter()
    with transaction.atomic():
        run(SET_BASED, at=AT, limit=limit)
    return limit / (time.perf_counter() - began)


def _swept(limit: int, batch: int) -> float:
    began, done = time.perf_counter(), 0
    while done < limit:
        taken = lapse_due(at=AT, limit=min(batch, limit - done)).taken
        if taken == 0:
            break
        done += taken
    return done / (time.perf_counter() - began)


def _worker(limit: int, batch: int) -> None:
    connection.close()
    _swept(limit, batch)


def _two_workers(limit: int, batch: int) -> float:
    before = Payout.objects.count()
    connection.close()
    began = time.perf_counter()
    workers = [multiprocessing.Process(target=_worker, args=(limit // 2, batch)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    took = time.perf_counter() - began
    return (Payout.objects.count() - before) / took


def _idle() -> float:
    while lapse_due(at=AT).taken:
        pass
    with connection.cursor() as cursor:
        # What autovacuum does within a minute on these tables (claims/migrations/0003).
        cursor.execute("VACUUM claims_deadline")
    times = []
    for _ in range(50):
        began = time.perf_counter()
        lapse_due(at=AT)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    main()
