"""Run chaos, heal everything, and ask every invariant."""

import argparse
import os
import random
import sys
import time
from collections import Counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import F, Sum  # noqa: E402
from django.test.utils import override_settings  # noqa: E402

from claims.models import Claim, Notice, Payout  # noqa: E402
from tests.faults import proof  # noqa: E402
from tests.faults.chaos.injections import INJECTIONS, MAY_REPEAT_LETTERS  # noqa: E402
from tests.faults.chaos.load import Load  # noqa: E402
from tests.faults.healing import heal, lay_down_world  # noqa: E402
from tests.faults.stack import Stack, running  # noqa: E402

HEALED_WITHIN = 600.0


def main() -> int:
    """0 when every invariant holds and something was really put to the test."""
    parser = argparse.ArgumentParser(prog="redress chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--workers", type=int, default=3)
    given = parser.parse_args()
    call_command("migrate", verbosity=0)
    name = connection.settings_dict["NAME"]
    # Ticks come from the stack's own beats; this process hints to nobody.
    with (
        override_settings(CELERY_BROKER_URL=""),
        running(name, workers=given.workers, beats=2) as stack,
    ):
        lay_down_world()
        stack.start_web()
        stack.await_workers()
        print(f"chaos: seed {given.seed}, {given.minutes:g} minutes, {given.workers} workers")
        load, struck = storm(stack, seed=given.seed, seconds=given.minutes * 60)
        return verdict(stack, load, struck)


def storm(stack: Stack, *, seed: int, seconds: float) -> tuple[Load, Counter[str]]:
    """Load and faults together for so long; what was done, and how often each fault struck."""
    chance = random.Random(seed)
    load = Load(random.Random(seed + 1))
    load.start()
    struck: Counter[str] = Counter()
    names = list(INJECTIONS)
    weights = [INJECTIONS[name][1] for name in names]
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        [name] = chance.choices(names, weights)
        times = INJECTIONS[name][0](stack, chance)
        struck[name] += times
        stack.letters_cut += times * (name in MAY_REPEAT_LETTERS)
        time.sleep(chance.uniform(0.2, 2))
        stack.revive()
    load.stop()
    load.resume()
    return load, struck


def verdict(stack: Stack, load: Load, struck: Counter[str]) -> int:
    """Heal, check, print."""
    print("chaos: faults end; everything due is to come to rest")
    began = time.monotonic()
    problems = [f"the load ended early: {load.error!r}"] if load.error else []
    try:
        heal(stack, seconds=HEALED_WITHIN)
        print(f"chaos: at rest after {time.monotonic() - began:.0f} s")
        proof.check(stack, acknowledged=load.acknowledged)
    except AssertionError as error:
        problems += str(error).splitlines()
    retried = report(load, struck)
    for problem in problems:
        print(f"VIOLATED  {problem}")
    if not problems and not retried:
        print("chaos: nothing was retried, so this run proves nothing")
        return 1
    print(f"chaos: {len(problems)} violations")
    return 1 if problems else 0


def report(load: Load, struck: Counter[str]) -> int:
    """Print what was done and what struck; returns how many payments were retried."""
    print(f"\n{'fault':34} really struck")
    for name in INJECTIONS:
        print(f"{name:34} {struck[name]:>6}")
    print(f"{'all faults':34} {sum(struck.values()):>6}\n")
    for what, count in sorted(load.done.items()):
        print(f"{what:34} {count:>6}")
    retried = Payout.objects.filter(attempts__gt=1)
    attempts = retried.aggregate(more=Sum(F("attempts") - 1))["more"] or 0
    statuses = Counter(Claim.objects.values_list("status", flat=True))
    print(f"{'claims':34} {sum(statuses.values()):>6}  {dict(sorted(statuses.items()))}")
    print(f"{'letters':34} {Notice.objects.count():>6}")
    print(f"{'payments retried':34} {retried.count():>6}  ({attempts} attempts more)")
    return retried.count()


if __name__ == "__main__":
    sys.exit(main())
