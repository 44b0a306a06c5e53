"""Called by `./redress` with the right Python, for all that needs stores or the checks."""

import sys
from collections.abc import Callable

import environ

from config.embedded import checks, commands, stack
from config.embedded.places import ROOT, VAR

INTERRUPTED = 130


def guarded(run: Callable[[], int]) -> int:
    """Run it, and turn what may prevent it into a message and an exit status."""
    try:
        with stack.stopped_by_signals():
            return run()
    except stack.StoppedError:
        return INTERRUPTED
    except stack.EXPECTED as error:
        stack.say(f"redress: {error}")
        return 1


def main(command: str, arguments: list[str]) -> int:
    """Run one command; returns its exit status."""
    layout = stack.Layout(root=ROOT, var=VAR)
    # settings.py reads the same file later; DATABASE_URL and REDIS_URL are needed before that.
    environ.Env.read_env(ROOT / ".env")
    if command == "up":
        return stack.up(layout)
    by_name: dict[str, Callable[[], int]] = {
        "test": lambda: commands.test(arguments, root=ROOT),
        "bench": lambda: commands.bench(arguments, root=ROOT),
        "mutants": lambda: commands.above_stores(["-m", "tests.mutants", *arguments], root=ROOT),
        "chaos": lambda: commands.above_stores(["-m", "tests.faults.chaos", *arguments], root=ROOT),
        "check": lambda: checks.check(root=ROOT),
        "manage": lambda: commands.manage(arguments, layout=layout),
    }
    return guarded(by_name[command])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
