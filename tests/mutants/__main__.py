"""`./redress mutants [NAME…]`: break the code in every named way, and see the suite turn red."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.mutants.catalogue import MUTANTS, Mutant
from tests.mutants.running import Verdict, break_tree, check_control, copy_tree, run_tests


def main() -> int:
    """Print a line a mutant; 0 when every one was seen."""
    wanted = [m for m in MUTANTS if not sys.argv[1:] or m.name in sys.argv[1:]]
    if not wanted:
        print("redress: no mutant has that name: " + " · ".join(m.name for m in MUTANTS))
        return 2
    with copied() as root:
        check_control(wanted, root)
    print("green  control: the tests of these mutants pass in the tree as it is", flush=True)
    verdicts = [judge(mutant) for mutant in wanted]
    unseen = [verdict.mutant.name for verdict in verdicts if not verdict.was_seen]
    print(f"\n{len(verdicts) - len(unseen)} of {len(verdicts)} mutants were seen.")
    return 1 if unseen else 0


@contextmanager
def copied() -> Iterator[Path]:
    """A copy of this tree, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="redress-mutant-") as folder:
        copy_tree(Path(folder))
        yield Path(folder)


def judge(mutant: Mutant) -> Verdict:
    """Break a copy of the tree, run the mutant's tests, print what they said."""
    with copied() as root:
        break_tree(mutant, root)
        verdict = run_tests(mutant, root)
    word = "red  " if verdict.was_seen else "GREEN"
    print(f"{word}  {mutant.name}: {verdict.first_red or 'no test saw it'}", flush=True)
    return verdict


if __name__ == "__main__":
    sys.exit(main())
